"""What a run needs before anything starts: a place to write, a free port, servers that answer."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

from alliance.runtime.environment import Misconfigured


def prepare_data_dir(directory: Path) -> IO[str]:
    """Make the data directory and hold its lock; one run at a time may use it."""
    try:
        (directory / "log").mkdir(parents=True, exist_ok=True)
        lock = (directory / "lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise Misconfigured(f"DATA_DIR {directory} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        raise Misconfigured(
            f"DATA_DIR {directory} is in use by process {lock.read().strip() or '?'}"
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    os.register_at_fork(after_in_child=lock.close)  # it is held no longer than we live
    return lock


def port_from(environ: Mapping[str, str], name: str = "PORT", *, default: int = 8000) -> int:
    named = environ.get(name) or str(default)
    if not named.isdecimal() or not (0 < int(named) < 65536 or int(named) == default):
        raise Misconfigured(f"{name} must be a number from 1 to 65535, not {named!r}")
    return int(named)


def backup_hours(environ: Mapping[str, str]) -> float:
    """How many hours lie between two backups of the embedded database; 0: none are made."""
    named = environ.get("BACKUP_HOURS") or "24"
    if not named.replace(".", "", 1).isdecimal():
        raise Misconfigured(f"BACKUP_HOURS must be a number of hours, 0 for no backups, not {named!r}")
    return float(named)


def require_free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Misconfigured(
                f"port {port} on {host} cannot be used: {error.strerror}; set PORT"
            ) from error


def without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":…@")))


def require_database(url: str) -> None:
    """The outside database answers, or one line says why not."""
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise Misconfigured(f"DATABASE_URL {without_password(url)} cannot be used: {reason}") from error


def require_broker(url: str) -> None:
    """The outside broker answers, or one line says why not."""
    import redis

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as server:
            server.ping()
    except (redis.RedisError, ValueError) as error:
        raise Misconfigured(f"REDIS_URL {without_password(url)} cannot be used: {error}") from error
