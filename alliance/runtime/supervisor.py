"""Start children in order, restart those that crash, stop them all in reverse order."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from alliance.runtime.environment import Misconfigured

STEADY_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 5.0
LOOK_SECONDS = 0.1


def last_words(log: Path) -> str:
    """The last line of a log that is a sentence and not the picture of one."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "no log"
    spoken = [line for line in lines if line[:1].strip() and not line.startswith(("LINE ", "HINT", "DETAIL"))]
    return spoken[-1][:300] if spoken else "no reason given"


class Process(Protocol):
    """A process that was started: by `subprocess`, or as a copy of this one."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, number: int, /) -> None: ...

    def kill(self) -> None: ...


@dataclass
class Child:
    """One process that shall be alive."""

    name: str
    start: Callable[[int], Process]
    log: Path
    stop_signal: int = signal.SIGTERM
    grace_seconds: float = 20.0
    serves_others: bool = False
    process: Process | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    restart_at: float | None = field(default=None, init=False)
    crashes: int = field(default=0, init=False)

    def launch(self) -> None:
        with self.log.open("ab") as log:
            self.process = self.start(log.fileno())
        self.started_at, self.restart_at = time.monotonic(), None

    @property
    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else None

    def pause_after_crash(self, now: float) -> float:
        """How long to wait before the next start: longer each time, forgotten after a steady while."""
        self.crashes = 0 if now - self.started_at > STEADY_SECONDS else self.crashes + 1
        pause: float = min(LONGEST_PAUSE_SECONDS, 0.2 * 2**self.crashes)
        self.restart_at = now + pause
        return pause

    def ask(self) -> None:
        """Tell the process to finish, without waiting for it."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask, wait, insist; with the whole process group, so that no grandchild is left."""
        if self.process is None:
            return
        if self.serves_others:
            self.ask()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.grace_seconds)
        self.kill_group()
        self.process.wait()

    def kill_group(self) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def starter(
    command: list[str],
    *,
    environment: Mapping[str, str],
    directory: Path,
    in_child: Callable[[], None],
) -> Callable[[int], subprocess.Popen[bytes]]:
    """A way to start one command in a session of its own, writing to a log."""

    def start(log: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd=directory,
            env=dict(environment),
            preexec_fn=in_child,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    return start


class Supervisor:
    """Keeps its children alive until it is told to stop."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.children: list[Child] = []
        self.chores: list[Callable[[], None]] = []
        self.stopping = False

    def listen(self) -> None:
        """From here on, Ctrl-C and a polite kill mean an ordered stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        self.stopping = True

    def add(self, child: Child) -> Child:
        self.children.append(child)
        child.launch()
        return child

    def wait_for(self, child: Child, ready: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until a child serves; say why when it does not."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.stopping:
                raise KeyboardInterrupt
            if child.exit_code is not None:
                raise Misconfigured(
                    f"{child.name} ended with code {child.exit_code}: {last_words(child.log)}"
                )
            if time.monotonic() > deadline:
                raise Misconfigured(f"{child.name} is not ready after {seconds:g} s; see {child.log}")
            time.sleep(0.03)

    def watch(self) -> None:
        """Until told to stop: restart whoever is gone, and do what is to be done now and then."""
        while not self.stopping:
            self.look()
            for chore in self.chores:
                chore()
            time.sleep(LOOK_SECONDS)

    def look(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.restart_at is not None and now >= child.restart_at:
                child.launch()
                self.say(f"{child.name} restarted (process {child.process.pid if child.process else '?'})")
            elif child.restart_at is None and child.exit_code is not None:
                child.kill_group()
                code, pause = child.exit_code, child.pause_after_crash(now)
                self.say(f"{child.name} ended with code {code}; restart in {pause:.1f} s")

    def stop(self) -> None:
        """Processes finish side by side; the servers they use go last, one after another."""
        for child in reversed(self.children):
            if not child.serves_others:
                child.ask()
        for child in reversed(self.children):
            child.stop()
        self.say(f"stopped {', '.join(child.name for child in reversed(self.children))}")
