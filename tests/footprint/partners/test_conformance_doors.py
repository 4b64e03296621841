"""A partner's endpoint is tried from a page: by whom, against which address, what is kept and what is not."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts import outgoing
from accounts.errors import Refusal
from accounts.models import User
from accounts.policy import NotAllowed
from accounts.roles import Role
from footprint.partners import actions, queries
from footprint.partners.actions import trying
from footprint.partners.conformance import report
from footprint.partners.conformance.asking import Endpoint
from footprint.partners.conformance.cases import PREPARATION
from footprint.partners.conformance.filters import cases_of
from footprint.partners.conformance.run import Kind, Outcome, Reference, Verdict, run, verdict
from footprint.partners.models import ConformanceRun, Connection
from tests import builders as new
from tests.footprint.partners.conftest import World
from tests.footprint.partners.test_conformance import Faulty, host, pair

__all__ = ["host", "pair"]
SECRET = "the-secret-at-their-side"
TOKEN = "a-token-of-theirs-0123456789"
BASIC = base64.b64encode(f"us:{SECRET}".encode()).decode()


def url(name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=args)


@pytest.fixture
def browser(world: World) -> Client:
    User.objects.filter(pk=world.owner.user_id).update(locale="en")
    client = Client()
    client.force_login(User.objects.get(pk=world.owner.user_id))
    return client


class Talkative(Faulty):
    """A host that repeats every secret it is told, in what it says and in its headers."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def send(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        self.asked.append(url)
        status, _headers, answer = super().send(method, url, body, headers)
        if url.endswith("/auth/token"):
            answer = json.dumps({"access_token": TOKEN, "note": f"{SECRET}\0"}).encode()
        elif status == 404:
            told = headers.get("Authorization", "").partition(" ")[2]
            answer = json.dumps({"code": f"{told}\0\ud800", "message": told}).encode()
        return status, {"X-Echo": headers.get("Authorization", ""), "Set-Cookie": "s=1"}, answer


def endpoint(send: Any, **given: Any) -> Endpoint:
    return Endpoint("https://host.example", "us", SECRET, send, **given)


def texts(value: Any) -> list[str]:
    """Every text in it, names included."""
    if isinstance(value, dict):
        return [text for name, inner in value.items() for text in (name, *texts(inner))]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


def test_no_secret_is_kept_whoever_repeats_it() -> None:
    there = endpoint(Talkative().send)
    results = list(run([PREPARATION, *cases_of(3)], there, Reference(source="https://us.example")))
    kept = "\n".join(texts([report.record(each) for each in results]))
    assert len(results) == 1 + 41 + 12
    for secret in (SECRET, TOKEN, BASIC, "Set-Cookie", "\0"):
        assert secret not in kept
    kept.encode()
    assert "Authorization\n…" in kept and "X-Echo" in kept


def test_without_a_token_nothing_else_is_asked() -> None:
    asked: list[str] = []

    def send(method: str, url: str, _body: bytes, _headers: Any) -> tuple[int, dict[str, str], bytes]:
        asked.append(url)
        return 0, {}, b"not_public"

    results = list(run([PREPARATION, *cases_of(3)], endpoint(send), Reference()))
    assert [each.outcome for each in results[:2]] == [Outcome.FAILED, Outcome.SKIPPED]
    assert {each.outcome for each in results[1:]} == {Outcome.SKIPPED}
    assert len(asked) == 2
    (line, *_rest) = report.lines([report.record(results[0])])
    assert line.exchanges[0]["answer"] == str(outgoing.SENTENCES["not_public"])


def test_a_run_ends_in_time() -> None:
    there = endpoint(Talkative().send, deadline=-math.inf)
    results = list(run([PREPARATION, *cases_of(3)], there, Reference()))
    assert not there.exchanges
    assert {each.outcome for each in results} == {Outcome.SKIPPED}
    with translation.override("en"):
        assert "over" in results[0].why


def test_credentials_are_not_sent_to_another_host_nor_without_tls() -> None:
    there = Talkative()
    elsewhere = json.dumps({"token_endpoint": "https://elsewhere.example/auth/token"}).encode()

    def send(method: str, url: str, body: bytes, headers: Any) -> tuple[int, Mapping[str, str], bytes]:
        if "well-known" in url:
            return 200, {}, elsewhere
        return there.send(method, url, body, headers)

    results = list(run([PREPARATION, *cases_of(3)], endpoint(send, asks_plainly=False), Reference()))
    assert {one.partition("/auth")[0].partition("/3/")[0] for one in there.asked} == {"https://host.example"}
    skipped = {each.case.number for each in results if each.outcome is Outcome.SKIPPED}
    assert {"9", "10", "11", "17"} <= skipped


