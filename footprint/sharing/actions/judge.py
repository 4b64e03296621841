"""Judge what was given: accept at a level, with a reservation, or dispute a line of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from footprint.partners.pact.usability import LEVELS
from footprint.sharing.actions.moving import LONGEST, carry
from footprint.sharing.disputed import lines
from footprint.sharing.models import SharingRequest, SharingStep


@transaction.atomic
def accept(
    request: SharingRequest, *, by: Actor, at: datetime, usability: int, version: int | None = None
) -> SharingRequest:
    """Accept it at a level of usability, at most the one that the statement reaches.

    Raises:
        NotAllowed; Refusal: no such level, or a higher one than it reaches; Stale.
    """
    level = _level(request, usability)
    return carry(request, "accept", by=by, at=at, version=version, usability=level, decided_at=at)


@transaction.atomic
def reserve(
    request: SharingRequest,
    *,
    by: Actor,
    at: datetime,
    usability: int,
    reason: str,
    version: int | None = None,
) -> SharingRequest:
    """Accept it with a reservation in words; it can be accepted without one later.

    Raises:
        NotAllowed; Refusal: as ``accept``, or without a reason; Stale.
    """
    level = _level(request, usability)
    said = checks.text(reason, field="reason", longest=LONGEST)
    return carry(
        request, "reserve", by=by, at=at, version=version, reason=said, usability=level, decided_at=at
    )


@transaction.atomic
def dispute(
    request: SharingRequest,
    *,
    by: Actor,
    at: datetime,
    code: str,
    line: str,
    reason: str,
    version: int | None = None,
) -> SharingRequest:
    """Say what is wrong, of which sort, and where: a part of what was given, or the whole of it.

    Raises:
        NotAllowed; Refusal: no such reason code, no such line or no words; Stale.
    """
    sort = checks.choice(code, SharingStep.Code.values, field="code")
    where = checks.choice(line, lines(request), field="line")
    said = checks.text(reason, field="reason", longest=LONGEST)
    return carry(
        request, "dispute", by=by, at=at, version=version, reason=said, code=sort, line=where,
        usability=None, decided_at=at,
    )  # fmt: skip


def reached(request: SharingRequest) -> int | None:
    """The level that the statement reaches; None for a live link, which states nothing but its total."""
    return request.content["sharing"]["usability"] if request.content else None


def _level(request: SharingRequest, given: object) -> int:
    if given not in LEVELS:
        raise Refusal(_("Choose a level from 1 to 3."), field="usability", code="unknown_choice")
    highest = reached(request)
    if highest is not None and int(str(given)) > max(highest, 1):
        message = _("The statement reaches level %(level)d. It lacks what a higher level asks for.")
        raise Refusal(message % {"level": highest}, field="usability", code="level_not_reached")
    return int(str(given))
