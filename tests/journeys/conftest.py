"""The product as `make run` starts it, with the demo alliance, and its people at their browsers."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.faults.storm import children_of
from tests.journeys.desk import Desk
from tests.runtime.test_run import Running, free_port, start
from tests.servers import throwaway_directory, wait_until

PASSPHRASE = "demo-alliance-2026"

OpenDesk = Callable[..., Desk]
expect.set_options(timeout=30_000)  # the machine may be busy with another test


@pytest.fixture(scope="package")
def product() -> Iterator[Running]:
    """One for all journeys: web, worker, beat, PostgreSQL and broker, healthy and with current figures."""
    with throwaway_directory() as home:
        port = free_port()
        process = start(PORT=str(port), DATA_DIR=str(home), DEMO="1")
        assert process.stdout is not None
        said = []
        while "ready at" not in (line := process.stdout.readline()):
            said.append(line)
            assert line or process.poll() is None, "".join(said) + process.communicate()[1]
        running = Running(process, port, home)
        wait_until(lambda: running.health()[0] == 200, "the product is healthy", 60)
        yield running
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture(scope="package")
def address(product: Running) -> str:
    return f"http://127.0.0.1:{product.port}"


@pytest.fixture(scope="package")
def sessions(browser: Browser, address: str) -> Callable[[str], Any]:
    """Signs a person in by the form, once; later desks start with the cookies of that visit."""
    known: dict[str, Any] = {}

    def of(email: str) -> Any:
        if email not in known:
            context = browser.new_context(base_url=address)
            page = context.new_page()
            page.goto("/accounts/login/")
            page.locator("input[name=login]").fill(email)
            page.locator("input[name=password]").fill(PASSPHRASE)
            page.locator("main button[type=submit]").click()
            page.wait_for_url(address + "/")
            known[email] = context.storage_state()
            context.close()
        return known[email]

    return of


@pytest.fixture
def desk(browser: Browser, address: str, sessions: Callable[[str], Any]) -> Iterator[OpenDesk]:
    """`desk("somebody@company.example", language="en", width=1440)`; a desk must end without complaints."""
    desks: list[Desk] = []

    def make(email: str = "", *, language: str = "en", width: int = 1440, theme: Any = "light") -> Desk:
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            reduced_motion="reduce",
            storage_state=sessions(email) if email else None,
            accept_downloads=True,
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": address}])
        context.set_default_timeout(20_000)
        desks.append(Desk(context, address))
        return desks[-1]

    yield make
    complaints = [said for each in desks for said in each.complaints]
    for each in desks:
        each.context.close()
    assert complaints == []


@pytest.fixture
def worker_asleep(product: Running) -> Callable[[], Any]:
    """`with worker_asleep():` nothing is computed, as when the workers have more to do than they can."""

    @contextmanager
    def asleep() -> Iterator[None]:
        parts = product.children()
        everybody = [parts["worker"], *children_of(parts["worker"]), parts["standby"]]
        for process in everybody:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in everybody:
                os.kill(process, signal.SIGCONT)

    return asleep
