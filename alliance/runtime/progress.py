"""Saying what is done and how long it took."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator

BEGAN_VARIABLE = "RUNTIME_BEGAN"


class Progress:
    """One line for each step, with its own time and the time since the start.

    The start is handed on to the interpreter that takes our place once there is an environment for it.
    """

    def __init__(self, verb: str) -> None:
        self.verb = verb
        self.began = float(os.environ.pop(BEGAN_VARIABLE, time.monotonic()))

    def hand_on(self) -> None:
        os.environ[BEGAN_VARIABLE] = str(self.began)

    def say(self, text: str) -> None:
        print(f"[{self.verb} {time.monotonic() - self.began:6.1f} s] {text}", flush=True)

    @contextlib.contextmanager
    def step(self, text: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.say(f"{text} ({time.monotonic() - start:.1f} s)")
