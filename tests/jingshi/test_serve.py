"""The processes as they are run: started, supervised, stopped, and refused when something is not fit."""

import re
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import httpx
import psutil
import pytest

from tests.jingshi.conftest import Processes, Terminal, embedded

pytestmark = embedded
measured_elsewhere = pytest.mark.unmeasured  # three processes that are measured begin in twice the time


class Served:
    """A running ``jingshi serve`` whose processes have all said that they answer."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port
        self.said = read_lines(process, until=lambda lines: len(lines) == 3)

    def get(self, path: str = "/healthz", *, staff: bool = False) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port + staff}{path}", timeout=20)

    def holder_of(self, port: int) -> psutil.Process:
        """The process that answers on a port."""
        kind = "intake" if port == self.port else "desk"
        return next(child for child in psutil.Process(self.process.pid).children() if lock_holder(child) == kind)


def lock_holder(process: psutil.Process) -> str:
    """The kind of a process, by the lock that it holds open."""
    names = [Path(file.path).name for file in process.open_files()]
    found = [match[1] for name in names if (match := re.fullmatch(r"\.(intake|desk|worker)\.lock", name))]
    return found[0] if found else ""


def read_lines(process: subprocess.Popen[str], *, until: Callable[[list[str]], bool]) -> list[str]:
    """The lines that a process prints until they suffice; a process that hangs is killed, which ends the reading."""
    assert process.stdout is not None
    guard = Timer(60, process.kill)
    guard.start()
    lines: list[str] = []
    try:
        while not until(lines):
            line = process.stdout.readline()
            if not line:
                break
            lines.append(line.rstrip())
    finally:
        guard.cancel()
    return lines


@pytest.fixture
def served(home: Path, processes: Processes) -> Served:
    running = Served(processes.start("serve"), int(processes.environment["PORT"]))
    assert len(running.said) == 3, running.process.communicate()
    return running


def test_three_processes_say_where_they_are_and_answer_there(served: Served) -> None:
    assert sorted(" ".join(line.split()) for line in served.said) == [
        f"desk http://127.0.0.1:{served.port + 1}",
        f"intake http://127.0.0.1:{served.port}",
        "worker running",
    ]
    for response in (served.get(), served.get(staff=True)):
        assert response.status_code == 200
        assert "server" not in response.headers


@measured_elsewhere
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_when_told(served: Served, number: signal.Signals) -> None:
    children = psutil.Process(served.process.pid).children()
    served.process.send_signal(number)
    _, err = served.process.communicate(timeout=15)
    assert (served.process.returncode, err) == (0, "")
    assert not [child for child in children if child.is_running()]


def test_a_killed_process_starts_anew_and_no_request_is_refused_meanwhile(served: Served) -> None:
    intake = served.holder_of(served.port)
    intake.kill()
    assert served.get().status_code == 200
    assert served.holder_of(served.port).pid != intake.pid


@measured_elsewhere
def test_children_do_not_outlive_a_killed_supervisor(served: Served) -> None:
    children = psutil.Process(served.process.pid).children()
    served.process.kill()
    gone, alive = psutil.wait_procs(children, timeout=20)
    assert (len(gone), alive) == (3, [])


def test_a_second_one_on_the_same_home_is_one_clear_line(served: Served, processes: Processes) -> None:
    second = processes.run("serve", PORT="1")
    assert (second.code, second.err) == (1, f"jingshi: jingshi serve runs already on {home_of(processes)}\n")
    alone = processes.run("serve", "--only", "worker")
    assert (alone.code, alone.err) == (1, f"jingshi: jingshi worker runs already on {home_of(processes)}\n")


def home_of(processes: Processes) -> str:
    return processes.environment["JINGSHI_HOME"]


def test_one_process_alone_answers_and_stops(home: Path, processes: Processes) -> None:
    process = processes.start("serve", "--only", "desk")
    lines = read_lines(process, until=lambda lines: len(lines) == 1)
    assert lines[0].startswith("desk ")
    port = int(processes.environment["PORT"]) + 1
    assert httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=20).status_code == 200
    process.terminate()
    _, err = process.communicate(timeout=15)
    assert (process.returncode, err) == (0, "")


def test_a_taken_port_is_one_clear_line(home: Path, processes: Processes) -> None:
    port = int(processes.environment["PORT"])
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + 1))
        other.listen()
        answer = processes.run("serve")
    assert answer.code == 1
    assert answer.err == (
        f"jingshi: desk cannot have 127.0.0.1 port {port + 1}: Address already in use; PORT= chooses another\n"
    )


@measured_elsewhere
def test_an_empty_database_is_one_clear_line(jingshi: Terminal, home: Path, processes: Processes) -> None:
    for path in home.glob("jingshi.sqlite3*"):
        path.unlink()
    answer = processes.run("serve")
    assert (answer.code, answer.err) == (1, "jingshi: the database is empty; run: jingshi init\n")


@measured_elsewhere
def test_another_schema_version_is_one_clear_line(home: Path, processes: Processes) -> None:
    with sqlite3.connect(home / "jingshi.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    database.close()
    answer = processes.run("serve")
    assert answer.code == 1
    assert re.fullmatch(
        r"jingshi: the database has schema 0000, this version needs \d+; run: jingshi upgrade\n", answer.err
    )


def test_a_moved_clock_runs_on_in_every_process(home: Path, processes: Processes) -> None:
    process = processes.start("serve", JINGSHI_NOW="2026-09-30T09:00:00+08:00")
    assert len(read_lines(process, until=lambda lines: len(lines) == 3)) == 3
    process.terminate()
    assert process.wait(timeout=15) == 0
    assert [path.name for path in (home / "audit-heads").iterdir()] == ["2026-09-30.json"]


KEY_FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: path.unlink(), "is missing"),
    "open": (lambda path: path.chmod(0o644), "can be read by others; run: chmod go-rwx"),
    "damaged": (lambda path: path.write_text("not base64!\n"), "is damaged"),
    "too short": (lambda path: path.write_text("QUJD\n"), "does not hold a key of 32 bytes"),
}


@pytest.mark.parametrize("fault", KEY_FAULTS)
@pytest.mark.parametrize("file", ["intake/draft.key", "desk/totp.key", "worker/signing.key"])
def test_an_unfit_key_file_is_one_clear_line(
    home: Path, jingshi: Terminal, tmp_path: Path, fault: str, file: str
) -> None:
    spoil, said = KEY_FAULTS[fault]
    spoil(tmp_path / "keys" / file)
    answer = jingshi("serve", "--only", file.split("/", maxsplit=1)[0])
    assert answer.code == 1
    assert len(answer.lines) == 1
    assert said in answer.lines[0]
    assert str(tmp_path / "keys" / file) in answer.lines[0]


@measured_elsewhere
def test_a_home_that_is_not_there_is_one_clear_line(processes: Processes, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    answer = processes.run("serve", JINGSHI_HOME=nowhere)
    assert (answer.code, answer.err) == (1, f"jingshi: the home {nowhere} cannot be used; run: jingshi init\n")


@measured_elsewhere
def test_what_a_process_writes_is_its_owners_alone(served: Served, home: Path) -> None:
    by_the_fixture = "jingshi.sqlite3"  # the files beside it take its mode
    written = [path for path in home.rglob("*") if not path.name.startswith(by_the_fixture)]
    assert written
    assert not [path for path in written if path.stat().st_mode & 0o077]
