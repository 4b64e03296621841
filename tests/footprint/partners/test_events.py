"""Events both ways: the inbox, the answers, the way there, and what came back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts import outgoing
from accounts.errors import Refusal
from footprint.inventory.actions import change_product
from footprint.partners import actions, candidates
from footprint.partners.actions.delivering import REST
from footprint.partners.models import Connection, Delivery, PartnerEvent, PartnerFootprint
from footprint.partners.pact.dialect import to_v2
from footprint.partners.pact.events import NAMES, Type
from tests.footprint.partners.conftest import BASE, System, World
from tests.footprint.partners.documents import whole

RUN = "d0b9a2a5-6b60-4b2c-8d59-6e0a7c5a2d11/12"


class Elsewhere:
    """The partner's side of the wire: what was called, and what it answers."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, bytes, dict[str, str]]] = []
        self.answers: dict[str, tuple[int, Any, dict[str, str]]] = {}
        self.is_away = False
        self.too_long: set[str] = set()
        self.seconds: dict[str, float] = {}

    def call(
        self, method: str, url: str, *, body: bytes = b"", headers: Any = None, seconds: float = 5.0
    ) -> outgoing.Answer:
        self.calls.append((method, url, body, dict(headers or {})))
        self.seconds[url] = seconds
        if self.is_away:
            raise outgoing.Unreachable("no_answer")
        usual: dict[str, tuple[int, Any, dict[str, str]]] = {
            f"{BASE}/.well-known/openid-configuration": (404, {}, {}),
            f"{BASE}/auth/token": (200, {"access_token": "t", "expires_in": 3600}, {}),
            f"{BASE}/3/events": (200, "", {}),
        }
        if url in self.too_long:
            raise outgoing.Unreachable("too_long")
        status, told, more = {**usual, **self.answers}[url]
        return outgoing.Answer(status, more, json.dumps(told).encode())

    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _method, url, body, _headers in self.calls if url == f"{BASE}/3/events"]


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    from django.core.cache import cache

    cache.clear()
    made = Elsewhere()
    monkeypatch.setattr(outgoing, "call", made.call)
    yield made
    cache.clear()


def event(kind: Type = Type.REQUESTED, version: int = 3, **changes: Any) -> dict[str, Any]:
    data = {"productId": ["urn:gtin:4712345060507"], "comment": "please"}
    return {
        "type": NAMES[version, kind],
        "specversion": "1.0",
        "id": RUN,
        "source": BASE,
        "time": "2026-11-26T00:00:00Z",
        "data": data,
        **changes,
    }


def work() -> None:
    actions.process_events(at=timezone.now())
    actions.deliver_due()


def test_a_request_is_fulfilled_from_what_is_granted(
    world: World, system: System, elsewhere: Elsewhere
) -> None:
    answer = system.post("/3/events", event(), "application/cloudevents+json; charset=UTF-8")
    assert (answer.status_code, answer.content) == (200, b"")
    work()
    (sent,) = elsewhere.sent()
    assert sent["type"] == NAMES[3, Type.FULFILLED]
    assert sent["data"]["requestEventId"] == RUN
    assert [each["id"] for each in sent["data"]["pfs"]] == [str(world.footprints[0].uuid)]
    method, _url, _body, headers = elsewhere.calls[-1]
    assert (method, headers["Authorization"]) == ("POST", "Bearer t")
    assert headers["Content-Type"].startswith("application/cloudevents+json")
    basic = next(call[3]["Authorization"] for call in elsewhere.calls if call[1].endswith("/auth/token"))
    assert basic == "Basic dXM6dGhlaXJz"


def test_what_nothing_fits_is_rejected(system: System, elsewhere: Elsewhere) -> None:
    system.post("/3/events", event(data={"productId": ["urn:pact:null"]}))
    work()
    (sent,) = elsewhere.sent()
    assert sent["type"] == NAMES[3, Type.REJECTED]
    assert sent["data"]["error"]["code"] == "NotFound"
    assert sent["data"]["error"]["message"]


