"""Anybody tries any step of a rule at any time: no history leads past the guards."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.errors import NotAllowed, Refusal
from footprint.rules.actions.commenting import answer_comment, comment_on
from footprint.rules.actions.product_rules import edit_rule
from footprint.rules.document.lifecycle import REVIEW, RULE, STEER, State
from footprint.rules.models import ProductRule
from tests.footprint.rules.makers import Alliance, try_rule, vote

pytestmark = pytest.mark.django_db
STEPS = st.sampled_from(sorted(move.name for move in RULE.moves))
PEOPLE = st.sampled_from(("steward", "second", "verifier", "owner", "approver"))
PARTS = {"steward": STEER, "second": STEER, "verifier": REVIEW}


class Making(RuleBasedStateMachine):
    """Anybody tries any step at any time; a small model says what becomes of it."""

    @initialize()
    def begin(self) -> None:
        self.alliance = Alliance()
        self.state = State.DRAFTING
        self.writers: set[str] = set()
        self.tried = self.voted = self.open = False

    @rule(name=STEPS, who=PEOPLE)
    def step(self, name: str, who: str) -> None:
        move = RULE.move(name)
        assert move is not None
        may = (
            PARTS.get(who) == move.permission
            and self.state in move.sources
            and not (move.other_than and who in self.writers)
            and (name != "close_comments" or not self.open)
            and (name != "find_fit" or self.tried)
            and (name != "adopt" or self.voted)
            and (name != "decline" or not self.voted)
        )
        try:
            self.alliance.move(name, who, effective_on=timezone.localdate())
        except (NotAllowed, Refusal):
            assert not may, (name, who, self.state)
        else:
            assert may, (name, who, self.state)
            self.state = State(move.target)
            self.voted = self.voted and name != "find_fit"

    @rule(who=PEOPLE)
    def edit(self, who: str) -> None:
        scope = {**self.alliance.rule.document, "scope_en": f"Version of {len(self.writers)} {who}."}
        may = self.state is State.DRAFTING and PARTS.get(who) == STEER
        self._try(may, lambda: edit_rule(
            self._rule(), by=self.alliance.actor(who), version=None, document=scope))  # fmt: skip
        if may:
            self.writers.add(who)
            self.tried = False

    @rule()
    def comment(self) -> None:
        self._try(self.state is State.COMMENTING, lambda: comment_on(
            self._rule(), by=self.alliance.actor("owner"), text="Why?"))  # fmt: skip
        self.open = self.open or self.state is State.COMMENTING

    @rule()
    def answer(self) -> None:
        may = self.state in (State.COMMENTING, State.DRAFTING)
        for each in self._rule().comments.all():
            second = self.alliance.actor("second")
            self._try(may, partial(answer_comment, each, by=second, disposition="adopted", answer="Yes."))
        self.open = self.open and not may

    @rule()
    def run(self) -> None:
        may = self.state not in (State.PUBLISHED, State.WITHDRAWN)
        self._try(may, lambda: try_rule(self._rule(), by=self.alliance.actor("verifier")))
        self.tried = self.tried or may

    @rule()
    def vote(self) -> None:
        self._try(self.state is State.VOTING, lambda: vote(self.alliance))
        self.voted = self.voted or self.state is State.VOTING

    @invariant()
    def the_rows_agree(self) -> None:
        if not hasattr(self, "alliance"):
            return
        found = self._rule()
        assert found.state == self.state
        last = found.moves.order_by("-pk").first()
        assert last is not None and last.after == self.state
        assert found.is_in_force(timezone.localdate()) is (self.state is State.PUBLISHED)

    def _rule(self) -> ProductRule:
        self.alliance.rule.refresh_from_db()
        return self.alliance.rule

    def _try(self, may: bool, act: Callable[[], object]) -> None:
        try:
            with transaction.atomic():
                act()
        except (NotAllowed, Refusal):
            assert not may
        else:
            assert may


def test_no_way_leads_past_the_guards() -> None:
    class Afresh(Making):
        """Each history in a transaction of its own."""

        def __init__(self) -> None:
            super().__init__()
            self.transaction = transaction.atomic()
            self.transaction.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    few = settings(
        max_examples=5, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Afresh, settings=few)  # type: ignore[no-untyped-call]


def test_the_database_guards_the_same_moves() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'rules_productrule_only_moves'")
        source = cursor.fetchone()[0]
    for before, after in ((a, b) for a in State for b in State if a != b):
        assert (f"('{before}', '{after}')" in source) is (after in RULE.edges[before]), (before, after)
