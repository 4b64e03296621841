"""Files that a worker writes: whole or not there."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import pytest
from django.utils import timezone

from accounts.kept_files import keep, remove_drafts

NOW = timezone.now()


def test_it_has_its_name_and_its_digest_when_it_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "new" / "file.zip"

    def write(file: IO[bytes]) -> None:
        file.write(b"whole")
        assert not place.exists()

    kept = keep(place, write)
    assert place.read_bytes() == b"whole"
    assert (kept.size, kept.sha256) == (5, hashlib.sha256(b"whole").hexdigest())
    assert [each.name for each in place.parent.iterdir()] == ["file.zip"]


def test_what_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    place = tmp_path / "file.zip"
    keep(place, lambda file: file.write(b"before"))

    def broken(file: IO[bytes]) -> None:
        file.write(b"half")
        raise OSError

    with pytest.raises(OSError):
        keep(place, broken)
    assert place.read_bytes() == b"before"


@pytest.mark.parametrize(("written", "left"), [(NOW - timedelta(days=2), []), (NOW, ["a.part"])])
def test_old_drafts_are_removed_and_nothing_else(tmp_path: Path, written: datetime, left: list[str]) -> None:
    for name in ("a.part", "a.zip"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, times=(written.timestamp(), written.timestamp()))
    remove_drafts(tmp_path, before=NOW - timedelta(days=1))
    assert sorted(each.name for each in tmp_path.iterdir()) == [*left, "a.zip"]
    remove_drafts(tmp_path / "nowhere", before=NOW)
