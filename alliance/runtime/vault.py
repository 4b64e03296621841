"""Where copies of the database are kept, and the archived log between them. Standard library only."""

from __future__ import annotations

import json
import os
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from alliance.runtime.environment import Misconfigured

RECORD = "copy.json"
UNFINISHED = ".part"
REHEARSED = "rehearsed"
BASE, DUMP = "base", "dump"
SWITCH_SECONDS = 10  # what is written is in the archive after so long, however little it is


@dataclass(frozen=True)
class Copy:
    """One finished backup. ``first_log`` is the log segment that a restore of it begins with."""

    name: str
    kind: str
    began_at: datetime
    ended_at: datetime
    bytes: int
    server: str
    first_log: str = ""

    def record(self) -> str:
        """As written beside it."""
        told = {**asdict(self), "began_at": self.began_at.isoformat(), "ended_at": self.ended_at.isoformat()}
        return json.dumps(told, indent=1)

    @classmethod
    def read(cls, path: Path) -> Copy:
        """From its record."""
        told = json.loads(path.read_text(encoding="utf-8"))
        times = {name: datetime.fromisoformat(told[name]) for name in ("began_at", "ended_at")}
        return cls(**{**told, **times})


@dataclass(frozen=True)
class Vault:
    """A directory of backups. A backup is there when its record is, and its directory has its final name."""

    place: Path

    @classmethod
    def of(cls, variables: Mapping[str, str], data_dir: Path) -> Vault:
        """BACKUP_DIR, else a directory beside the database."""
        return cls(Path(variables.get("BACKUP_DIR") or data_dir / "backups").resolve())

    @property
    def log(self) -> Path:
        """The archived segments of the write-ahead log."""
        return self.place / "wal"

    def prepare(self) -> None:
        """Make the directories, for their owner alone."""
        for directory in (self.place, self.log):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def copies(self) -> list[Copy]:
        """Every finished backup, the oldest first."""
        found = (
            Copy.read(path) for path in self.place.glob(f"*/{RECORD}") if path.parent.suffix != UNFINISHED
        )
        return sorted(found, key=lambda copy: copy.ended_at)

    def newest(self) -> Copy | None:
        """The latest finished backup."""
        return next(reversed(self.copies()), None)

    def directory(self, copy: Copy) -> Path:
        """Where its files are."""
        return self.place / copy.name

    def keep_rehearsal(self, copy: Copy, at: datetime) -> None:
        """That a backup could be restored, and when that was tried."""
        (self.directory(copy) / REHEARSED).write_text(at.isoformat(), encoding="ascii")

    def rehearsed_at(self) -> datetime | None:
        """When a restore was last tried and worked."""
        told = (path.read_text(encoding="ascii") for path in self.place.glob(f"*/{REHEARSED}"))
        return max(map(datetime.fromisoformat, told), default=None)

    def chosen(self, name: str = "", at: datetime | None = None) -> Copy:
        """The backup of that name, else the latest one that had ended by a moment.

        Raises:
            Misconfigured: there is none.
        """
        fitting = [copy for copy in self.copies() if name in ("", copy.name)]
        if at is not None:
            fitting = [copy for copy in fitting if copy.ended_at <= at]
        if not fitting:
            asked = f"of the name {name}" if name else "that ended by then" if at else "at all"
            raise Misconfigured(
                f"there is no backup {asked} in {self.place}; `manage.py backup --list` names them"
            )
        return fitting[-1]

    def begin(self, at: datetime, kind: str) -> Path:
        """A directory for a new backup, that counts for nothing until it is finished."""
        draft = self.place / f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{kind}{UNFINISHED}"
        shutil.rmtree(draft, ignore_errors=True)  # one that broke off within this very second
        draft.mkdir(mode=0o700)
        return draft

    def finish(self, draft: Path, copy: Copy) -> None:
        """Write the record, then give the directory its name: both or neither survive a crash."""
        (draft / RECORD).write_text(copy.record(), encoding="utf-8")
        for path in (draft / RECORD, draft):
            _sync(path)
        draft.rename(self.directory(copy))
        _sync(self.place)

    def drop_all_but(self, keep: int) -> list[Copy]:
        """Remove the oldest backups and what broke off; at least one backup stays."""
        for draft in self.place.glob(f"*{UNFINISHED}"):
            shutil.rmtree(draft)
        dropped = self.copies()[: -max(keep, 1)]
        for copy in dropped:
            shutil.rmtree(self.directory(copy))
        return dropped

    # -- the log ------------------------------------------------------------------------------------------
    def archiving(self) -> tuple[str, ...]:
        """Options by which a server archives its log here.

        A segment is packed, written out and only then given its name; one that is there already must be the
        same, so that two servers never share an archive.
        """
        log = _quoted(self.log)
        draft, there = f"{log}/%f.part", f"{log}/%f.gz"
        command = (
            f'if test -f {there}; then gzip -dc {there} | cmp -s - "%p"; '
            f'else gzip -1 < "%p" > {draft} && sync {draft} && mv {draft} {there} && sync {log}; fi'
        )
        options = {
            "archive_mode": "on",
            "archive_command": command,
            "archive_timeout": f"{SWITCH_SECONDS}s",
        }
        return tuple(part for name, value in options.items() for part in ("-c", f"{name}={value}"))

    def fetching(self, beside: Path) -> str:
        """The command by which a restored server gets a segment: archived, else from a log ``beside``."""
        log, last = _quoted(self.log), _quoted(beside)
        return (
            f'if test -f {log}/%f.gz; then gzip -dc {log}/%f.gz > "%p"; '
            f'else test -f {last}/%f && cp {last}/%f "%p"; fi'
        )


def _quoted(path: Path) -> str:
    """For the shell, and for PostgreSQL, to which a percent sign begins a name of its own."""
    return shlex.quote(str(path)).replace("%", "%%")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def size_of(directory: Path) -> int:
    """Bytes in all its files."""
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
