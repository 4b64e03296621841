"""Questions about submissions: what waits for whom, what was frozen, said and decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from accounts.actor import Actor
from accounts.canonical import content_hash
from accounts.models import AuditEntry
from accounts.review import Move
from accounts.roles import Permission
from footprint.inventory.freezing import frozen, prices, prices_of, weights
from footprint.inventory.models import (
    FrozenCopy,
    Inventory,
    ReviewRemark,
    ReviewThread,
    Submission,
    SubmissionStep,
)
from footprint.inventory.procedure import OPEN, SUBMISSION

ENTERED = (
    "inventory_inventory",
    "inventory_unitprocess",
    "inventory_exchange",
    "inventory_allocationshare",
    "inventory_allocationanswer",
    "inventory_outputprice",
)
"""Tables whose change makes somebody an editor of an inventory."""
HELD = ("internal_review", "submitted", "under_review", "accepted")
"""States in which a copy stands for its inventory."""
NEXT = {
    "draft": "hand_in",
    "returned": "hand_in",
    "internal_review": "submit",
    "submitted": "take",
    "under_review": "accept",
}
"""The move that leads on from each open state."""


def submissions(actor: Actor) -> QuerySet[Submission]:
    """Own ones, and those the actor reviews; the latest first."""
    found = Submission.objects.visible_to(actor).select_related("company", "taken_by")
    return found.annotate(open_threads=Count("threads", filter=Q(threads__closed_at__isnull=True))).order_by(
        "-created_at", "-pk"
    )


def submission(actor: Actor, uuid: UUID) -> Submission | None:
    """One submission, if it exists for the actor."""
    return submissions(actor).filter(uuid=uuid).first()


def submission_of(actor: Actor, inventory: Inventory) -> Submission | None:
    """The submission of an inventory that is open or holds, else the last one."""
    found = submissions(actor).filter(inventory=inventory).alias(holds=Q(state__in=[*OPEN, "accepted"]))
    return found.order_by("-holds", "-created_at", "-pk").first()


def copies(actor: Actor, submission: Submission) -> QuerySet[FrozenCopy]:
    """The copies of a submission that the actor may see, the latest first."""
    return FrozenCopy.objects.visible_to(actor).filter(submission=submission).order_by("-round")


def latest_copy(actor: Actor, submission: Submission) -> FrozenCopy | None:
    """The last of them."""
    return copies(actor, submission).first()


def latest_copies(actor: Actor, submission_ids: Iterable[int]) -> dict[int, FrozenCopy]:
    """The last copies of several submissions, without their content; one query."""
    found = FrozenCopy.objects.visible_to(actor).filter(submission_id__in=list(submission_ids))
    latest = found.order_by("submission_id", "-round").distinct("submission_id")
    return {copy.submission_id: copy for copy in latest.defer("content", "figures")}


def last_returned(actor: Actor, submission: Submission) -> FrozenCopy | None:
    """The copy that the alliance returned last, where another one was handed in since."""
    returned = SubmissionStep.objects.visible_to(actor).filter(submission=submission, move="return")
    latest = returned.filter(round__lt=submission.round).order_by("-round").values("round")[:1]
    return copies(actor, submission).filter(round=Subquery(latest)).first()


def last_accepted(actor: Actor, submission: Submission) -> FrozenCopy | None:
    """What was accepted before, of the same inventory or of an earlier period of its site."""
    if submission.company_id not in actor.company_ids:
        return _accepted_for_reviewers(actor, submission)
    decided = Submission.objects.visible_to(actor).filter(
        inventory__site_id=submission.inventory.site_id, state__in=("accepted", "superseded")
    )
    return _copy_of_latest(actor, decided, submission)


def _accepted_for_reviewers(actor: Actor, submission: Submission) -> FrozenCopy | None:
    """As ``last_accepted``, for somebody who cannot see the company's sites: by the site's name."""
    decided = Submission.objects.visible_to(actor).filter(
        company_id=submission.company_id,
        site_name_zh=submission.site_name_zh,
        site_name_en=submission.site_name_en,
        state__in=("accepted", "superseded"),
    )
    return _copy_of_latest(actor, decided, submission)


def _copy_of_latest(actor: Actor, decided: QuerySet[Submission], submission: Submission) -> FrozenCopy | None:
    earlier = decided.exclude(pk=submission.pk).filter(period_start__lte=submission.period_start)
    latest = earlier.order_by("-period_end", "-decided_at").first()
    return latest_copy(actor, latest) if latest else None


def steps(actor: Actor, submission: Submission) -> QuerySet[SubmissionStep]:
    """What was done, the latest first."""
    found = SubmissionStep.objects.visible_to(actor).filter(submission=submission)
    return found.select_related("by").order_by("-at", "-pk")


def threads(actor: Actor, submission: Submission) -> QuerySet[ReviewThread]:
    """What was asked, open ones first."""
    found = all_threads(actor).filter(submission=submission).select_related("opened_by", "closed_by")
    return found.order_by("-closed_at", "opened_at", "pk")


def all_threads(actor: Actor) -> QuerySet[ReviewThread]:
    """Of every submission the actor may know of, with what was said."""
    found = ReviewThread.objects.visible_to(actor).select_related("submission", "company")
    return found.prefetch_related("remarks__by")


def thread(actor: Actor, uuid: UUID) -> ReviewThread | None:
    """One thread."""
    found = ReviewThread.objects.visible_to(actor).select_related("submission__company")
    return found.filter(uuid=uuid).first()


def remarks(actor: Actor) -> QuerySet[ReviewRemark]:
    """Everything said in threads that the actor may see."""
    return ReviewRemark.objects.visible_to(actor)


def accepted_copy(actor: Actor, inventory: Inventory) -> FrozenCopy | None:
    """The copy that the alliance accepted of an inventory and that still holds."""
    found = FrozenCopy.objects.visible_to(actor).filter(
        submission__inventory=inventory, submission__state="accepted"
    )
    return found.order_by("-round").first()


def has_moved(actor: Actor, submission: Submission, copy: FrozenCopy | None) -> bool:
    """Whether an own inventory says something else by now than the copy that lies with others."""
    if copy is None or submission.company_id not in actor.company_ids or submission.state not in HELD:
        return False
    if prices(actor, submission.inventory) != prices_of(actor, copy):
        return True
    return content_hash(frozen(actor, submission.inventory)) != copy.content_hash


def weighs_otherwise(actor: Actor, inventory: Inventory, copy: FrozenCopy) -> bool:
    """Whether co-products of an own inventory weigh something else by now than they did in its copy.

    Prices, heating values and answers move figures by a method profile and are in the digest of a column only
    where the method in force rests on them.
    """
    if prices(actor, inventory) != prices_of(actor, copy):
        return True
    return weights(frozen(actor, inventory)) != weights(copy.content)


def editors(actor: Actor, inventory: Inventory, since: datetime | None) -> set[int]:
    """The actor's own key, when the audit log has them among those who changed the inventory since then."""
    changes = AuditEntry.objects.visible_to(actor).filter(
        company=inventory.company_id,
        about__contains=[inventory.uuid],
        subject__in=ENTERED,
        actor=actor.signature,
        action__in=("added", "changed", "removed"),
    )
    if since is not None:
        changes = changes.filter(at__gt=since)
    return {actor.user_id} if actor.user_id is not None and changes.exists() else set()