def test_the_same_event_again_changes_nothing(system: System, elsewhere: Elsewhere) -> None:
    for _ in range(2):
        assert system.post("/3/events", event()).status_code == 200
    work()
    assert system.post("/3/events", event()).status_code == 200
    work()
    assert PartnerEvent.objects.count() == len(elsewhere.sent()) == 1


def test_people_decide_where_no_rule_does(world: World, system: System, elsewhere: Elsewhere) -> None:
    actions.change_connection(world.connection, by=world.owner, answers=Connection.Answers.PEOPLE)
    system.post("/3/events", event())
    work()
    assert elsewhere.sent() == []
    waiting = PartnerEvent.objects.get()
    ranked = candidates.ranked(world.owner, waiting)
    assert {each.footprint.pk for each in ranked} == {each.pk for each in world.footprints}
    assert ranked[0].meets == ("product_ids",)
    # the second was not open before: answering with it grants it
    actions.fulfil(waiting, [world.footprints[1]], by=world.owner, at=timezone.now(), level="total")
    work()
    (sent,) = elsewhere.sent()
    assert "dqi" not in sent["data"]["pfs"][0]["pcf"]
    assert len(system.get("/3/footprints").json()["data"]) == 2
    with pytest.raises(Refusal) as refusal:
        actions.reject(waiting, by=world.owner, at=timezone.now(), reason="no")
    assert refusal.value.code == "answered"


def test_what_people_leave_is_rejected_when_it_is_overdue(
    world: World, system: System, elsewhere: Elsewhere
) -> None:
    actions.change_connection(world.connection, by=world.owner, answers=Connection.Answers.PEOPLE)
    system.post("/3/events", event())
    waiting = PartnerEvent.objects.get()
    assert actions.process_events(at=waiting.due_at - timedelta(seconds=1)) == 0
    assert actions.process_events(at=waiting.due_at) == 1
    actions.deliver_due(now=waiting.due_at)
    (sent,) = elsewhere.sent()
    assert (sent["type"], sent["data"]["requestEventId"]) == (NAMES[3, Type.REJECTED], RUN)


BAD = [
    ("no json", "application/cloudevents+json"),
    ("[]", "application/cloudevents+json"),
    (json.dumps(event()), "text/plain"),
    *(
        (json.dumps(changed), "application/json")
        for changed in (
            event(type="org.example.Other"),
            event(version=2),
            event(specversion="0.3"),
            event(id=""),
            event(id=7),
            event(id="x" * 501),
            event(id="a\u0000b"),
            event(id="\ud800"),
            event(source="no url at all"),
            event(source="https://attacker.example"),
            event(source="https://partner.example:x/"),
            event(time="yesterday"),
            event(data=None),
            event(data={"productId": [1]}),
            event(data={"validOn": "2026"}),
            event(Type.PUBLISHED, data={"pfIds": ["urn:gtin:4712345060507"]}),
            event(Type.PUBLISHED, data={"pfIds": []}),
            event(Type.FULFILLED, data={"requestEventId": "x", "pfs": []}),
            event(Type.REJECTED, data={"requestEventId": "x", "error": {"code": "NotFound"}}),
        )
    ),
    ('{"id": "a", "id": "b"}', "application/json"),
    ("[" * 60 + "]" * 60, "application/json"),
    (b"\xff", "application/json"),
]


@pytest.mark.parametrize(("body", "content_type"), BAD)
def test_bad_events_store_nothing(system: System, body: str, content_type: str) -> None:
    answer = system.post("/3/events", body, content_type)
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")
    assert not PartnerEvent.objects.exists()


