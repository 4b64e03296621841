"""Submit an inventory to the alliance: freeze it, have it checked, reviewed and decided."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import checks
from accounts.actor import Actor
from accounts.canonical import content_hash
from accounts.errors import Refusal, Refusals
from accounts.moving import checked, write_move
from accounts.policy import require
from accounts.review import Move
from accounts.roles import Permission
from footprint.inventory import gate, submissions
from footprint.inventory.checklist import unanswered
from footprint.inventory.freezing import frozen
from footprint.inventory.gate_words import sentence
from footprint.inventory.models import FrozenCopy, Inventory, Submission, SubmissionStep
from footprint.inventory.notices import tell_moved
from footprint.inventory.procedure import SUBMISSION

DAYS_TO_REVIEW = 10
LONGEST_REASON = 2000


@transaction.atomic
def open_submission(inventory: Inventory, *, by: Actor) -> Submission:
    """Begin a submission of an own inventory: a draft, nothing is frozen yet.

    Raises:
        NotAllowed; Refusal: there is an open one already.
    """
    require(by, Permission.DRAFT_SUBMISSION, company_id=inventory.company_id)
    submission = Submission(company_id=inventory.company_id, inventory=inventory, **_named(inventory))
    message = _("A submission of this inventory is under way. Go on with that one.")
    with checks.refusing({"submission_open_once": Refusal(message, code="open_already")}):
        submission.save(force_insert=True)
    return submission


@transaction.atomic
def move_submission(
    submission: Submission,
    move: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Submission:
    """One move of the procedure, by its name.

    Raises:
        NotAllowed: another role, another person or another company has to do it.
        Refusal, Refusals: not from this state; the gate is closed, the copy is outdated, a thread is open,
            another submission of the site was accepted for a part of the period meanwhile.
        Stale: somebody else moved it first.
    """
    reason = checks.text(reason, field="reason", longest=LONGEST_REASON)
    deeds = {
        "hand_in": [submission.handed_in_by_id],
        "submit": [submission.checked_by_id],
        "edit": _editors(submission, by) if move == "submit" else (),
    }
    chosen = checked(SUBMISSION, move, submission, by=by, deeds=deeds, reason=reason)
    found = _pass_gate(submission, by) if move == "hand_in" else []
    changes = CHANGES[move](submission, by, at) if move in CHANGES else {}
    if move == "accept":
        _supersede(submission, by, at)
    with checks.refusing(_conflicts()):
        before = write_move(submission, chosen, version=version, **changes)
    if move == "hand_in":
        _freeze(submission, found, by, at)
    record_step(submission, chosen, before, by=by, at=at, reason=reason)
    return submission


def record_step(
    submission: Submission, move: Move, before: str, *, by: Actor | None, at: datetime, reason: str = ""
) -> None:
    """Write the move down, and tell those it concerns."""
    SubmissionStep(
        company_id=submission.company_id,
        submission=submission,
        round=submission.round,
        move=move.name,
        before=before,
        after=move.target,
        is_internal=move.is_internal,
        reason=reason,
        by_id=by.user_id if by else None,
        at=at,
    ).save(force_insert=True)
    tell_moved(submission, move, by=by, at=at)


def _conflicts() -> dict[str, Refusal]:
    """What only the database sees: who accepts knows neither sites nor inventories."""
    message = _(
        "Another submission of this site was accepted for a part of this period. Return this one, or have "
        "that one withdrawn first."
    )
    return {"submission_accepted_once_a_period": Refusal(message, code="duplicate_period")}


def _hand_in(submission: Submission, by: Actor, at: datetime) -> dict[str, Any]:
    return {
        "round": submission.round + 1,
        "handed_in_by": by.user_id,
        "checked_by": None,
        "taken_by": None,
        "decided_by": None,
        "decided_at": None,
        "due_on": None,
        **_named(submission.inventory),
    }


def _submit(submission: Submission, by: Actor, at: datetime) -> dict[str, Any]:
    """What was checked must still be what the inventory says, and the gate must still be open."""
    copy = FrozenCopy.objects.visible_to(by).get(submission=submission, round=submission.round)
    if submissions.has_moved(by, submission, copy):
        message = _(
            "The inventory was changed after it was handed in. Send it back and have it handed in anew."
        )
        raise Refusal(message, code="outdated_copy")
    _pass_gate(submission, by)
    due_on = timezone.localdate(at) + timedelta(days=DAYS_TO_REVIEW)
    return {"checked_by": by.user_id, "sent_round": submission.round, "due_on": due_on}


def _take(submission: Submission, by: Actor, at: datetime) -> dict[str, Any]:
    return {"taken_by": by.user_id}


def _decide(submission: Submission, by: Actor, at: datetime) -> dict[str, Any]:
    return {"decided_by": by.user_id, "decided_at": at}


def _accept(submission: Submission, by: Actor, at: datetime) -> dict[str, Any]:
    waiting = submission.threads.filter(closed_at__isnull=True).count()
    if waiting:
        message = ngettext(
            "%(count)d thread is still open. Close it, or return the submission.",
            "%(count)d threads are still open. Close them, or return the submission.",
            waiting,
        )
        raise Refusal(message % {"count": waiting}, code="open_threads")
    points = unanswered(by, submission)
    if points:
        message = ngettext(
            "%(count)d point of the checklist waits for an answer.",
            "%(count)d points of the checklist wait for an answer.",
            points,
        )
        raise Refusal(message % {"count": points}, code="open_points")
    return _decide(submission, by, at)


CHANGES = {
    "hand_in": _hand_in,
    "submit": _submit,
    "take": _take,
    "return": _decide,
    "accept": _accept,
    "reject": _decide,
}


def _named(inventory: Inventory) -> dict[str, Any]:
    return {
        "site_name_zh": inventory.site.name_zh,
        "site_name_en": inventory.site.name_en,
        "period_start": inventory.period_start,
        "period_end": inventory.period_end,
    }


def _editors(submission: Submission, by: Actor) -> set[int]:
    """Whether the person entered something of it since it was last accepted."""
    if submission.company_id not in by.company_ids:
        return set()
    accepted = submissions.accepted_copy(by, submission.inventory)
    return submissions.editors(by, submission.inventory, accepted.at if accepted else None)


def _pass_gate(submission: Submission, by: Actor) -> list[gate.Finding]:
    """Refuse with everything that blocks, each with its line and field; what only warns is told."""
    found = gate.findings(by, submission.inventory)
    if blocking := [each for each in found if each.severity == gate.BLOCKS]:
        raise Refusals([_refusal(each) for each in blocking])
    return found


def _refusal(finding: gate.Finding) -> Refusal:
    record = finding.record()
    where = record["process_code"]
    text = where + _(": ") + sentence(record) if where else sentence(record)
    return Refusal(text, field=finding.field or None, row=record["line"] or None, code=finding.code)


def _freeze(submission: Submission, found: list[gate.Finding], by: Actor, at: datetime) -> None:
    content = frozen(by, submission.inventory)
    FrozenCopy(
        company_id=submission.company_id,
        submission=submission,
        round=submission.round,
        content=content,
        content_hash=content_hash(content),
        figures=gate.figures_of(by, submission.inventory),
        findings=[each.record() for each in found],
        by_id=by.user_id,
        at=at,
    ).save(force_insert=True)


def _supersede(submission: Submission, by: Actor, at: datetime) -> None:
    """What was accepted of the same inventory before holds no longer."""
    move = SUBMISSION.move("supersede")
    assert move is not None
    others = Submission.objects.filter(inventory_id=submission.inventory_id, state="accepted")
    for other in others.exclude(pk=submission.pk):
        before = write_move(other, move, version=None)
        record_step(other, move, before, by=None, at=at)
