"""What a partner cannot give now is asked for again, no sooner than it wants, and given up in sight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, User
from footprint.partners import actions
from footprint.partners.actions.pulling import keep
from footprint.partners.models import Connection, Delivery, PartnerEvent, PartnerFootprint
from footprint.partners.pact.events import Type
from footprint.partners.retrying import asked_wait, wait_after
from tests.footprint.partners.conftest import BASE, System, World
from tests.footprint.partners.documents import whole
from tests.footprint.partners.test_events import Elsewhere, elsewhere, event, work

__all__ = ["elsewhere"]
AT = datetime(2026, 11, 27, 8, tzinfo=UTC)
LIST = f"{BASE}/3/footprints?limit=100"


def place(document: dict[str, Any]) -> str:
    return f"{BASE}/3/footprints/{document['id']}"


def asked(elsewhere: Elsewhere, url: str) -> int:
    return sum(1 for _method, called, _body, _headers in elsewhere.calls if called == url)


def published(system: System, *documents: dict[str, Any]) -> PartnerEvent:
    data = {"pfIds": [each["id"] for each in documents]}
    assert system.post("/3/events", event(Type.PUBLISHED, data=data)).status_code == 200
    return PartnerEvent.objects.get()


def reading(world: World) -> Client:
    User.objects.filter(pk=world.owner.user_id).update(locale="en")
    browser = Client()
    browser.force_login(User.objects.get(pk=world.owner.user_id))
    return browser


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("120", timedelta(minutes=2)),
        ("Fri, 27 Nov 2026 08:05:00 GMT", timedelta(minutes=5)),
        ("Fri, 27 Nov 2026 07:00:00 GMT", timedelta(0)),
        ("99999999999999999999", timedelta(days=1)),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
def test_what_retry_after_says(said: str, wanted: timedelta | None) -> None:
    assert asked_wait({"retry-After": said}, at=AT) == wanted


def test_waits_double_and_are_no_shorter_than_asked() -> None:
    told = [wait_after(number).total_seconds() for number in (1, 2, 3, 50)]
    assert told == [10, 20, 40, 6 * 3600]
    assert wait_after(1, timedelta(hours=8)) == timedelta(hours=8)
    assert wait_after(3, timedelta(seconds=1)) == timedelta(seconds=40)


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_what_cannot_be_had_now_is_fetched_later(
    world: World, system: System, elsewhere: Elsewhere, status: int
) -> None:
    first, second = whole(), whole()
    elsewhere.answers |= {
        place(first): (200, {"data": first}, {}),
        place(second): (status, {}, {"Retry-After": "3600"}),
    }
    waiting, now = published(system, first, second), timezone.now()
    actions.process_events(at=now)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, waiting.ask_at) == ("new", 1, now + timedelta(hours=1))
    missed = {"id": second["id"], "told": f"HTTP {status}", "lasting": False, "away": True}
    assert waiting.missing == [missed]
    assert PartnerFootprint.objects.count() == 1
    before = len(elsewhere.calls)
    actions.process_events(at=now + timedelta(minutes=59))
    assert len(elsewhere.calls) == before, "not before its time"
    elsewhere.answers[place(second)] = (200, {"data": second}, {})
    actions.process_events(at=now + timedelta(hours=1))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.missing) == ("taken", [])
    assert PartnerFootprint.objects.count() == 2
    assert asked(elsewhere, place(first)) == 1


def test_who_is_away_is_asked_once_in_a_round(world: World, system: System, elsewhere: Elsewhere) -> None:
    both = whole(), whole()
    elsewhere.answers |= {place(each): (200, {"data": each}, {}) for each in both}
    waiting, now = published(system, *both), timezone.now()
    elsewhere.is_away = True
    actions.process_events(at=now)
    calls = len(elsewhere.calls)
    actions.process_events(at=now + timedelta(seconds=9))
    assert len(elsewhere.calls) == calls
    actions.process_events(at=now + timedelta(seconds=10))
    waiting.refresh_from_db()
    assert (waiting.ask_at, len(waiting.missing)) == (now + timedelta(seconds=30), 2)
    elsewhere.is_away = False
    actions.process_events(at=now + timedelta(seconds=30))
    assert PartnerFootprint.objects.count() == 2


def test_about_further_events_of_who_is_away_nobody_asks(
    world: World, system: System, elsewhere: Elsewhere
) -> None:
    """Or a partner that hangs and sends event after event would hold every worker."""
    theirs, now = [whole() for _ in range(3)], timezone.now()
    elsewhere.answers |= {place(each): (200, {"data": each}, {}) for each in theirs}
    elsewhere.is_away = True
    for number, each in enumerate(theirs):
        sent = event(Type.PUBLISHED, id=str(number), data={"pfIds": [each["id"]]})
        assert system.post("/3/events", sent).status_code == 200
    actions.process_events(at=now)
    assert list(PartnerEvent.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 0, 0]
    elsewhere.is_away = False
    actions.process_events(at=now + timedelta(seconds=5))
    assert not PartnerFootprint.objects.exists()
    actions.process_events(at=now + timedelta(seconds=10))
    assert PartnerFootprint.objects.count() == 3


def test_what_is_not_to_be_had_is_named_and_not_asked_again(
    world: World, system: System, elsewhere: Elsewhere
) -> None:
    gone = whole()
    keep(world.connection, gone, at=timezone.now())
    elsewhere.answers[place(gone)] = (404, {}, {})
    waiting = published(system, gone)
    work()
    waiting.refresh_from_db()
    assert waiting.state == "taken"
    browser = reading(world)
    page = browser.get(reverse("partners:event", args=[waiting.uuid])).content.decode()
    assert f"{gone['id']} (HTTP 404)" in page and "Not fetched" in page
    assert PartnerFootprint.objects.get().gone_at is not None


def test_it_is_given_up_after_three_days_and_people_are_told(
    world: World, system: System, elsewhere: Elsewhere
) -> None:
    theirs = whole()
    elsewhere.answers[place(theirs)] = (503, {}, {})
    waiting = published(system, theirs)
    actions.process_events(at=timezone.now())
    assert not Notification.objects.exists()
    end = waiting.received_at + timedelta(hours=Delivery.HOURS)
    actions.process_events(at=end)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.ask_at) == ("taken", None)
    row = Notification.objects.get()
    assert (row.recipient_id, row.event) == (world.owner.user_id, "not_fetched")
    browser = reading(world)
    listed = browser.get(reverse("accounts:notifications")).content.decode()
    assert f"{theirs['id']} (HTTP 503)" in listed


def test_a_pull_is_tried_again_and_then_given_up(world: World, elsewhere: Elsewhere) -> None:
    elsewhere.answers[LIST] = (503, {}, {"retry-after": "600"})
    now = timezone.now()
    actions.ask_to_pull(world.connection, by=world.owner, at=now)
    assert [actions.pull_due(), actions.pull_due()] == [1, 0]
    waiting = world.connection
    assert waiting.pull_told == "HTTP 503"
    assert waiting.pull_due_at is not None and waiting.pull_due_at >= now + timedelta(minutes=10)
    browser = reading(world)
    shown = reverse("partners:connection", args=[waiting.uuid])
    assert "Next attempt" in browser.get(shown).content.decode()
    Connection.objects.update(pull_due_at=now, pull_gives_up_at=now)
    assert actions.pull_due() == 1
    assert (world.connection.pull_due_at, world.connection.pull_attempts) == (None, 2)
    assert "Next attempt" not in browser.get(shown).content.decode()
    assert Notification.objects.get().event == "not_fetched"
    page = browser.get(reverse("accounts:notifications")).content.decode()
    assert "Footprints could not be fetched: HTTP 503" in page
    Connection.objects.update(pull_told="2")
    page = browser.get(reverse("accounts:notifications")).content.decode()
    assert "Footprints could not be fetched; by now they were." in page


def test_a_pull_from_who_is_away_backs_off_and_succeeds(world: World, elsewhere: Elsewhere) -> None:
    elsewhere.is_away = True
    actions.ask_to_pull(world.connection, by=world.owner, at=timezone.now())
    actions.pull_due()
    assert actions.pull_due() == 0
    elsewhere.is_away = False
    elsewhere.answers[LIST] = (200, {"data": [whole()]}, {})
    Connection.objects.update(pull_due_at=timezone.now())
    actions.pull_due()
    assert (world.connection.pull_told, world.connection.pull_due_at) == ("1", None)


def test_a_pull_that_is_refused_for_good_is_not_repeated(world: World, elsewhere: Elsewhere) -> None:
    elsewhere.answers[LIST] = (403, {}, {})
    actions.ask_to_pull(world.connection, by=world.owner, at=timezone.now())
    actions.pull_due()
    assert (world.connection.pull_told, world.connection.pull_due_at) == ("HTTP 403", None)


def test_a_delivery_waits_as_long_as_it_is_told(system: System, elsewhere: Elsewhere) -> None:
    elsewhere.answers[f"{BASE}/3/events"] = (429, {}, {"Retry-After": "7200"})
    system.post("/3/events", event())
    now = timezone.now()
    actions.process_events(at=now)
    actions.deliver_due(now=now)
    assert Delivery.objects.get().due_at == now + timedelta(hours=2)


def test_what_a_partner_without_an_address_publishes_is_named(another: Callable[[str], System]) -> None:
    theirs = whole()
    waiting = published(another("Mute"), theirs)
    actions.process_events(at=timezone.now())
    waiting.refresh_from_db()
    told = {"id": theirs["id"], "told": "the partner cannot be called", "lasting": True}
    assert (waiting.state, waiting.missing) == ("taken", [told])