def test_a_body_that_is_too_long(system: System, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert system.post("/3/events", event(data={"comment": "x" * 2000})).json()["code"] == "BadRequest"
    assert not PartnerEvent.objects.exists()


def test_who_cannot_be_answered_is_told_at_once(another: Any) -> None:
    answer = another("Mute").post("/3/events", event())
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")


def test_what_does_not_arrive_is_tried_again_and_laid_aside(
    world: World, system: System, elsewhere: Elsewhere
) -> None:
    elsewhere.is_away = True
    system.post("/3/events", event())
    work()
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.attempts) == ("queued", 1)
    assert waiting.told
    work()
    assert Delivery.objects.get().attempts == 1, "not before its time"
    past = timezone.now() - timedelta(hours=1)
    Delivery.objects.update(due_at=past, gives_up_at=past)
    actions.deliver_due(now=timezone.now() + REST)
    assert Delivery.objects.get().state == "dead"
    elsewhere.is_away = False
    actions.replay(Delivery.objects.get(), by=world.owner, at=timezone.now())
    work()
    assert Delivery.objects.get().state == "delivered"
    assert len(elsewhere.sent()) == 2 - 1


def test_an_expired_token_is_replaced(system: System, elsewhere: Elsewhere) -> None:
    system.post("/3/events", event())
    work()
    elsewhere.answers[f"{BASE}/3/events"] = (401, {"code": "TokenExpired"}, {})
    system.post("/3/events", event(id="another"))
    work()
    tokens = [call for call in elsewhere.calls if call[1].endswith("/auth/token")]
    assert len(tokens) == 2


def test_published_footprints_are_fetched_and_kept_as_they_came(
    system: System, elsewhere: Elsewhere, world: World
) -> None:
    theirs = whole()
    place = f"{BASE}/3/footprints/{theirs['id']}"
    elsewhere.answers[place] = (200, {"data": theirs}, {})
    system.post("/3/events", event(Type.PUBLISHED, data={"pfIds": [theirs["id"]]}))
    work()
    kept = PartnerFootprint.objects.get()
    assert json.loads(kept.original) == theirs
    assert '"pcfExcludingBiogenicUptake":"1.50"' in kept.original
    assert PartnerEvent.objects.get().state == "taken"


def test_a_partner_is_asked_and_its_answer_is_kept(
    world: World, system: System, elsewhere: Elsewhere
) -> None:
    asked = actions.request_footprints(
        world.connection, by=world.owner, at=timezone.now(), product_ids=["urn:gtin:1"], comment="for 2026"
    )
    work()
    assert elsewhere.sent()[0]["data"] == {"productId": ["urn:gtin:1"], "comment": "for 2026"}
    answer = {"requestEventId": asked.event_id, "pfs": [whole()]}
    unasked = {"requestEventId": str(uuid4()), "pfs": [whole()]}
    for number, data in enumerate((answer, unasked)):
        system.post("/3/events", event(Type.FULFILLED, id=str(number), data=data))
    work()
    assert [str(each.pf_id) for each in PartnerFootprint.objects.all()] == [answer["pfs"][0]["id"]]


def test_all_footprints_of_a_partner_are_pulled_page_by_page(world: World, elsewhere: Elsewhere) -> None:
    first, second = whole(), whole()
    link = {"Link": f'<{BASE}/3/footprints?page=2>; rel="next"'}
    elsewhere.answers |= {
        f"{BASE}/3/footprints?limit=100": (200, {"data": [first]}, link),
        f"{BASE}/3/footprints?page=2": (200, {"data": [second, "none"]}, {}),
    }
    actions.ask_to_pull(world.connection, by=world.owner, at=timezone.now())
    assert actions.pull_due() == 1
    assert PartnerFootprint.objects.count() == 2
    assert world.connection.pull_told == "2"


def test_the_next_page_is_on_the_same_host(world: World, elsewhere: Elsewhere) -> None:
    link = {"link": '<https://attacker.example/3/footprints?page=2>; rel="next"'}
    elsewhere.answers[f"{BASE}/3/footprints?limit=100"] = (200, {"data": []}, link)
    actions.ask_to_pull(world.connection, by=world.owner, at=timezone.now())
    actions.pull_due()
    assert "another host" in world.connection.pull_told
    assert not any("attacker" in url for _method, url, _body, _headers in elsewhere.calls)


