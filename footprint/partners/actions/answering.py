"""Answer a partner's request, exactly once: with footprints, or with why not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from footprint.partners.actions.connecting import close_over
from footprint.partners.actions.sending import send
from footprint.partners.models import Delivery, FootprintGrant, OfferedFootprint, PartnerEvent, Receipt
from footprint.partners.pact.dialect import to_v2
from footprint.partners.pact.events import Type
from footprint.partners.pact.levels import Level, narrowed

MOST_FOOTPRINTS = 100
CODES = {3: "NotFound", 2: "NoSuchFootprint"}


@transaction.atomic
def fulfil(
    event: PartnerEvent,
    footprints: Sequence[OfferedFootprint],
    *,
    by: Actor,
    at: datetime,
    level: str = Level.TOTAL,
) -> Delivery:
    """Send footprints; what no grant opens yet is granted with it, at ``level``, so that it stays readable.

    Raises:
        NotAllowed; Refusal: answered before, or with nothing that could be sent.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=event.company_id)
    event = _waiting(event)
    chosen = list(footprints)
    if not chosen or len(chosen) > MOST_FOOTPRINTS:
        message = _("Choose between 1 and %(most)d footprints that can be sent.")
        raise Refusal(message % {"most": MOST_FOOTPRINTS}, field="footprints", code="nothing_to_send")
    if unfit := [each for each in chosen if not _can_answer(event, each)]:
        message = _("%(footprint)s cannot be sent: it is not served to partners, or version 2 cannot say it.")
        raise Refusal(message % {"footprint": unfit[0].uuid}, field="footprints", code="cannot_be_sent")
    documents = []
    for each in chosen:
        opened = _opened(event, each, level, by, at)
        documents.append(document_of(each, opened, event.speaks))
    Receipt.objects.bulk_create(
        [
            Receipt(company_id=event.company_id, connection_id=event.connection_id, footprint=each)
            for each in chosen
        ],
        ignore_conflicts=True,
    )
    data: dict[str, object] = {"requestEventId": event.event_id, "pfs": documents}
    return _answered(event, Type.FULFILLED, data, PartnerEvent.State.FULFILLED, by=by, at=at)


def _can_answer(event: PartnerEvent, each: OfferedFootprint) -> bool:
    own = each.company_id == event.company_id and each.is_served
    return own and (event.speaks != 2 or bool(each.document_v2))


@transaction.atomic
def reject(event: PartnerEvent, *, by: Actor, at: datetime, reason: str) -> Delivery:
    """Say that nothing is sent, and why.

    Raises:
        NotAllowed; Refusal: answered before, or without a reason.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=event.company_id)
    event = _waiting(event)
    event.reason = checks.text(reason, field="reason", longest=1000, required=True)
    error = {"code": CODES[event.speaks], "message": event.reason}
    data: dict[str, object] = {"requestEventId": event.event_id, "error": error}
    return _answered(event, Type.REJECTED, data, PartnerEvent.State.REJECTED, by=by, at=at)


def _waiting(event: PartnerEvent) -> PartnerEvent:
    locked = PartnerEvent.objects.select_for_update(of=("self",)).select_related("connection")
    found = locked.get(pk=event.pk)
    if not found.is_request or found.state != PartnerEvent.State.NEW:
        raise Refusal(_("This was answered already."), code="answered")
    return found


def _opened(event: PartnerEvent, footprint: OfferedFootprint, level: str, by: Actor, at: datetime) -> Level:
    """The level the partner sees it at; granted anew when there is none."""
    if (known := level_for(event.connection_id, footprint)) is not None:
        return known
    close_over(event.connection_id, footprint.product_id, at=at)
    FootprintGrant(
        company_id=event.company_id,
        connection_id=event.connection_id,
        product_id=footprint.product_id,
        level=checks.choice(level, [one.value for one in Level], field="level"),
        purpose=event.comment[:200],
        created_by_id=by.user_id,
    ).save(force_insert=True)
    return Level(level)


ORDER = list(Level)


def level_for(connection_id: int, footprint: OfferedFootprint) -> Level | None:
    """The widest level a grant in force opens a footprint at."""
    grants = FootprintGrant.objects.in_force().filter(connection_id=connection_id)
    fitting = grants.filter(product__isnull=True) | grants.filter(product=footprint.product_id or 0)
    found = [Level(level) for level in fitting.values_list("level", flat=True)]
    return max(found, key=ORDER.index, default=None)


def document_of(footprint: OfferedFootprint, level: Level, version: int) -> dict[str, object]:
    """The document as far as the level goes."""
    document: dict[str, object] = json.loads(
        text_of(footprint.document, footprint.document_v2, level, version)
    )
    return document


def text_of(document: str, document_v2: str, level: Level, version: int) -> str:
    """The JSON that is sent: as it is stored where all of it is open, else what the level leaves of it."""
    if level is Level.FULL:
        return document_v2 if version == 2 else document
    told: dict[str, object] | None = narrowed(json.loads(document), level)
    if version == 2 and told is not None:
        told = to_v2(told).document
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _answered(
    event: PartnerEvent, kind: Type, data: dict[str, object], state: str, *, by: Actor, at: datetime
) -> Delivery:
    sent = send(event.connection, kind, data, at=at, answers=event, speaks=event.speaks, by_id=by.user_id)
    event.state, event.decided_by_id, event.decided_at = state, by.user_id, at
    event.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return sent
