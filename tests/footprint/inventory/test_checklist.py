"""The checklist of a review: what is asked, who answers, and that it stands before an acceptance."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory.actions import Answered, answer_checklist
from footprint.inventory.checklist import checklist, unanswered
from footprint.inventory.models import ChecklistAnswer, Submission
from footprint.rules.actions.drafts import built_in, load_product_rules
from footprint.rules.actions.publishing import load_profiles
from footprint.rules.actions.seeding import load_categories
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.browsing import ask, browser, send
from tests.reviewing import Plant, carried, moved, plant, settled

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Plant:
    load_categories()
    load_profiles()
    load_product_rules({"ethylene": built_in()["ethylene"]})
    made = plant()
    made.product.category = ProductCategory.objects.get(code="ethylene")
    made.product.save()
    settled()
    return made


def answered(here: Plant, submission: Submission, *given: Answered, by: Actor | None = None) -> None:
    actor = by or here.steward
    with acting_as(actor):
        answer_checklist(submission, given, by=actor, at=timezone.now())


def every_point(here: Plant, submission: Submission) -> list[Answered]:
    with acting_as(here.steward):
        (section,) = checklist(here.steward, submission)
    return [Answered("ethylene", point.key, "met") for point in section.points]


def test_it_stands_before_an_acceptance(here: Plant) -> None:
    submission = carried(here, "under_review")
    points = every_point(here, submission)
    assert {"unit", "boundary", "allocation", "quality"} <= {each.point for each in points}
    with pytest.raises(Refusal) as refused:
        moved(here, submission, "accept")
    assert refused.value.code == "open_points"
    answered(here, submission, *points[:-1])
    with acting_as(here.steward):
        assert unanswered(here.steward, submission) == 1
    with pytest.raises(Refusal):
        moved(here, submission, "accept")
    answered(here, submission, Answered("ethylene", points[-1].point, "not_met", "Measured again next year."))
    moved(here, submission, "accept")
    with acting_as(here.owner):
        (section,) = checklist(here.owner, submission)
        assert [point.answer.answer for point in section.points if point.answer][-1] == "not_met"


def test_a_further_round_is_answered_anew(here: Plant) -> None:
    submission = carried(here, "under_review")
    answered(here, submission, *every_point(here, submission))
    moved(here, submission, "return", reason="A meter is missing.")
    for move in ("hand_in", "submit", "take"):
        moved(here, submission, move)
    with acting_as(here.steward):
        assert unanswered(here.steward, submission) == len(every_point(here, submission))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Answered("ethylene", "unit", "not_met"), "required"),
        (Answered("ethylene", "unit", "perhaps"), "unknown_choice"),
        (Answered("ethylene", "weather", "met"), "not_found"),
        (Answered("urea", "unit", "met"), "not_found"),
    ],
)
def test_what_is_refused(here: Plant, given: Answered, code: str) -> None:
    submission = carried(here, "under_review")
    with pytest.raises((Refusal, Refusals)) as refused:
        answered(here, submission, given)
    assert code in [each.code for each in getattr(refused.value, "refusals", [refused.value])]


def test_who_answers_and_when(here: Plant) -> None:
    submission = carried(here, "submitted")
    one = Answered("ethylene", "unit", "met")
    with pytest.raises(Refusal) as refused:
        answered(here, submission, one)
    assert refused.value.code == "not_under_review"
    moved(here, submission, "take")
    for by in (here.owner, here.approver):
        with pytest.raises(NotAllowed):
            answered(here, submission, one, by=by)
    answered(here, submission, one)
    moved(here, submission, "return", reason="x")
    with acting_as(here.steward), pytest.raises(DatabaseError), transaction.atomic():
        ChecklistAnswer.objects.create(
            company=here.company, submission=submission, round=1, category="ethylene", point="gas", rule=1,
            answer="met", at=timezone.now(),
        )  # fmt: skip


def test_by_the_pages_and_rest(here: Plant) -> None:
    submission = carried(here, "under_review")
    steward, owner = browser(here.people["steward"]), browser(here.people["owner"])
    page = f"/submissions/{submission.uuid}/"
    assert "Checklist (" in ask(steward, page)
    Submission.objects.filter(pk=submission.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert "Overdue" in ask(steward, page) and "Overdue" in ask(steward, "/submissions/")
    assert "Save the answers" in ask(steward, f"{page}checklist/")
    assert "Save the answers" not in ask(owner, f"{page}checklist/")
    send(owner, f"{page}checklist/", 403, all="*")
    send(steward, f"{page}checklist/", 422, **{"ethylene.unit": "not_met"})
    send(steward, f"{page}checklist/", **{"ethylene.unit": "not_met", "note.ethylene.unit": "As agreed."})
    rest = f"/api/v1/submissions/{submission.uuid}/checklist/"
    told = {each["point"]: each["answer"] for each in steward.get(rest).json()}
    assert told["unit"] == "not_met" and told["boundary"] is None
    body = {"answers": [{"category": "ethylene", "point": "boundary", "answer": "met"}]}
    assert steward.post(rest, body, content_type="application/json").status_code == 200
    assert owner.post(rest, body, content_type="application/json").status_code == 403
    send(steward, f"{page}checklist/", all="*")
    assert "As agreed." in ask(owner, f"{page}checklist/")
    assert not [each for each in steward.get(rest).json() if each["answer"] is None]
    stranger = browser(new.person(new.company("outsider"), Role.OWNER))
    for path in (f"{page}checklist/", rest):
        assert stranger.get(path).status_code == 404


def test_the_checklist_is_a_file_also_while_it_is_being_answered(here: Plant) -> None:
    """On the page of a reviewer answers stand in boxes, which no table of a page tells."""
    submission = carried(here, "under_review")
    answered(here, submission, Answered("ethylene", "unit", "met", "per kilogram"))
    client, page = browser(here.people["steward"]), f"/submissions/{submission.uuid}/checklist"
    assert f"{page}.csv" in ask(client, f"{page}/")
    rows = list(csv.DictReader(io.StringIO(ask(client, f"{page}.csv").lstrip("\ufeff"))))
    told = [(row["Answer"], row["Comment"]) for row in rows if row["Answer"]]
    assert told == [("Met", "per kilogram")] and len(rows) > 1
