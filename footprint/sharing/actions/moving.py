"""One move of a request: gate, check, write, record, tell."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.moving import checked, write_move
from accounts.review import Move
from footprint.sharing.actions.link import close_link
from footprint.sharing.models import SharingRequest, SharingStep
from footprint.sharing.notices import tell_moved
from footprint.sharing.procedure import ENDED, REQUEST

LONGEST = 4000
BY_REASON = (
    "acknowledge", "prepare", "decline", "cancel", "review", "take_up", "stand_by", "resolve", "revoke",
)  # fmt: skip


@transaction.atomic
def move_request(
    request: SharingRequest,
    move: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> SharingRequest:
    """The moves that need a reason at most. What ends the request closes its live link.

    Raises:
        NotAllowed; Refusal: not from this state, or without a reason; Stale.
    """
    if move not in BY_REASON:
        raise Refusal(_("There is no such move."), field="move", code="unknown_choice")
    said = checks.text(reason, field="reason", longest=LONGEST)
    moved = carry(request, move, by=by, at=at, reason=said, version=version)
    if moved.state in ENDED:
        close_link(moved, by=by)
    return moved


def carry(
    request: SharingRequest,
    name: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
    code: str = "",
    line: str = "",
    **changes: Any,
) -> SharingRequest:
    """One move with what changes along with it, written down and told.

    Raises:
        NotAllowed, Refusal, Stale.
    """
    chosen = checked(REQUEST, name, request, by=by, deeds={}, reason=reason)
    before = write_move(request, chosen, version=version, **changes)
    record(request, chosen, before, by=by, at=at, reason=reason, code=code, line=line)
    tell_moved(request, chosen, by=by, at=at)
    return request


def record(
    request: SharingRequest,
    move: Move,
    before: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    code: str = "",
    line: str = "",
) -> None:
    """Write the move down."""
    SharingStep(
        company_id=request.company_id,
        request=request,
        move=move.name,
        before=before,
        after=move.target,
        reason=reason,
        code=code,
        line=line,
        by_id=by.user_id,
        at=at,
    ).save(force_insert=True)
