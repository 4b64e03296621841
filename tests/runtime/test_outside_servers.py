"""With DATABASE_URL and REDIS_URL the same command uses servers that are already there."""

from __future__ import annotations

import psycopg

from alliance.runtime.broker import Broker
from alliance.runtime.environment import read_variables, socket_url
from alliance.runtime.postgres import SUPERUSER
from tests.runtime.test_run import Running, free_port, start
from tests.servers import throwaway_directory, throwaway_postgres, wait_until


def test_one_outside_login_serves_web_worker_and_migration(broker: Broker) -> None:
    with throwaway_postgres() as cluster, throwaway_directory() as home:
        with psycopg.connect(socket_url(cluster.sockets, SUPERUSER, "postgres"), autocommit=True) as session:
            session.execute("DROP DATABASE pcf")
            session.execute("DROP ROLE pcf_owner, pcf_app, pcf_worker, pcf_backup, pcf_benchmark")
            session.execute("CREATE ROLE company LOGIN CREATEROLE")
            session.execute("CREATE DATABASE outside OWNER company")
        url = socket_url(cluster.sockets, "company", "outside")
        port = free_port()
        process = start(PORT=str(port), DATA_DIR=str(home), DATABASE_URL=url, REDIS_URL=broker.url)
        assert process.stdout is not None
        said = []
        while "ready at" not in (line := process.stdout.readline()):
            said.append(line)
            assert line or process.poll() is None, "".join(said) + process.communicate()[1]
        running = Running(process, port, home)
        try:
            wait_until(lambda: set(running.children()) == {"web", "worker", "beat", "standby"}, "all there")
            wait_until(lambda: running.health()[0] == 200, "healthy")
            assert read_variables(home / "environment")["DATABASE_URL"] == url
        finally:
            process.terminate()
            process.communicate(timeout=60)
