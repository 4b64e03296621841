"""Backups by themselves, while the product runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from alliance.runtime.vault import Vault

SETTLED_SECONDS = 300.0  # none while everything is starting
AGAIN_SECONDS = 600.0  # until one that failed is tried again


class Running(Protocol):
    """A process that may still be at work."""

    def poll(self) -> int | None:
        """Its exit code, once there is one."""


@dataclass
class Nightly:
    """One backup at a time, as soon as the newest is so many hours old."""

    vault: Vault
    hours: float
    start: Callable[[], Running]
    clock: Callable[[], float] = time.time
    current: Running | None = field(default=None, init=False)
    next_look: float = field(init=False)

    def __post_init__(self) -> None:
        self.next_look = self.clock() + SETTLED_SECONDS

    def look(self) -> None:
        """Called again and again; asks the disk only when something may be due."""
        now = self.clock()
        if now < self.next_look or (self.current is not None and self.current.poll() is None):
            return
        newest = self.vault.newest()
        due = newest.ended_at.timestamp() + self.hours * 3600 if newest else now
        if due <= now:
            self.current = self.start()
        self.next_look = max(due, now + AGAIN_SECONDS)