@pytest.mark.parametrize(
    ("mandatory", "strict", "expected"),
    [
        ([Outcome.PASSED, Outcome.WARNED], Outcome.FAILED, Verdict.CONFORMS),
        ([Outcome.PASSED, Outcome.SKIPPED], Outcome.PASSED, Verdict.AS_FAR),
        ([Outcome.FAILED, Outcome.SKIPPED], Outcome.PASSED, Verdict.FAILS),
    ],
)
def test_verdicts(mandatory: list[Outcome], strict: Outcome, expected: Verdict) -> None:
    assert verdict([*((Kind.MANDATORY, one) for one in mandatory), (Kind.STRICT, strict)]) is expected


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[Talkative]:
    """The partner's system in memory, in place of the wire."""
    there = Talkative()

    def call(method: str, url: str, **given: Any) -> outgoing.Answer:
        outgoing.address_of(url)
        status, headers, body = there.send(method, url, given.get("body", b""), given["headers"])
        return outgoing.Answer(status, headers, body)

    monkeypatch.setattr(outgoing, "call", call)
    monkeypatch.setattr("footprint.partners.conformance.cases.CALLBACK_SECONDS", 0.0)
    yield there


def test_from_the_page_to_the_report(
    world: World, browser: Client, answering: Talkative, django_capture_on_commit_callbacks: Any
) -> None:
    assert (
        url("conformance", world.connection.uuid)
        in browser.get(url("connection", world.connection.uuid)).content.decode()
    )
    assert browser.get(url("conformance", world.connection.uuid)).status_code == 200
    started = browser.post(url("conformance", world.connection.uuid), {"is_strict": "on"})
    found = ConformanceRun.objects.get()
    at = (world.connection.uuid, found.uuid)
    assert started.url == url("conformance_run", *at)
    assert "hx-get" in browser.get(url("conformance_state", *at)).content.decode()
    again = browser.post(url("conformance", world.connection.uuid), {})
    assert (again.status_code, ConformanceRun.objects.count()) == (422, 1)
    assert actions.try_due() == 1
    found.refresh_from_db()
    assert (found.state, found.verdict, found.steps_done) == ("done", "fails", 54)
    assert found.passed + found.failed + found.skipped == 54
    shown = browser.get(url("conformance_run", *at)).content.decode()
    assert "Filter by product" in shown and "hx-get" not in shown.partition("<main")[2]
    User.objects.filter(pk=world.owner.user_id).update(locale="zh-hans")
    chinese = browser.get(url("conformance_run", *at)).content.decode()
    assert "按产品筛选" in chinese
    told = browser.get(url("conformance_json", *at)).json()
    assert told["verdict"] == "fails" and len(told["cases"]) == 54
    assert any(each["why_zh"] != each["why_en"] for each in told["cases"])
    table = browser.get(url("conformance_table", *at)).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    assert {row[0] for row in rows[1:]} == {each["case"] for each in told["cases"]}
    for text in (shown, json.dumps(told), table):
        assert "theirs" not in text.replace("partner.example", "") and TOKEN not in text
    assert browser.post(url("conformance", world.connection.uuid), {}).status_code == 302
    assert browser.get(url("conformance", world.connection.uuid)).content.decode().count("<tr>") == 3


def test_only_public_hosts_are_called(world: World) -> None:
    """The wire is the product's own: a name that is not public is told as such, and nothing else."""
    Connection.objects.filter(pk=world.connection.pk).update(base_url="https://10.0.0.1")
    actions.ask_to_try(world.connection, by=world.owner)
    actions.try_due()
    found = ConformanceRun.objects.get()
    assert found.verdict == "fails"
    assert {one["answer"] for each in found.results for one in each["exchanges"]} == {"bad_host"}


def test_a_revoked_connection_is_left_alone(world: World, answering: Talkative) -> None:
    queued = actions.ask_to_try(world.connection, by=world.owner)
    actions.revoke_connection(world.connection, by=world.owner, at=timezone.now())
    assert actions.try_due() == 0
    queued.refresh_from_db()
    assert (queued.state, answering.asked) == ("failed", [])
    with pytest.raises(Refusal):
        actions.ask_to_try(world.connection, by=world.owner)


