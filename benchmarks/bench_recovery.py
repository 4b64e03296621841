"""How long a base backup and its restore take, and how much an archive lacks when the disk is lost.

Prints one JSON object per line. A cluster of its own, durable, filled by pgbench until it is some 400 MB: the
size is what counts here, not what is in it.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.runtime.backup import copy_files
from alliance.runtime.postgres import PATIENT_SERVER, SUPERUSER, Cluster
from alliance.runtime.recovery import recover
from alliance.runtime.vault import SWITCH_SECONDS, Copy, Vault, size_of
from benchmarks.measure import say
from tests.servers import stopping, wait_until

SCALE = 25
WRITING_SECONDS = 25.0
GIGABYTE = 2**30
SECONDS_PER_GIGABYTE = 60.0


def main() -> None:
    """Fill, back up, write for a while, lose the disk, restore."""
    with tempfile.TemporaryDirectory(prefix="pcf-bench-") as made:
        directory = Path(made)
        directory.chmod(0o755)
        cluster, vault = Cluster.under(directory), Vault(directory / "backups")
        vault.prepare()
        cluster.create()
        with (
            (directory / "postgres.log").open("ab") as log,
            stopping(cluster.start(*PATIENT_SERVER, *vault.archiving(), log=log.fileno()), signal.SIGKILL),
        ):
            wait_until(cluster.is_ready, "PostgreSQL ready")
            copy, acknowledged, lost_at = spoil(cluster, vault, directory)
        lose(cluster)
        began = time.perf_counter()
        recover(cluster, vault, copy)
        seconds = time.perf_counter() - began
        say(
            "recovery",
            "restore of the whole cluster",
            seconds=seconds,
            goal=SECONDS_PER_GIGABYTE * size_of(cluster.data) / GIGABYTE,
        )
        with (
            (directory / "postgres.log").open("ab") as log,
            stopping(cluster.start(*PATIENT_SERVER, log=log.fileno()), signal.SIGINT),
        ):
            wait_until(cluster.is_ready, "PostgreSQL ready")
            (last,) = ask(cluster, "SELECT max(at) FROM written")
        gone = (lost_at - last).total_seconds()
        say(
            "recovery",
            "last acknowledged to last restored, disk lost",
            seconds=gone,
            goal=float(SWITCH_SECONDS),
        )
        say("recovery", "rows acknowledged until then", rows=acknowledged)


def spoil(cluster: Cluster, vault: Vault, directory: Path) -> tuple[Copy, int, datetime]:
    """A backup of something large, then a writer; how much it was told is stored, and until when."""
    pgbench = [str(cluster.programs / "pgbench"), "-i", "-q", "-s", str(SCALE)]
    subprocess.run(
        [*pgbench, "-h", str(cluster.sockets), "-U", SUPERUSER, "postgres"], check=True, capture_output=True
    )
    ask(cluster, "CREATE TABLE written (at timestamptz)")
    say("recovery", "size of the cluster", mib=size_of(cluster.data) / 2**20)
    began = time.perf_counter()
    copy = copy_files(cluster, vault, directory / "uploads")
    say("recovery", "base backup", seconds=time.perf_counter() - began, mib=copy.bytes / 2**20)
    written, stop = [0, datetime.now(UTC)], threading.Event()
    writer = threading.Thread(target=write, args=(cluster, written, stop))
    writer.start()
    time.sleep(WRITING_SECONDS)
    stop.set()
    writer.join()
    return copy, written[0], written[1]


def write(cluster: Cluster, written: list[Any], stop: threading.Event) -> None:
    """A row at a time, ten a second; an acknowledged one is counted."""
    with session(cluster) as line:
        while not stop.wait(0.1):
            at = datetime.now(UTC)
            line.execute("INSERT INTO written VALUES (%s)", [at])
            written[:] = [written[0] + 1, at]


def lose(cluster: Cluster) -> None:
    """The disk with the server's files is gone; the archive is elsewhere."""
    cluster.data.rename(cluster.data.with_name("lost"))


def session(cluster: Cluster) -> psycopg.Connection[Any]:
    """As the superuser."""
    return psycopg.connect(host=str(cluster.sockets), user=SUPERUSER, dbname="postgres", autocommit=True)


def ask(cluster: Cluster, statement: str) -> Any:
    """The first row of what it answers."""
    with session(cluster) as line:
        found = line.execute(statement)
        return found.fetchone() if found.description else None


if __name__ == "__main__":
    main()
