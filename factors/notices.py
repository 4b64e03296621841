"""Whom to tell of what happens to proposals of factors, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.errors import Text
from accounts.forms import named
from accounts.holders import holders
from accounts.mentions import Named, mentioned
from accounts.models import Kind, Notification, User
from accounts.notices import Told, in_words, next_people, notify, was_made
from accounts.roles import Permission
from factors import proposal_words
from factors.models import FactorImport, FactorProposal, ProposalStep
from factors.procedure import PROPOSAL
from factors.queries import imports, proposals

TAKING_PART = (Permission.PROPOSE_FACTOR, Permission.REVIEW_FACTOR, Permission.PUBLISH_FACTOR)
UNDER_REVIEW = "technical_review"
COMMENT = "comment"
LONGEST = 160


def tell(proposal: FactorProposal, step: ProposalStep, *, by: Actor, at: datetime) -> None:
    """Those whose turn it is, the proposer, and whoever a comment calls by name."""
    about: dict[str, Any] = {
        "event": step.name, "subject": "factor_proposal", "subject_uuid": proposal.uuid,
        "company_id": proposal.company_id, "at": at, "by": by,
    }  # fmt: skip
    proposer = set() if proposal.proposed_by_id is None else {proposal.proposed_by_id}
    if step.name == COMMENT:
        called = mentioned(step.reason, _named(holders(*TAKING_PART)))
        notify(called, kind=Kind.MENTION, **about)
        notify(proposer - called, kind=Kind.QUESTION, **about)
        return
    acting = _acting(proposal, proposer)
    notify(acting, kind=Kind.MOVE_WAITS, **about)
    notify(proposer - acting, kind=Kind.MOVED, **about)


def _acting(proposal: FactorProposal, proposer: set[int]) -> set[int]:
    """Reviewers while it is under review, the proposer of what was returned, else a curator."""
    following = proposal_words.following(is_correction=proposal.is_correction).get(proposal.state, "")
    move = PROPOSAL.move(following)
    if move is None:
        return set()
    if proposal.state == UNDER_REVIEW:
        return holders(Permission.REVIEW_FACTOR) - proposer
    if not move.at_alliance:
        return proposer
    return next_people(PROPOSAL, following, proposal.company_id or 0, deeds={"propose": proposer})


def _named(people: set[int]) -> list[Named]:
    rows = User.objects.filter(pk__in=people).values_list("pk", "name", "email")
    return [Named(key, name, email) for key, name, email in rows]


def told_of_proposals(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What became of it; of a comment, what was said."""
    return in_words(
        rows,
        proposals(actor),
        lambda row, each: Told(
            named(each),
            _happened(row, each),
            reverse("factors:proposal", args=[each.uuid]),
            is_over=was_made(row, PROPOSAL, each.state),
        ),
    )


def _happened(row: Notification, proposal: FactorProposal) -> str:
    if row.event != COMMENT:
        return str(proposal_words.DONE[row.event])
    said = proposal.steps.filter(name=COMMENT, at__lte=row.created_at).order_by("at", "pk").last()
    return Truncator(said.reason).chars(LONGEST) if said else str(proposal_words.DONE[COMMENT])


IMPORTS: Mapping[str, Text] = {
    "waiting": gettext_lazy("Read without a fault: another curator confirms or declines it."),
    "confirmed": gettext_lazy("Confirmed by another curator; it is being published."),
    "declined": gettext_lazy("Declined; nothing was published."),
}


def tell_of_import(job: FactorImport, *, at: datetime, by: Actor | None = None) -> None:
    """The other curators of what waits for them, and who handed it in of what they decided."""
    handed_in = set() if job.created_by_id is None else {job.created_by_id}
    waits = job.state == FactorImport.State.WAITING
    people = holders(Permission.PUBLISH_FACTOR) - handed_in if waits else handed_in
    notify(
        people, kind=Kind.MOVE_WAITS if waits else Kind.MOVED, event=job.state, subject="factor_import",
        subject_uuid=job.uuid, company_id=None, at=at, by=by,
    )  # fmt: skip


def told_of_imports(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What waits, or became of it, with the reason that was given."""
    return in_words(rows, imports(actor), _told_of_import)


def _told_of_import(row: Notification, job: FactorImport) -> Told:
    said = str(IMPORTS[row.event])
    if row.event == FactorImport.State.DECLINED and job.decision_reason:
        said = f"{said} {job.decision_reason}"
    is_over = row.kind == Kind.MOVE_WAITS and job.state != row.event
    return Told(job.file_name, said, reverse("factors:import_job", args=[job.uuid]), is_over)
