"""Children that crash come back with a growing pause; all are gone when told so."""

from __future__ import annotations

import sys
from pathlib import Path

from alliance.runtime.postgres import die_with_parent
from alliance.runtime.supervisor import Child, Supervisor, last_words, starter
from tests.servers import wait_until


def child(tmp_path: Path, program: str, name: str = "child") -> Child:
    start = starter(
        [sys.executable, "-c", program], environment={}, directory=tmp_path, in_child=die_with_parent
    )
    return Child(name, start, tmp_path / f"{name}.log", grace_seconds=0.3)


def test_the_pause_grows_until_a_steady_while_forgives(tmp_path: Path) -> None:
    restless = child(tmp_path, "")
    pauses = [restless.pause_after_crash(now=1.0) for _ in range(8)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 5.0
    assert restless.pause_after_crash(now=100.0) == 0.2


def test_a_child_that_crashes_is_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    first = supervisor.add(child(tmp_path, "import sys; sys.exit(3)")).process
    wait_until(lambda: supervisor.look() or first is not supervisor.children[0].process, "a second start")
    assert said[0].startswith("child ended with code 3; restart in")
    supervisor.stop()


def test_a_child_that_will_not_listen_is_killed_with_its_own_children(tmp_path: Path) -> None:
    deaf = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    supervisor = Supervisor(lambda text: None)
    stubborn = supervisor.add(child(tmp_path, deaf))
    wait_until(lambda: stubborn.log.read_text() != "", "the grandchild's number")
    grandchild = Path(f"/proc/{stubborn.log.read_text().strip()}/stat")
    supervisor.stop()
    assert stubborn.exit_code == -9
    wait_until(lambda: not grandchild.exists() or " Z " in grandchild.read_text(), "the grandchild gone")


def test_the_last_words_are_a_sentence(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("Traceback\n  File\nError: no such table\nLINE 1: SELECT\n          ^\n\n")
    assert last_words(log) == "Error: no such table"
