"""Ask about a line of a submission, answer, and close the matter."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Stale
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory import submissions
from footprint.inventory.models import ReviewRemark, ReviewThread, Submission
from footprint.inventory.notices import tell_said

LONGEST = 4000


@transaction.atomic
def open_thread(
    submission: Submission, *, by: Actor, at: datetime, text: str, line: UUID | str | None = None
) -> ReviewThread:
    """A reviewer asks about one line of the copy, or about all of it.

    Raises:
        NotAllowed; Refusal: nothing is under review, the copy has no such line, or nothing was asked.
    """
    require(by, Permission.REVIEW_SUBMISSION)
    if submission.state != Submission.State.UNDER_REVIEW:
        raise Refusal(_("Take the submission into review first."), code="not_under_review")
    copy = submissions.latest_copy(by, submission)
    asked = str(line) if line else ""
    if asked and (copy is None or asked not in submissions.lines_of(copy)):
        raise Refusal(_("The copy has no such line."), field="line", code="not_found")
    thread = ReviewThread(
        company_id=submission.company_id,
        submission=submission,
        round=submission.round,
        line=UUID(asked) if asked else None,
        opened_by_id=by.user_id,
        opened_at=at,
    )
    thread.save(force_insert=True)
    _say(thread, by, at, text, is_first=True)
    return thread


@transaction.atomic
def answer_thread(thread: ReviewThread, *, by: Actor, at: datetime, text: str) -> ReviewRemark:
    """The company answers, or a reviewer asks further.

    Raises:
        NotAllowed; Refusal: the thread is closed, or nothing was said.
    """
    if not by.reviews:
        _require_answering(by, thread.company_id)
    if not thread.is_open:
        raise Refusal(_("This thread is closed. A reviewer can open another one."), code="thread_closed")
    return _say(thread, by, at, text)


@transaction.atomic
def close_thread(thread: ReviewThread, *, by: Actor, at: datetime) -> ReviewThread:
    """A reviewer is content.

    Raises:
        NotAllowed; Stale: somebody closed it before.
    """
    require(by, Permission.REVIEW_SUBMISSION)
    open_ones = ReviewThread.objects.filter(pk=thread.pk, closed_at__isnull=True)
    if not open_ones.update(closed_at=at, closed_by_id=by.user_id):
        raise Stale(_("Somebody else closed this thread."))
    thread.refresh_from_db()
    return thread


def _require_answering(by: Actor, company_id: int) -> None:
    """Those who hand in and those who check speak for the company."""
    speaking = {
        holding.company_id
        for permission in (Permission.HAND_IN_SUBMISSION, Permission.CHECK_SUBMISSION)
        for holding in by.holdings_with(permission)
    }
    if company_id not in speaking:
        raise NotAllowed(_("Your role does not include this. Ask your company's data owner."))


def _say(thread: ReviewThread, by: Actor, at: datetime, text: str, *, is_first: bool = False) -> ReviewRemark:
    said = checks.text(text, field="text", longest=LONGEST, required=True)
    remark = ReviewRemark(company_id=thread.company_id, thread=thread, text=said, by_id=by.user_id, at=at)
    remark.save(force_insert=True)
    tell_said(remark, by=by, is_first=is_first)
    return remark
