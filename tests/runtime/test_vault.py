"""What the shelf of backups promises: finished or not there, and a log that no two servers share."""

from __future__ import annotations

import gzip
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alliance.runtime.environment import Misconfigured
from alliance.runtime.vault import BASE, Copy, Vault

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEGMENT = "000000010000000000000002"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """In a directory whose name the shell and PostgreSQL would both like to read as something else."""
    made = Vault(tmp_path / "it's 100%f full")
    made.prepare()
    return made


def kept(vault: Vault, hours: int) -> Copy:
    at = NOON + timedelta(hours=hours)
    draft = vault.begin(at, BASE)
    copy = Copy(draft.name.removesuffix(".part"), BASE, at, at + timedelta(minutes=1), 10, "17.10", SEGMENT)
    vault.finish(draft, copy)
    return copy


def as_postgres(command: str, **names: str) -> int:
    """Run a command with its placeholders filled in as the server fills them in."""
    filled = command.replace("%%", "\0")
    for letter, value in names.items():
        filled = filled.replace(f"%{letter}", value)
    return subprocess.run(["sh", "-c", filled.replace("\0", "%")], capture_output=True).returncode


def archive(vault: Vault, segment: Path) -> int:
    command = next(option for option in vault.archiving() if option.startswith("archive_command="))
    return as_postgres(command.partition("=")[2], p=str(segment), f=SEGMENT)


def test_a_backup_is_there_when_it_is_finished(vault: Vault) -> None:
    vault.begin(NOON, BASE)
    assert vault.copies() == []
    copy = kept(vault, 1)
    assert vault.copies() == [copy]
    assert vault.newest() == copy


def test_the_latest_that_had_ended_by_a_moment_is_chosen(vault: Vault) -> None:
    first, second = kept(vault, 0), kept(vault, 1)
    assert vault.chosen() == second
    assert vault.chosen(at=NOON + timedelta(minutes=30)) == first
    assert vault.chosen(name=first.name) == first
    for asked in ({"at": NOON}, {"name": "another"}):
        with pytest.raises(Misconfigured, match="there is no backup"):
            vault.chosen(**asked)


def test_one_backup_stays_whatever_is_asked(vault: Vault) -> None:
    copies = [kept(vault, hour) for hour in range(3)]
    vault.begin(NOON + timedelta(hours=5), BASE)
    assert vault.drop_all_but(2) == copies[:1]
    assert vault.drop_all_but(0) == copies[1:2]
    assert vault.copies() == copies[2:]
    assert not list(vault.place.glob("*.part"))


def test_a_segment_is_archived_once_and_fetched_again(vault: Vault, tmp_path: Path) -> None:
    segment, fetched = tmp_path / SEGMENT, tmp_path / "fetched"
    segment.write_bytes(bytes(range(256)) * 64)
    assert archive(vault, segment) == 0
    assert archive(vault, segment) == 0  # asked again after a crash
    assert gzip.decompress((vault.log / f"{SEGMENT}.gz").read_bytes()) == segment.read_bytes()
    assert as_postgres(vault.fetching(tmp_path / "nowhere"), p=str(fetched), f=SEGMENT) == 0
    assert fetched.read_bytes() == segment.read_bytes()


def test_another_servers_segment_is_refused_and_the_first_stays(vault: Vault, tmp_path: Path) -> None:
    segment = tmp_path / SEGMENT
    segment.write_bytes(b"ours")
    archive(vault, segment)
    segment.write_bytes(b"theirs")
    assert archive(vault, segment) != 0
    assert gzip.decompress((vault.log / f"{SEGMENT}.gz").read_bytes()) == b"ours"


def test_what_was_not_archived_is_taken_from_the_former_log(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / SEGMENT).write_bytes(b"the last second")
    fetched = tmp_path / "fetched"
    assert as_postgres(vault.fetching(tmp_path), p=str(fetched), f=SEGMENT) == 0
    assert fetched.read_bytes() == b"the last second"
    assert as_postgres(vault.fetching(tmp_path), p=str(fetched), f="000000010000000000000009") != 0
