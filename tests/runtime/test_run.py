"""`make run`, for real: it comes up, what is killed comes back, and nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from alliance.runtime.environment import ROOT, socket_url
from alliance.runtime.postgres import SUPERUSER, Cluster, die_with_parent
from tests.servers import throwaway_directory, wait_until

PARTS = {"postgres", "valkey-server", "worker", "beat", "standby", "web"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(**variables: str) -> subprocess.Popen[str]:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
    }
    return subprocess.Popen(
        [sys.executable, "-m", "alliance.runtime", "run"],
        cwd=ROOT,
        env={**environment, "DEMO": "0", **variables},
        preexec_fn=die_with_parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def refusal(**variables: str) -> str:
    """What a run says that cannot start: one line, and a code that is not zero."""
    process = start(**variables)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert len(errors.strip().splitlines()) == 1, errors
    return errors


class Running:
    """A product that a test started, and the processes it consists of."""

    def __init__(self, process: subprocess.Popen[str], port: int, home: Path) -> None:
        self.process, self.port, self.home = process, port, home

    def children(self) -> dict[str, int]:
        """The process of each part, found among the children of the process we started."""
        parent = self.process.pid
        found: dict[str, int] = {}
        for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            try:
                name = Path(f"/proc/{child}/comm").read_text().strip()
            except OSError:
                continue
            found.update({name: int(child)} if name in PARTS else {})
        return found

    def health(self) -> tuple[int, dict[str, object]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, {}


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with throwaway_directory() as home:
        port = free_port()
        process = start(PORT=str(port), DATA_DIR=str(home))
        assert process.stdout is not None
        said = []
        while "ready at" not in (line := process.stdout.readline()):
            said.append(line)
            assert line or process.poll() is None, "".join(said) + process.communicate()[1]
        yield Running(process, port, home)
        process.terminate()
        process.communicate(timeout=60)


def test_every_part_is_alive(running: Running) -> None:
    wait_until(lambda: running.health()[0] == 200, "healthy")
    wait_until(
        lambda: set(running.children()) == PARTS, "all there"
    )  # the last of them takes no part in health


def test_web_and_worker_have_logins_of_their_own(running: Running) -> None:
    """They are copies of a process that has none."""
    cluster = Cluster.under(running.home)
    ask = "SELECT DISTINCT usename FROM pg_stat_activity WHERE usename <> current_user"
    urllib.request.urlopen(f"http://127.0.0.1:{running.port}/accounts/login/", timeout=10).close()
    with psycopg.connect(socket_url(cluster.sockets, SUPERUSER, "postgres"), autocommit=True) as session:
        wait_until(
            lambda: {name for (name,) in session.execute(ask)} == {"pcf_app", "pcf_worker"}, "both connected"
        )


def test_a_request_has_one_line_in_the_log_and_its_query_none(running: Running) -> None:
    log = running.home / "log" / "web.log"
    for path in ("/accounts/login/?next=/asked-in-the-log/", "/readyz?asked-in-the-log"):
        urllib.request.urlopen(f"http://127.0.0.1:{running.port}{path}", timeout=10).close()
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert any(line.get("path") == "/accounts/login/" for line in lines)
    assert not any("asked-in-the-log" in json.dumps(line) for line in lines)


@pytest.mark.parametrize(
    ("request_line", "status"),
    [(f"GET /3/footprints?productId={'u' * 9000} HTTP/1.1", 414), ("GET /3/footprints", 400)],
)
def test_what_cannot_be_read_is_refused_for_programs(
    running: Running, request_line: str, status: int
) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as line:
        line.sendall(f"{request_line}\r\nHost: localhost\r\n\r\n".encode())
        head, _blank, body = b"".join(iter(lambda: line.recv(65536), b"")).partition(b"\r\n\r\n")
    told = json.loads(body)
    assert head.split()[1] == str(status).encode() and b"application/json" in head
    assert (told["code"], told["status"]) == ("BadRequest", status) and told["message"]


def test_management_commands_find_the_running_database_by_themselves(running: Running) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(running.home)}
    ask = "from django.db import connection as c; print(c.cursor().execute('SELECT current_user').fetchone())"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", ask],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert "pcf_worker" in done.stdout, done.stderr


def manage(running: Running, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(running.home)}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_a_backup_is_made_beside_the_running_product(running: Running) -> None:
    done = manage(running, "backup")
    assert done.returncode == 0, done.stderr
    assert len(list((running.home / "backups").glob("*-base/copy.json"))) == 1


def test_nothing_is_restored_under_a_running_product(running: Running) -> None:
    done = manage(running, "restore")
    assert done.returncode != 0
    assert f"in use by process {running.process.pid}" in done.stderr


def test_web_and_workers_count_together(running: Running) -> None:
    def text() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{running.port}/metrics", timeout=10) as reply:
            return str(reply.read(), "utf-8")

    wait_until(
        lambda: 'pcf_tasks_total{outcome="success",task="footprint.calculation.drain"}' in text(), "a drain"
    )
    assert 'pcf_http_requests_total{method="GET",route="healthz",status="200"}' in text()
    assert "pcf_database_up 1.0" in text() and "pcf_backup_age_seconds" in text()


def test_only_the_user_may_read_the_secrets(running: Running) -> None:
    assert (running.home / "environment").stat().st_mode & 0o077 == 0


def test_a_second_run_on_the_same_data_is_refused(running: Running) -> None:
    assert f"in use by process {running.process.pid}" in refusal(
        PORT=str(free_port()), DATA_DIR=str(running.home)
    )


def test_a_dead_worker_is_named_by_the_health_check(running: Running) -> None:
    worker = running.children()["worker"]
    os.kill(worker, signal.SIGSTOP)
    try:
        wait_until(lambda: running.health()[0] == 503, "the health check notices")
        assert running.health()[1]["failing"] == ["worker"]
    finally:
        os.kill(worker, signal.SIGCONT)
    wait_until(lambda: running.health()[0] == 200, "healthy again")


def test_whatever_is_killed_comes_back(running: Running) -> None:
    before = running.children()
    for victim in before.values():
        os.kill(victim, signal.SIGKILL)
    wait_until(lambda: not set(running.children().values()) & set(before.values()), "the dead are gone")
    wait_until(lambda: set(running.children()) == PARTS, "every part restarted")
    wait_until(lambda: running.health()[0] == 200, "healthy again")


def test_a_polite_kill_stops_everything_in_order(running: Running) -> None:
    parts = running.children()
    running.process.terminate()
    said, _ = running.process.communicate(timeout=60)
    assert running.process.returncode == 0
    assert "stopped standby, beat, worker, web, valkey, postgres" in said
    assert not any(Path(f"/proc/{process}").exists() for process in parts.values())
    assert running.health()[0] == 0


def test_what_was_stopped_is_restored(running: Running) -> None:
    deadline = time.monotonic() + 60
    while "is in use by" in (done := manage(running, "restore")).stderr and time.monotonic() < deadline:
        time.sleep(1)  # a process that was just stopped may hold the directory for a moment
    assert done.returncode == 0, done.stderr
    assert "the former files are in" in done.stdout
    assert len(list(running.home.glob("postgres-before-*"))) == 1


def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert f"port {port} on 127.0.0.1 cannot be used" in refusal(PORT=port, DATA_DIR=str(tmp_path))


def test_a_port_that_is_no_number_is_said_in_one_line(tmp_path: Path) -> None:
    assert "PORT must be a number" in refusal(PORT="http", DATA_DIR=str(tmp_path))


def test_hours_between_backups_that_are_no_number_are_said_in_one_line(tmp_path: Path) -> None:
    assert "BACKUP_HOURS must be a number" in refusal(
        PORT=str(free_port()), DATA_DIR=str(tmp_path), BACKUP_HOURS="daily"
    )


def test_an_unwritable_data_dir_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be written" in refusal(PORT=str(free_port()), DATA_DIR=str(tmp_path / "file" / "var"))


def test_a_broken_database_url_is_said_in_one_line_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://somebody:hidden@127.0.0.1:1/nowhere"
    said = refusal(PORT=str(free_port()), DATA_DIR=str(tmp_path), DATABASE_URL=url)
    assert "DATABASE_URL" in said
    assert "hidden" not in said


def test_a_broken_redis_url_is_said_in_one_line(tmp_path: Path) -> None:
    assert "REDIS_URL" in refusal(
        PORT=str(free_port()), DATA_DIR=str(tmp_path), REDIS_URL="redis://127.0.0.1:1/0"
    )
