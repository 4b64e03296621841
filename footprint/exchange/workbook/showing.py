"""A comparison in words: for the page, for machines, and as marks in the workbook that goes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.figures import NOTHING, quantity
from accounts.figures import name as name_of
from footprint.exchange.models import WorkbookUpload
from footprint.exchange.workbook import layout
from footprint.exchange.workbook.cells import Cell, text_of
from footprint.exchange.workbook.compare import Row
from footprint.exchange.workbook.content import blank
from footprint.exchange.workbook.layout import BY_KEY, SHOWN
from footprint.exchange.workbook.sentences import sentence
from footprint.exchange.workbook.writing import BookRow, write

LABELS = {column.key: column for column in SHOWN}


@dataclass(frozen=True)
class ShownEdit:
    """One cell before and after, as people read it."""

    column: str
    label: str
    before: str
    after: str

    @property
    def shown(self) -> tuple[str, str]:
        """Both for the page: numbers with their thousands apart, a dash for nothing."""
        is_number = BY_KEY[self.column].sort is layout.Sort.NUMBER
        before, after = (
            quantity(Decimal(value)) if is_number and value else value or NOTHING
            for value in (self.before, self.after)
        )
        return before, after


@dataclass(frozen=True)
class ShownMove:
    """One line that would be added, changed or removed, or that is in conflict."""

    sort: str
    row: int
    key: str
    name: str
    process: str
    edits: tuple[ShownEdit, ...]


@dataclass(frozen=True)
class ShownFault:
    """A refused cell: where it is, what stands in it, why it is refused."""

    cell: str
    row: int
    column: str
    label: str
    code: str
    message: str


def moves(upload: WorkbookUpload, language: str, *sorts: str) -> list[ShownMove]:
    """The lines of these sorts, in the order of the workbook."""
    found = [
        ShownMove(
            sort=sort,
            row=record["row"],
            key=record["key"],
            name=name_of(record, language) if record["name_zh"] else _("Further line"),
            process=record["process"],
            edits=tuple(_edit(column, before, after, language) for column, before, after in record["edits"]),
        )
        for sort in sorts
        for record in upload.found.get(sort, [])
    ]
    return sorted(found, key=lambda move: move.row)


def faults(upload: WorkbookUpload, language: str) -> list[ShownFault]:
    """The refused cells, from the top of the sheet."""
    places = upload.summary.get("places", {})
    found = [
        ShownFault(
            cell=f"{places.get(fault['column'], '')}{fault['row']}",
            row=fault["row"],
            column=fault["column"],
            label=LABELS[fault["column"]].label(language),
            code=fault["code"],
            message=sentence(fault["code"], fault["values"]),
        )
        for fault in upload.found.get("faults", [])
    ]
    return sorted(found, key=lambda fault: fault.row)


def problems(upload: WorkbookUpload) -> list[tuple[str, str]]:
    """Why the file as a whole was refused: where, and a sentence."""
    return [
        (" ".join(filter(None, (one["file"], one["field"]))), sentence(one["code"], one["values"]))
        for one in upload.problems
    ]


def annotated(actor: Actor, upload: WorkbookUpload, rows: Iterable[Row], language: str) -> bytes:
    """The workbook as it was filled in; every cell that is refused or in conflict is marked and says why."""
    marks: dict[int, dict[str, str]] = {}
    for fault in faults(upload, language):
        noted = marks.setdefault(fault.row, {})
        noted[fault.column] = "\n".join(filter(None, (noted.get(fault.column), fault.message)))
    for move in moves(upload, language, "conflicts"):
        told = _("Somebody else changed this line. Now it is: %(value)s")
        cells = {edit.column: told % {"value": edit.before or "—"} for edit in move.edits}
        marks.setdefault(move.row, {}).update(cells or {layout.REMOVE: told % {"value": move.name}})
    return write(blank(actor, upload.inventory, language, list(_book_rows(rows, marks))))


def _book_rows(rows: Iterable[Row], marks: dict[int, dict[str, str]]) -> Iterator[BookRow]:
    for row in rows:
        cells = {key: _as_filled_in(key, cell) for key, cell in row.cells.items() if key in LABELS}
        yield BookRow(row.number, row.key, row.version, row.base, cells, marks=marks.get(row.number, {}))


def _as_filled_in(key: str, cell: Cell) -> str | float:
    """A number as a number; everything else as the text that was read."""
    is_number = cell.kind == "number" and (key not in BY_KEY or BY_KEY[key].sort is layout.Sort.NUMBER)
    return float(cell.text) if is_number else cell.text


def _edit(column: str, before: str, after: str, language: str) -> ShownEdit:
    shaped = BY_KEY[column]
    return ShownEdit(
        column, shaped.label(language), text_of(shaped, before, language), text_of(shaped, after, language)
    )
