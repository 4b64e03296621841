"""Take in a filled-in workbook, show what it would change, and do so when somebody confirms."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal, Refusals, Stale
from accounts.policy import require
from accounts.roles import Permission
from factors.models import GreenhouseGas
from footprint.calculation import ledger
from footprint.calculation.queries import refuse_unsolvable
from footprint.exchange.confined.problems import Problem, Unreadable
from footprint.exchange.models import WorkbookUpload
from footprint.exchange.workbook import layout
from footprint.exchange.workbook.cells import Cell
from footprint.exchange.workbook.compare import Comparison, Fault, Move, Row, compare
from footprint.exchange.workbook.content import lines_of
from footprint.exchange.workbook.moves import Moves, Progress
from footprint.exchange.workbook.pasted import Target, pasted
from footprint.exchange.workbook.reading import MOST_BYTES
from footprint.exchange.workbook.sentences import sentence
from footprint.exchange.workbook.wire import Filled, read_confined
from footprint.inventory import queries
from footprint.inventory.lines import in_table_order
from footprint.inventory.models import Exchange, Inventory, UnitProcess
from footprint.inventory.providers import named

State = WorkbookUpload.State


@transaction.atomic
def take_in_workbook(inventory: Inventory, *, by: Actor, file_name: str, content: bytes) -> WorkbookUpload:
    """Read a workbook in a confined process and compare it with the inventory; nothing of it is stored yet.

    A file that cannot be read is kept as a refused upload, with what is wrong with it.

    Raises:
        NotAllowed, Refusal.
    """
    _gate(inventory, by)
    if len(content) > MOST_BYTES:
        message = _("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 2**20}
        raise Refusal(message, field="workbook", code="too_large")
    upload = WorkbookUpload(
        company_id=inventory.company_id,
        inventory=inventory,
        created_by_id=by.user_id,
        file_name=Path(file_name.replace("\\", "/")).name[:200] or "workbook.xlsx",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    with ThreadPoolExecutor(1) as beside:
        reading = beside.submit(read_confined, content)  # another process reads; meanwhile the lines are read
        moves = _moves(inventory, by)
    try:
        filled = reading.result()
        _check_about(filled, inventory)
    except Unreadable as unreadable:
        upload.problems = [problem.record() for problem in unreadable.problems]
        upload.save(force_insert=True)
        _change(upload, state=State.REFUSED, finished_at=upload.created_at)
        return upload
    upload.rows = [_stored_row(row) for row in filled.rows]
    upload.summary = {"places": filled.places}
    _compare(upload, filled.rows, moves)
    upload.save(force_insert=True)
    return upload


@transaction.atomic
def take_in_pasted(process: UnitProcess, *, by: Actor, text: str, at: str = "") -> WorkbookUpload:
    """Read what was copied in a spreadsheet and compare it with the lines; nothing is stored yet.

    Raises:
        NotAllowed, Refusal, Refusals: it is no table, or a row names nothing that is here.
    """
    inventory = process.inventory
    _gate(inventory, by)
    lines = list(queries.lines(by).filter(process=process))
    products = queries.own_products(by).filter(company_id=process.company_id)
    gases = GreenhouseGas.objects.values_list("code", flat=True)
    found = pasted(text, Target(process, in_table_order(lines), products, gases, at))
    content = text.encode()
    upload = WorkbookUpload(
        company_id=inventory.company_id,
        inventory=inventory,
        created_by_id=by.user_id,
        file_name=_("Pasted into %(process)s") % {"process": named(process)},
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        rows=[_stored_row(row) for row in found.rows],
        summary={"places": found.places},
    )
    _compare(upload, found.rows, _moves(inventory, by))
    upload.save(force_insert=True)
    return upload


@transaction.atomic
def compare_again(upload: WorkbookUpload, *, by: Actor) -> WorkbookUpload:
    """Compare with the inventory as it is now.

    Raises:
        NotAllowed, Refusal: it is decided already.
    """
    _gate(upload.inventory, by)
    upload = locked(upload)
    _compare(upload, _rows(upload), _moves(upload.inventory, by))
    _change(upload, found=upload.found, summary=upload.summary, version=upload.version + 1, refusals=None)
    return upload


@transaction.atomic
def apply_workbook(
    upload: WorkbookUpload, *, by: Actor, at: datetime, version: int, taking: Collection[str] = ()
) -> WorkbookUpload:
    """Store everything that the comparison of this version shows, or nothing.

    ``taking`` are the keys of the lines in conflict where the workbook's values shall stand; the others stay
    as they are.

    Raises:
        NotAllowed, Stale: the inventory, or the comparison, is not what was seen.
        Refusal, Refusals: it is decided already, something is refused, or there is nothing to store.
    """
    _gate(upload.inventory, by)
    upload = locked(upload)
    check_confirmation(upload, version=version, taking=taking)
    summary = store(upload, by=by, taking=taking)
    _change(upload, state=State.APPLIED, finished_at=at, rows=[], summary=summary, refusals=None)
    ledger.wake()
    return upload


def check_confirmation(upload: WorkbookUpload, *, version: int, taking: Collection[str]) -> int:
    """Whether what was seen may be stored, as far as that is told without comparing again; how many lines.

    Raises:
        Stale, Refusal.
    """
    if upload.found["faults"]:
        raise Refusal(
            _("Cells are refused; mend them in the workbook and upload it again."), code="has_faults"
        )
    found = upload.found
    several = [move for name in ("added", "changed", "removed", "conflicts") for move in found[name]]
    seen = {UUID(move["key"]): move["version"] for move in several if move["key"]}
    rows = Exchange.objects.filter(process__inventory_id=upload.inventory_id, uuid__in=seen)
    if version != upload.version or dict(rows.values_list("uuid", "version")) != seen:
        raise changed_since()
    wanted = (
        sum(move["key"] in taking for move in found["conflicts"]) + len(several) - len(found["conflicts"])
    )
    if not wanted:
        raise Refusal(_("There is nothing to store: nothing differs from the inventory."), code="no_change")
    return wanted


def store(
    upload: WorkbookUpload, *, by: Actor, taking: Collection[str], progress: Progress | None = None
) -> dict[str, Any]:
    """Compare once more under a lock, and do what was seen; the summary of what was done.

    Raises:
        NotAllowed, Stale, Refusal, Refusals.
    """
    _gate(upload.inventory, by)
    inventory = Inventory.objects.select_for_update().get(pk=upload.inventory_id)
    moves = _moves(inventory, by)
    found = compare(_rows(upload), moves.present)
    if _record(found, moves) != upload.found:
        raise changed_since()
    taken = [move for move in found.conflicts if move.key in taking]
    faults = moves.carry_out([*found.removed, *found.changed, *found.added, *taken], progress)
    if faults:
        raise Refusals(
            [
                Refusal(_row_sentence(fault), field=fault.column, row=fault.row, code=fault.code)
                for fault in faults
            ]
        )
    refuse_unsolvable(by, moves.touched)
    return {**upload.summary, "taken": len(taken), "kept": len(found.conflicts) - len(taken)}


def changed_since() -> Stale:
    """What is said to whoever confirms what is no longer so."""
    return Stale(_("The inventory was changed after this comparison. Compare again, look, and confirm then."))


@transaction.atomic
def discard_workbook(upload: WorkbookUpload, *, by: Actor, at: datetime) -> WorkbookUpload:
    """Decide against it; the inventory stays as it is.

    Raises:
        NotAllowed, Refusal: it is decided already.
    """
    _gate(upload.inventory, by)
    upload = locked(upload)
    _change(upload, state=State.DISCARDED, finished_at=at, rows=[])
    return upload


def _row_sentence(fault: Fault) -> str:
    words = {"row": fault.row, "message": sentence(fault.code, fault.values)}
    return _("Row %(row)s: %(message)s") % words


def filled_rows(upload: WorkbookUpload) -> list[Row]:
    """The rows as they were read."""
    return _rows(upload)


def _gate(inventory: Inventory, by: Actor) -> None:
    require(by, Permission.EDIT_INVENTORY, company_id=inventory.company_id, site_id=inventory.site_id)


def locked(upload: WorkbookUpload) -> WorkbookUpload:
    """The upload, for nobody else to decide at the same time. Raises Refusal."""
    found = WorkbookUpload.objects.select_for_update(of=("self",)).select_related("inventory")
    upload = found.get(pk=upload.pk)
    if not upload.is_open:
        message = _("This upload is decided already: %(state)s.") % {"state": upload.get_state_display()}
        raise Refusal(message, code="decided")
    return upload


def _change(upload: WorkbookUpload, **values: Any) -> None:
    WorkbookUpload.objects.filter(pk=upload.pk).update(**values)
    for name, value in values.items():
        setattr(upload, name, value)


def _check_about(filled: Filled, inventory: Inventory) -> None:
    if filled.format != layout.FORMAT:
        raise Unreadable([Problem("other_format")])
    if filled.inventory != str(inventory.uuid):
        raise Unreadable([Problem("other_inventory")])


def _compare(upload: WorkbookUpload, rows: Iterable[Row], moves: Moves) -> None:
    found = compare(rows, moves.present)
    known = {(fault.row, fault.column) for fault in found.faults}
    tried = moves.try_out([*found.removed, *found.changed, *found.added])
    found.faults += [fault for fault in tried if (fault.row, fault.column) not in known]
    upload.found = _record(found, moves)
    upload.summary = {
        **{name: len(getattr(found, name)) for name in ("added", "changed", "removed", "conflicts")},
        "refused": len(found.faults),
        "unchanged": found.unchanged,
        "absent": found.absent,
        "places": upload.summary["places"],
    }


def _moves(inventory: Inventory, by: Actor) -> Moves:
    """The lines of an inventory, in the order of the sheet, and what its rows can name."""
    return Moves(by, inventory, lines_of(by, inventory))


def _record(found: Comparison, moves: Moves) -> dict[str, Any]:
    """As stored: with what the lines are called, in both languages."""
    record = {
        name: [_move_record(move, moves.lines.get(move.key)) for move in getattr(found, name)]
        for name in ("added", "changed", "removed", "conflicts")
    }
    record["faults"] = [asdict(fault) for fault in found.faults]
    return record


def _move_record(move: Move, line: Exchange | None) -> dict[str, Any]:
    told = {edit.column: edit.after for edit in move.edits}
    thing = line and (line.product or (line.factor_version.factor if line.factor_version else None))
    plain = line.flow_name or line.gas if line else told.get("product") or told.get("gas") or ""
    names = (thing.name_zh, thing.name_en) if thing else (plain, plain)
    return {
        "row": move.row,
        "key": move.key,
        "version": move.version,
        "edits": [[edit.column, edit.before, edit.after] for edit in move.edits],
        "name_zh": names[0],
        "name_en": names[1],
        "process": line.process.code if line else told.get("process", ""),
    }


def _stored_row(row: Row) -> list[Any]:
    cells = {key: [cell.kind, cell.text] for key, cell in row.cells.items()}
    return [row.number, row.key, row.version, row.base, cells]


def _rows(upload: WorkbookUpload) -> list[Row]:
    return [
        Row(number, key, version, base, {name: Cell(kind, text) for name, (kind, text) in cells.items()})
        for number, key, version, base, cells in upload.rows
    ]
