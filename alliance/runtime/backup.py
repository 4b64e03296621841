"""Copies of a database: of the embedded one its files and its log, of any other its rows."""

from __future__ import annotations

import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from alliance.runtime.environment import Misconfigured
from alliance.runtime.postgres import SUPERUSER, Cluster, bin_dir, cause
from alliance.runtime.preconditions import without_password
from alliance.runtime.vault import BASE, DUMP, Copy, Vault, size_of

UPLOADS = "uploads.tar.gz"
FILES, ROWS = "base.tar.gz", "rows.dump"
MANIFEST = "backup_manifest"
KEPT = 7


def copy_files(cluster: Cluster, vault: Vault, uploads: Path, *, keep: int = KEPT) -> Copy:
    """A base backup of the running embedded cluster, and what the log has to keep for it.

    Raises:
        Misconfigured: with what PostgreSQL's own program said.
    """
    began = datetime.now(UTC)
    vault.prepare()
    draft = vault.begin(began, BASE)
    cluster.own(draft)
    how = ("--format=tar", "--compress=gzip:1", "--wal-method=fetch", "--checkpoint=fast", "--no-password")
    cluster.run("pg_basebackup", "-h", cluster.sockets, "-U", SUPERUSER, "-D", draft, *how)
    _keep_uploads(uploads, draft)
    copy = _copy(draft, BASE, began, cluster.version(), _first_log(draft / FILES))
    vault.finish(draft, copy)
    _let_go(cluster.programs, vault, keep)
    return copy


def copy_rows(url: str, vault: Vault, uploads: Path, *, keep: int = KEPT) -> Copy:
    """A dump of another server's database, as one login sees all of it.

    Raises:
        Misconfigured: with what pg_dump said; a login that row-level security hides rows from is refused.
    """
    began = datetime.now(UTC)
    vault.prepare()
    draft = vault.begin(began, DUMP)
    _call(
        bin_dir() / "pg_dump", "--format=custom", "--no-password", "-f", draft / ROWS, "-d", url, secret=url
    )
    _keep_uploads(uploads, draft)
    version = _call(bin_dir() / "pg_dump", "--version").strip()
    copy = _copy(draft, DUMP, began, version, "")
    vault.finish(draft, copy)
    vault.drop_all_but(keep)
    return copy


def restore_rows(copy: Copy, vault: Vault, url: str) -> None:
    """A dump into a database whose logins exist, in one transaction; what is there of it is replaced.

    Raises:
        Misconfigured: with what pg_restore said; nothing was changed.
    """
    how = ("--clean", "--if-exists", "--exit-on-error", "--single-transaction", "--no-password")
    _call(bin_dir() / "pg_restore", *how, "-d", url, vault.directory(copy) / ROWS, secret=url)


def restore_uploads(copy: Copy, vault: Vault, uploads: Path) -> None:
    """Put uploaded files back beside those that are there."""
    with tarfile.open(vault.directory(copy) / UPLOADS) as packed:
        uploads.mkdir(mode=0o700, parents=True, exist_ok=True)
        packed.extractall(uploads, filter="data")


def _copy(draft: Path, kind: str, began: datetime, server: str, first_log: str) -> Copy:
    name = draft.name.removesuffix(".part")
    return Copy(name, kind, began, datetime.now(UTC), size_of(draft), server, first_log)


def _keep_uploads(uploads: Path, draft: Path) -> None:
    with tarfile.open(draft / UPLOADS, "w:gz", compresslevel=1) as packed:
        if uploads.is_dir():
            packed.add(uploads, arcname=".")


def _first_log(files: Path) -> str:
    """The segment named in the label that comes with a base backup."""
    with tarfile.open(files) as packed:
        for member in packed:
            label = packed.extractfile(member) if member.name == "backup_label" else None
            if label is not None:
                first_line = label.read().decode().splitlines()[0]
                return first_line.rpartition("(file ")[2].rstrip(")")
    raise Misconfigured(f"{files} has no label: it is no base backup")


def _let_go(programs: Path, vault: Vault, keep: int) -> None:
    """Older backups, and the log that no backup begins with any more."""
    vault.drop_all_but(keep)
    needed = [copy.first_log for copy in vault.copies() if copy.kind == BASE]
    _call(programs / "pg_archivecleanup", "-x", ".gz", vault.log, min(needed))


def _call(program: Path, *arguments: object, secret: str = "") -> str:
    done = subprocess.run(
        [str(program), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        said = cause(done.stderr)
        shown = said.replace(secret, without_password(secret)) if secret else said
        raise Misconfigured(f"{program.name} failed: {shown}")
    return done.stdout
