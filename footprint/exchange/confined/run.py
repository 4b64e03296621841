"""Start a confined process, hand it a file, and take its answer line by line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
MOST_LINE = 32 * 2**20


@dataclass(frozen=True)
class Confinement:
    """What reading one file may cost."""

    memory: int = 512 * 2**20
    cpu_seconds: int = 60
    wall_seconds: float = 120.0
    answer: int = 512 * 2**20


class Reason(StrEnum):
    """Why a confined process gave no answer."""

    MEMORY = "needs_too_much_memory"
    TIME = "takes_too_long"
    ANSWER = "says_too_much"
    DEATH = "reader_died"


class BrokenOff(Exception):
    """Reading was stopped by a limit, or stopped by itself; nothing of the answer may be used."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def confined(reader: str, content: bytes, within: Confinement | None = None) -> Iterator[tuple[str, Any]]:
    """What the reader says of the file, word by word; the last word is ``end``.

    Raises:
        BrokenOff: a limit was reached, or the process died.
    """
    limits = within or Confinement()
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        process = subprocess.Popen(
            [
                *(sys.executable, "-s", "-B", "-m", "footprint.exchange.confined.child"),
                *(reader, str(limits.memory), str(limits.cpu_seconds)),
            ],
            cwd=ROOT,
            env={"PYTHONUTF8": "1"},
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    clock = threading.Timer(limits.wall_seconds, stop)
    clock.start()
    try:
        ended = yield from _words(process, limits)
        if not ended:
            raise BrokenOff(Reason.TIME if late.is_set() else _reason(process))
    finally:
        clock.cancel()
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _words(process: subprocess.Popen[bytes], limits: Confinement) -> Any:
    """Passes on what is said; whether it came to its end."""
    assert process.stdout is not None
    heard = 0
    while line := process.stdout.readline(MOST_LINE + 1):
        heard += len(line)
        if len(line) > MOST_LINE or heard > limits.answer:
            raise BrokenOff(Reason.ANSWER)
        if not line.endswith(b"\n"):
            return False
        word, value = json.loads(line)
        if word == "memory":
            raise BrokenOff(Reason.MEMORY)
        yield word, value
        if word == "end":
            return True
    return False


def _reason(process: subprocess.Popen[bytes]) -> Reason:
    return Reason.TIME if process.wait() == -signal.SIGXCPU else Reason.DEATH
