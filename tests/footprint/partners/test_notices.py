"""Whoever had a partner's endpoint tried is told how it ended, where they read it and by mail."""

from __future__ import annotations

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
from footprint.partners import actions
from footprint.partners.models import ConformanceRun, Connection
from tests import builders as new
from tests.footprint.partners.conftest import World

ADDRESS = "https://10.0.0.1"
"""Not public, so that every case ends without anything being sent."""


@pytest.fixture
def person(world: World) -> User:
    Connection.objects.filter(pk=world.connection.pk).update(base_url=ADDRESS)
    User.objects.filter(pk=world.owner.user_id).update(locale="en")
    return User.objects.get(pk=world.owner.user_id)


def tried(world: World, by: Actor) -> ConformanceRun:
    run = actions.ask_to_try(world.connection, by=by, is_strict=False)
    actions.try_due()
    run.refresh_from_db()
    return run


def read_by(actor: Actor) -> Told | None:
    """The only notice there is, in words, as somebody may read it."""
    row = Notification.objects.get(subject="conformance_run")
    with acting_as(actor):
        ((_row, words),) = told(actor, [row])
    return words


def test_who_began_it_is_told_how_many_cases_ended_how(world: World, person: User) -> None:
    colleague = new.person(world.company, Role.OWNER)
    run = tried(world, world.owner)
    row = Notification.objects.get()
    assert (row.recipient, row.kind, row.event) == (person, Kind.ENDED, "done")
    assert (row.subject_uuid, row.company) == (run.uuid, world.company)
    assert not Notification.objects.filter(recipient=colleague).exists()
    assert run.failed > 0 and run.passed + run.failed + run.skipped == len(run.results) == 42
    numbers = (run.passed, run.failed, run.skipped)
    with override("en"):
        words = read_by(world.owner)
        assert words is not None and words.title == "Conformance · Partner"
        wanted = "Does not conform · Cases: %d passed, %d failed, %d not tried"
        assert words.words == wanted % numbers
    with override("zh-hans"):
        chinese = read_by(world.owner)
        assert chinese is not None
        ended = f"用例：{run.passed} 个通过，{run.failed} 个未通过，{run.skipped} 个未测试"
        assert chinese.words == f"不符合 · {ended}"
    browser = Client()
    browser.force_login(person)
    assert words.words in browser.get(reverse("accounts:notifications")).content.decode()
    report = browser.get(reverse("accounts:notification", args=[row.uuid]), follow=True)
    assert report.redirect_chain == [
        (reverse("partners:conformance_run", args=[world.connection.uuid, run.uuid]), 302)
    ]
    assert report.status_code == 200


def test_it_goes_out_by_mail_at_once_unless_they_choose_otherwise(world: World, person: User) -> None:
    tried(world, world.owner)
    assert mailing.send_due(at=timezone.now()) == 1
    (message,) = mail.outbox
    assert message.to == [person.email]
    assert message.subject == "Something you started has ended: Conformance · Partner"
    link = reverse("accounts:notification", args=[Notification.objects.get().uuid])
    assert "Does not conform" in message.body and link in message.body
    with acting_as(world.owner):
        choose_mail({"ended": "never"}, by=world.owner)
    tried(world, world.owner)
    assert mailing.send_due(at=timezone.now()) == 0
    assert Notification.objects.count() == 2


def test_the_page_of_settings_knows_it(world: World, person: User) -> None:
    browser = Client()
    browser.force_login(person)
    page = browser.get(reverse("accounts:notification_settings")).content.decode()
    assert "Something you started has ended" in page and 'name="ended"' in page


def test_a_run_that_is_broken_off_is_told_as_such(world: World, person: User) -> None:
    actions.ask_to_try(world.connection, by=world.owner)
    actions.revoke_connection(world.connection, by=world.owner, at=timezone.now())
    actions.try_due()
    assert Notification.objects.get().event == "failed"
    with override("en"):
        words = read_by(world.owner)
    assert words is not None and words.words.startswith("Broken off · Cases: 0 passed")


def test_a_machine_is_told_nothing_and_the_outsider_reads_nothing(world: World, person: User) -> None:
    run = tried(world, world.owner)
    ConformanceRun.objects.filter(pk=run.pk).update(created_by=None)
    again = actions.ask_to_try(world.connection, by=world.owner, is_strict=False)
    ConformanceRun.objects.filter(pk=again.pk).update(created_by=None)
    assert actions.try_due() == 1
    assert Notification.objects.count() == 1
    assert read_by(world.owner) is not None
    assert read_by(new.actor(new.company(), Role.OWNER)) is None
