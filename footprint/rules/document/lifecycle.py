"""How a product category rule comes to be: states, moves, who may make them. Data alone.

Source: the alliance's state machine of product rules: 立项, 起草, 征求意见, 审查, 报批, 发布, 实施, 复审.
Three of its states are not stored but follow from dates and successors, as nobody decides them: effective,
under revision, superseded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from accounts.review import Move, Procedure
from accounts.roles import Permission


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


class Guard(StrEnum):
    """What has to hold before a move, beside who makes it."""

    TRIED = "tried"
    NO_CONFLICT = "no_conflict"
    ALL_ANSWERED = "all_answered"
    CARRIED = "carried"
    NOT_CARRIED = "not_carried"


PROPOSE, EDIT = "propose", "edit"
"""What is no move between states, but remembered as one, for other pairs of eyes."""
OPEN_COMMENTS = "open_comments"
"""The move that begins a round of comments."""
STEER, REVIEW = Permission.STEER_RULE, Permission.REVIEW_RULE

RULE = Procedure(
    "product category rule",
    tuple(State),
    (
        Move("approve", (State.PROPOSED,), State.APPROVED, STEER, at_alliance=True, other_than=(PROPOSE,)),
        Move("begin", (State.APPROVED,), State.DRAFTING, STEER, at_alliance=True),
        Move(OPEN_COMMENTS, (State.DRAFTING,), State.COMMENTING, STEER, at_alliance=True),
        Move("revise", (State.COMMENTING,), State.DRAFTING, STEER, at_alliance=True),
        Move("close_comments", (State.COMMENTING,), State.REVIEWING, STEER, at_alliance=True),
        Move(
            "find_fit", (State.REVIEWING,), State.VOTING, REVIEW,
            at_alliance=True, other_than=(PROPOSE, EDIT), needs_reason=True,
        ),
        Move(
            "send_back", (State.REVIEWING,), State.DRAFTING, REVIEW, at_alliance=True, needs_reason=True
        ),
        Move("adopt", (State.VOTING,), State.ADOPTED, STEER, at_alliance=True),
        Move("decline", (State.VOTING,), State.DRAFTING, STEER, at_alliance=True),
        Move(
            "publish", (State.ADOPTED,), State.PUBLISHED, STEER,
            at_alliance=True, other_than=(PROPOSE, EDIT),
        ),
        Move(
            "withdraw", tuple(state for state in State if state is not State.WITHDRAWN), State.WITHDRAWN,
            STEER, at_alliance=True, needs_reason=True,
        ),
    ),
)  # fmt: skip
NEXT: Mapping[State, str] = {
    State.PROPOSED: "approve",
    State.APPROVED: "begin",
    State.REVIEWING: "find_fit",
    State.VOTING: "adopt",
    State.ADOPTED: "publish",
}
"""The move that leads on, from states in which one person makes it."""
GUARDS: Mapping[str, tuple[Guard, ...]] = {
    "close_comments": (Guard.ALL_ANSWERED,),
    "find_fit": (Guard.TRIED, Guard.NO_CONFLICT),
    "adopt": (Guard.CARRIED,),
    "decline": (Guard.NOT_CARRIED,),
}
"""By move: what has to hold beside who makes it."""

QUORUM = Fraction(1, 2)
MAJORITY = Fraction(2, 3)
"""Of the members, half have to vote; of the votes for and against, two thirds for. Proposals of this product:
the alliance's charter prevails."""


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
