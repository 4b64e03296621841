"""Who is told what of a publication: its own people, partners, and the clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import queries
from accounts.models import Kind, Notification
from accounts.notices import told
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.calculation.ledger import drain
from footprint.inventory.models import Exchange
from footprint.publication.actions.remind import remind
from footprint.publication.models import Publication
from tests import builders as new
from tests.reviewing import Plant, published, republished

pytestmark = pytest.mark.django_db


def names(here: Plant, **where: Any) -> list[tuple[str, str, str]]:
    known = {person.pk: name for name, person in here.people.items()}
    rows = Notification.objects.filter(recipient__in=known, subject="publication", **where)
    in_order = rows.order_by("created_at", "recipient")
    return [(known[row.recipient_id], row.kind, row.event) for row in in_order]


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())


def test_each_move_tells_whose_turn_it_is(here: Plant) -> None:
    published(here, "private")
    assert names(here) == [
        ("approver", Kind.MOVE_WAITS, "self_check"),
        ("owner", Kind.MOVED, "publish"),
    ]


def test_what_is_sent_back_waits_for_the_owner(here: Plant) -> None:
    publication = published(here, "private", until="self_checked")
    republished(here, publication, "send_back", reason="the unit")
    assert names(here, event="send_back") == [("owner", Kind.MOVE_WAITS, "send_back")]


def test_listed_partners_are_told_of_publication_and_withdrawal_and_others_are_not(here: Plant) -> None:
    partner, stranger = new.company(), new.company()
    buyer, rival = new.person(partner, Role.OWNER), new.person(stranger, Role.OWNER)
    publication = published(here, "listed", recipients=[partner], until="approved")
    assert not Notification.objects.filter(recipient=buyer).exists()
    republished(here, publication, "publish")
    republished(here, publication, "withdraw", reason="wrong")
    rows = Notification.objects.filter(recipient=buyer).order_by("pk")
    assert [(row.kind, row.event) for row in rows] == [("shared", "publish"), ("shared", "withdraw")]
    assert not Notification.objects.filter(recipient=rival).exists()
    actor = actor_of_user(buyer)
    with acting_as(actor):
        assert all(words is not None for _row, words in told(actor, rows))
    stolen = Notification(
        recipient=rival, subject="publication", subject_uuid=publication.uuid, event="publish"
    )
    with acting_as(actor_of_user(rival)):
        assert told(actor_of_user(rival), [stolen]) == [(stolen, None)]


def test_the_clock_tells_once_before_the_end_and_once_after(here: Plant) -> None:
    last = published(here, "private").valid_until
    assert remind(at=noon(last - timedelta(days=91))) == 0
    assert [remind(at=noon(last - timedelta(days=89))) for _again in range(3)] == [1, 0, 0]
    assert [remind(at=noon(last + timedelta(days=1))) for _again in range(3)] == [1, 0, 0]
    assert names(here, kind=Kind.DUE) == [("owner", Kind.DUE, "ending"), ("owner", Kind.DUE, "ended")]
    with acting_as(here.owner):
        rows = queries.notifications(here.owner).filter(kind=Kind.DUE)
        assert all(
            words is not None and str(last.year) in words.words for _row, words in told(here.owner, rows)
        )


def test_a_figure_that_moved_by_a_tenth_is_told_once(here: Plant) -> None:
    published(here, "private")
    Exchange.objects.filter(pk=here.line.pk).update(amount="3.2")
    drain()
    assert remind(at=timezone.now()) == 0
    Exchange.objects.filter(pk=here.line.pk).update(amount="3.4")
    drain()
    assert [remind(at=timezone.now()) for _again in range(2)] == [1, 0]
    assert names(here, kind=Kind.DUE) == [("owner", Kind.DUE, "drifted")]


def test_what_was_withdrawn_is_no_longer_looked_at(here: Plant) -> None:
    publication: Publication = published(here, "private")
    republished(here, publication, "withdraw", reason="wrong")
    assert remind(at=noon(publication.valid_until + timedelta(days=1))) == 0
