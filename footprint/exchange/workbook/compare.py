"""A filled-in workbook beside the inventory as it is now: what would be added, changed, removed. Pure.

A cell counts as edited when it differs both from what stands in the inventory and from what was handed out.
An edit in a line that somebody else has changed since is a conflict: both values are shown, a person decides.
A line without a row stays as it is: a part of a workbook is no order to delete the rest.
A further row that says what a line without a row says is that line: the workbook was handed in before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from footprint.exchange.workbook import numerals
from footprint.exchange.workbook.cells import Cell, Values, Wrong, print_in, print_of, value_of
from footprint.exchange.workbook.layout import BY_KEY, REMOVING, Column

AT_ROW = "process"
"""Where a fault of the row as a whole is marked."""


@dataclass(frozen=True)
class Row:
    """A row as it was read: its hidden columns and its cells."""

    number: int
    key: str
    version: str
    base: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Present:
    """A line as it is in the inventory."""

    version: int
    values: Values


@dataclass(frozen=True)
class Edit:
    """One cell: what stands there, what was filled in."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Move:
    """What a row asks for one line; ``key`` is empty for a new one. No edits: remove it."""

    row: int
    key: str
    version: int
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Fault:
    """A cell that is refused, and why; ``code`` is a key of ``sentences.SENTENCES``."""

    row: int
    column: str
    code: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass
class Comparison:
    """Everything a person has to know before anything is stored."""

    added: list[Move] = field(default_factory=list)
    changed: list[Move] = field(default_factory=list)
    removed: list[Move] = field(default_factory=list)
    conflicts: list[Move] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unchanged: int = 0
    absent: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change, and nothing stands in the way."""
        return not (self.added or self.changed or self.removed or self.conflicts or self.faults)


def compare(rows: Iterable[Row], present: Mapping[str, Present]) -> Comparison:
    """What the rows ask for, line by line."""
    found = Comparison()
    seen: dict[str, int] = {}
    for row in rows:
        key = _uuid(row.key) if row.key else ""
        if not row.key:
            _compare_new(row, found)
        elif (line := present.get(key)) is None:
            if not _is_removed(row, found):
                found.faults.append(Fault(row.number, AT_ROW, "unknown_line"))
        elif (first := seen.setdefault(key, row.number)) != row.number:
            found.faults.append(Fault(row.number, AT_ROW, "line_twice", {"first": str(first)}))
        else:
            _compare_line(row, key, line, found)
    absent = [line.values for key, line in present.items() if key not in seen]
    found.added = [move for move in found.added if not _is_there(move, absent)]
    found.unchanged += len(present) - len(seen) - len(absent)
    found.absent = len(absent)
    return found


def _is_there(move: Move, absent: list[Values]) -> bool:
    """Whether a line without a row says all that the move does; that line is taken out of ``absent``."""
    told = {edit.column: edit.after for edit in move.edits}
    if not told.get("process") or not told.get("amount"):
        return False
    for at, values in enumerate(absent):
        if all(after in (now := values.get(key, ""), numerals.short(now)) for key, after in told.items()):
            del absent[at]
            return True
    return False


def _compare_new(row: Row, found: Comparison) -> None:
    if _is_removed(row, found):
        return
    values = _values(row, BY_KEY, found)
    edits = tuple(Edit(key, "", value) for key, value in values.items() if value)
    if edits:
        found.added.append(Move(row.number, "", 0, edits))


def _compare_line(row: Row, key: str, line: Present, found: Comparison) -> None:
    if not row.version.isdecimal() or not 1 <= int(row.version[:9]) <= line.version:
        found.faults.append(Fault(row.number, AT_ROW, "bad_version"))
        return
    is_removed = _is_removed(row, found)
    edits = () if is_removed else _edits(row, line, found)
    move = Move(row.number, key, line.version, edits)
    if not edits and not is_removed:
        found.unchanged += 1
    elif int(row.version) != line.version:
        found.conflicts.append(move)
    else:
        (found.removed if is_removed else found.changed).append(move)


def _edits(row: Row, line: Present, found: Comparison) -> tuple[Edit, ...]:
    values = _values(row, BY_KEY, found)
    if values == line.values:
        return ()
    return tuple(
        Edit(key, line.values.get(key, ""), value)
        for key, value in values.items()
        if _is_edited(value, line.values.get(key, ""), row.base, key)
    )


def _is_edited(value: str, now: str, base: str, key: str) -> bool:
    return value != now and value != numerals.short(now) and print_of(value) != print_in(base, key)


def _is_removed(row: Row, found: Comparison) -> bool:
    return _values(row, {REMOVING.key: REMOVING}, found).get(REMOVING.key, "") == "yes"


def _values(row: Row, columns: Mapping[str, Column], found: Comparison) -> dict[str, str]:
    """What the cells of these columns say; those that say nothing usable become faults."""
    values = dict.fromkeys(columns, "")
    for key, column in columns.items():
        if cell := row.cells.get(key):
            try:
                values[key] = value_of(column, cell)
            except Wrong as wrong:
                del values[key]
                found.faults.append(Fault(row.number, key, wrong.code, wrong.values))
    return values


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
