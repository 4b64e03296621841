"""What partners' systems read, in their receipts and in the audit log of the company that offers it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.actor import Actor
from accounts.audit import Action, record
from footprint.partners.models import OfferedFootprint, Receipt
from footprint.partners.pact.levels import Level

NOTED_AGAIN = timedelta(days=1)
"""How long a footprint may be read again, at the same detail, before that is written down again."""


def note_reads(
    levels: Mapping[int, Level], *, by: Actor, company_id: int, address: str, at: datetime
) -> None:
    """That the calling partner was sent these footprints, each at a level, as is not noted yet.

    The first reading of each version is written down, and one at another level; the same again after a day.
    So what a partner can add to the log in a day is bounded by what is open to it, however often it asks. It
    is written in the transaction of the answer: nothing is sent that is not in the log.
    """
    assert by.partner_id is not None
    if not levels:
        return
    fresh = dict(sorted(levels.items()))
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
