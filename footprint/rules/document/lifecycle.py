"""How a product category rule comes to be: states, moves, who may make them. Data alone.

Source: the alliance's state machine of product rules: 立项, 起草, 征求意见, 审查, 报批, 发布, 实施, 复审.
Three of its states are not stored but follow from dates and successors, as nobody decides them: effective,
under revision, superseded.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class State(StrEnum):
    """Where a version stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DRAFTING = "drafting"
    COMMENTING = "commenting"
    REVIEWING = "reviewing"
    VOTING = "voting"
    ADOPTED = "adopted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Part(StrEnum):
    """Who takes part in making a rule."""

    PROPOSER = "proposer"
    STEWARD = "steward"
    REVIEWER = "reviewer"


class Guard(StrEnum):
    """What has to hold before a move, beside the part of whoever makes it."""

    TRIED = "tried"
    NO_CONFLICT = "no_conflict"
    ALL_ANSWERED = "all_answered"
    CARRIED = "carried"
    NOT_CARRIED = "not_carried"


@dataclass(frozen=True)
class Move:
    """A way from one state to another. ``apart_from``: whoever made these moves may not make this one."""

    name: str
    before: tuple[State, ...]
    after: State
    by: Part
    guards: tuple[Guard, ...] = ()
    apart_from: tuple[str, ...] = ()
    needs_reason: bool = False


PROPOSE, EDIT = "propose", "edit"
"""What is no move between states, but remembered as one, for other pairs of eyes."""

MOVES = (
    Move("approve", (State.PROPOSED,), State.APPROVED, Part.STEWARD, apart_from=(PROPOSE,)),
    Move("begin", (State.APPROVED,), State.DRAFTING, Part.STEWARD),
    Move("open_comments", (State.DRAFTING,), State.COMMENTING, Part.STEWARD),
    Move("revise", (State.COMMENTING,), State.DRAFTING, Part.STEWARD),
    Move("close_comments", (State.COMMENTING,), State.REVIEWING, Part.STEWARD, (Guard.ALL_ANSWERED,)),
    Move(
        "find_fit",
        (State.REVIEWING,),
        State.VOTING,
        Part.REVIEWER,
        (Guard.TRIED, Guard.NO_CONFLICT),
        apart_from=(PROPOSE, EDIT),
        needs_reason=True,
    ),
    Move("send_back", (State.REVIEWING,), State.DRAFTING, Part.REVIEWER, needs_reason=True),
    Move("adopt", (State.VOTING,), State.ADOPTED, Part.STEWARD, (Guard.CARRIED,)),
    Move("decline", (State.VOTING,), State.DRAFTING, Part.STEWARD, (Guard.NOT_CARRIED,)),
    Move("publish", (State.ADOPTED,), State.PUBLISHED, Part.STEWARD, apart_from=(PROPOSE, EDIT)),
    Move(
        "withdraw",
        tuple(state for state in State if state is not State.WITHDRAWN),
        State.WITHDRAWN,
        Part.STEWARD,
        needs_reason=True,
    ),
)
BY_NAME = {move.name: move for move in MOVES}

QUORUM = Fraction(1, 2)
MAJORITY = Fraction(2, 3)
"""Of the members, half have to vote; of the votes for and against, two thirds for. Proposals of this product:
the alliance's charter prevails."""


def only_moves() -> dict[str, tuple[str, ...]]:
    """The moves as the database guards them; the first state is where every version begins."""
    return {
        str(state): tuple(str(move.after) for move in MOVES if state in move.before and move.after != state)
        for state in State
    }


@dataclass(frozen=True)
class Tally:
    """How a vote stands."""

    members: int
    for_it: int
    against: int
    abstained: int

    @property
    def has_quorum(self) -> bool:
        """Whether enough members voted; those who abstain did."""
        voted = self.for_it + self.against + self.abstained
        return self.members > 0 and Fraction(voted, self.members) >= QUORUM

    @property
    def is_carried(self) -> bool:
        """Quorum, and enough of those who decided are for it."""
        decided = self.for_it + self.against
        return self.has_quorum and decided > 0 and Fraction(self.for_it, decided) >= MAJORITY
