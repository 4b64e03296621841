"""What an earlier run has done already, so that the next one need not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from alliance.runtime.environment import ROOT


def fingerprint(start: str, *folders: str) -> str:
    """Changes when a file of the folders does, or what it starts from."""
    files = sorted(path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file())
    kept = [path for path in files if "__pycache__" not in path.parts]
    lines = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in kept]
    return hashlib.sha256("\n".join([start, *lines]).encode()).hexdigest()


@dataclass(frozen=True)
class Memory:
    """One mark for each thing done, beside the data it was done to."""

    home: Path

    def _mark(self, what: str) -> Path:
        return self.home / f"{what}.done"

    def holds(self, what: str, mark: str) -> bool:
        """It was done, and what it was done from has not changed since."""
        return self._mark(what).exists() and self._mark(what).read_text(encoding="utf-8") == mark

    def keep(self, what: str, mark: str) -> None:
        self._mark(what).write_text(mark, encoding="utf-8")

    def drop(self, what: str) -> None:
        """Do it again the next time."""
        self._mark(what).unlink(missing_ok=True)

    def forget(self) -> None:
        """A new database remembers nothing."""
        for path in self.home.glob("*.done"):
            path.unlink()
