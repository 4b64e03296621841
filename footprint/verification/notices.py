"""Whom to tell of what happens to engagements, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.actor import Actor
from accounts.calling import callable_names, called
from accounts.figures import year_range
from accounts.forms import languages, named
from accounts.holders import holders
from accounts.models import Kind, Notification
from accounts.notices import Told, in_words, notify, was_made
from accounts.review import Move
from accounts.roles import Permission
from footprint.verification import words
from footprint.verification.models import Engagement
from footprint.verification.procedure import VERIFICATION
from footprint.verification.queries import engagements

WAITS_FOR_COMPANY = ("report",)
QUIET = ("sample",)
"""What the verifier does that calls for nothing at the company."""


def tell_requested(engagement: Engagement, *, by: Actor, at: datetime) -> None:
    """The verifier who is asked."""
    _tell({engagement.verifier_id}, engagement, "request", Kind.MOVE_WAITS, by=by, at=at)


def tell_moved(engagement: Engagement, move: Move, *, by: Actor, at: datetime) -> None:
    """The other side: the company of what the verifier did, the verifier of a cancellation."""
    if not move.at_alliance:
        _tell({engagement.verifier_id}, engagement, move.name, Kind.MOVED, by=by, at=at)
        return
    if move.name in QUIET:
        return
    kind = Kind.MOVE_WAITS if move.name in WAITS_FOR_COMPANY else Kind.MOVED
    company = holders(Permission.ENGAGE_VERIFIER, company_id=engagement.company_id)
    _tell(company, engagement, move.name, kind, by=by, at=at)


def tell_answered(engagement: Engagement, *, by: Actor, at: datetime) -> None:
    """The verifier, of an answer to a finding."""
    _tell({engagement.verifier_id}, engagement, "answer", Kind.QUESTION, by=by, at=at)


def tell_remarked(engagement: Engagement, text: str, *, by: Actor, at: datetime) -> None:
    """Whoever is called by name, and the other side."""
    named = called(text, readers(engagement))
    _tell(named, engagement, "remark", Kind.MENTION, by=by, at=at)
    own = engagement.company_id in by.company_ids
    other: set[int | None] = {engagement.verifier_id} if own else {*_company(engagement)}
    _tell(other - named, engagement, "remark", Kind.QUESTION, by=by, at=at)


def tell_found(engagement: Engagement, text: str, *, by: Actor, at: datetime) -> None:
    """Whoever a finding or its answer calls by name; the rest hear when the findings are reported."""
    _tell(called(text, readers(engagement)), engagement, "remark", Kind.MENTION, by=by, at=at)


def readers(engagement: Engagement) -> set[int]:
    """Who may read a verification and be called in it: the company's own people, and the verifier."""
    own = holders(Permission.READ_BUSINESS, company_id=engagement.company_id)
    return own | {person for person in (engagement.verifier_id,) if person is not None}


def callable_in(actor: Actor, engagement: Engagement) -> list[str]:
    """Names for the box: the verifier is offered those who engage verifiers, not everybody of the company."""
    if engagement.company_id in actor.company_ids:
        return callable_names(readers(engagement))
    return callable_names(_company(engagement))


def _company(engagement: Engagement) -> set[int]:
    return holders(Permission.ENGAGE_VERIFIER, company_id=engagement.company_id)


def _tell(
    people: set[int] | set[int | None], engagement: Engagement, event: str, kind: Kind, **more: Any
) -> None:
    notify(
        {person for person in people if person is not None},
        kind=kind,
        event=event,
        subject="engagement",
        subject_uuid=engagement.uuid,
        company_id=engagement.company_id,
        **more,
    )


def told_of_engagements(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What became of it, and whose it is."""
    return in_words(
        rows,
        engagements(actor),
        lambda row, each: Told(
            f"{named(each)} {year_range(each.period_start, each.period_end, languages())}",
            f"{words.DONE[row.event]} · {named(each.company)} · {named(each.body)}",
            reverse("verification:engagement", args=[each.uuid]),
            is_over=was_made(row, VERIFICATION, each.state, request="requested"),
        ),
    )
