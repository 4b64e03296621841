"""Answer the points that stand before an acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory.checklist import checklist
from footprint.inventory.models import ChecklistAnswer, Submission

LONGEST = 500
ADDRESS = ("submission", "round", "category", "point")
GIVEN = ("company", "rule", "answer", "note", "by", "at")
Answer = ChecklistAnswer.Answer


@dataclass(frozen=True)
class Answered:
    """How a point of a category is answered."""

    category: str
    point: str
    answer: str
    note: str = ""


@transaction.atomic
def answer_checklist(
    submission: Submission, answers: Sequence[Answered], *, by: Actor, at: datetime
) -> list[ChecklistAnswer]:
    """Keep the answers of this round; one that was given before is replaced.

    Raises:
        NotAllowed: no reviewer, or of the company itself.
        Refusal, Refusals: not under review; no such point; what is not met says why it can stand.
    """
    require(by, Permission.REVIEW_SUBMISSION)
    if submission.company_id in by.company_ids:
        raise NotAllowed(_("It belongs to your own company. Somebody else of the alliance has to do this."))
    if submission.state != Submission.State.UNDER_REVIEW:
        raise Refusal(_("Points are answered while it is under review."), code="not_under_review")
    known = {
        (section.category.code, point.key): section.number
        for section in checklist(by, submission)
        for point in section.points
    }
    findings = checks.Findings()
    kept: dict[tuple[str, str], ChecklistAnswer] = {}
    for row, given in enumerate(answers, start=1):
        with findings.collecting():
            kept[given.category, given.point] = _answer(submission, given, row, known, by, at)
    findings.settle()
    return ChecklistAnswer.objects.bulk_create(
        kept.values(), update_conflicts=True, unique_fields=ADDRESS, update_fields=GIVEN
    )


def _answer(
    submission: Submission,
    given: Answered,
    row: int,
    known: dict[tuple[str, str], int],
    by: Actor,
    at: datetime,
) -> ChecklistAnswer:
    rule = known.get((given.category, given.point))
    if rule is None:
        raise Refusal(_("There is no such point."), field="point", row=row, code="not_found")
    answer = checks.choice(given.answer, Answer.values, field="answer")
    note = checks.text(given.note, field="note", longest=LONGEST)
    if answer == Answer.NOT_MET and not note:
        message = _("Say why it can stand although it is not met, or return the submission.")
        raise Refusal(message, field="note", row=row, code="required")
    return ChecklistAnswer(
        submission=submission,
        round=submission.sent_round,
        category=given.category,
        point=given.point,
        company_id=submission.company_id,
        rule=rule,
        answer=answer,
        note=note,
        by_id=by.user_id,
        at=at,
    )
