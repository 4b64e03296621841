"""Whom to tell of what happens to reduction practices and to factors in use, and how it reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.errors import Text
from accounts.forms import named
from accounts.models import Kind, Notification
from accounts.notices import Told, in_words, next_people, notify, was_made
from accounts.review import Move
from factors import queries as factor_queries
from factors.models import FactorVersion
from footprint.analysis.models import Practice
from footprint.analysis.practices import practices
from footprint.analysis.procedure import PRACTICE

HAPPENED: dict[str, Text] = {
    "hand_in": _("A practice was handed in; its evidence is to be read."),
    "send_back": _("The office sent it back."),
    "publish": _("It is published: all members can apply it."),
    "withdraw": _("The office withdrew it."),
}
BECAME: dict[str, Text] = {
    "superseded": _(
        "Version %(number)s, which your lines use, was superseded. Adopt the newer one, or postpone it."
    ),
    "withdrawn": _("Version %(number)s, which your lines use, was withdrawn: %(reason)s"),
}
LONGEST = 160
VERSION = "factor_version"


def tell_moved(practice: Practice, move: Move, *, by: Actor, at: datetime) -> None:
    """The author, of what the office decided; the office, of what waits for it.

    A draft that came back is the author's move again.
    """
    about: dict[str, Any] = {
        "event": move.name, "subject": "practice", "subject_uuid": practice.uuid,
        "company_id": practice.company_id, "at": at, "by": by,
    }  # fmt: skip
    if move.at_alliance and practice.written_by_id is not None:
        kind = Kind.MOVE_WAITS if move.target == Practice.State.DRAFT else Kind.MOVED
        notify({practice.written_by_id}, kind=kind, **about)
    if move.target == Practice.State.IN_REVIEW and practice.company_id is not None:
        deeds = {"write": [practice.written_by_id]}
        office = next_people(PRACTICE, "publish", practice.company_id, deeds=deeds)
        notify(office, kind=Kind.MOVE_WAITS, **about)


def told_of_practices(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What became of it, with what the office remarked."""
    return in_words(
        rows,
        practices(actor),
        lambda row, practice: Told(
            named(practice),
            _words(row.event, practice),
            _address(practice),
            is_over=was_made(row, PRACTICE, practice.state),
        ),
    )


def _words(event: str, practice: Practice) -> str:
    """The remark belongs to the last decision alone: an older notice does not repeat it."""
    move = PRACTICE.move(event)
    is_last = move is not None and move.needs_reason and move.target == practice.state
    remark = Truncator(practice.remark).chars(LONGEST) if is_last else ""
    return " ".join(filter(None, (str(HAPPENED.get(event, "")), remark)))


def said_once(company_id: int, version: FactorVersion) -> str:
    """What keeps a person from being told the same of a version twice."""
    return f"{version.status} {version.uuid} {company_id}"


def told_before(versions: Iterable[FactorVersion]) -> Mapping[str, set[int]]:
    """Who was told what of these versions already: people by what was ``said_once``."""
    things = [version.uuid for version in versions]
    sent = Notification.objects.filter(subject=VERSION, subject_uuid__in=things)
    told: dict[str, set[int]] = defaultdict(set)
    for once, recipient in sent.values_list("once", "recipient_id"):
        told[once].add(recipient)
    return told


def tell_outdated(company_id: int, version: FactorVersion, people: Iterable[int], *, at: datetime) -> int:
    """Those who adopt factors for the company; nobody twice of the same."""
    return notify(
        people, kind=Kind.MOVE_WAITS, event=version.status, subject=VERSION,
        subject_uuid=version.uuid, company_id=company_id, at=at, once=said_once(company_id, version),
    )  # fmt: skip


def told_of_versions(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What became of it, with the reason of a withdrawal."""
    return in_words(
        [row for row in rows if row.event in BECAME],
        factor_queries.all_versions(actor).select_related("factor"),
        lambda row, version: Told(
            named(version.factor),
            str(BECAME[row.event]) % {"number": version.number, "reason": version.status_reason},
            reverse("analysis:adoptions"),
        ),
    )


def _address(practice: Practice) -> str:
    return reverse("analysis:practice", args=[practice.uuid])
