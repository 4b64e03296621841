"""What every test stands on: a throw-away PostgreSQL, a broker when asked for, and Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from xdist.scheduler import LoadFileScheduling

from alliance.database import PREPARED
from alliance.runtime.broker import Broker
from alliance.runtime.environment import LOGINS, OWNER, socket_url
from tests.emptying import Tidying, allow_emptying, empty_by_deleting
from tests.prepared import TEST_DATABASE, migrated_postgres
from tests.servers import throwaway_broker
from tests.web_login import imitate

# Playwright keeps an event loop in the test's thread, where Django would refuse to use the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Whether a commit passes must hang neither on what was drawn (`--hypothesis-profile searching` draws anew)
# nor on how busy the machine is.
UNHURRIED: dict[str, Any] = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("searching", **UNHURRIED)
hypothesis.settings.register_profile("repeated", derandomize=True, **UNHURRIED)
hypothesis.settings.load_profile("repeated")


def pytest_configure(config: pytest.Config) -> None:
    """Settings that make tests quick and independent of a product that runs beside them."""
    settings.SECRET_KEY = "only-for-tests-" + "x" * 50
    settings.PUBLIC_URL = "http://localhost:8000"
    settings.SECOND_FACTOR_REQUIRED = False  # as in the demonstration; tests of the rule switch it on
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.REDIS_URL = "unix:///nonexistent/valkey.sock"
    settings.RATE_LIMITS = {}
    settings.CELERY_BROKER_URL = "memory://"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}


LONGEST = ("journeys/", "faults/test_storm", "faults/", "permissions/", "pages/", "canary/", "runtime/")
"""What takes minutes: begun first, so that no core waits for the other in the end."""
JOURNEYS = "tests/journeys/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; `--dist loadfile` keeps in one process what a file's tests share."""

    def place(item: pytest.Item) -> int:
        found = (number for number, name in enumerate(LONGEST) if item.nodeid.startswith(f"tests/{name}"))
        return next(found, len(LONGEST))

    items.sort(key=place)


class OneProduct(LoadFileScheduling):
    """A file to a process, and all journeys to one: they share a product that takes minutes to start."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return JOURNEYS if file.startswith(JOURNEYS) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """How `--dist loadfile` spreads the tests; other ways are as ever."""
    return OneProduct(config, log) if config.getvalue("dist") == "loadfile" else None


tidying: list[Tidying] = []
"""Of the cluster of this process, once there is one."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Tidy the database when all fixtures that end with the test have ended."""
    yield
    for each in tidying:
        each.tidy()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The server comes with the test database in it, and goes with it."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(pytestconfig: pytest.Config) -> Iterator[None]:
    """pytest-django asks this before it makes the test database: here the server comes into being."""
    from django.db import connections

    with migrated_postgres(pytestconfig.cache.mkdir("migrated")) as cluster:
        place: dict[str, Any] = {
            "HOST": str(cluster.sockets),
            "PORT": "",
            "USER": OWNER,
            "PASSWORD": "",
            "NAME": "pcf",
        }
        place["OPTIONS"] = {"connect_timeout": 5, **PREPARED}
        allow_emptying(cluster, TEST_DATABASE)
        tidying.append(Tidying(cluster, TEST_DATABASE))
        empty_by_deleting()
        imitate()
        connections["default"].settings_dict.update(place)
        settings.DATABASES["default"].update(place)
        yield
        tidying.clear()
        for connection in connections.all(initialized_only=True):
            connection.close()


@pytest.fixture(scope="module")
def kept_rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """For a fixture whose rows all tests of a file start from: they are made once, and go with the last test.

    Each test's own transaction is a savepoint in this one, so none of them may really commit.
    """
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def database_url(transactional_db: None) -> Callable[[str], str]:
    """The test database's URL for a login (owner, app, worker): for processes that a test starts."""
    from pathlib import Path

    from django.db import connection

    place = connection.settings_dict
    return lambda login: socket_url(Path(place["HOST"]), LOGINS[login], place["NAME"])


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """A real broker, for tests that start a real worker."""
    with throwaway_broker() as server:
        yield server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.fail("Chromium is missing: `make test` installs it as root, else install the package chromium")
    return {**browser_type_launch_args, "executable_path": chromium}
