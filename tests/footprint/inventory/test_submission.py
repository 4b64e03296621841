"""Submissions: four eyes, the gate, copies that stay, who sees what, the last wall in the database."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.actor import Actor
from accounts.canonical import content_hash
from accounts.errors import NotAllowed, Refusal, Refusals, Stale
from accounts.models import Company
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.calculation.ledger import drain
from footprint.inventory import gate, submissions
from footprint.inventory.actions import (
    answer_thread,
    change_exchange,
    close_thread,
    open_submission,
    open_thread,
)
from footprint.inventory.differences import differences
from footprint.inventory.freezing import frozen
from footprint.inventory.models import (
    Exchange,
    FrozenCopy,
    FrozenPrice,
    OutputPrice,
    ReviewRemark,
    ReviewThread,
    Submission,
    SubmissionStep,
)
from footprint.inventory.procedure import SUBMISSION
from tests import builders as new
from tests.chains import settle
from tests.reviewing import Plant, carried, moved

pytestmark = pytest.mark.django_db
ROWS = (Submission, FrozenCopy, SubmissionStep, ReviewThread, ReviewRemark)


def refused(here: Plant, submission: Submission, move: str, **more: Any) -> str:
    """The code a move is refused with; nothing of it stays."""
    state = submission.state
    with pytest.raises((Refusal, Refusals)) as caught:
        moved(here, submission, move, **more)
    submission.refresh_from_db()
    assert submission.state == state
    error = caught.value
    return error.code if isinstance(error, Refusal) else ",".join(one.code for one in error.refusals)


def test_the_ordinary_way(here: Plant) -> None:
    submission = carried(here)
    assert submission.round == submission.sent_round == 1
    assert submission.due_on is not None
    steps = list(SubmissionStep.objects.filter(submission=submission).order_by("pk"))
    assert [step.move for step in steps] == ["hand_in", "submit", "take", "accept"]
    assert [step.by for step in steps] == [
        here.people["owner"], here.people["approver"], here.people["steward"], here.people["steward"]
    ]  # fmt: skip
    copy = submissions.accepted_copy(here.owner, here.inventory)
    assert copy is not None
    assert copy.content_hash == content_hash(copy.content)
    assert copy.figures[0]["digest"] == here.footprint.input_digest


def test_who_handed_in_does_not_check(here: Plant) -> None:
    both = new.person(here.company, Role.OWNER, Role.APPROVER)
    here.people |= {"owner": both, "approver": both}
    assert refused(here, carried(here, "internal_review"), "submit") == "same_person"


def test_who_entered_does_not_check(here: Plant) -> None:
    """The audit log knows who changed a line, whatever roles they hold now."""
    both = actor_of_user(new.person(here.company, Role.OWNER, Role.APPROVER))
    with acting_as(both):
        change_exchange(here.line, by=both, version=here.line.version, comment="read off again")
    settle()
    drain()
    submission = carried(here, "internal_review")
    assert refused(here, submission, "submit", by=both) == "same_person"
    moved(here, submission, "submit")


def test_a_steward_of_the_company_does_not_review_it(here: Plant) -> None:
    submission = carried(here, "submitted")
    here.people["steward"] = new.person(here.company, Role.STEWARD)
    assert refused(here, submission, "take") == "own_company"


@pytest.mark.parametrize("move", ["hand_in", "submit", "take", "withdraw"])
def test_other_roles_move_nothing(here: Plant, move: str) -> None:
    submission = Submission.objects.get(pk=carried(here, "draft").pk)
    for role in (Role.PLANT_PROVIDER, Role.SHARING_MANAGER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            moved(here, submission, move, by=new.actor(here.company, role), reason="x")


def test_moves_that_need_a_reason_ask_for_one(here: Plant) -> None:
    submission = carried(here, "under_review")
    for move in ("return", "reject", "withdraw"):
        assert refused(here, submission, move) == "no_reason"
    moved(here, submission, "return", reason="line 3 is a guess")
    assert submissions.steps(here.owner, submission)[0].reason == "line 3 is a guess"


def test_one_open_submission_of_an_inventory(here: Plant) -> None:
    carried(here, "internal_review")
    with pytest.raises(Refusal) as caught:
        open_submission(here.inventory, by=here.owner)
    assert caught.value.code == "open_already"


def test_rounds_are_numbered_and_each_has_its_copy(here: Plant) -> None:
    submission = carried(here, "under_review")
    moved(here, submission, "return", reason="too little")
    with acting_as(here.owner):
        change_exchange(here.line, by=here.owner, version=here.line.version, amount="4")
    drain()
    moved(here, submission, "hand_in")
    first, second = FrozenCopy.objects.filter(submission=submission).order_by("round")
    assert (first.round, second.round, submission.sent_round) == (1, 2, 1)
    found = differences(first.content, second.content)
    assert [(one.kind, one.field, one.before, one.after) for one in found] == [
        ("changed", "amount", "3", "4")
    ]
    assert found[0].ratio == pytest.approx(1 / 3)


class TestTheGate:
    def test_an_empty_inventory(self, here: Plant) -> None:
        here.inventory = new.inventory(here.inventory.site, 2024)
        assert refused(here, carried(here, "draft"), "hand_in") == "no_process"

    def test_a_process_that_makes_nothing(self, here: Plant) -> None:
        process = new.process(here.inventory)
        new.emits(process, "1")
        drain()
        assert "makes_nothing" in refused(here, carried(here, "draft"), "hand_in")

    def test_a_figure_that_waits(self, here: Plant) -> None:
        Exchange.objects.filter(pk=here.line.pk).update(amount=9)
        assert refused(here, carried(here, "draft"), "hand_in") == "not_current"

    def test_a_unit_that_does_not_fit_names_line_and_field(self, here: Plant) -> None:
        bought = new.product(here.company, unit="kg")
        process = here.line.process
        line = new.takes(process, bought, "1", "kWh", factor_version=new.factor_version("0.5", unit="kg"))
        drain()
        submission = carried(here, "draft")
        with pytest.raises(Refusals) as caught:
            moved(here, submission, "hand_in")
        (refusal,) = caught.value.refusals
        assert (refusal.row, refusal.field, refusal.code) == (str(line.uuid), "unit", "failed_figure")

    def test_a_balance_that_does_not_close_names_the_process(self, here: Plant) -> None:
        feed = new.product(here.company, unit="kg", carbon_fraction="0")
        new.takes(here.line.process, feed, "5", factor_version=new.factor_version("0.5", unit="kg"))
        drain()
        found = [f for f in gate.findings(here.owner, here.inventory) if f.check == "closure"]
        assert {f.code for f in found} == {"open_balance"}
        assert here.line.process in {f.process for f in found}
        assert "open_balance" in refused(here, carried(here, "draft"), "hand_in")

    def test_a_cut_off_warns_and_passes(self, here: Plant) -> None:
        bought = new.product(here.company, unit="kWh")
        line = new.takes(here.line.process, bought, "1")
        drain()
        submission = carried(here, "internal_review")
        copy = submissions.latest_copy(here.owner, submission)
        assert copy is not None
        (finding,) = copy.findings
        assert (finding["code"], finding["severity"], finding["line"], finding["field"]) == (
            "no_provider", gate.WARNS, str(line.uuid), "provider"
        )  # fmt: skip

    def test_what_changed_after_it_was_handed_in(self, here: Plant) -> None:
        submission = carried(here, "internal_review")
        with acting_as(here.owner):
            change_exchange(here.line, by=here.owner, version=here.line.version, amount="4")
        drain()
        assert refused(here, submission, "submit") == "outdated_copy"

    def test_a_price_that_changed_after_it_was_handed_in(self, here: Plant) -> None:
        made = Exchange.objects.get(product=here.product, direction="output")
        price = OutputPrice.objects.create(company=here.company, exchange=made, year=2025, price=5)
        drain()
        submission = carried(here, "internal_review")
        OutputPrice.objects.filter(pk=price.pk).update(price=6)
        drain()
        assert refused(here, submission, "submit") == "outdated_copy"
        OutputPrice.objects.filter(pk=price.pk).update(price="5.00")
        drain()
        moved(here, submission, "submit")

    def test_copies_that_are_older_than_frozen_prices_get_those_of_the_day(self, here: Plant) -> None:
        made = Exchange.objects.get(product=here.product, direction="output")
        OutputPrice.objects.create(company=here.company, exchange=made, year=2025, price=5)
        drain()
        submission = carried(here)
        Company.objects.filter(pk=here.company.pk).update(is_demonstration=True)
        FrozenPrice.objects.filter(submission=submission).delete()
        locks = import_module("footprint.inventory.migrations.0017_frozen_price_locks")
        with connection.cursor() as cursor:
            cursor.execute(locks.TODAY)
        kept = FrozenPrice.objects.get(submission=submission)
        assert (kept.round, kept.line, kept.price) == (1, made.uuid, 5)
        copy = submissions.accepted_copy(here.owner, here.inventory)
        assert not submissions.has_moved(here.owner, submission, copy)


class TestThreads:
    def test_an_open_one_stands_before_acceptance(self, here: Plant) -> None:
        submission = carried(here, "under_review")
        with acting_as(here.steward):
            asked = open_thread(
                submission, by=here.steward, at=timezone.now(), text="Why 3?", line=here.line.uuid
            )
        assert refused(here, submission, "accept") == "open_threads"
        with acting_as(here.owner):
            answer_thread(asked, by=here.owner, at=timezone.now(), text="Read off the meter.")
        with pytest.raises(NotAllowed), acting_as(here.owner):
            close_thread(asked, by=here.owner, at=timezone.now())
        with acting_as(here.steward):
            close_thread(asked, by=here.steward, at=timezone.now())
        with pytest.raises(Stale), acting_as(here.steward):
            close_thread(asked, by=here.steward, at=timezone.now())
        moved(here, submission, "accept")

    def test_only_about_lines_that_are_in_the_copy(self, here: Plant) -> None:
        submission = carried(here, "under_review")
        with pytest.raises(Refusal, match="no such line"), override("en"):
            open_thread(submission, by=here.steward, at=timezone.now(), text="?", line=here.inventory.uuid)

    def test_only_while_it_is_under_review(self, here: Plant) -> None:
        submission = carried(here, "submitted")
        with pytest.raises(Refusal, match="into review"), override("en"):
            open_thread(submission, by=here.steward, at=timezone.now(), text="?")


class TestWhoSees:
    def seen(self, by: Actor, here: Plant) -> list[set[str]]:
        """What each of the two locks lets through, by table, the other one taken away."""
        own = {
            m._meta.db_table for m in ROWS if m._default_manager.visible_to(by).filter(company=here.company)
        }
        with acting_as(by):
            kept = {
                m._meta.db_table for m in ROWS if m._default_manager.filter(company=here.company).exists()
            }
        return [own, kept]

    def test_nothing_before_it_is_submitted(self, here: Plant) -> None:
        carried(here, "internal_review")
        assert self.seen(here.steward, here) == [set(), set()]

    def test_what_was_submitted_and_nothing_internal(self, here: Plant) -> None:
        submission = carried(here, "under_review")
        moved(here, submission, "return", reason="again")
        moved(here, submission, "hand_in")
        everything = {"inventory_submission", "inventory_frozencopy", "inventory_submissionstep"}
        assert self.seen(here.steward, here) == [everything, everything]
        for rows in (FrozenCopy.objects.visible_to(here.steward), FrozenCopy.objects.all()):
            with acting_as(here.steward):
                assert [copy.round for copy in rows.filter(submission=submission)] == [1]
        with acting_as(here.steward):
            assert {step.move for step in submission.steps.all()} == {"submit", "take", "return"}
            assert submissions.latest_copy(here.steward, submission).round == 1  # type: ignore[union-attr]

    def test_nothing_once_it_is_withdrawn(self, here: Plant) -> None:
        submission = carried(here)
        moved(here, submission, "withdraw", reason="a mistake")
        assert self.seen(here.steward, here) == [set(), set()]

    @pytest.mark.parametrize("role", [Role.CURATOR, Role.COMPLIANCE, Role.AUDITOR, Role.PLATFORM_ADMIN])
    def test_nobody_else_of_the_office(self, here: Plant, role: Role) -> None:
        carried(here)
        assert self.seen(new.actor(new.company(), role), here) == [set(), set()]

    def test_a_reviewer_sees_no_inventory_and_changes_no_other_row(self, here: Plant) -> None:
        submission = carried(here, "submitted")
        with acting_as(here.steward):
            assert not Exchange.objects.filter(company=here.company).exists()
            assert FrozenCopy.objects.update(round=1) == 0
            assert Submission.objects.filter(pk=submission.pk).update(due_on=date(2030, 1, 1)) == 1
        with pytest.raises(DatabaseError, match="keeps what it was made with"), acting_as(here.steward):
            Submission.objects.update(created_at=timezone.now())
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(here.steward):
            Submission.objects.filter(pk=submission.pk).update(state="withdrawn")

    def test_prices_are_in_no_copy(self, here: Plant) -> None:
        made = Exchange.objects.get(product=here.product, direction="output")
        OutputPrice.objects.create(company=here.company, exchange=made, year=2025, price="31337.25")
        assert "31337.25" not in str(frozen(here.owner, here.inventory))


class TestTheDatabase:
    @pytest.mark.parametrize("state", SUBMISSION.states)
    def test_moves_only_along_the_procedure(self, here: Plant, state: str) -> None:
        submission = carried(here, "draft")
        allowed = SUBMISSION.edges["draft"]
        rows = Submission.objects.filter(pk=submission.pk)
        if state in ("draft", *allowed):
            assert rows.update(state=state)
            return
        with pytest.raises(DatabaseError, match=r"does not go from|by somebody"), transaction.atomic():
            rows.update(state=state)

    def test_four_eyes(self, here: Plant) -> None:
        submission = carried(here, "internal_review")
        with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(checked_by=here.people["owner"])
        with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(decided_by=here.people["owner"])

    def test_no_acceptance_past_an_open_thread(self, here: Plant) -> None:
        submission = carried(here, "under_review")
        open_thread(submission, by=here.steward, at=timezone.now(), text="?")
        with pytest.raises(DatabaseError, match="open threads"), transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(
                state="accepted", decided_by=here.people["steward"]
            )

    def test_no_acceptance_by_nobody(self, here: Plant) -> None:
        submission = carried(here, "under_review")
        with pytest.raises(DatabaseError, match="by somebody"), transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(state="accepted")

    @pytest.mark.parametrize("model", [FrozenCopy, SubmissionStep])
    def test_history_is_never_changed_or_removed(self, here: Plant, model: Any) -> None:
        carried(here, "internal_review")
        with pytest.raises(DatabaseError, match="is a history"), transaction.atomic():
            model.objects.update(at=timezone.now())
        for who in (here.owner, Actor.worker()):
            with pytest.raises(DatabaseError, match=r"is kept|permission denied"), acting_as(who):
                model.objects.all().delete()
        model.objects.update(by=None)

    def test_an_end_is_an_end(self, here: Plant) -> None:
        submission = carried(here, "under_review")
        moved(here, submission, "reject", reason="no")
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            Submission.objects.filter(pk=submission.pk).update(due_on=date(2030, 1, 1))


def test_a_later_acceptance_supersedes(here: Plant) -> None:
    first = carried(here)
    second = carried(here)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "accepted")
    assert submissions.steps(here.owner, first)[0].move == "supersede"


def test_on_stale_data(here: Plant) -> None:
    submission = carried(here, "internal_review")
    read = submission.version
    moved(here, submission, "take_back")
    moved(here, submission, "hand_in")
    with pytest.raises(Stale):
        moved(here, submission, "submit", version=read)
    mine = Submission.objects.get(pk=submission.pk)
    moved(here, submission, "submit")
    with pytest.raises(Stale):  # as it was read before
        moved(here, mine, "submit")


def test_tasks_are_those_of_the_next_person(here: Plant) -> None:
    def waiting() -> dict[str, list[str]]:
        who = {"owner": here.owner, "approver": here.approver, "steward": here.steward}
        return {name: [move.name for _s, move in submissions.waiting(actor)] for name, actor in who.items()}

    submission = carried(here, "draft")
    assert waiting() == {"owner": ["hand_in"], "approver": [], "steward": []}
    moved(here, submission, "hand_in")
    assert waiting() == {"owner": [], "approver": ["submit"], "steward": []}
    moved(here, submission, "submit")
    assert waiting() == {"owner": [], "approver": [], "steward": ["take"]}
    moved(here, submission, "take")
    assert waiting() == {"owner": [], "approver": [], "steward": ["accept"]}
    moved(here, submission, "accept")
    assert waiting() == {"owner": [], "approver": [], "steward": []}