def lines_of(copy: FrozenCopy) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Process and line of a copy, by the line's public identifier."""
    return {
        line["uuid"]: (process, line) for process in copy.content["processes"] for line in process["lines"]
    }


def waiting(actor: Actor) -> list[tuple[Submission, Move]]:
    """Submissions whose next move is this person's: to be checked, taken, decided or handed in again."""
    hand_in = actor.companies_with(Permission.HAND_IN_SUBMISSION)
    check = actor.companies_with(Permission.CHECK_SUBMISSION)
    mine = Q(state__in=("draft", "returned"), company_id__in=hand_in)
    mine |= Q(state="internal_review", company_id__in=check) & ~Q(handed_in_by_id=actor.user_id)
    if actor.reviews:
        mine |= Q(state="submitted") | Q(state="under_review", taken_by_id=actor.user_id)
    found = submissions(actor).filter(mine).order_by("due_on", "pk")
    return [(each, move) for each in found if (move := SUBMISSION.move(NEXT[each.state])) is not None]


def unanswered(actor: Actor) -> list[tuple[ReviewThread, str]]:
    """Open threads in which a reviewer spoke last, and what, for those who hand in; the oldest first."""
    last = ReviewRemark.objects.filter(thread=OuterRef("pk")).order_by("-at", "-pk")
    found = ReviewThread.objects.visible_to(actor).filter(
        company_id__in=actor.companies_with(Permission.HAND_IN_SUBMISSION), closed_at__isnull=True
    )
    asked = found.annotate(last_by=Subquery(last.values("by")[:1]), said=Subquery(last.values("text")[:1]))
    waiting = asked.filter(last_by=F("opened_by")).select_related("submission")
    return [(each, str(vars(each)["said"])) for each in waiting.order_by("opened_at", "pk")]