def test_a_run_stops_when_the_connection_is_revoked_meanwhile(
    world: World, answering: Talkative, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued = actions.ask_to_try(world.connection, by=world.owner)
    kept = report.record

    def record(result: Any) -> Any:
        Connection.objects.filter(pk=world.connection.pk).update(state="revoked")
        return kept(result)

    monkeypatch.setattr(trying.report, "record", record)
    actions.try_due()
    queued.refresh_from_db()
    assert (queued.state, queued.verdict, len(queued.results)) == ("failed", "", 1)


def test_a_run_whose_worker_died_is_done_once_more_and_not_for_ever(
    world: World, answering: Talkative
) -> None:
    queued = actions.ask_to_try(world.connection, by=world.owner, is_strict=False)
    ConformanceRun.objects.filter(pk=queued.pk).update(state="running", attempts=1)
    assert actions.try_due() == 1
    again = actions.ask_to_try(world.connection, by=world.owner)
    ConformanceRun.objects.filter(pk=again.pk).update(state="running", attempts=2)
    assert actions.try_due() == 0
    again.refresh_from_db()
    assert again.state == "failed"


def test_old_runs_are_forgotten(world: World, monkeypatch: pytest.MonkeyPatch, answering: Talkative) -> None:
    monkeypatch.setattr(ConformanceRun, "KEPT", 1)
    for _ in range(2):
        last = actions.ask_to_try(world.connection, by=world.owner, is_strict=False)
        actions.try_due()
    assert list(ConformanceRun.objects.values_list("pk", flat=True)) == [last.pk]


def test_over_rest(world: World, browser: Client, answering: Talkative) -> None:
    def sent(method: str, path: str, body: Any = None) -> Any:
        text = "" if body is None else json.dumps(body)
        return browser.generic(method, f"/api/v1/conformance-runs/{path}", text, "application/json")

    body = {"connection": str(world.connection.uuid), "is_strict": False}
    made = sent("POST", "", body)
    assert (made.status_code, made.json()["state"], made.json()["cases"]) == (201, "queued", [])
    assert sent("POST", "", body).status_code == 422
    actions.try_due()
    told = sent("GET", f"{made.json()['uuid']}/").json()
    assert (told["state"], len(told["cases"])) == ("done", 42)
    assert told["cases"][0]["title_zh"] == PREPARATION.title_zh
    (row,) = sent("GET", f"?connection={world.connection.uuid}&state=done").json()["results"]
    assert row["verdict"] == "fails" and "cases" not in row
    assert sent("POST", "", {"connection": str(world.company.uuid)}).status_code in (400, 404, 422)


def test_our_own_host_conforms_as_far_as_it_can_be_tried(
    world: World, host: tuple[str, Path], pair: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over real TLS, answers heard at our own endpoint: everything passes but what is without TLS."""

    def heard(connection: Connection, event_id: str) -> Any:
        actions.process_events(at=timezone.now())
        actions.deliver_due()
        return queries.answer_to(connection, event_id)

    monkeypatch.setattr(trying, "_heard", heard)
    by = new.actor(pair.company, Role.OWNER)
    found = actions.ask_to_try(pair, by=by)
    actions.try_due()
    found.refresh_from_db()
    others = {each["case"] for each in found.results if each["outcome"] != "passed"}
    assert (found.verdict, others) == ("as_far", {"9", "10", "11", "17"})
    (answered,) = [each for each in found.results if each["case"] == "13"]
    assert answered["exchanges"][-1]["url"] == f"{host[0]}/3/events"


def test_the_outsider_finds_nothing_and_readers_start_nothing(world: World) -> None:
    found = ConformanceRun.objects.create(
        company=world.company, connection=world.connection, base_url="https://x.example", speaks=3
    )
    reader = new.actor(world.company, Role.PLANT_PROVIDER)
    with pytest.raises(NotAllowed):
        actions.ask_to_try(world.connection, by=reader)
    outsider = Client()
    outsider.force_login(User.objects.get(pk=new.actor(new.company(), Role.OWNER).user_id))
    at = (world.connection.uuid, found.uuid)
    assert outsider.get(url("conformance", at[0])).status_code == 404
    for name in ("conformance_run", "conformance_state", "conformance_json", "conformance_table"):
        assert outsider.get(url(name, *at)).status_code == 404
