"""What partners' systems read, in their receipts and in the audit log of the company that offers it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.arrays import among, array_text
from accounts.audit import Action, record
from accounts.prepared import Prepared
from footprint.partners.models import OfferedFootprint, Receipt
from footprint.partners.pact.levels import Level

NOTED_AGAIN = timedelta(days=1)
"""How long a footprint may be read again, at the same detail, before that is written down again."""


def _noted(connection_id: int, footprints: str, since: datetime) -> QuerySet[Receipt, tuple[Any, ...]]:
    noted = Receipt.objects.filter(among("footprint_id", footprints), connection=connection_id)
    return noted.filter(noted_at__gt=since).values_list("footprint_id", "noted_level")


NOTED = Prepared(_noted, -1, array_text([-2]), datetime.min.replace(tzinfo=UTC))
"""By connection, footprints and time; every call asks it."""


def note_reads(
    levels: Mapping[int, Level], *, by: Actor, company_id: int, address: str, at: datetime
) -> None:
    """That the calling partner was sent these footprints, each at a level.

    The first reading of each version is written down, and one at another level; the same again after a day.
    So what a partner can add to the log in a day is bounded by what is open to it, however often it asks. It
    is written in the transaction of the answer: nothing is sent that is not in the log.
    """
    assert by.partner_id is not None
    if not levels:
        return
    noted = set(NOTED.rows(by.partner_id, array_text(levels), at - NOTED_AGAIN))
    fresh = {pk: level for pk, level in sorted(levels.items()) if (pk, level) not in noted}
    if not fresh:
        return
    Receipt.objects.bulk_create(
        [
            Receipt(
                company_id=company_id, connection_id=by.partner_id, footprint_id=pk,
                noted_at=at, noted_level=level,
            )
            for pk, level in fresh.items()
        ],
        update_conflicts=True,
        unique_fields=["connection", "footprint"],
        update_fields=["noted_at", "noted_level"],
    )  # fmt: skip
    uuids = dict(OfferedFootprint.objects.visible_to(by).filter(pk__in=fresh).values_list("pk", "uuid"))
    for level in Level:
        read = [uuids[pk] for pk, found in fresh.items() if found is level]
        if read:
            facts = {"detail": level.value, "footprints": len(read), "address": address}
            about = [by.uuid, *read]
            record(by, Action.READ, "partners_offeredfootprint", company_id=company_id, about=about, **facts)
