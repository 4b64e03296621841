"""The drill: a server is killed, a table is dropped; the database comes back as it was the second before."""

from __future__ import annotations

import contextlib
import io
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from accounts.actions.checkpoint import make_checkpoint
from accounts.models import AuditChain, Company, Site
from alliance.runtime.backup import copy_files, copy_rows, restore_rows, restore_uploads
from alliance.runtime.environment import Misconfigured, socket_url
from alliance.runtime.postgres import SUPERUSER, Cluster, bin_dir
from alliance.runtime.recovery import recover, rehearse
from alliance.runtime.vault import Copy, Vault
from tests import builders as new
from tests.servers import stopping, throwaway_directory, wait_until

pytestmark = pytest.mark.django_db
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@dataclass
class Drill:
    """A cluster with a history: written to, backed up, written to again, and spoilt."""

    cluster: Cluster
    vault: Vault
    uploads: Path
    copy: Copy
    moment: datetime
    heads: dict[str, tuple[int, str]]


@contextlib.contextmanager
def serving(cluster: Cluster, vault: Vault, stop: int = signal.SIGINT) -> Iterator[None]:
    """The cluster up, its log archived, and Django connected to it."""
    log = cluster.data.parent / "drill.log"
    with log.open("ab") as handle:
        server = cluster.start("-c", "fsync=off", *vault.archiving(), log=handle.fileno())
    before = connections["default"]
    with stopping(server, stop):
        wait_until(cluster.is_ready, "PostgreSQL ready")
        there = before.copy()
        there.settings_dict["HOST"] = str(cluster.sockets)
        connections["default"] = there
        try:
            yield
        finally:
            there.close()
            connections["default"] = before


def session_cluster() -> Cluster:
    """The one all tests use; only read from."""
    sockets = Path(connection.settings_dict["HOST"])
    return Cluster(sockets, sockets, bin_dir())


