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
from footprint.inventory.actions import end_grant
from footprint.inventory.models import ProductGrant
from footprint.sharing.models import SharingRequest, SharingStep
from footprint.sharing.notices import tell_moved
from footprint.sharing.procedure import GIVEN, REQUEST

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
    """The moves that need a reason at most. Revoking closes the live link.

    Raises:
        NotAllowed; Refusal: not from this state, or without a reason; Stale.
    """
    if move not in BY_REASON:
        raise Refusal(_("There is no such move."), field="move", code="unknown_choice")
    said = checks.text(reason, field="reason", longest=LONGEST)
    moved = carry(request, move, by=by, at=at, reason=said, version=version)
    if move == "revoke":
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


def close_link(request: SharingRequest, *, by: Actor) -> None:
    """End the grant behind a live link, unless another request that holds lives by it."""
    if request.mode != SharingRequest.Mode.LIVE or request.product_id is None:
        return
    others = SharingRequest.objects.visible_to(by).filter(
        product_id=request.product_id, company_id=request.company_id, mode="live", state__in=GIVEN
    )
    if others.exclude(pk=request.pk).exists():
        return
    grants = ProductGrant.objects.visible_to(by).in_force()
    for grant in grants.filter(product_id=request.product_id, recipient_id=request.company_id):
        end_grant(grant, by=by)
