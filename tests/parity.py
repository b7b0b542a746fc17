"""Counts the tests of each database, collected and passed; unequal counts or a skipped test fail the run."""

import re
from collections import Counter
from collections.abc import Iterable

import pytest

from tests.databases import BACKENDS

_BACKEND = re.compile(rf"[\[-]({'|'.join(BACKENDS)})[\]-]")


class Parity:
    """The tally of one run."""

    def __init__(self) -> None:
        self.collected: set[str] = set()
        self.passed: Counter[str] = Counter()
        self.skipped: list[str] = []

    def count(self, ids: Iterable[str]) -> None:
        self.collected.update(ids)

    def per_backend(self, ids: Iterable[str]) -> Counter[str]:
        return Counter(found[1] for found in map(_BACKEND.search, ids) if found)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.count(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: list[str]) -> None:  # noqa: ARG002 - xdist names it
        self.count(ids)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.skipped.append(report.nodeid)
        elif report.passed and report.when == "call":
            self.passed.update(self.per_backend([report.nodeid]))

    @property
    def faults(self) -> list[str]:
        collected = self.per_backend(self.collected)
        unequal = [*([f"unequal: {dict(collected)}"] if len({collected[backend] for backend in BACKENDS}) > 1 else [])]
        return unequal + [f"skipped: {nodeid}" for nodeid in self.skipped]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not hasattr(session.config, "workerinput") and self.faults and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        collected = self.per_backend(self.collected)
        for backend in BACKENDS:
            terminalreporter.write_line(f"{backend}: {collected[backend]} collected, {self.passed[backend]} passed")
        for fault in self.faults:
            terminalreporter.write_line(f"parity: {fault}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Parity(), "parity-tally")