def as_superuser(statement: str) -> Any:
    where = {"host": connection.settings_dict["HOST"], "dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(**where, user=SUPERUSER, autocommit=True) as session:
        found = session.execute(statement)
        return found.fetchone() if found.description else None


def heads() -> dict[str, tuple[int, str]]:
    return {chain.name: (chain.position, chain.head) for chain in AuditChain.objects.all()}


@pytest.fixture(scope="module")
def drill(django_db_setup: None, django_db_blocker: Any) -> Iterator[Drill]:
    with throwaway_directory() as home, django_db_blocker.unblock():
        cluster, vault, uploads = Cluster.under(home), Vault(home / "backups"), home / "uploads"
        vault.prepare()
        uploads.mkdir()
        (uploads / "package.zip").write_bytes(b"handed in")
        how = ("--wal-method=stream", "--checkpoint=fast", "--no-sync")
        cluster.run(
            "pg_basebackup", "-h", session_cluster().sockets, "-U", SUPERUSER, "-D", cluster.data, *how
        )
        for lock in cluster.data.glob(".s.PGSQL.*"):
            lock.unlink()
        with serving(cluster, vault, stop=signal.SIGQUIT):
            company = new.company("before the backup")
            copy = copy_files(cluster, vault, uploads)
            new.site(company, "after the backup")
            make_checkpoint(at=timezone.now(), key=KEY)
            made = Drill(cluster, vault, uploads, copy, timezone.now(), heads())
            as_superuser("DROP TABLE inventory_exchange CASCADE")
            new.company("after the moment")
        yield made


def verified() -> str:
    said = io.StringIO()
    call_command("audit_verify", stdout=said)
    return said.getvalue()


def test_a_killed_server_comes_back_with_what_was_never_archived(drill: Drill) -> None:
    """Without a moment: everything that was acknowledged, the table's loss included."""
    former = recover(drill.cluster, drill.vault, drill.copy)
    assert former is not None and former.exists()
    with serving(drill.cluster, drill.vault):
        assert Company.objects.filter(code="after the moment").exists()
        assert as_superuser("SELECT to_regclass('inventory_exchange')") == (None,)


def test_a_dropped_table_is_back_as_it_was_the_second_before(drill: Drill) -> None:
    recover(drill.cluster, drill.vault, drill.copy, at=drill.moment)
    with serving(drill.cluster, drill.vault):
        assert as_superuser("SELECT count(*) FROM inventory_exchange") == (0,)
        assert Site.objects.filter(code="after the backup").exists()
        assert not Company.objects.filter(code="after the moment").exists()
        assert heads() == drill.heads
        assert len(verified().splitlines()) == len(drill.heads)
        new.company("life goes on")


def test_a_moment_the_log_does_not_reach_changes_nothing(drill: Drill) -> None:
    before = sorted(path.name for path in drill.cluster.data.iterdir())
    with pytest.raises(Misconfigured, match="the log ends before that moment"):
        recover(drill.cluster, drill.vault, drill.copy, at=timezone.now() + timedelta(hours=1))
    assert sorted(path.name for path in drill.cluster.data.iterdir()) == before


def test_a_damaged_backup_is_found_before_anything_is_replaced(drill: Drill) -> None:
    manifest = drill.vault.directory(drill.copy) / "backup_manifest"
    told = manifest.read_text()
    manifest.write_text(told.replace('"Size": 3,', '"Size": 4,', 1))
    try:
        with pytest.raises(Misconfigured, match="pg_verifybackup failed"):
            recover(drill.cluster, drill.vault, drill.copy)
    finally:
        manifest.write_text(told)


def test_a_rehearsal_leaves_nothing_but_its_date(drill: Drill) -> None:
    """Beside the running server, whose archive it must not write into."""
    with serving(drill.cluster, drill.vault):
        before = sorted(path.name for path in drill.cluster.data.parent.iterdir())
        archived = {path.name for path in drill.vault.log.glob("*.history.gz")}
        assert drill.vault.rehearsed_at() is None
        rehearse(drill.cluster, drill.vault, drill.copy)
        assert sorted(path.name for path in drill.cluster.data.parent.iterdir()) == before
        assert {path.name for path in drill.vault.log.glob("*.history.gz")} == archived
    rehearsed = drill.vault.rehearsed_at()
    assert rehearsed is not None and timezone.now() - rehearsed < timedelta(minutes=5)


def test_a_further_backup_lets_go_of_the_log_before_it(drill: Drill) -> None:
    with serving(drill.cluster, drill.vault):
        wait_until(lambda: len(list(drill.vault.log.glob("*.gz"))) > 2, "the log is archived")
        copy = copy_files(drill.cluster, drill.vault, drill.uploads, keep=1)
    assert drill.vault.copies() == [copy]
    segments = [path.name for path in drill.vault.log.glob("????????????????????????.gz")]
    assert segments and min(segments)[8:] >= copy.first_log[8:]


def test_uploaded_files_come_back(drill: Drill) -> None:
    (drill.uploads / "package.zip").unlink()
    restore_uploads(drill.vault.chosen(), drill.vault, drill.uploads)
    assert (drill.uploads / "package.zip").read_bytes() == b"handed in"


def test_an_outside_database_is_copied_as_rows(drill: Drill, tmp_path: Path) -> None:
    """With its policies and triggers, into a database beside it; a login that sees less is refused."""
    vault = Vault(tmp_path / "dumps")
    with serving(drill.cluster, drill.vault):
        here = Path(connection.settings_dict["HOST"]), SUPERUSER, connection.settings_dict["NAME"]
        as_superuser("ALTER ROLE pcf_owner NOBYPASSRLS")
        with pytest.raises(Misconfigured, match="row-level security"):
            copy_rows(socket_url(here[0], "pcf_owner", here[2]), vault, drill.uploads)
        copy = copy_rows(socket_url(*here), vault, drill.uploads)
        as_superuser("CREATE DATABASE beside")
        restore_rows(copy, vault, socket_url(here[0], SUPERUSER, "beside"))
        before = heads()
        connection.settings_dict["NAME"] = "beside"
        connection.close()
        assert heads() == before
        assert len(verified().splitlines()) == len(before)
        forced = as_superuser("SELECT count(*) FROM pg_class WHERE relforcerowsecurity")
        assert forced[0] > 10
