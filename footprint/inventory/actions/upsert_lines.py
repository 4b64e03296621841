"""Store what another system tells of the lines of an inventory: all rows, or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.bulk_sql import Behind
from accounts.errors import Refusal, Refusals
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory.actions.exchange import conflicts
from footprint.inventory.actions.many_lines import Batch, Unmade, stage_line, write_lines
from footprint.inventory.models import Inventory
from footprint.inventory.row_kinds import Kind, kind_of

LISTED = "rows"
MOST_REFUSALS = 1000
MOST_UNKNOWN = 20
LONGEST_NAME = 100
TELL_EVERY = 500
Rows = Sequence[Mapping[str, Any]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Upserted:
    """What became of one row."""

    row: int
    key: str
    outcome: str
    uuid: UUID
    process_id: int | None = None


@dataclass
class Told:
    """What is known once every row has been looked at."""

    batch: Batch = field(default_factory=Batch)
    done: list[Upserted] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    taken: set[UUID] = field(default_factory=set)
    """Lines that a row is about."""


@transaction.atomic
def upsert_lines(
    inventory: Inventory, kind: str, rows: Rows, *, by: Actor, progress: Progress | None = None
) -> list[Upserted]:
    """Add the lines whose keys are new, change the others; what a row does not say stays as it is.

    Rows that make something are taken first, so that others may name what they make.

    Raises:
        NotAllowed; Refusals: each with its row, at most ``MOST_REFUSALS`` of them.
    """
    require(by, Permission.EDIT_INVENTORY, company_id=inventory.company_id, site_id=inventory.site_id)
    Inventory.objects.select_for_update().get(pk=inventory.pk)
    told = Told()
    numbered = list(enumerate(rows, start=1))
    objects = [row for row in rows if isinstance(row, Mapping)]
    reader = kind_of(kind, inventory, objects, by=by)
    with checks.refusing(conflicts()), Behind() as behind:  # the database stores while the next are checked
        for count, (number, row) in enumerate(sorted(numbered, key=_makers_first), start=1):
            _take(told, reader, number, row, by)
            if progress and count % TELL_EVERY == 0:
                progress(count, len(rows))
            if len(told.refusals) >= MOST_REFUSALS:
                break
            if not told.refusals:
                told.batch.write_full(behind)
    _settle(told)
    try:
        write_lines(inventory, told.batch, by=by, loaded=reader.known.loaded)
    except Unmade as several:
        row_of = {one.uuid: one.row for one in told.done}
        told.refusals = [refused_row(each, row_of[uuid]) for uuid, each in several.by_line.items()]
        _settle(told)
    return sorted(told.done, key=lambda one: one.row)


def refused_row(refusal: Refusal, row: int) -> Refusal:
    """The refusal with the row it belongs to."""
    placed = Refusal(refusal.message, field=refusal.field, row=row, code=refusal.code)
    placed.status, placed.listed = refusal.status, LISTED
    return placed


def check_fields(row: object, known: Sequence[str]) -> Mapping[str, Any]:
    """The row, if it is an object of fields we know. Raises Refusal, Refusals of some that we do not."""
    if not isinstance(row, Mapping):
        raise Refusal(_("A row is an object of named values."), code="not_an_object")
    if unknown := [name for name in row if name not in known]:
        message = _("There is no such field.")
        told = (Refusal(message, field=name[:LONGEST_NAME], code="unknown_field") for name in unknown)
        raise Refusals(list(islice(told, MOST_UNKNOWN)))
    return row


def _makers_first(numbered: tuple[int, Any]) -> tuple[bool, int]:
    number, row = numbered
    is_output = isinstance(row, Mapping) and (
        row.get("direction") == "output" or row.get("is_reference") is True
    )
    return not is_output, number


def _take(told: Told, reader: Kind, number: int, row: object, by: Actor) -> None:
    try:
        wanted = reader.read(check_fields(row, reader.fields))
        if wanted.key in told.keys:
            raise Refusal(_("Another row has this key."), field="external_id", code="duplicate_key")
        told.keys.add(wanted.key)
        if wanted.line is not None and wanted.line.uuid in told.taken:
            raise Refusal(_("Another row is about this line."), field="external_id", code="duplicate_key")
        line, outcome = stage_line(
            told.batch, wanted.line, wanted.given, process=wanted.process, by=by, loaded=reader.known.loaded
        )
        reader.known.note(line)
        told.taken.add(line.uuid)
        told.done.append(Upserted(number, wanted.key, outcome, line.uuid, wanted.process.pk))
    except Refusals as several:
        told.refusals += [refused_row(refusal, number) for refusal in several.refusals]
    except Refusal as refusal:
        told.refusals.append(refused_row(refusal, number))


def _settle(told: Told) -> None:
    if told.refusals:
        raise Refusals(sorted(told.refusals, key=lambda refusal: int(refusal.row or 0)))
