"""A migrated database that is made once for the same code and copied by every later test process."""

from __future__ import annotations

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alliance.runtime.environment import OWNER, ROOT, socket_url
from alliance.runtime.postgres import HASTY_SERVER, Cluster
from tests.servers import running_postgres, throwaway_directory

PACKAGES = ("accounts", "factors", "footprint", "alliance")
TEST_DATABASE = "test_pcf"
NEVER_AMID = ("-c", "autovacuum=off")
"""Of rows that a test has not committed the server would note that there are none: what asks for them then
takes minutes in place of milliseconds. ``tests.emptying.Tidying`` does its work between tests."""
KEPT = 3
"""So many prepared clusters stay: of this code, of the code before, of another branch."""


@contextmanager
def migrated_postgres(shelf: Path) -> Iterator[Cluster]:
    """A cluster without fsync that holds a migrated test database; gone afterwards."""
    with throwaway_directory() as directory:
        copied(migrated(shelf), directory)
        with running_postgres(directory, *HASTY_SERVER, *NEVER_AMID, for_tests=True) as running:
            yield running


def migrated(shelf: Path) -> Path:
    """The files of a stopped server with a migrated test database in it, made unless they are there."""
    kept = shelf / _mark()
    with (shelf / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not kept.exists():
            _prepare(kept)
            _tidy(shelf)
    return kept


def copied(files: Path, directory: Path) -> Cluster:
    """A cluster in a directory, of a copy of a stopped server's files."""
    cluster = Cluster.under(directory)
    shutil.copytree(files, cluster.data, dirs_exist_ok=True)
    cluster.data.chmod(0o700)
    cluster.own(cluster.data)
    return cluster


def _prepare(kept: Path) -> None:
    with throwaway_directory() as directory:
        with running_postgres(directory, *HASTY_SERVER, for_tests=True) as cluster:
            cluster.provide(database=TEST_DATABASE, for_tests=True)
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "-v0"],
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": socket_url(cluster.sockets, OWNER, TEST_DATABASE)},
                check=True,
            )
        cluster.clear_stale_lock()
        half = kept.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(cluster.data, half)
        half.rename(kept)


def _tidy(shelf: Path) -> None:
    clusters = sorted(
        (path for path in shelf.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime
    )
    for path in clusters[:-KEPT]:
        shutil.rmtree(path, ignore_errors=True)


def _mark() -> str:
    """Changes with every file a migration may have read: the migrations, and all they import of ours."""
    found: set[Path] = set()
    ahead = [path for package in PACKAGES for path in (ROOT / package).rglob("migrations/*.py")]
    ahead += [path for package in PACKAGES for path in (ROOT / package).rglob("apps.py")]
    ahead += [ROOT / "alliance" / "settings.py"]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            ahead += _imported(path)
    told = hashlib.sha256(sys.version.encode())
    for path in [*sorted(found), *sorted(ROOT.glob("requirements*.lock"))]:
        told.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return told.hexdigest()[:20]


def _imported(path: Path) -> list[Path]:
    """The project's own modules that a module names in its imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    places = [ROOT / name.replace(".", "/") for name in names if name.partition(".")[0] in PACKAGES]
    files = [file for place in places for file in (place.with_suffix(".py"), place / "__init__.py")]
    return [file for file in files if file.exists()]
