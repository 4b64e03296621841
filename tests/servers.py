"""Servers that live as long as the test run: PostgreSQL without fsync, and Valkey."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from alliance.runtime.broker import Broker
from alliance.runtime.postgres import HASTY_SERVER, Cluster, die_with_parent


def wait_until(true: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} within {seconds:g} s")
        time.sleep(0.02)


@contextlib.contextmanager
def throwaway_directory() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="pcf-test-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def stopping(process: subprocess.Popen[bytes], with_signal: int) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield process
    finally:
        process.send_signal(with_signal)
        process.wait(20)


@contextlib.contextmanager
def running_postgres(directory: Path, *options: str, for_tests: bool = False) -> Iterator[Cluster]:
    """A fresh cluster in a directory, with our logins, as long as the block runs; durable unless told."""
    cluster = Cluster.under(directory)
    cluster.create()
    with (
        (directory / "postgres.log").open("ab") as log,
        stopping(cluster.start(*options, log=log.fileno()), signal.SIGINT),
    ):
        wait_until(cluster.is_ready, "PostgreSQL ready")
        cluster.provide(for_tests=for_tests)
        yield cluster


@contextlib.contextmanager
def throwaway_postgres() -> Iterator[Cluster]:
    """A cluster without fsync; gone with everything in it afterwards."""
    with (
        throwaway_directory() as directory,
        running_postgres(directory, *HASTY_SERVER, for_tests=True) as cluster,
    ):
        yield cluster


@contextlib.contextmanager
def throwaway_broker() -> Iterator[Broker]:
    with throwaway_directory() as directory:
        broker = Broker.under(directory)
        process = subprocess.Popen(broker.command(), stdout=subprocess.DEVNULL, preexec_fn=die_with_parent)
        with stopping(process, signal.SIGTERM):
            wait_until(broker.is_ready, "broker ready")
            yield broker
