"""Procedures: the states a thing goes through, who moves it on, and where a second pair of eyes is needed.

Pure: a procedure is data. The database is told the same moves (``accounts/states_sql.py``), pages and the
interface offer what ``open_moves`` answers, and ``document`` draws it for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from accounts.roles import ROLES, Permission, roles_with


class Obstacle(StrEnum):
    """Why somebody with the right permission may still not make a move."""

    NOT_FROM_HERE = "not_from_here"
    SAME_PERSON = "same_person"
    OWN_COMPANY = "own_company"
    NO_REASON = "no_reason"


@dataclass(frozen=True)
class Move:
    """One way on.

    Attributes:
        name: the verb.
        sources: the states it leaves.
        target: the state it leads to.
        permission: what it takes, at the thing's company or at the alliance; None where no person makes it:
            it follows from another thing's move.
        at_alliance: made for the alliance, so never by somebody of the thing's own company.
        other_than: deeds whose doers may not make it (four eyes).
        needs_reason: whether a sentence has to go with it.
        is_internal: whether it is nobody's business outside of the company.
        held_at: the column of the thing that names the company whose people make it; two companies deal
            with each other where it is not the same for every move.
    """

    name: str
    sources: tuple[str, ...]
    target: str
    permission: Permission | None
    at_alliance: bool = False
    other_than: tuple[str, ...] = ()
    needs_reason: bool = False
    is_internal: bool = False
    held_at: str = "company_id"

    def obstacle(
        self,
        state: str,
        *,
        person: int | None,
        deeds: Mapping[str, Iterable[int | None]],
        is_own: bool,
        reason: str,
    ) -> Obstacle | None:
        """What stands in the way of this person, permissions aside; None when nothing does.

        ``deeds``: who did what is named in ``other_than``. ``is_own``: whether the person belongs to the
        company whose thing it is.
        """
        if state not in self.sources:
            return Obstacle.NOT_FROM_HERE
        if self.at_alliance and is_own:
            return Obstacle.OWN_COMPANY
        if person is not None and any(person in deeds.get(deed, ()) for deed in self.other_than):
            return Obstacle.SAME_PERSON
        if self.needs_reason and not reason.strip():
            return Obstacle.NO_REASON
        return None


@dataclass(frozen=True)
class Procedure:
    """States and moves of one kind of thing; a thing begins in the first state."""

    name: str
    states: tuple[str, ...]
    moves: tuple[Move, ...]

    @property
    def first(self) -> str:
        """Where everything begins."""
        return self.states[0]

    @property
    def ends(self) -> frozenset[str]:
        """States that nothing leaves."""
        return frozenset(self.states) - {source for move in self.moves for source in move.sources}

    @property
    def edges(self) -> dict[str, tuple[str, ...]]:
        """Where each state leads, as ``only_moves`` takes it."""
        return {
            state: tuple(dict.fromkeys(move.target for move in self.moves if state in move.sources))
            for state in self.states
        }

    def move(self, name: str) -> Move | None:
        """The move of this name, if it is one."""
        return next((move for move in self.moves if move.name == name), None)

    def open_moves(self, state: str) -> tuple[Move, ...]:
        """What people can do from a state."""
        return tuple(move for move in self.moves if state in move.sources and move.permission is not None)


def faults(procedure: Procedure) -> list[str]:
    """What is wrong with a procedure as data; empty for a sound one."""
    known = set(procedure.states)
    found = [f"{move.name} names no state {state}" for move in procedure.moves
             for state in (*move.sources, move.target) if state not in known]  # fmt: skip
    reached, waiting = {procedure.first}, [procedure.first]
    while waiting:
        for target in set(procedure.edges.get(waiting.pop(), ())) - reached:
            reached.add(target)
            waiting.append(target)
    found += [f"nothing leads to {state}" for state in procedure.states if state not in reached]
    names = [move.name for move in procedure.moves]
    found += [f"{name} is there twice" for name in sorted({name for name in names if names.count(name) > 1})]
    found += [
        f"nobody can {move.name}"
        for move in procedure.moves
        if move.permission is not None and not roles_with(move.permission)
    ]
    return found


def document(procedures: Iterable[Procedure]) -> str:
    """All of them for people: a diagram and a table each (Markdown with Mermaid)."""
    return "\n".join([_HEAD, *map(_section, procedures)])


_HEAD = """# States

Generated by `manage.py states`; a test compares. What has a state moves as drawn here and in no other way:
the actions ask `accounts/review.py`, the database is told the same moves. *Other than*: the doer of a move
must be somebody else than the doer of that.
"""


def _section(procedure: Procedure) -> str:
    arrows = [
        f"    {source} --> {move.target}: {move.name}" for move in procedure.moves for source in move.sources
    ]
    ends = [f"    {state} --> [*]" for state in procedure.states if state in procedure.ends]
    rows = [_row(move) for move in procedure.moves]
    return "\n".join(
        [
            f"## {procedure.name.capitalize()}",
            "",
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {procedure.first}",
            *arrows,
            *ends,
            "```",
            "",
            "| move | from | to | by | other than | reason |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _row(move: Move) -> str:
    roles = [ROLES[role].name_en for role in ROLES if move.permission and role in roles_with(move.permission)]
    by = " or ".join(roles) if roles else "the platform"
    if move.held_at != "company_id":
        by += f", at the {move.held_at.removesuffix('_id')}"
    reason = "yes" if move.needs_reason else ""
    sources = ", ".join(move.sources)
    return f"| {move.name} | {sources} | {move.target} | {by} | {', '.join(move.other_than)} | {reason} |"
