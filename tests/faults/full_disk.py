"""A disk that is full for a while: ``python -m tests.faults.full_disk DIRECTORY`` hurts a product on it.

It runs in a mount namespace of its own, in which the directory is a small disk in memory that nobody else
sees. Prints one JSON object of what was found.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psycopg

from alliance.runtime.environment import ROOT, socket_url
from alliance.runtime.postgres import SUPERUSER, Cluster
from tests.faults.product import Losses, Product, Writers, running_product
from tests.servers import wait_until

MEGABYTE = 1 << 20
SIZE = 400 * MEGABYTE
READS = 20
LONGEST = 900
UNSHARE = ("unshare", "--mount", *(() if os.geteuid() == 0 else ("--user", "--map-root-user")))
MOUNT = f'mount -t tmpfs -o size={SIZE} none "$0" && exec "$@"'


def on_a_small_disk(directory: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a namespace where the directory is a disk of its own."""
    words = [*UNSHARE, "sh", "-c", MOUNT, str(directory), *command]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LONGEST)


def main(directory: str) -> None:
    """Fill the disk while machines write, fill the log of the database, too, and make room again."""
    home = Path(directory)
    losses = Losses()
    with running_product(home) as product, Writers(product) as writers:
        writers.wait_for_a_write("the start")
        fill(home / "ballast")
        answers = Counter(read(product) for _ in range(READS))
        force_a_new_log_file(product)
        wait_until(lambda: not product.healthy(), "a full disk is noticed", 60)
        (home / "ballast").unlink()
        wait_until(product.healthy, "product healthy again", 120)
        writers.wait_for_a_write("there is room again")
        writers.compare(losses)
    print(json.dumps({**vars(losses), "answers": answers, "broke": errors_told(home)}))


def fill(ballast: Path) -> None:
    """Take what is left, to the last byte."""
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(MEGABYTE)):
            pass
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while file.write(b"x"):
            pass


def read(product: Product) -> int:
    """What somebody is answered who only looks; 0 where nobody answers."""
    address = f"http://127.0.0.1:{product.running.port}/accounts/login/"
    try:
        with urllib.request.urlopen(address, timeout=30) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def errors_told(home: Path) -> list[str]:
    """What the web servers logged as broken on our side, as far as the log had room for it."""
    lines = [line for log in (home / "log").glob("web*.log") for line in log.read_text().splitlines()]
    return [line[:4000] for line in lines if "unexpected error" in line or "Internal Server Error" in line]


def force_a_new_log_file(product: Product) -> None:
    """The database has room in its log's last file; now it needs another one."""
    place = socket_url(Cluster.under(product.running.home).sockets, SUPERUSER)
    with suppress(psycopg.OperationalError), psycopg.connect(place, autocommit=True) as session:
        for _ in range(8):  # some are kept ready
            session.execute("SELECT pg_switch_wal()")
            session.execute("SELECT pg_logical_emit_message(true, 'storm', repeat('x', 1000000))")


if __name__ == "__main__":
    main(sys.argv[1])
