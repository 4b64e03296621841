"""Files that a worker writes beside the database: each is whole, or it is not there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

DRAFT = ".part"


@dataclass(frozen=True)
class Kept:
    """What a file holds: ``size`` in bytes, ``sha256`` in hexadecimal digits."""

    size: int
    sha256: str


def keep(place: Path, write: Callable[[IO[bytes]], object]) -> Kept:
    """Let ``write`` fill a draft beside the place; it has its name when it is whole."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_suffix(DRAFT)
    with draft.open("wb") as file:
        write(file)
    with draft.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    kept = Kept(draft.stat().st_size, digest)
    draft.rename(place)
    return kept


def remove_drafts(folder: Path, *, before: datetime) -> None:
    """What killed processes left unfinished in the folder."""
    for draft in folder.glob(f"*{DRAFT}"):
        with suppress(FileNotFoundError):  # somebody has just finished it
            if draft.stat().st_mtime < before.timestamp():
                draft.unlink()
