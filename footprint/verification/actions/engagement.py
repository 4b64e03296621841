"""Engage a verifier, accept with a declaration of independence, and carry the work on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import checks
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.models import Company, Membership
from accounts.moving import checked, write_move
from accounts.policy import require
from accounts.review import Move
from accounts.roles import Permission
from footprint.publication.models import Publication
from footprint.publication.procedure import VERIFIABLE
from footprint.verification import queries
from footprint.verification.dossiers import dossier_of
from footprint.verification.models import Engagement, EngagementStep, VerificationStatement
from footprint.verification.notices import tell_moved, tell_requested
from footprint.verification.procedure import VERIFICATION

LONGEST, LONGEST_STANDARD = 4000, 120
LONGEST_ACCESS = timedelta(days=366)
LINKED = gettext_lazy(
    "The verifier or their body is linked to the company's group. Somebody independent has to do this."
)


@transaction.atomic
def engage(
    publication: Publication,
    *,
    by: Actor,
    at: datetime,
    verifier: str,
    access_until: date | None,
    level: str,
    standard: str,
    scope: str = "",
) -> Engagement:
    """Ask a person of a verification body; their access begins when they have declared independence.

    ``verifier`` is the person's public identifier.

    Raises:
        NotAllowed; Refusal: not self-checked or ended, nobody of that name verifies, they are linked to the
        group, one is under way, the day is over or too far, or the figure moved.
    """
    require(by, Permission.ENGAGE_VERIFIER, company_id=publication.company_id)
    if publication.state not in VERIFIABLE:
        raise Refusal(_("Only what was self-checked and still holds is verified."), code="not_verifiable")
    known = {str(person.uuid): (person, body) for person, body in queries.verifiers(by)}
    if verifier not in known:
        raise Refusal(_("Choose somebody who verifies."), field="verifier", code="not_found")
    person, body = known[verifier]
    if is_linked(person.pk, body, publication.company):
        raise Refusal(LINKED, field="verifier", code="not_independent")
    made = Engagement(
        company_id=publication.company_id,
        publication=publication,
        body=body,
        verifier=person,
        name_zh=publication.name_zh,
        name_en=publication.name_en,
        period_start=publication.period_start,
        period_end=publication.period_end,
        level=checks.choice(level, Engagement.Level.values, field="level"),
        standard=checks.text(standard, field="standard", longest=LONGEST_STANDARD, required=True),
        scope=checks.text(scope, field="scope", longest=LONGEST),
        access_until=_last_day(access_until, at),
        requested_by_id=by.user_id,
    )
    message = _("A verification of this publication is under way. Go on with that one.")
    with checks.refusing({"engagement_open_once": Refusal(message, code="open_already")}):
        made.save(force_insert=True)
    dossier_of(made, publication, by=by).save(force_insert=True)
    tell_requested(made, by=by, at=at)
    return made


@transaction.atomic
def accept(
    engagement: Engagement, *, by: Actor, at: datetime, declaration: str, version: int | None = None
) -> Engagement:
    """The verifier declares their independence in their own words; then the dossier is open to them.

    Raises:
        NotAllowed: somebody else was asked, or they are linked to the group.
        Refusal, Stale.
    """
    _require_engaged(engagement, by)
    said = checks.text(declaration, field="declaration", longest=LONGEST, required=True)
    if is_linked(by.user_id or 0, engagement.body, engagement.company):
        raise NotAllowed(LINKED, code="not_independent")
    return carry(engagement, "accept", by=by, at=at, version=version, declaration=said, declared_at=at)


@transaction.atomic
def move_engagement(
    engagement: Engagement,
    move: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Engagement:
    """Decline, report, take up again, revoke, cancel: the moves that need no more than a reason.

    Raises:
        NotAllowed; Refusal: not from this state, a line was not looked at; Stale.
    """
    if move not in ("decline", "report", "resume", "revoke", "cancel"):
        raise Refusal(_("There is no such move."), field="move", code="unknown_choice")
    if move != "cancel":
        _require_engaged(engagement, by)
    reason = checks.text(reason, field="reason", longest=LONGEST)
    if move == "report" and queries.sample(by, engagement).filter(verdict="").exists():
        raise Refusal(_("Look at every line of the sample first."), code="lines_open")
    moved = carry(engagement, move, by=by, at=at, reason=reason, version=version)
    if move == "revoke":
        VerificationStatement.objects.filter(engagement=engagement).update(revoked_at=at)
    return moved


def carry(
    engagement: Engagement,
    name: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
    **changes: Any,
) -> Engagement:
    """One move with what changes along with it, written down and told.

    Raises:
        NotAllowed, Refusal, Stale.
    """
    chosen = checked(VERIFICATION, name, engagement, by=by, deeds={}, reason=reason)
    before = write_move(engagement, chosen, version=version, **changes)
    _record(engagement, chosen, before, by=by, at=at, reason=reason)
    tell_moved(engagement, chosen, by=by, at=at)
    return engagement


def require_at_work(engagement: Engagement, by: Actor, *states: str) -> None:
    """Pass for the engaged verifier while the engagement is in one of these states.

    Raises:
        NotAllowed, Refusal.
    """
    _require_engaged(engagement, by)
    if engagement.state not in states:
        raise Refusal(_("This is not possible in this state of the verification."), code="not_from_here")


def is_linked(person_id: int, body: Company, company: Company) -> bool:
    """Whether the body belongs to the company's group, or the person has or had a role in it."""
    held = Membership.objects.filter(user_id=person_id, company__group_id=company.group_id)
    return body.group_id == company.group_id or held.exists()


def _require_engaged(engagement: Engagement, by: Actor) -> None:
    require(by, Permission.VERIFY, company_id=engagement.body_id)
    if engagement.verifier_id != by.user_id:
        raise NotAllowed(_("Somebody else was engaged for this."))


def _last_day(day: date | None, at: datetime) -> date:
    today = timezone.localdate(at)
    if day is None or not today < day <= today + LONGEST_ACCESS:
        message = _("Choose a last day of access after today and within a year.")
        raise Refusal(message, field="access_until", code="bad_day")
    return day


def _record(engagement: Engagement, move: Move, before: str, *, by: Actor, at: datetime, reason: str) -> None:
    EngagementStep(
        company_id=engagement.company_id,
        engagement=engagement,
        move=move.name,
        before=before,
        after=move.target,
        reason=reason,
        by_id=by.user_id,
        at=at,
    ).save(force_insert=True)
