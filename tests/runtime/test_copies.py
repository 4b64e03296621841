"""A copy of a process does what its command would have done, and nothing of it gets back."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from alliance.runtime.copies import Copy, copier
from alliance.runtime.environment import Misconfigured
from alliance.runtime.preconditions import prepare_data_dir
from tests.servers import wait_until

Started = Callable[..., Copy]


@pytest.fixture
def started(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Started:
    """Start a program in a copy of the test's process; what it says goes to `log`."""

    def start(program: str, *words: str, adapt: Callable[[], None] = lambda: None) -> Copy:
        script = tmp_path / "program.py"
        script.write_text(program, encoding="utf-8")
        begin = copier("copied", (str(script), *words), environment={"ONLY": "this"}, adapt=adapt)
        with (tmp_path / "log").open("wb") as log, capsys.disabled():
            return begin(log.fileno())

    return start


def test_it_has_a_name_a_session_and_an_environment_of_its_own(started: Started, tmp_path: Path) -> None:
    copy = started(
        "import os, sys; print(sys.argv[1], dict(os.environ), os.getsid(0) == os.getpid(),"
        "open('/proc/self/comm').read().strip())",
        "word",
    )
    assert copy.wait(10) == 0
    assert (tmp_path / "log").read_text() == "word {'ONLY': 'this'} True copied\n"
    assert "ONLY" not in os.environ


@pytest.mark.parametrize(
    ("program", "code", "last"),
    [
        ("import sys; sys.exit(3)", 3, ""),
        ("import sys; sys.exit('refused')", 1, "refused"),
        ("raise LookupError('gone')", 1, "LookupError: gone"),
        ("import sys; sys.exit()", 0, ""),
    ],
)
def test_how_it_ends_is_an_exit_code(
    started: Started, tmp_path: Path, program: str, code: int, last: str
) -> None:
    assert started(program).wait(10) == code
    assert (tmp_path / "log").read_text().strip().endswith(last)


def test_what_was_loaded_is_taken_along_first(started: Started, tmp_path: Path) -> None:
    copy = started("import os; print(os.environ['MORE'])", adapt=lambda: os.environ.update(MORE="yes"))
    assert copy.wait(10) == 0
    assert (tmp_path / "log").read_text() == "yes\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_is_its_own(started: Started, number: int) -> None:
    """The process it was copied from only notes one, and goes on."""
    before = signal.signal(number, lambda *_: None)
    try:
        copy = started("import time; time.sleep(60)")
        with pytest.raises(subprocess.TimeoutExpired):
            copy.wait(0.05)
        copy.send_signal(number)
        assert copy.wait(10) == -number
    finally:
        signal.signal(number, before)


def test_the_data_is_not_held_by_copies(started: Started, tmp_path: Path) -> None:
    with prepare_data_dir(tmp_path / "data"):
        copy = started("import time; print('up', flush=True); time.sleep(60)")
        wait_until(lambda: (tmp_path / "log").read_text() == "up\n", "the copy at work")
        with pytest.raises(Misconfigured):
            prepare_data_dir(tmp_path / "data")
    prepare_data_dir(tmp_path / "data").close()
    copy.kill()
    assert copy.wait(10) == -signal.SIGKILL
