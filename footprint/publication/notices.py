"""Whom to tell of what happens to publications, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.figures import long_date, year_range
from accounts.forms import languages, named
from accounts.holders import holders
from accounts.models import Kind, Notification
from accounts.notices import Told, in_words, next_people, notify, was_made
from accounts.review import Move
from accounts.roles import Permission
from footprint.publication import words
from footprint.publication.models import Publication
from footprint.publication.procedure import PUBLICATION
from footprint.publication.queries import NEXT, publications, standing

OWN = (Permission.PREPARE_PUBLICATION, Permission.APPROVE_PUBLICATION)
RECEIVING = (Permission.SHARE_PRODUCT, Permission.EDIT_PRODUCT)
BEFORE_THE_END = timedelta(days=90)
"""How long before its last day the owner is told."""
ENDING, ENDED, DRIFTED = "ending", "ended", "drifted"
FOR_PARTNERS = ("publish", "withdraw")


def tell_prepared(publication: Publication, *, by: Actor, at: datetime) -> None:
    """Those who confirm the self-check: the preparer may, so others are told."""
    _tell_next(publication, "prepare", by=by, at=at)


def tell_moved(publication: Publication, move: Move, *, by: Actor | None, at: datetime) -> None:
    """Those whose move it is now, the company when it came to an end, and the partners it is meant for."""
    acting = _tell_next(publication, move.name, by=by, at=at)
    about = _about(publication, move.name, by=by, at=at)
    if publication.state not in NEXT and by is not None:
        company = holders(*OWN, company_id=publication.company_id)
        notify(company - acting, kind=Kind.MOVED, **about)
    if move.name in FOR_PARTNERS:
        for partner_id in publication.recipients.values_list("recipient_id", flat=True):
            notify(holders(*RECEIVING, company_id=partner_id), kind=Kind.SHARED, **about)


def _tell_next(publication: Publication, event: str, *, by: Actor | None, at: datetime) -> set[int]:
    following = NEXT.get(publication.state)
    if following is None:
        return set()
    deeds = {"prepare": [publication.prepared_by_id], "self_check": [publication.self_checked_by_id]}
    acting = next_people(PUBLICATION, following, publication.company_id, deeds=deeds)
    notify(acting, kind=Kind.MOVE_WAITS, **_about(publication, event, by=by, at=at))
    return acting


def tell_due(publication: Publication, *, today: date, at: datetime) -> int:
    """The owners, once each: its last day is near, its last day is over, its figure has moved by a tenth."""
    event = _clock(publication, today)
    told = 0
    if event:
        told += _remind(publication, event, at, about=str(publication.valid_until))
    if standing(Actor.worker(), publication, today).has_drifted:
        told += _remind(publication, DRIFTED, at, about="")
    return told


def _clock(publication: Publication, today: date) -> str:
    if today > publication.valid_until:
        return ENDED
    return ENDING if today > publication.valid_until - BEFORE_THE_END else ""


def _remind(publication: Publication, event: str, at: datetime, *, about: str) -> int:
    owners = holders(Permission.PREPARE_PUBLICATION, company_id=publication.company_id)
    once = f"{event} {publication.uuid} {about}".strip()
    return notify(owners, kind=Kind.DUE, once=once, **_about(publication, event, by=None, at=at))


def _about(publication: Publication, event: str, *, by: Actor | None, at: datetime) -> dict[str, Any]:
    return {
        "event": event, "subject": "publication", "subject_uuid": publication.uuid,
        "company_id": publication.company_id, "at": at, "by": by,
    }  # fmt: skip


def told_of_publications(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What became of it, and whose it is."""
    return in_words(
        rows,
        publications(actor),
        lambda row, each: Told(
            f"{named(each)} {year_range(each.period_start, each.period_end, languages())}",
            f"{_happened(row.event, each)} · {named(each.company)}",
            reverse("publication:publication", args=[each.uuid]),
            is_over=was_made(row, PUBLICATION, each.state, prepare="calculated"),
        ),
    )


def _happened(event: str, publication: Publication) -> str:
    day = {"day": long_date(publication.valid_until, languages())}
    special = {
        ENDING: _("Valid until %(day)s. Calculate and publish it anew in time.") % day,
        ENDED: _("Its validity ended on %(day)s.") % day,
        DRIFTED: _("The calculated figure has moved by a tenth or more since. Publish it anew."),
        "prepare": _("Prepared"),
    }
    return special.get(event) or str(words.DONE[event])
