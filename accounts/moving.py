"""Moving a thing along its procedure: gate, check, one statement that only one of two can win."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Stale, Text
from accounts.policy import can, require
from accounts.review import Move, Obstacle, Procedure

Deeds = Mapping[str, Iterable[int | None]]

WORDS: dict[Obstacle, Text] = {
    Obstacle.NOT_FROM_HERE: _("This is no longer possible: the state has changed. Look at it as it is now."),
    Obstacle.SAME_PERSON: _("Four eyes: somebody who had no hand in it before has to do this."),
    Obstacle.OWN_COMPANY: _("It belongs to your own company. Somebody else of the alliance has to do this."),
    Obstacle.NO_REASON: _("Say why, so that the others know what to do."),
}
ELSEWHERE = (Obstacle.SAME_PERSON, Obstacle.OWN_COMPANY)
"""What another person has to do."""
STALE = _("Somebody else moved this after you opened it. Look at its state as it is now.")


def may_move(actor: Actor, move: Move, thing: Any) -> bool:
    """Whether the person's role includes the move; four eyes are another question."""
    return move.permission is not None and bool(can(actor, move.permission, company_id=_where(move, thing)))


def _where(move: Move, thing: Any) -> int | None:
    """The company whose role it takes; None for the alliance's."""
    return None if move.at_alliance else getattr(thing, move.held_at)


def moves_for(actor: Actor, procedure: Procedure, thing: Any) -> list[Move]:
    """What this person may do with a thing now, four eyes aside: that is said when they try."""
    return [move for move in procedure.open_moves(thing.state) if may_move(actor, move, thing)]


def checked(
    procedure: Procedure, name: str, thing: Any, *, by: Actor, deeds: Deeds, reason: str = ""
) -> Move:
    """The move, once this person may make it.

    Raises:
        NotAllowed: the role does not include it, or somebody else has to do it.
        Refusal: not from this state, or without a reason.
    """
    move = procedure.move(name)
    if move is None or move.permission is None:
        raise Refusal(_("There is no such move."), field="move", code="unknown_choice")
    require(by, move.permission, company_id=_where(move, thing))
    found = obstacle(move, thing, by=by, deeds=deeds, reason=reason)
    if found in ELSEWHERE:
        raise NotAllowed(WORDS[found], code=found.value)
    if found is not None:
        field = "reason" if found is Obstacle.NO_REASON else None
        raise Refusal(WORDS[found], field=field, code=found.value)
    return move


def obstacle(move: Move, thing: Any, *, by: Actor, deeds: Deeds, reason: str) -> Obstacle | None:
    """What stands between this person and a move, their role aside."""
    return move.obstacle(
        thing.state,
        person=by.user_id,
        deeds=deeds,
        # what the alliance's office begins itself is decided by others of the office
        is_own=any(h.company_id == thing.company_id and not h.at_alliance for h in by.holdings),
        reason=reason,
    )


def write_move(thing: models.Model, move: Move, *, version: int | None, **changes: Any) -> str:
    """Take the move in one statement, provided nobody else took one meanwhile; the state it was in.

    Raises:
        Stale: somebody did, or the version that was read is not the present one.
    """
    before = str(thing.state)  # type: ignore[attr-defined]
    rows: models.QuerySet[Any] = type(thing)._default_manager.filter(pk=thing.pk, state=before)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(state=move.target, version=F("version") + 1, **changes):
        raise Stale(STALE)
    thing.refresh_from_db()
    return before
