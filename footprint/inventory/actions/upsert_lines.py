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
from accounts.bulk_sql import update_rows
from accounts.errors import Refusal, Refusals
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory import lines, providers
from footprint.inventory.actions.exchange import MAKING, conflicts
from footprint.inventory.actions.rule_order import follow_rule
from footprint.inventory.models import Exchange, Inventory, UnitProcess
from footprint.inventory.row_kinds import Kind, Wanted, kind_of

LISTED = "rows"
MOST_REFUSALS = 1000
MOST_UNKNOWN = 20
LONGEST_NAME = 100
TELL_EVERY = 500
BATCH = 5000
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
class Batch:
    """What is to be written, once every row has been looked at."""

    new: list[Exchange] = field(default_factory=list)
    changed: dict[frozenset[str], list[Exchange]] = field(default_factory=dict)
    makers: dict[int, UnitProcess] = field(default_factory=dict)
    done: list[Upserted] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    taken: set[UUID] = field(default_factory=set)
    """Lines that a row is about."""
    unmade: list[tuple[int, Exchange]] = field(default_factory=list)
    """Rows that change what a line makes, and the line as it was stored."""


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
    batch = Batch()
    numbered = list(enumerate(rows, start=1))
    objects = [row for row in rows if isinstance(row, Mapping)]
    reader = kind_of(kind, inventory, objects, by=by)
    for count, (number, row) in enumerate(sorted(numbered, key=_makers_first), start=1):
        _take(batch, reader, number, row, by)
        if progress and count % TELL_EVERY == 0:
            progress(count, len(rows))
        if len(batch.refusals) >= MOST_REFUSALS:
            break
    _settle(batch)
    _write(batch)
    _check_still_made(batch)
    for process in batch.makers.values():
        if reader.known.loaded.has_coproducts(process):
            follow_rule(process, by=by)
    return sorted(batch.done, key=lambda one: one.row)


def refused_row(refusal: Refusal, row: int) -> Refusal:
    """The refusal with the row it belongs to."""
    placed = Refusal(refusal.message, field=refusal.field, row=row, code=refusal.code)
    placed.status, placed.listed = refusal.status, LISTED
    return placed


def check_fields(row: object, known: Sequence[str]) -> Mapping[str, Any]:
    """The row, if it is an object of fields we know. Raises Refusal, Refusals of some that we do not."""
    if not isinstance(row, Mapping):
        raise Refusal(_("A row is an object of named values."), code="not_an_object")
    message = _("There is no such field.")
    unknown = islice((name for name in row if name not in known), MOST_UNKNOWN)
    if told := [Refusal(message, field=name[:LONGEST_NAME], code="unknown_field") for name in unknown]:
        raise Refusals(told)
    return row


def _makers_first(numbered: tuple[int, Any]) -> tuple[bool, int]:
    number, row = numbered
    is_output = isinstance(row, Mapping) and (
        row.get("direction") == "output" or row.get("is_reference") is True
    )
    return not is_output, number


def _take(batch: Batch, reader: Kind, number: int, row: object, by: Actor) -> None:
    try:
        wanted = reader.read(check_fields(row, reader.fields))
        if wanted.key in batch.keys:
            raise Refusal(_("Another row has this key."), field="external_id", code="duplicate_key")
        batch.keys.add(wanted.key)
        if wanted.line is not None and wanted.line.uuid in batch.taken:
            raise Refusal(_("Another row is about this line."), field="external_id", code="duplicate_key")
        _stage(batch, reader, number, wanted, by)
    except Refusals as several:
        batch.refusals += [refused_row(refusal, number) for refusal in several.refusals]
    except Refusal as refusal:
        batch.refusals.append(refused_row(refusal, number))


def _stage(batch: Batch, reader: Kind, number: int, wanted: Wanted, by: Actor) -> None:
    line, loaded = wanted.line, reader.known.loaded
    is_new = line is None
    if line is None:
        line = Exchange(company_id=wanted.process.company_id, process=wanted.process)
    changed = lines.fill(line, wanted.given, by=by, beside=loaded)
    loaded.note(line)
    reader.known.note(line)
    batch.taken.add(line.uuid)
    if is_new:
        line.position = loaded.next_places.setdefault(wanted.process.pk, 0)
        loaded.next_places[wanted.process.pk] += 1
        batch.new.append(line)
    elif changed:
        if MAKING & set(changed):
            batch.unmade.append((number, Exchange.objects.select_related("product").get(pk=line.pk)))
        batch.changed.setdefault(frozenset(changed), []).append(line)
    if is_new and providers.makes(line):
        batch.makers[wanted.process.pk] = wanted.process
    outcome = "created" if is_new else "changed" if changed else "unchanged"
    batch.done.append(Upserted(number, wanted.key, outcome, line.uuid, wanted.process.pk))


def _write(batch: Batch) -> None:
    with checks.refusing(conflicts()):
        Exchange.objects.bulk_create(batch.new, batch_size=BATCH)
        for columns, several in batch.changed.items():
            update_rows(several, columns)


def _settle(batch: Batch) -> None:
    if batch.refusals:
        raise Refusals(sorted(batch.refusals, key=lambda refusal: int(refusal.row or 0)))


def _check_still_made(batch: Batch) -> None:
    """Of all rows together: two of them may end the last two makers, or move a maker and its users."""
    for number, stored in batch.unmade:
        try:
            providers.check_still_made(stored)
        except Refusal as refusal:
            batch.refusals.append(refused_row(refusal, number))
        if len(batch.refusals) >= MOST_REFUSALS:
            break
    _settle(batch)
