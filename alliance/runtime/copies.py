"""Children that are copies of this process: what it has loaded they need not load again."""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from alliance.runtime.postgres import die_with_parent

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_NAME = 15
LOOK_SECONDS = 0.01


@dataclass
class Copy:
    """A forked child, to be waited for as if it had been started by `subprocess`."""

    pid: int
    args: tuple[str, ...]
    returncode: int | None = field(default=None, init=False)

    def poll(self) -> int | None:
        if self.returncode is None:
            gone, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if gone else None
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        begun = time.monotonic()
        while (code := self.poll()) is None:
            if timeout is not None and time.monotonic() > begun + timeout:
                raise subprocess.TimeoutExpired(self.args, timeout)
            time.sleep(LOOK_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def copier(
    name: str, arguments: tuple[str, ...], *, environment: Mapping[str, str], adapt: Callable[[], None]
) -> Callable[[int], Copy]:
    """A way to do in a copy what `python ARGUMENTS` would, in a session of its own, writing to a log.

    ``arguments`` are `-m MODULE …` or `SCRIPT …`; ``adapt`` takes what was loaded into the new environment.
    """

    def start(log: int) -> Copy:
        sys.stdout.flush()
        sys.stderr.flush()
        # a signal that comes before the copy listens by itself waits until it does
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        try:
            if not (pid := os.fork()):
                _live(name, arguments, environment, adapt, log)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        return Copy(pid, arguments)

    return start


def _live(
    name: str, arguments: tuple[str, ...], environment: Mapping[str, str], adapt: Callable[[], None], log: int
) -> NoReturn:
    """The whole life of a copy: nothing of it gets back into the code of the process it was copied from."""
    code = 1
    try:
        _part(name, log)
        os.environ.clear()
        os.environ.update(environment)
        adapt()
        _do(arguments)
        code = 0
    except SystemExit as ended:
        code = _code(ended)
    except BaseException:  # the outermost line of this process
        traceback.print_exc()
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)


def _part(name: str, log: int) -> None:
    """Have a name, a session and signals of our own, and the log in place of the terminal."""
    ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode()[:15])
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for place, file in enumerate((nothing, log, log)):
        os.dup2(file, place)
    os.close(nothing)
    os.close(log)
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    die_with_parent()


def _do(arguments: tuple[str, ...]) -> None:
    if arguments[0] == "-m":
        sys.argv = list(arguments[1:])
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = list(arguments)
        runpy.run_path(arguments[0], run_name="__main__")


def _code(ended: SystemExit) -> int:
    """What the interpreter would have made of it."""
    if ended.code is None or isinstance(ended.code, int):
        return ended.code or 0
    print(ended.code, file=sys.stderr)
    return 1
