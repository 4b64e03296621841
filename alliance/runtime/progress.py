"""Saying what is done and how long it took."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator


class Progress:
    """One line for each step, with its own time and the time since the start."""

    def __init__(self, verb: str) -> None:
        self.verb = verb
        self.began = time.monotonic()

    def say(self, text: str) -> None:
        print(f"[{self.verb} {time.monotonic() - self.began:6.1f} s] {text}", flush=True)

    @contextlib.contextmanager
    def step(self, text: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.say(f"{text} ({time.monotonic() - start:.1f} s)")
