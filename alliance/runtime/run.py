"""`make run`: the whole product on this machine, under one supervisor."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from alliance.runtime.broker import Broker
from alliance.runtime.certificate import CERTIFICATE, KEY
from alliance.runtime.copies import Copy, copier
from alliance.runtime.environment import (
    AUDIT_KEY_FILE,
    LOGINS,
    PUBLICATION_KEY_FILE,
    ROOT,
    VARIABLES_FILE,
    Misconfigured,
    data_dir,
    keep_bytecode,
    keep_signing_key,
    login_for,
    new_secret,
    read_variables,
    socket_url,
    write_variables,
)
from alliance.runtime.installation import PYTHON, RUN_LOCK, digest
from alliance.runtime.memory import Memory, fingerprint
from alliance.runtime.nightly import Nightly
from alliance.runtime.postgres import PATIENT_SERVER, Cluster, die_with_parent
from alliance.runtime.preconditions import (
    backup_hours,
    port_from,
    prepare_data_dir,
    require_broker,
    require_database,
    require_free_port,
    without_password,
)
from alliance.runtime.progress import Progress
from alliance.runtime.supervisor import Child, Process, Supervisor, last_words, starter
from alliance.runtime.translations import compile_catalogues
from alliance.runtime.vault import Vault

CELERY = ("-m", "celery", "-A", "alliance")
WORKER = ("worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "-l", "INFO")
THREADS = "--preload --worker-class gthread --workers 2 --threads 4 --graceful-timeout 5 --no-control-socket"
GUNICORN = ("-m", "gunicorn", "-c", "python:alliance.server", "alliance.wsgi", *THREADS.split())
# what has waited for five seconds was not heard by any worker
STANDBY = ("manage.py", "recompute", "--loop", "--after", "5", "--skip-checks")
BEAT = (*CELERY, "beat", "--pidfile=", "-l", "WARNING", "--schedule")
CODE = "alliance.loading"  # by name, for it needs what the installation brings
DEMO_LOGINS = "demo-logins.txt"
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  (a directory of our own in it, checked below)
BUILT_IN = ("load_factors", "load_rules", "load_practices")


def run(progress: Progress) -> int:
    """Start everything, keep it alive until told to stop, stop everything."""
    home = data_dir(os.environ)
    host, port = os.environ.get("HOST") or "127.0.0.1", port_from(os.environ)
    with prepare_data_dir(home):
        require_free_port(host, port)
        keep_bytecode(home)
        supervisor = Supervisor(progress.say)
        supervisor.listen()
        counters = _counters(home)
        try:
            Product(home, host, port, progress, supervisor, counters).start()
            supervisor.watch()
        except KeyboardInterrupt:
            progress.say("stopped before everything was up")
        finally:
            with progress.step("everything stopped"):
                supervisor.stop()
                shutil.rmtree(counters, ignore_errors=True)
    return 0


def _counters(home: Path) -> Path:
    """Where the processes count together: in memory, for who counts on a full disk is killed for it."""
    name = f"pcf-{os.getuid()}-{hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]}"
    for place in (SHARED_MEMORY / name, home / "metrics"):
        shutil.rmtree(place, ignore_errors=True)  # counters begin anew with the processes
        try:
            place.mkdir(mode=0o700)
        except OSError:
            continue
        return place
    raise Misconfigured(f"cannot write to {home}")


class Product:
    """The parts of one running product, in the order in which they need each other."""

    def __init__(
        self, home: Path, host: str, port: int, progress: Progress, supervisor: Supervisor, counters: Path
    ) -> None:
        self.home, self.host, self.port, self.counters = home, host, port, counters
        self.progress, self.supervisor = progress, supervisor
        self.variables: dict[str, str] = {}
        self.memory = Memory(home)
        self.https_port = port_from(os.environ, "HTTPS_PORT", default=0)
        self.nightly: Nightly | None = None

    @property
    def address(self) -> str:
        shown = "localhost" if self.host in ("127.0.0.1", "0.0.0.0") else self.host  # noqa: S104  (only compared)
        return f"http://{shown}:{self.port}"

    def start(self) -> None:
        self._database()
        self._broker()
        self._write_variables()
        engine = self._engine()
        self._prepare()
        demonstration = self._demonstration()
        self._compiled(engine)
        web = self._servers()  # they load their code, and calculate, while the demo alliance is written
        self._demonstrated(demonstration)
        self._built_in()
        self._processes(web)
        self._announce()
        if self.nightly:
            self.supervisor.chores.append(self.nightly.look)

    # -- servers ------------------------------------------------------------------------------------------
    def _database(self) -> None:
        if url := os.environ.get("DATABASE_URL"):
            with self.progress.step(f"database at {without_password(url)} answers"):
                require_database(url)
            self.variables["DATABASE_URL"] = url
            return
        with self.progress.step("PostgreSQL ready"):
            cluster = Cluster.under(self.home)
            if cluster.create():
                self.memory.forget()
                self.progress.say(f"new PostgreSQL cluster in {cluster.data}")
            options = (*PATIENT_SERVER, *self._archiving(cluster))
            child = Child("postgres", lambda log: cluster.start(*options, log=log), self._log("postgres"))
            child.stop_signal, child.serves_others = signal.SIGINT, True
            self.supervisor.add(child)
            self.supervisor.wait_for(child, cluster.is_ready)
            cluster.provide()
        for login, user in LOGINS.items():
            self.variables[f"DATABASE_URL_{login.upper()}"] = socket_url(cluster.sockets, user)

    def _archiving(self, cluster: Cluster) -> tuple[str, ...]:
        """Between backups the log is kept, too; without backups it would only grow."""
        if not (hours := backup_hours(os.environ)):
            return ()
        # the server writes there, so it lies where the server may go
        vault = Vault.of(os.environ, cluster.data.parent)
        vault.prepare()
        cluster.own(vault.place)
        self.variables["BACKUP_DIR"] = str(vault.place)
        self.nightly = Nightly(vault, hours, lambda: self._start("backup", "manage.py", "backup"))
        return vault.archiving()

    def _broker(self) -> None:
        if url := os.environ.get("REDIS_URL"):
            with self.progress.step(f"broker at {without_password(url)} answers"):
                require_broker(url)
            self.variables["REDIS_URL"] = url
            return
        with self.progress.step("Valkey ready"):
            broker = Broker.under(self.home)
            child = self._child("valkey", broker.command(), os.environ)
            child.serves_others = True
            self.supervisor.add(child)
            self.supervisor.wait_for(child, broker.is_ready)
        self.variables["REDIS_URL"] = broker.url

    def _write_variables(self) -> None:
        """What a bare `manage.py` beside this run needs to know; the secret key is kept between runs."""
        path = self.home / VARIABLES_FILE
        known = read_variables(path).get("SECRET_KEY")
        self.variables["SECRET_KEY"] = os.environ.get("SECRET_KEY") or known or new_secret()
        self.variables["PUBLIC_URL"] = os.environ.get("PUBLIC_URL") or self.address
        # what a partner's connection is checked against is the same for every process
        for name in ("PARTNER_ORIGINS", "PARTNER_CA_FILE"):
            if named := os.environ.get(name):
                self.variables[name] = named
        if self.https_port:
            own = f"https://localhost:{self.https_port}"
            self.variables["PARTNER_URL"] = os.environ.get("PARTNER_URL") or own
        # a demonstration has public passwords: a second factor would protect nothing and stop every visitor
        asked = "required" if os.environ.get("DEMO", "1") == "0" else "offered"
        self.variables["SECOND_FACTOR"] = os.environ.get("SECOND_FACTOR") or asked
        write_variables(path, self.variables)
        if not os.environ.get("AUDIT_SIGNING_KEY"):
            keep_signing_key(self.home / AUDIT_KEY_FILE)
        if not os.environ.get("PUBLICATION_SIGNING_KEY"):
            keep_signing_key(self.home / PUBLICATION_KEY_FILE)

    # -- content ------------------------------------------------------------------------------------------
    def _prepare(self) -> None:
        with self.progress.step("translations compiled"):
            compile_catalogues()
        with self.progress.step("models loaded"):
            self._load("load_models")
        static, migration = self._static_files(), self._migration()
        with self.progress.step("pages and tasks loaded"):
            self._load("load_pages")
        if migration:
            with self.progress.step("database migrated"):
                self._finish("migrate", migration)
            self.memory.keep("migrated", self._schema())
        if static:
            with self.progress.step("static files collected"):
                self._finish("collectstatic", static)
            self.memory.keep("static", fingerprint(digest(RUN_LOCK), "static"))

    def _load(self, part: str) -> None:
        """Load code into this process, of which the product's processes are copies."""
        os.environ.update(self._environment())
        try:
            getattr(import_module(CODE), part)()
        except Exception as error:  # whatever is wrong with it, nothing can be started
            raise Misconfigured(f"the product cannot be loaded: {type(error).__name__}: {error}") from error
        if self.supervisor.stopping:
            raise KeyboardInterrupt

    def _static_files(self) -> Process | None:
        if self.memory.holds("static", fingerprint(digest(RUN_LOCK), "static")):
            return None
        return self._manage("collectstatic", "--noinput", "--clear", "-v0")

    def _migration(self) -> Process | None:
        """Always on an outside database, which others may have changed; on our own when there is news."""
        if "DATABASE_URL" not in self.variables and self.memory.holds("migrated", self._schema()):
            return None
        return self._manage("migrate", "-v0")

    def _schema(self) -> str:
        return fingerprint(digest(RUN_LOCK), "accounts", "factors", "footprint")

    def _engine(self) -> Process | None:
        """Compile the kernels beside migration and loading, so that the worker finds them compiled."""
        if self.memory.holds("engine", fingerprint(digest(RUN_LOCK), "footprint/engine")):
            return None
        return self._start("engine", "-c", "from footprint.engine.warming import warm; warm()")

    def _compiled(self, engine: Process | None) -> None:
        if engine:
            with self.progress.step("calculation engine compiled"):
                self._finish("engine", engine)
            self.memory.keep("engine", fingerprint(digest(RUN_LOCK), "footprint/engine"))

    def _built_in(self) -> None:
        """The factors and categories that come with the product, whenever they or the database changed."""
        if self.memory.holds("built-in", self._built_in_mark()):
            return
        with self.progress.step("built-in factors and categories loaded"):
            for command in BUILT_IN:
                self._finish(command, self._manage(command))
        self.memory.keep("built-in", self._built_in_mark())

    def _built_in_mark(self) -> str:
        return fingerprint(self._place(), "factors", "footprint/rules", "footprint/analysis/seed")

    def _place(self) -> str:
        return self.variables.get("DATABASE_URL") or self.variables["DATABASE_URL_OWNER"]

    def _demonstration(self) -> Process | None:
        """The demo alliance and what it is built from, once per database; DEMO=0 leaves it out."""
        if os.environ.get("DEMO", "1") == "0" or self.memory.holds("demo", self._demo_mark()):
            return None
        return self._manage("load_demo", "--logins", str(self.home / DEMO_LOGINS))

    def _demonstrated(self, loading: Process | None) -> None:
        if loading is None:
            return
        try:
            with self.progress.step("demo alliance loaded"):
                self._finish("load_demo", loading)
        except Misconfigured as refusal:
            self.progress.say(f"no demo alliance: {refusal}")
            return
        self.memory.keep("demo", self._demo_mark())
        self.memory.keep("built-in", self._built_in_mark())

    def _demo_mark(self) -> str:
        return hashlib.sha256(self._place().encode()).hexdigest()

    # -- processes ----------------------------------------------------------------------------------------
    def _servers(self) -> Child:
        """The web server and the worker; the web server is returned."""
        place = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        web = self._serve("web", *GUNICORN, "--bind", place)
        self._serve("worker", *CELERY, *WORKER, login="worker")
        return web

    def _processes(self, web: Child) -> None:
        secure = self._secure() if self.https_port else ()
        with self.progress.step("web and worker are healthy"):
            self.supervisor.wait_for(web, self._healthy, seconds=120)
            if secure:
                self._serve("web-tls", *secure)
            self._serve("beat", *BEAT, str(self.home / "beat-schedule"), login="worker")
            self._serve("standby", *STANDBY, login="worker")

    def _secure(self) -> tuple[str, ...]:
        """A second web server with TLS, for partners' systems: with a certificate given, or one made here."""
        require_free_port(self.host, self.https_port)
        certificate, key = (os.environ.get(name) for name in ("TLS_CERTIFICATE", "TLS_KEY"))
        if not certificate or not key:
            place = self.home / "tls"
            with self.progress.step(f"certificate for localhost in {place}"):
                self._finish(
                    "certificate",
                    self._start("certificate", "-m", "alliance.runtime.certificate", str(place)),
                )
            certificate, key = str(place / CERTIFICATE), str(place / KEY)
        bind = f"{self.host}:{self.https_port}"
        return *GUNICORN, "--bind", bind, "--certfile", certificate, "--keyfile", key

    def _healthy(self) -> bool:
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host  # noqa: S104  (only compared)
        place = f"[{host}]" if ":" in host else host
        try:
            with urllib.request.urlopen(f"http://{place}:{self.port}/healthz", timeout=10) as reply:
                return bool(reply.status == 200)
        except (OSError, urllib.error.HTTPError):
            return False

    def _announce(self) -> None:
        self.progress.say(f"ready at {self.address}/ — stop with Ctrl-C; logs in {self.home / 'log'}")
        if self.https_port:
            self.progress.say(f"partners' systems reach it at {self.variables['PARTNER_URL']}/")
        if (logins := self.home / DEMO_LOGINS).exists():
            print(logins.read_text(encoding="utf-8").rstrip(), flush=True)

    # -- how things are started ---------------------------------------------------------------------------
    def _log(self, name: str) -> Path:
        return self.home / "log" / f"{name}.log"

    def _environment(self, login: str = "") -> dict[str, str]:
        """The variables of one process, with the database login that is its own."""
        own = {
            **os.environ,
            **self.variables,
            "DATA_DIR": str(self.home),
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
            "PROMETHEUS_MULTIPROC_DIR": str(self.counters),
        }
        if login:
            own["DATABASE_LOGIN"] = login
            own["DATABASE_URL"] = (
                self.variables.get("DATABASE_URL") or self.variables[f"DATABASE_URL_{login.upper()}"]
            )
        return own

    def _child(self, name: str, command: list[str], environment: Mapping[str, str]) -> Child:
        start = starter(command, environment=environment, directory=ROOT, in_child=die_with_parent)
        return Child(name, start, self._log(name))

    def _serve(self, name: str, *arguments: str, login: str = "app") -> Child:
        """One of the product's own processes, as a copy of this one."""
        return self.supervisor.add(Child(name, self._copier(name, arguments, login), self._log(name)))

    def _manage(self, *arguments: str) -> Process:
        """Without the system checks, which load every page: the servers make them when they start."""
        start = self._copier(
            arguments[0], ("manage.py", *arguments, "--skip-checks"), login_for(arguments[0])
        )
        with self._log(arguments[0]).open("wb") as log:
            return start(log.fileno())

    def _copier(self, name: str, arguments: tuple[str, ...], login: str) -> Callable[[int], Copy]:
        return copier(name, arguments, environment=self._environment(login), adapt=import_module(CODE).adapt)

    def _start(self, name: str, *arguments: str) -> Process:
        command = [str(PYTHON), *arguments]
        start = starter(command, environment=self._environment(), directory=ROOT, in_child=die_with_parent)
        with self._log(name).open("wb") as log:
            return start(log.fileno())

    def _finish(self, name: str, process: Process) -> None:
        while True:
            try:
                code = process.wait(0.1)
                break
            except subprocess.TimeoutExpired:
                if self.supervisor.stopping:
                    process.kill()
                    process.wait()
                    raise KeyboardInterrupt from None
        if code:
            raise Misconfigured(f"{name} failed: {last_words(self._log(name))}")
