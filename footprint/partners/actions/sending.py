"""Put events of ours on their way; they leave from a worker, after the commit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings

from footprint.partners.models import Connection, Delivery, PartnerEvent
from footprint.partners.pact import values
from footprint.partners.pact.events import Type, envelope
from footprint.partners.waking import DELIVER_TASK, wake

MOST_IN_EVENT = 1000


def send(
    connection: Connection,
    kind: Type,
    data: dict[str, Any],
    *,
    at: datetime,
    answers: PartnerEvent | None = None,
    speaks: int | None = None,
    by_id: int | None = None,
) -> Delivery:
    """One event for one partner."""
    event_id = str(uuid4())
    body = envelope(
        kind,
        speaks or connection.speaks,
        id=event_id,
        source=settings.PARTNER_URL,
        time=values.told(at),
        data=data,
    )
    made = Delivery(
        company_id=connection.company_id,
        connection=connection,
        type=kind.value,
        answers=answers,
        event_id=event_id,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        created_by_id=by_id,
        due_at=at,
        gives_up_at=at + timedelta(hours=Delivery.HOURS),
    )
    made.save(force_insert=True)
    wake(DELIVER_TASK)
    return made


def tell_published(connection_ids: Iterable[int], pf_ids: list[str], *, at: datetime) -> int:
    """Tell partners which footprints are new or changed; who cannot be called finds out by asking."""
    reached = 0
    active = Connection.objects.filter(pk__in=list(connection_ids), state=Connection.State.ACTIVE)
    for connection in active:
        if connection.can_be_called:
            for begin in range(0, len(pf_ids), MOST_IN_EVENT):
                send(connection, Type.PUBLISHED, {"pfIds": pf_ids[begin : begin + MOST_IN_EVENT]}, at=at)
            reached += 1
    return reached
