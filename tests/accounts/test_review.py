"""Procedures as data: sound, drawn for people, and moved along as a small model says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from accounts.review import Move, Obstacle, Procedure, document, faults
from accounts.roles import Permission
from alliance.management.commands.states import PROCEDURES
from alliance.runtime.environment import ROOT
from footprint.benchmark.procedure import RELEASE
from footprint.inventory.procedure import SUBMISSION

ALICE, BOB, RITA = 1, 2, 3
COMPANY, OFFICE = {ALICE, BOB}, {RITA}


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda each: each.name)
def test_every_procedure_is_sound(procedure: Procedure) -> None:
    assert faults(procedure) == []
    assert procedure.ends


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda each: each.name)
def test_every_state_that_is_no_end_has_somebody_to_move_it(procedure: Procedure) -> None:
    stuck = [s for s in procedure.states if s not in procedure.ends and not procedure.open_moves(s)]
    assert stuck == (["asked"] if procedure is RELEASE else [])  # where the worker decides


def test_the_diagrams_are_up_to_date() -> None:
    written = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    assert written == document(PROCEDURES), "manage.py states > docs/states.md"


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (Move("go", ("a",), "nowhere", Permission.EDIT_INVENTORY), "go names no state nowhere"),
        (Move("stay", ("a",), "a", Permission.EDIT_INVENTORY), "nothing leads to b"),
        (Move("read", ("a",), "b", Permission.READ_OWN_DEEDS), ""),
    ],
)
def test_a_faulty_procedure_says_what_is_wrong(wrong: Move, fault: str) -> None:
    found = faults(Procedure("thing", ("a", "b"), (wrong,)))
    assert fault in found if fault else found == []


def test_a_move_that_is_there_twice_is_a_fault() -> None:
    move = SUBMISSION.moves[0]
    assert faults(replace(SUBMISSION, moves=(*SUBMISSION.moves, move))) == [f"{move.name} is there twice"]


@given(
    state=st.sampled_from(SUBMISSION.states),
    name=st.sampled_from([move.name for move in SUBMISSION.moves]),
    person=st.sampled_from([ALICE, BOB, RITA]),
    done=st.dictionaries(
        st.sampled_from(["edit", "hand_in", "submit"]), st.sets(st.sampled_from([ALICE, BOB, RITA]))
    ),
    reason=st.sampled_from(["", "  ", "because"]),
)
def test_what_stands_in_the_way(
    state: str, name: str, person: int, done: dict[str, set[int]], reason: str
) -> None:
    """The one answer there is, said again in plain conditions."""
    move = SUBMISSION.move(name)
    assert move is not None
    is_own = person in COMPANY
    found = move.obstacle(state, person=person, deeds=done, is_own=is_own, reason=reason)
    had_a_hand = any(person in done.get(deed, ()) for deed in move.other_than)
    fine = (
        state in move.sources
        and not (move.at_alliance and is_own)
        and not had_a_hand
        and not (move.needs_reason and reason.strip() == "")
    )
    assert (found is None) == fine
    if found is Obstacle.SAME_PERSON:
        assert had_a_hand


class Story(RuleBasedStateMachine):
    """A submission as three people might push it about, against what must never happen."""

    def __init__(self) -> None:
        super().__init__()
        self.state = SUBMISSION.first
        self.deeds: dict[str, list[int]] = {"edit": [], "hand_in": [], "submit": []}
        self.history: list[tuple[str, int]] = []

    @rule(person=st.sampled_from([ALICE, BOB]))
    def edits(self, person: int) -> None:
        self.deeds["edit"].append(person)

    @rule(
        person=st.sampled_from([ALICE, BOB, RITA]),
        name=st.sampled_from([m.name for m in SUBMISSION.moves if m.permission is not None]),
        reason=st.sampled_from(["", "because"]),
    )
    def moves(self, person: int, name: str, reason: str) -> None:
        move = SUBMISSION.move(name)
        assert move is not None
        is_own = person in COMPANY
        if not move.at_alliance and not is_own:
            return  # the permission is the company's
        if move.obstacle(self.state, person=person, deeds=self.deeds, is_own=is_own, reason=reason):
            return
        if name == "hand_in":
            self.deeds |= {"hand_in": [person], "submit": []}
        if name == "submit":
            assert person not in (*self.deeds["edit"], *self.deeds["hand_in"])
            self.deeds["submit"] = [person]
        assert not move.needs_reason or reason
        self.state = move.target
        self.history.append((name, person))

    @precondition(lambda self: self.state == "accepted")
    @rule()
    def what_was_accepted_went_the_whole_way(self) -> None:
        """Handed in, checked by another one of the company, taken and accepted by the office."""
        last = [name for name, _person in self.history if name in ("hand_in", "submit", "take", "accept")]
        assert last[-4:] == ["hand_in", "submit", "take", "accept"]
        by = dict(self.history)
        assert by["hand_in"] != by["submit"]
        assert by["accept"] in OFFICE

    @precondition(lambda self: self.state in SUBMISSION.ends)
    @rule()
    def nothing_leaves_an_end(self) -> None:
        assert SUBMISSION.open_moves(self.state) == ()


TestStory = Story.TestCase
TestStory.settings = settings(suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
