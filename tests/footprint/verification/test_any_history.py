"""Any history of moves by any of the people: the state is always the one a small model has."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import sampled_from

from accounts.errors import NotAllowed, Refusal
from accounts.queries import actor_of_user
from accounts.roles import Role
from footprint.verification import queries
from footprint.verification.models import Engagement, EngagementStep, VerificationStatement
from tests import builders as new
from tests.verifying import Scene

pytestmark = pytest.mark.django_db

WAYS = {
    ("requested", "accept"): "accepted",
    ("requested", "decline"): "declined",
    ("accepted", "sample"): "reviewing",
    ("reviewing", "report"): "reported",
    ("reported", "resume"): "reviewing",
    ("reported", "state"): "stated",
    ("stated", "revoke"): "revoked",
    **{(state, "cancel"): "cancelled" for state in ("requested", "accepted", "reviewing", "reported")},
}
"""What may follow what, written down anew: the model knows nothing of the procedure."""


MOVES = ("accept", "decline", "sample", "report", "resume", "state", "revoke", "cancel")
PEOPLE = ("verifier", "owner", "colleague")


class History(RuleBasedStateMachine):
    """One engagement, three people, every move."""

    scene: ClassVar[Scene]

    @initialize()
    def begin(self) -> None:
        self.inside = transaction.atomic()
        self.inside.__enter__()
        self.engagement = self.scene.engaged()
        self.state, self.looked, self.tested, self.settled, self.moves = "requested", False, False, True, 0

    def teardown(self) -> None:
        if hasattr(self, "inside"):
            transaction.set_rollback(True)
            self.inside.__exit__(None, None, None)

    def tried(self, act: Any) -> bool:
        try:
            with transaction.atomic():
                act()
        except (NotAllowed, Refusal):
            return False
        return True

    @rule(move=sampled_from(MOVES), who=sampled_from(PEOPLE), reason=sampled_from(["", "because"]))
    def attempt(self, move: str, who: str, reason: str) -> None:
        engagement = Engagement.objects.get(pk=self.engagement.pk)
        right = "owner" if move == "cancel" else "verifier"
        expected = WAYS.get((self.state, move)) if who == right else None
        if move in ("decline", "resume", "revoke", "cancel") and not reason:
            expected = None
        if move == "report" and not self.looked:
            expected = None
        if move == "state" and not (self.tested and self.settled):
            expected = None
        acting = {
            "accept": self.scene.accepted, "sample": self.scene.sampled, "state": self.scene.stated,
        }.get(move)  # fmt: skip
        scene = self.scene
        if acting is not None and who != "verifier":
            by = scene.owner if who == "owner" else actor_of_user(self.colleague())
            done = self.tried(lambda: self.as_another(move, engagement, by))
        elif acting is not None:
            done = self.tried(lambda: acting(engagement))
        else:
            by = {"verifier": scene.verifier, "owner": scene.owner}.get(who) or actor_of_user(
                self.colleague()
            )
            done = self.tried(lambda: scene.moved(engagement, move, by=by, reason=reason))
        assert done == (expected is not None), (self.state, move, who, reason)
        if expected is not None:
            self.state, self.moves = expected, self.moves + 1

    def colleague(self) -> Any:
        return new.person(self.scene.body, Role.VERIFIER)

    def as_another(self, move: str, engagement: Engagement, by: Any) -> None:
        from django.utils import timezone

        from accounts.visibility import acting_as
        from footprint.verification.actions import accept, draw_sample, record_statement

        now = timezone.now()
        with acting_as(by):
            if move == "accept":
                accept(engagement, by=by, at=now, declaration="x")
            elif move == "sample":
                draw_sample(engagement, by=by, at=now, size=1)
            else:
                record_statement(engagement, by=by, at=now, outcome="unmodified", text="x")

    @rule(finding=sampled_from([True, False]))
    def look(self, finding: bool) -> None:
        if self.state != "reviewing":
            return
        engagement = Engagement.objects.get(pk=self.engagement.pk)
        self.scene.looked_at(engagement, finding=finding)
        self.state, self.looked, self.tested, self.moves = "reported", True, True, self.moves + 1
        self.settled = self.settled and not finding

    @rule()
    def settle(self) -> None:
        if self.state in ("reviewing", "reported"):
            self.scene.settled(Engagement.objects.get(pk=self.engagement.pk))
            self.settled = True

    @invariant()
    def the_rows_say_what_the_model_says(self) -> None:
        if not hasattr(self, "engagement"):
            return
        engagement = Engagement.objects.get(pk=self.engagement.pk)
        assert engagement.state == self.state
        assert EngagementStep.objects.filter(engagement=engagement).count() == self.moves
        is_stated = VerificationStatement.objects.filter(engagement=engagement).exists()
        assert is_stated == (self.state in ("stated", "revoked"))
        if is_stated:
            findings = queries.VerificationFinding.objects.filter(engagement=engagement)
            assert not findings.filter(closed_at__isnull=True).exists()


def test_any_history(here: Scene) -> None:
    History.scene = here
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=8,
            stateful_step_count=12,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