def test_version_2_is_answered_in_version_2(world: World, system: System, elsewhere: Elsewhere) -> None:
    actions.change_connection(world.connection, by=world.owner, speaks=2)
    elsewhere.answers[f"{BASE}/2/events"] = (200, "", {})
    data = {"pf": {"productIds": ["urn:gtin:4712345060507"]}}
    assert system.post("/2/events", event(version=2, data=data)).status_code == 200
    work()
    sent = json.loads(elsewhere.calls[-1][2])
    assert sent["type"] == NAMES[2, Type.FULFILLED]
    assert sent["data"]["pfs"][0]["pcf"]["pCfExcludingBiogenic"] == "1.50"


def test_the_answer_goes_where_its_version_is_spoken(
    world: World, system: System, elsewhere: Elsewhere
) -> None:
    """The connection speaks 3; a request that came in version 2 is answered at /2/events."""
    elsewhere.answers[f"{BASE}/2/events"] = (200, "", {})
    data = {"pf": {"productIds": ["urn:gtin:4712345060507"]}}
    assert system.post("/2/events", event(version=2, data=data)).status_code == 200
    work()
    _method, url, body, _headers = elsewhere.calls[-1]
    assert (url, json.loads(body)["type"]) == (f"{BASE}/2/events", NAMES[2, Type.FULFILLED])


def test_what_comes_in_version_2_is_read_as_version_2(
    world: World, system: System, elsewhere: Elsewhere
) -> None:
    """An answer and news, though the connection speaks 3."""
    asked = actions.request_footprints(
        world.connection, by=world.owner, at=timezone.now(), product_ids=["urn:gtin:1"]
    )
    theirs, published = (to_v2(whole()).document for _each in range(2))
    assert theirs and published
    elsewhere.answers[f"{BASE}/2/footprints/{published['id']}"] = (200, {"data": published}, {})
    answer = {"requestEventId": asked.event_id, "pfs": [theirs]}
    system.post("/2/events", event(Type.FULFILLED, version=2, id="1", data=answer))
    system.post("/2/events", event(Type.PUBLISHED, version=2, id="2", data={"pfIds": [published["id"]]}))
    work()
    kept = PartnerFootprint.objects.all()
    assert {(str(each.pf_id), each.speaks, each.unit) for each in kept} == {
        (each["id"], 2, "kilogram") for each in (theirs, published)
    }


def test_of_products_with_one_cas_number_the_one_is_sent_that_was_named(
    world: World, system: System, elsewhere: Elsewhere
) -> None:
    """The official suite refuses a footprint that goes by any identifier it did not ask for."""
    cas = "urn:pact:cas.org:substance-number:74-85-1"
    actions.grant_footprints(
        world.connection, by=world.owner, at=timezone.now(), product=world.products[1], level="full"
    )
    names = [[f"urn:gtin:{number}", cas] for number in ("4712345060507", "4712345060514")]
    world.offer(world.products[1], productIds=names[1])
    for number, ids in enumerate((names[0], [cas])):
        system.post("/3/events", event(id=str(number), data={"productId": ids}))
    work()
    one, every = (sent["data"]["pfs"] for sent in elsewhere.sent())
    assert all(each["productIds"] == names[0] for each in one)
    assert len(every) == len(one) + 1


def test_candidates_are_found_by_what_a_product_is_called_today(
    world: World, system: System, elsewhere: Elsewhere
) -> None:
    """By any spelling of an identifier that no published document has."""
    actions.change_connection(world.connection, by=world.owner, answers=Connection.Answers.PEOPLE)
    ours = world.footprints[1]
    known = ["CAS 74-85-1", "CPC 34110", "GTIN 06901234567892"]
    change_product(ours.product, by=world.owner, version=None, identifiers=known)
    for named in ("urn:cas:74-85-1", "urn:gtin:6901234567892"):
        asked = {"productId": [named], "classification": ["urn:pact:productclassification:un-cpc:34110"]}
        system.post("/3/events", event(id=named, data=asked))
        work()
        (found,) = candidates.ranked(world.owner, PartnerEvent.objects.get(event_id=named))
        assert (found.footprint, found.misses) == (ours, ())
    (searched,) = candidates.ranked(world.owner, PartnerEvent.objects.first(), search="74-85-1")
    assert searched.footprint == ours
