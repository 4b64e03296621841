"""Whom to tell of what happens to submissions, threads and grants, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.calling import callable_names, called
from accounts.figures import long_date, year_range
from accounts.forms import languages
from accounts.forms import named as named_thing
from accounts.holders import holders
from accounts.models import Kind, Notification
from accounts.notices import Told, in_words, next_people, notify, was_made
from accounts.review import Move
from accounts.roles import Permission
from footprint.inventory import submission_words
from footprint.inventory.models import Product, ProductGrant, ReviewRemark, ReviewThread, Submission
from footprint.inventory.procedure import SUBMISSION
from footprint.inventory.submissions import NEXT, submissions

SPEAKING = (Permission.HAND_IN_SUBMISSION, Permission.CHECK_SUBMISSION)
LONGEST = 160
LATE, NEAR = "late", "near"


# -- whom to tell ---------------------------------------------------------------------------------------
def tell_moved(submission: Submission, move: Move, *, by: Actor | None, at: datetime) -> None:
    """Those whose move it is now, and those of the company who wait for the alliance's word."""
    about: dict[str, Any] = {
        "event": move.name, "subject": "submission", "subject_uuid": submission.uuid,
        "company_id": submission.company_id, "at": at, "by": by,
    }  # fmt: skip
    acting = _acting(submission)
    notify(acting, kind=Kind.MOVE_WAITS, **about)
    if move.at_alliance:
        company = holders(*SPEAKING, company_id=submission.company_id)
        notify(company - acting, kind=Kind.MOVED, **about)


def _acting(submission: Submission) -> set[int]:
    """Who can make the next move; a submission in somebody's hands is theirs."""
    following = NEXT.get(submission.state)
    if following is None or (submission.state == "draft" and not submission.round):
        return set()
    if submission.state == Submission.State.UNDER_REVIEW:
        return {submission.taken_by_id} if submission.taken_by_id else set()
    deeds = {"hand_in": [submission.handed_in_by_id], "submit": [submission.checked_by_id]}
    return next_people(SUBMISSION, following, submission.company_id, deeds=deeds)


def tell_said(remark: ReviewRemark, *, by: Actor, is_first: bool) -> None:
    """The other side of a thread, and whoever was called by name among those who may read it."""
    thread = remark.thread
    about: dict[str, Any] = {
        "event": "asked" if is_first else "said", "subject": "thread", "subject_uuid": thread.uuid,
        "company_id": thread.company_id, "at": remark.at, "by": by,
    }  # fmt: skip
    named = called(remark.text, readers(thread))
    notify(named, kind=Kind.MENTION, **about)
    notify(_other_side(thread, by) - named, kind=Kind.QUESTION, **about)


def readers(thread: ReviewThread) -> set[int]:
    """Who may see a thread: the company's own people, and those who review."""
    own = holders(Permission.READ_BUSINESS, company_id=thread.company_id)
    return own | holders(Permission.REVIEW_SUBMISSION)


def callable_in(submission: Submission) -> list[str]:
    """The names by which those who may see the threads of a submission can be called."""
    own = holders(Permission.READ_BUSINESS, company_id=submission.company_id)
    return callable_names(own | holders(Permission.REVIEW_SUBMISSION))


def _other_side(thread: ReviewThread, by: Actor) -> set[int]:
    if by.reviews:
        return holders(*SPEAKING, company_id=thread.company_id)
    submission = thread.submission
    return {person for person in (thread.opened_by_id, submission.taken_by_id) if person is not None}


def tell_granted(grant: ProductGrant, *, by: Actor, at: datetime) -> None:
    """The partner's people who decide on links."""
    notify(
        holders(Permission.SHARE_PRODUCT, Permission.EDIT_PRODUCT, company_id=grant.recipient_id),
        kind=Kind.SHARED,
        event="grant",
        subject="product",
        subject_uuid=grant.product.uuid,
        company_id=grant.company_id,
        at=at,
        by=by,
    )


def tell_deadline(submission: Submission, *, today: date, at: datetime) -> int:
    """Those whose decision is expected by a day that is near or over; once for each, once more when late."""
    assert submission.due_on is not None
    event = LATE if submission.due_on < today else NEAR
    return notify(
        _acting(submission),
        kind=Kind.DEADLINE,
        event=event,
        subject="submission",
        subject_uuid=submission.uuid,
        company_id=submission.company_id,
        at=at,
        once=f"{event} {submission.uuid} {submission.due_on}",
    )


# -- in words -------------------------------------------------------------------------------------------
def told_of_submissions(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What became of it, and whose it is."""
    return in_words(
        rows,
        submissions(actor),
        lambda row, each: Told(
            _title(each),
            f"{_happened(row, each)} · {named_thing(each.company)}",
            reverse("inventory:submission", args=[each.uuid]),
            is_over=was_made(row, SUBMISSION, each.state)
            or (row.kind == Kind.DEADLINE and each.state not in ("submitted", "under_review")),
        ),
    )


def _happened(row: Notification, submission: Submission) -> str:
    if row.kind != Kind.DEADLINE:
        return str(submission_words.DONE[row.event])
    if submission.due_on is None:
        return _("No decision is expected any more.")
    day = {"day": long_date(submission.due_on, languages())}
    return (
        _("A decision was due on %(day)s.") if row.event == LATE else _("To be decided by %(day)s.")
    ) % day


def _title(submission: Submission) -> str:
    period = year_range(submission.period_start, submission.period_end, languages())
    return f"{named_thing(submission)} {period}"


def told_of_threads(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What was said then."""
    return in_words(
        rows,
        ReviewThread.objects.visible_to(actor).select_related("submission").prefetch_related("remarks"),
        lambda row, thread: Told(
            _title(thread.submission),
            Truncator(_said(thread, row.created_at)).chars(LONGEST),
            f"{reverse('inventory:review_room', args=[thread.submission.uuid])}#thread-{thread.uuid}",
        ),
    )


def _said(thread: ReviewThread, at: datetime) -> str:
    earlier = [each for each in thread.remarks.all() if each.at <= at]
    return max(earlier, key=lambda each: (each.at, each.pk)).text if earlier else ""


def told_of_products(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """A partner's product that is still open."""
    return in_words(
        rows,
        Product.objects.visible_to(actor).select_related("company"),
        lambda row, product: Told(
            named_thing(product),
            _("%(company)s lets your company link to this product.")
            % {"company": named_thing(product.company)},
            reverse("inventory:product", args=[product.uuid]),
        ),
    )
