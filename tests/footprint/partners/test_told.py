"""Requests of partners, their deadlines and what is given up are told to those who may act on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts import mailing
from accounts.actions import choose_mail
from accounts.actor import Actor
from accounts.models import Kind, Notification, User
from accounts.notices import Told, told
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.partners import actions, queries
from footprint.partners.actions.delivering import REST
from footprint.partners.models import Connection, Delivery, PartnerEvent
from tests import builders as new
from tests.footprint.partners.conftest import System, World
from tests.footprint.partners.test_events import Elsewhere, elsewhere, event, work

__all__ = ["elsewhere"]


@pytest.fixture
def asked(world: World, system: System, elsewhere: Elsewhere) -> PartnerEvent:
    """A request that a person answers."""
    actions.change_connection(world.connection, by=world.owner, answers=Connection.Answers.PEOPLE)
    User.objects.filter(pk=world.owner.user_id).update(locale="en")
    assert system.post("/3/events", event()).status_code == 200
    actions.process_events(at=timezone.now())
    return PartnerEvent.objects.get()


def read_by(actor: Actor, row: Notification) -> Told | None:
    with acting_as(actor):
        ((_row, words),) = told(actor, [row])
    return words


def test_a_request_is_told_once_to_those_who_may_answer(
    world: World, system: System, asked: PartnerEvent
) -> None:
    new.person(world.company, Role.APPROVER)
    assert system.post("/3/events", event()).status_code == 200
    actions.process_events(at=timezone.now())
    row = Notification.objects.get()
    assert (row.recipient_id, row.kind, row.event) == (world.owner.user_id, Kind.MOVE_WAITS, "arrived")
    with override("en"):
        words = read_by(world.owner, row)
        assert words is not None and words.title == "Request for footprints · Partner"
        assert words.words.startswith("An answer is expected by ")
    with override("zh-hans"):
        chinese = read_by(world.owner, row)
        assert chinese is not None and chinese.title == "碳足迹请求 · Partner"
    assert words.url == reverse("partners:event", args=[asked.uuid])
    assert read_by(new.actor(new.company(), Role.OWNER), row) is None


def test_it_goes_out_by_mail_unless_they_choose_otherwise(
    world: World, system: System, asked: PartnerEvent
) -> None:
    assert mailing.send_due(at=timezone.now()) == 1
    assert "Request for footprints · Partner" in mail.outbox[0].subject
    with acting_as(world.owner):
        choose_mail({"move_waits": "never"}, by=world.owner)
    assert system.post("/3/events", event(id="another")).status_code == 200
    actions.process_events(at=timezone.now())
    assert mailing.send_due(at=timezone.now()) == 0
    assert Notification.objects.count() == 2


def test_what_a_rule_answers_is_nobodys_to_answer(world: World, system: System, elsewhere: Elsewhere) -> None:
    system.post("/3/events", event())
    actions.process_events(at=timezone.now())
    assert not Notification.objects.exists()
    assert not queries.waiting(world.owner).exists()


def test_a_deadline_is_called_to_mind_once_and_told_when_it_is_over(
    world: World, asked: PartnerEvent
) -> None:
    early, near = asked.due_at - timedelta(days=4), asked.due_at - timedelta(days=2)
    assert [actions.watch_requests(at=at) for at in (early, near, near, asked.due_at)] == [0, 1, 0, 0]
    actions.process_events(at=asked.due_at)
    rows = Notification.objects.order_by("pk")
    assert [(row.kind, row.event) for row in rows[1:]] == [("deadline", "near"), ("deadline", "late")]
    with override("en"):
        words = read_by(world.owner, rows[2])
    assert words is not None and words.words == "Nobody answered in time; the partner was told so."


def test_home_shows_who_waits_until_it_is_answered(world: World, asked: PartnerEvent) -> None:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(User.objects.get(pk=world.owner.user_id))
    page = browser.get("/").content.decode()
    assert "Requests of partners that wait for you" in page
    assert reverse("partners:event", args=[asked.uuid]) in page and "urn:gtin:4712345060507" in page
    outsider = Client()
    outsider.force_login(new.person(new.company(), Role.OWNER))
    assert str(asked.uuid) not in outsider.get("/").content.decode()
    actions.reject(asked, by=world.owner, at=timezone.now(), reason="not made here")
    assert str(asked.uuid) not in browser.get("/").content.decode()


def test_what_is_given_up_is_told_once_a_day_for_each_receiver(
    world: World, system: System, elsewhere: Elsewhere
) -> None:
    elsewhere.is_away = True
    for number in range(2):
        system.post("/3/events", event(id=str(number)))
    work()
    past = timezone.now() - timedelta(hours=1)
    Delivery.objects.update(due_at=past, gives_up_at=past)
    actions.deliver_due(now=timezone.now() + REST)
    assert Delivery.objects.filter(state="dead").count() == 2
    row = Notification.objects.get()
    assert (row.recipient_id, row.kind, row.event) == (world.owner.user_id, Kind.MOVE_WAITS, "given_up")
    with override("en"):
        words = read_by(world.owner, row)
    assert words is not None and words.title == "Answer: footprints · Partner"
    assert words.words.startswith("It did not arrive and was given up. Last answer: ")
    assert words.url == reverse("partners:event_list")
    assert read_by(new.actor(new.company(), Role.OWNER), row) is None


def test_what_ends_with_a_connection_is_no_news(world: World, system: System, elsewhere: Elsewhere) -> None:
    system.post("/3/events", event())
    actions.process_events(at=timezone.now())
    actions.revoke_connection(world.connection, by=world.owner, at=timezone.now())
    actions.deliver_due()
    assert Delivery.objects.get().state == "dead"
    assert not Notification.objects.exists()
