"""Take in Pcf documents of Catena-X as a partner's footprints: all of them, or none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.audit import Action, record
from accounts.errors import Refusal, Refusals
from accounts.policy import require
from accounts.roles import Permission
from footprint.partners.actions.pulling import keep
from footprint.partners.catenax import reading
from footprint.partners.judging import told
from footprint.partners.models import Connection
from footprint.partners.pact.checking import schema_findings
from footprint.partners.validating import read

MOST_REFUSALS = 50


@transaction.atomic
def take_in_pcf(connection: Connection, *, by: Actor, at: datetime, text: str) -> int:
    """Keep every document with the footprints the partner sent; how many there are.

    Raises:
        NotAllowed; Refusal: no JSON, or nothing in it; Refusals: what PACT's schema refuses, by its place.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=connection.company_id)
    documents = read(text)
    footprints = [reading.read(each) if reading.is_pcf(each) else None for each in documents]
    refused = [fault for number, each in enumerate(footprints, 1) for fault in _faults(number, each)]
    if refused:
        raise Refusals(refused[:MOST_REFUSALS])
    for each in footprints:
        if not keep(connection, each, at=at, speaks=3):
            raise Refusal(_("It holds characters that cannot be kept."), field="document", code="unkeepable")
    facts = {"file": hashlib.sha256(text.encode()).hexdigest(), "about": [connection.uuid]}
    record(by, Action.TAKEN_IN, "partners:connection_catenax", company_id=connection.company_id, **facts)
    return len(footprints)


def _faults(number: int, footprint: dict[str, Any] | None) -> Iterator[Refusal]:
    if footprint is None:
        message = _("Document %(number)d is no Pcf of Catena-X 9.0.0: it lacks the model's groups.")
        yield Refusal(message % {"number": number}, field="document", code="not_pcf")
        return
    for each in schema_findings(footprint):
        sentence = told(each.pointer, each.code, each.severity.value, each.told).sentence
        yield Refusal(f"{number} {each.pointer}: {sentence}", field="document", code=each.code)
