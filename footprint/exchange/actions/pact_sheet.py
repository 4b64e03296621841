"""Take in a sheet of footprints as a partner's: all of them, or none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from accounts.audit import Action, record
from accounts.errors import Refusal, Refusals
from accounts.policy import require
from accounts.roles import Permission
from footprint.exchange.confined.problems import Unreadable
from footprint.exchange.pact_sheet.reading import Column, read_confined
from footprint.exchange.pact_sheet.sentences import OF_CELLS, OF_FILES
from footprint.partners.actions import keep
from footprint.partners.judging import told
from footprint.partners.models import Connection
from footprint.partners.pact.checking import schema_findings
from footprint.partners.pact.columns import property_at

SHEETS_SPEAK = 3


@dataclass(frozen=True)
class RefusedCell:
    """A cell, and what is wrong with it."""

    cell: str
    sentence: str
    code: str


@transaction.atomic
def take_in_sheet(connection: Connection, *, by: Actor, at: datetime, content: bytes) -> int:
    """Keep every footprint of the sheet with those the partner sent; how many there are.

    Raises:
        NotAllowed; Refusals: the file, or single cells (each refusal's ``field`` is the cell).
    """
    require(by, Permission.SHARE_PRODUCT, company_id=connection.company_id)
    try:
        columns = read_confined(content)
    except Unreadable as unreadable:
        raise Refusals(
            [
                Refusal(str(OF_FILES[problem.code]) % problem.values, field="sheet", code=problem.code)
                for problem in unreadable.problems
            ]
        ) from unreadable
    refused = [fault for column in columns for fault in refused_cells(column)]
    refused += list(_repeated(columns))
    if refused:
        raise Refusals(
            [Refusal(f"{each.cell}: {each.sentence}", field=each.cell, code=each.code) for each in refused]
        )
    for column in columns:
        if not keep(connection, column.document, at=at, speaks=SHEETS_SPEAK):
            cell = column.places.get("id", column.head)
            raise Refusals([Refusal(f"{cell}: {OF_CELLS['no_id']}", field=cell, code="no_id")])
    facts = {"file": hashlib.sha256(content).hexdigest(), "about": [connection.uuid]}
    record(by, Action.TAKEN_IN, "exchange:partner_sheet", company_id=connection.company_id, **facts)
    return len(columns)


def refused_cells(column: Column) -> list[RefusedCell]:
    """What PACT's schema refuses in a column, and what nobody reads, cell by cell."""
    found = [RefusedCell(cell, str(OF_CELLS[code]), code) for cell, code in column.unread.items()]
    for each in schema_findings(column.document):
        cell = column.places.get(property_at(each.pointer), column.head)
        sentence = told(each.pointer, each.code, each.severity.value, each.told).sentence
        found.append(RefusedCell(cell, sentence, each.code))
    return found


def _repeated(columns: list[Column]) -> list[RefusedCell]:
    seen: set[str] = set()
    found = []
    for column in columns:
        key = str(column.document.get("id", "")).casefold()
        if key and key in seen:
            cell = column.places.get("id", column.head)
            found.append(RefusedCell(cell, str(OF_CELLS["same_id"]), "same_id"))
        seen.add(key)
    return found
