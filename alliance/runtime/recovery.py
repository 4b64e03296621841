"""Bring the embedded database back: the latest state, or any second since the oldest backup."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tarfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from alliance.runtime.backup import FILES, MANIFEST
from alliance.runtime.environment import Misconfigured
from alliance.runtime.postgres import PATIENT_SERVER, SUPERUSER, Cluster, socket_directory
from alliance.runtime.supervisor import last_words
from alliance.runtime.vault import Copy, Vault

PATIENCE_SECONDS = 3600.0


def recover(
    cluster: Cluster,
    vault: Vault,
    copy: Copy,
    *,
    at: datetime | None = None,
    timeline: str = "latest",
    say: Callable[[str], None] = lambda text: None,
) -> Path | None:
    """Build the cluster anew beside the old one, replay the log up to a moment, then change places.

    Nothing is touched before the new cluster serves. Returns where the former files are, if there were any.

    Raises:
        Misconfigured: the backup is damaged, or the log does not reach the moment.
    """
    restored = _beside(cluster, "restoring")
    _rebuild(restored, vault, copy, say)
    say("replaying the log")
    _replay(restored, vault, cluster.data / "pg_wal", at, timeline, *vault.archiving())
    return _change_places(cluster.data, restored.data)


def rehearse(
    cluster: Cluster, vault: Vault, copy: Copy, *, say: Callable[[str], None] = lambda text: None
) -> None:
    """Restore a backup beside the running cluster, see it serve, and throw it away; the vault keeps when.

    Raises:
        Misconfigured: it could not have been restored.
    """
    restored = _beside(cluster, "rehearsal")
    try:
        _rebuild(restored, vault, copy, say)
        say("replaying the log")
        _replay(restored, vault, cluster.data / "pg_wal", None, "latest")
        vault.keep_rehearsal(copy, datetime.now(UTC))
    finally:
        shutil.rmtree(restored.data, ignore_errors=True)


def _beside(cluster: Cluster, purpose: str) -> Cluster:
    draft = cluster.data.with_name(f"{cluster.data.name}-{purpose}")
    shutil.rmtree(draft, ignore_errors=True)  # what an attempt left that broke off
    draft.mkdir(mode=0o700)
    cluster.own(draft)
    return replace(cluster, data=draft, sockets=socket_directory(draft))


def _rebuild(restored: Cluster, vault: Vault, copy: Copy, say: Callable[[str], None]) -> None:
    say(f"unpacking {copy.name}")
    _unpack(vault.directory(copy), restored)
    say("checking every file against the backup's manifest")
    restored.run("pg_verifybackup", "--quiet", restored.data)


def _unpack(directory: Path, into: Cluster) -> None:
    with tarfile.open(directory / FILES) as packed:
        packed.extractall(into.data, filter=_as_ours)  # noqa: S202  (our own backup)
    (into.data / MANIFEST).write_bytes((directory / MANIFEST).read_bytes())
    into.own(into.data)


def _as_ours(member: tarfile.TarInfo, _: str) -> tarfile.TarInfo:
    """Whose the files were is a matter of the machine they were made on."""
    return member.replace(uid=None, gid=None, uname="", gname="", deep=False)  # type: ignore[arg-type]


def _replay(
    cluster: Cluster, vault: Vault, last_log: Path, at: datetime | None, timeline: str, *archiving: str
) -> None:
    for lock in cluster.data.glob(".s.PGSQL.*"):  # of the server that was copied
        lock.unlink()
    (cluster.data / "recovery.signal").touch()
    cluster.own(cluster.data)
    settings = {
        "restore_command": vault.fetching(last_log),
        "recovery_target_action": "promote",
        "recovery_target_timeline": timeline,
    }
    if at is not None:
        settings["recovery_target_time"] = at.astimezone(UTC).isoformat()
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = cluster.data.with_suffix(".log")
    with log.open("wb") as handle:
        server = cluster.start(*PATIENT_SERVER, *archiving, *options, log=handle.fileno())
    try:
        _wait(server, cluster, log)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()
    log.unlink()


def _wait(server: subprocess.Popen[bytes], cluster: Cluster, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (cluster.is_ready() and not _recovers(cluster)):
        if server.poll() is not None:
            reached = "ended before configured recovery target" in log.read_text(errors="replace")
            why = (
                "the log ends before that moment; leave --at out for the latest state"
                if reached
                else last_words(log)
            )
            raise Misconfigured(f"the database was not restored: {why}")
        if time.monotonic() > deadline:
            raise Misconfigured(f"the log was not replayed within {PATIENCE_SECONDS:g} s; see {log}")
        time.sleep(0.05)


def _recovers(cluster: Cluster) -> bool:
    import psycopg

    where = {"host": str(cluster.sockets), "user": SUPERUSER, "dbname": "postgres"}
    try:
        with psycopg.connect(**where) as session:  # type: ignore[arg-type]
            found = session.execute("SELECT pg_is_in_recovery()").fetchone()
    except psycopg.OperationalError:
        return True  # it is just stopping, or not yet there
    return bool(found and found[0])


def _change_places(data: Path, restored: Path) -> Path | None:
    former = data.with_name(f"{data.name}-before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    if data.exists():
        data.rename(former)
    restored.rename(data)
    return former if former.exists() else None
