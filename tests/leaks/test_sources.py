"""The code itself: nobody asks who a person is, and what is logged is a closed list of things that say nothing."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

pytestmark = pytest.mark.unmeasured  # the code is read here, not run

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("bots", "core", "admin_api", "jingshi")

HEADERS: Final = frozenset({"user-agent", "x-forwarded-for", "x-real-ip", "forwarded", "via", "referer", "client"})
ATTRIBUTES: Final = frozenset({"client", "getpeername", "get_extra_info", "accept", "user_agent", "remote_addr"})
THROTTLE: Final = "bots/web/visit.py source"
"""The one function that asks where a connection comes from."""

LOGGERS: Final = frozenset({"LOG", "_log", "logging"})
LEVELS: Final = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
LOGGED: Final = frozenset(
    {
        *("type(error).__name__", "error.code", "error.errno", "_place(error)", "module", "line"),
        *("tick.name", "child.kind", "code", "pause"),
    }
)
"""All that is ever logged beside fixed words: classes, codes, places, names of ours, numbers."""
LOGGED_THERE: Final[Mapping[str, frozenset[str]]] = {
    "core/jobs/quiet.py": frozenset({"record.filename", "record.lineno"}),
    "core/jobs/running.py": frozenset({"name", "failures", "len(due)", "len(self._pace.pauses) + 1"}),
    "core/outbox/sender.py": frozenset({"count", "self._bot"}),
    "jingshi/chats.py": frozenset({"error.message", "bot.called"}),
}
"""What is logged in one place beside that: names of jobs and bots, numbers, what a setting lacks."""
TELLING: Final = ("print_", "format_", "warn")
"""How the functions of ``traceback`` and ``warnings`` begin that write an exception or a text out."""
TRACED: Final = frozenset({"jingshi/supervisor.py", "jingshi/logs.py", "core/jobs/running.py"})
"""Where an exception is handed to the formatter, which leaves its text out."""


def who_is_asked(tree: ast.AST) -> Iterator[str]:
    """Yield the functions that name a header or an attribute that says who somebody is."""
    for function, node in within_functions(tree):
        match node:
            case ast.Attribute(attr=name) if name in ATTRIBUTES:
                yield function
            case ast.Constant(value=str(text)) if text.strip().lower() in HEADERS:
                yield function
            case ast.Constant(value=bytes(text)) if text.strip().lower().decode("latin-1") in HEADERS:
                yield function


def loose_logging(tree: ast.AST, place: str) -> Iterator[str]:
    """Yield what would let something unforeseen into a log, or past the formatter."""
    for _, node in within_functions(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=logger, attr=level)) if _is_logger(logger) and level in LEVELS:
                yield from _loose_call(node, level, place)
            case ast.Call(func=ast.Name(id="print")):
                yield ast.unparse(node)
            case ast.Attribute(value=ast.Name(id="traceback" | "warnings"), attr=name) if name.startswith(TELLING):
                yield ast.unparse(node)
            case ast.Attribute(value=ast.Attribute(attr="stderr" | "stdout"), attr="write"):
                yield ast.unparse(node)
            case ast.Attribute(value=ast.Name(id="click"), attr="echo") if not place.startswith("jingshi/"):
                yield ast.unparse(node)


def within_functions(tree: ast.AST, function: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Yield every node with the name of the function that it stands in."""
    for node in ast.iter_child_nodes(tree):
        here = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else function
        yield here, node
        yield from within_functions(node, here)


def _is_logger(value: ast.expr) -> bool:
    return (isinstance(value, ast.Name) and value.id in LOGGERS) or "getLogger" in ast.unparse(value)


def _loose_call(call: ast.Call, level: str, place: str) -> Iterator[str]:
    first, *rest = call.args or [ast.Constant(None)]
    traced = any(word.arg == "exc_info" for word in call.keywords)
    fixed = isinstance(first, ast.Constant) and isinstance(first.value, str)
    if not fixed or level == "exception" or (traced and place not in TRACED):
        yield ast.unparse(call)
    known = LOGGED | LOGGED_THERE.get(place, frozenset())
    yield from (ast.unparse(each) for each in rest if ast.unparse(each) not in known)


def sources() -> Iterator[tuple[str, ast.AST]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def test_only_the_throttle_asks_where_somebody_comes_from() -> None:
    assert {f"{place} {function}" for place, tree in sources() for function in who_is_asked(tree)} == {THROTTLE}


def test_what_the_throttle_asks_goes_to_the_throttle_alone() -> None:
    given = "throttle.take(visit.source)"
    texts = [path.read_text() for path in sorted((ROOT / "bots/web").rglob("*.py"))]
    assert sum(text.count("visit.source") for text in texts) == sum(text.count(given) for text in texts) > 0


def test_nothing_is_logged_that_is_not_on_the_list() -> None:
    assert [(place, loose) for place, tree in sources() for loose in loose_logging(tree, place)] == []


@pytest.mark.parametrize(
    "line",
    [
        'request.headers["User-Agent"]',
        'headers.get("x-forwarded-for")',
        'b"forwarded" in headers',
        'scope["client"]',
        "request.client.host",
        'transport.get_extra_info("peername")',
    ],
)
def test_asking_who_somebody_is_would_be_seen(line: str) -> None:
    assert [*who_is_asked(ast.parse(f"def curious():\n    return {line}"))]


@pytest.mark.parametrize(
    "line",
    [
        'LOG.info(f"{name} came")',
        'LOG.warning("%s", error)',
        'LOG.error("%s", str(error))',
        '_log.error("it went wrong", exc_info=True)',
        'LOG.exception("it went wrong")',
        'logging.getLogger("x").info("from " + place)',
        "print(report)",
        "traceback.print_exc()",
        "sys.stderr.write(report)",
        "click.echo(report)",
    ],
)
def test_loose_logging_would_be_seen(line: str) -> None:
    assert [*loose_logging(ast.parse(line), "core/somewhere.py")]
