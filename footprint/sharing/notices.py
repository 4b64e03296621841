"""Whom to tell of what happens to requests for footprints, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.calling import callable_names, called
from accounts.figures import long_date
from accounts.forms import languages, named
from accounts.holders import holders
from accounts.models import Kind, Notification
from accounts.notices import Told, in_words, notify, was_made
from accounts.review import Move
from accounts.roles import Permission
from footprint.sharing import words
from footprint.sharing.models import SharingRequest, SupplierFigure
from footprint.sharing.procedure import NEXT, REQUEST, SUPPLIER
from footprint.sharing.queries import requests
from footprint.sharing.sources import News, current_figures, figures, news

LATE, NEAR, OUTDATED = "late", "near", "outdated"


def tell_requested(request: SharingRequest, *, by: Actor, at: datetime) -> None:
    """The supplier's people who share."""
    _tell(request, request.supplier_id, "request", Kind.MOVE_WAITS, by=by, at=at)


def tell_moved(request: SharingRequest, move: Move, *, by: Actor, at: datetime) -> None:
    """The other side; both of what the clock ends."""
    mine = getattr(request, move.held_at) if move.permission else None
    following = REQUEST.move(NEXT.get(request.state, ""))
    for side in {request.company_id, request.supplier_id} - {mine}:
        waits = following is not None and getattr(request, following.held_at) == side
        kind = Kind.MOVE_WAITS if waits else Kind.SHARED if move.name == "revoke" else Kind.MOVED
        _tell(request, side, move.name, kind, by=by, at=at)


def tell_deadline(request: SharingRequest, *, today: date, at: datetime) -> int:
    """The supplier, before the day and after it; the recipient, once it is over."""
    event = LATE if request.due_on < today else NEAR
    sides = [request.supplier_id, *([request.company_id] if event == LATE else [])]
    once = f"{event} {request.uuid}"
    return sum(_tell(request, side, event, Kind.DEADLINE, at=at, once=once) for side in sides)


def tell_outdated(request: SharingRequest, *, at: datetime) -> int:
    """The recipient: what was pinned no longer holds."""
    return _tell(request, request.company_id, OUTDATED, Kind.DUE, at=at)


def tell_remarked(request: SharingRequest, text: str, *, side: int, by: Actor, at: datetime) -> None:
    """Whoever is called by name of one's own side, and those who share at the other one."""
    about: dict[str, Any] = {"event": "remark", "subject": "sharing", "subject_uuid": request.uuid}
    named = called(text, _readers(side))
    notify(named, kind=Kind.MENTION, company_id=side, at=at, by=by, **about)
    for other in {request.company_id, request.supplier_id} - {side}:
        _tell(request, other, "remark", Kind.QUESTION, by=by, at=at)


def tell_news(figure: SupplierFigure, found: News, *, at: datetime) -> int:
    """Those who may choose another figure: what became of the source of this one, each thing once."""
    newer = found.newer
    said = getattr(newer, "kg_co2e", "") if newer else ""
    return notify(
        holders(Permission.ADOPT_FACTOR, company_id=figure.company_id),
        kind=Kind.MOVE_WAITS,
        event=found.code,
        subject="supplier_figure",
        subject_uuid=figure.uuid,
        company_id=figure.company_id,
        at=at,
        once=f"{found.code} {figure.uuid} {newer.uuid if newer else ''} {said}"[:120],
    )


def told_of_figures(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What became of its source; the list leads to the newer one. It is over once that was chosen."""
    left = news(actor, current_figures(actor), timezone.localdate())
    return in_words(
        rows,
        figures(actor),
        lambda row, each: Told(
            named(each.version.factor),
            f"{words.NEWS[row.event]} · {each.supplier}",
            reverse("sharing:figures"),
            is_over=each.pk not in left,
        ),
    )


def callable_in(side: int) -> list[str]:
    """Names for the box, of one's own side alone: who works for the other one is not told."""
    return callable_names(_readers(side))


def _readers(side: int) -> set[int]:
    return holders(Permission.READ_BUSINESS, company_id=side)


def _tell(request: SharingRequest, side: int, event: str, kind: Kind, **more: Any) -> int:
    return notify(
        holders(Permission.SHARE_PRODUCT, company_id=side),
        kind=kind,
        event=event,
        subject="sharing",
        subject_uuid=request.uuid,
        company_id=side,
        **more,
    )


def told_of_requests(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What became of it, and who is on the other side."""
    return in_words(
        rows,
        requests(actor),
        lambda row, each: Told(
            each.wanted,
            f"{_happened(row.event, each)} · {named(_other(actor, each))}",
            reverse("sharing:request", args=[each.uuid]),
            is_over=was_made(row, REQUEST, each.state, request="new"),
        ),
    )


def _other(actor: Actor, request: SharingRequest) -> Any:
    return request.company if getattr(request, SUPPLIER) in actor.company_ids else request.supplier


def _happened(event: str, request: SharingRequest) -> str:
    day = {"day": long_date(request.due_on, languages())}
    if event == LATE:
        return _("An answer was due on %(day)s.") % day
    if event == NEAR:
        return _("An answer is expected by %(day)s.") % day
    return str(words.UNMET["withdrawn"] if event == OUTDATED else words.DONE[event])
