"""The client we hand out, against the product itself: tokens, pages, retries, upserts, webhooks."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import httpx
import pytest
import standardwebhooks
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone

from footprint.exchange.tasks import run_upserts
from footprint.inventory.models import Exchange, UnitProcess
from footprint.partners.hook_signing import fresh_secret, signed_headers
from tests import builders as new
from tests.api.conftest import SECRET, World, client_of


def _module() -> ModuleType:
    place = settings.BASE_DIR / "static" / "client" / "pcf_client.py"
    spec = importlib.util.spec_from_file_location("pcf_client", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["pcf_client"] = module  # dataclasses look their own module up
    spec.loader.exec_module(module)
    return module


pcf: Any = _module()


class Line(httpx.BaseTransport):
    """The way to the product; tests break it."""

    def __init__(self) -> None:
        self.product = httpx.WSGITransport(app=get_wsgi_application())
        self.asked: list[httpx.Request] = []
        self.breaks: Callable[[httpx.Request, httpx.Response], httpx.Response] = lambda _asked, told: told

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        told = self.product.handle_request(request)
        told.read()
        return self.breaks(request, told)

    def times(self, path: str) -> int:
        return sum(request.url.path == path for request in self.asked)


told_by_another_connection = pytest.mark.django_db(transaction=True)
"""A job of many rows tells its progress by one that has to see it."""


@pytest.fixture
def line(world: World) -> Iterator[Line]:
    """In the test's own transaction: nobody closes its connection after a request."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield Line()
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def platform(world: World, line: Line) -> Iterator[Any]:
    secrets = (str(client_of(world.company).client_id), SECRET)
    sleeps: list[float] = []

    def sleep(seconds: float) -> None:
        sleeps.append(seconds)
        run_upserts()

    with pcf.Client("http://testserver", *secrets, http=httpx.Client(transport=line), sleep=sleep) as made:
        made.sleeps = sleeps
        yield made


def test_one_token_lasts_and_lists_have_pages(platform: Any, line: Line, world: World) -> None:
    for number in range(3):
        new.product(world.company, f"more-{number}")
    codes = [row["code"] for row in platform.every("products/", limit=2, ordering="code")]
    assert codes == sorted(codes)
    assert len(codes) == 7  # with what a partner opened
    assert line.times("/oauth/token/") == 1


def test_a_token_that_ended_is_replaced_once(platform: Any, line: Line) -> None:
    platform.get("sites/")
    platform._token = "one that nobody gave out"
    assert platform.get("sites/")["results"]
    assert line.times("/oauth/token/") == 2


def test_wrong_credentials_are_refused(line: Line, world: World) -> None:
    with pytest.raises(pcf.Refused) as refused:
        pcf.Client("http://testserver", "nobody", "x", http=httpx.Client(transport=line)).get("sites/")
    assert refused.value.status == 401


def test_a_post_whose_answer_was_lost_is_done_once(platform: Any, line: Line, world: World) -> None:
    lost: list[httpx.Request] = []

    def lose_the_first(asked: httpx.Request, told: httpx.Response) -> httpx.Response:
        if asked.method == "POST" and "unit-processes" in asked.url.path and not lost:
            lost.append(asked)
            raise httpx.ReadError("the line broke", request=asked)
        return told

    line.breaks = lose_the_first
    body = {"inventory": str(world.inventory.uuid), "code": "NEW-1", "name_en": "New"}
    made = platform.post("unit-processes/", body)
    assert UnitProcess.objects.get(code="NEW-1").uuid.hex == made["uuid"].replace("-", "")
    assert line.times("/api/v1/unit-processes/") == 2


def test_a_change_whose_answer_was_lost_is_left_to_the_caller(
    platform: Any, line: Line, world: World
) -> None:
    def lose(asked: httpx.Request, told: httpx.Response) -> httpx.Response:
        if asked.method == "PATCH":
            raise httpx.ReadError("the line broke", request=asked)
        return told

    line.breaks = lose
    with pytest.raises(httpx.ReadError):
        platform.change(f"products/{world.ethylene.uuid}/", name_en="Ethylene")


def test_who_asks_too_often_waits_as_told(platform: Any, line: Line) -> None:
    turned_away: list[int] = []

    def too_often(asked: httpx.Request, told: httpx.Response) -> httpx.Response:
        if "sites" in asked.url.path and len(turned_away) < 2:
            turned_away.append(1)
            return httpx.Response(429, headers={"Retry-After": "7"}, request=asked)
        return told

    line.breaks = too_often
    assert platform.get("sites/")["results"]
    assert platform.sleeps == [7.0, 7.0]


@told_by_another_connection
def test_few_rows_are_stored_at_once_and_many_are_waited_for(platform: Any, world: World) -> None:
    row = {
        "external_id": "MB-1", "process": "cracker", "direction": "input", "kind": "product",
        "product": "naphtha", "amount": "12.5", "unit": "t",
    }  # fmt: skip
    where = {"site": world.site.code, "year": 2025}
    done = platform.upsert("activities", [row], **where)
    assert (done.created, done.rows[0]["key"]) == (1, "MB-1")
    many = [{**row, "external_id": f"MB-{number}"} for number in range(1, 1002)]
    done = platform.upsert("activities", many, **where)
    assert (done.created, done.unchanged, len(done.rows)) == (1000, 1, 1001)
    assert Exchange.objects.filter(external_id__startswith="MB-").count() == 1001


@told_by_another_connection
def test_refusals_name_rows_whether_at_once_or_later(platform: Any, world: World) -> None:
    bad = {"code": "P-1", "unit": "stone", "name_en": "x"}
    for rows in ([bad], [bad, *({"code": f"Q-{n}", "unit": "kg", "name_en": "x"} for n in range(1000))]):
        with pytest.raises(pcf.Refused) as refused:
            platform.upsert("products", rows)
        (fault,) = refused.value.faults
        assert (fault.pointer, fault.row, fault.code) == ("/rows/0/unit", 1, "unknown_unit")
        assert str(refused.value).endswith(" (/rows/0/unit)")


def test_a_job_that_lasts_too_long_goes_on_without_us(world: World, line: Line) -> None:
    secrets = (str(client_of(world.company).client_id), SECRET)
    platform = pcf.Client(
        "http://testserver", *secrets, http=httpx.Client(transport=line), sleep=lambda _s: None
    )
    rows = [{"code": f"Q-{number}", "unit": "kg", "name_en": "x"} for number in range(1001)]
    with pytest.raises(TimeoutError):
        platform.upsert("products", rows, wait_seconds=-1)


def test_webhooks_are_verified_as_the_specification_says() -> None:
    secret, other, now = fresh_secret(), fresh_secret(), timezone.now()
    body = '{"type":"ping","data":{"things":[]}}'
    headers = signed_headers("msg_1", body, [other, secret], at=now)
    told = pcf.verify_webhook(body.encode(), headers, [secret])
    assert told == standardwebhooks.Webhook(secret).verify(body, headers)
    for wrong in (
        lambda: pcf.verify_webhook(body.encode() + b" ", headers, [secret]),
        lambda: pcf.verify_webhook(body.encode(), headers, [fresh_secret()]),
        lambda: pcf.verify_webhook(body.encode(), headers, [secret], now=now.timestamp() + 301),
        lambda: pcf.verify_webhook(body.encode(), {**headers, "webhook-timestamp": "x"}, [secret]),
        lambda: pcf.verify_webhook(body.encode(), {}, [secret]),
    ):
        with pytest.raises(pcf.NotGenuine):
            wrong()
