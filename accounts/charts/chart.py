"""What every chart has: its frame, the fixed meanings of colour, and the table that says the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import figures

CLOSES = 1e-6
ROWS_SHOWN = 12

#: The fixed meanings of colour; static/css/tokens.css gives each one its colour under the same name.
GROUPS = {
    "fossil": gettext_lazy("Direct, fossil"),
    "biogenic": gettext_lazy("Direct, biogenic"),
    "process": gettext_lazy("Process"),
    "energy": gettext_lazy("Energy"),
    "purchased": gettext_lazy("Purchased goods"),
    "transport": gettext_lazy("Transport"),
    "rest": gettext_lazy("Other"),
}


@dataclass(frozen=True)
class Part:
    """One contribution: a label, a signed value, a colour group and where it comes from."""

    label: str
    value: float
    group: str = "rest"
    href: str = ""

    @property
    def text(self) -> str:
        return figures.significant(self.value)


@dataclass(frozen=True)
class Cell:
    """What one cell of a chart's table says. `tone` is that of a badge: good, wait or bad."""

    text: str
    href: str = ""
    group: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of cells under their headings; after the first `words` columns stand numbers."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Cell] = ()
    caption: str = ""
    words: int = 1


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What every chart carries. `origin` names the run that computed it, `notes` are sentences below it.

    `is_kept`: a licence keeps its figures on the platform; the file of its table goes without them.
    """

    id: str
    title: str
    unit: str
    boundary: str = ""
    period: str = ""
    origin: str = ""
    notes: Sequence[str] = ()
    nothing: str = ""
    is_kept: bool = False
    kind: ClassVar[str] = ""

    @property
    def refusal(self) -> str:
        """Why this chart is not drawn, or nothing."""
        return ""

    @property
    def tables(self) -> list[Table]:
        """The same figures for those who read rather than look."""
        return []

    @property
    def is_empty(self) -> bool:
        return not any(table.rows for table in self.tables)

    @property
    def is_drawn(self) -> bool:
        return not self.refusal and not self.is_empty

    @property
    def is_wide(self) -> bool:
        """Whether a narrow window scrolls the drawing rather than squeezing it."""
        return False

    @property
    def groups(self) -> list[tuple[str, str]]:
        """The colours that occur, in their fixed order, as (name, words)."""
        return []

    @property
    def marks(self) -> list[tuple[str, str]]:
        """What the numbers inside the marks stand for, as (number, words)."""
        return []

    @property
    def strokes(self) -> list[str]:
        """What the lines stand for, in the order they are drawn."""
        return []

    @property
    def remarks(self) -> list[str]:
        """The sentences below the drawing."""
        return list(self.notes)

    def payload(self) -> dict[str, Any]:
        """What static/js/charts draws."""
        return {"kind": self.kind, "title": self.title, "unit": self.unit}


def closes(summed: float, total: float, terms: Iterable[float]) -> bool:
    """Whether a sum is its total, but for a millionth of the largest term."""
    return abs(summed - total) <= CLOSES * max((abs(value) for value in (total, *terms)), default=0.0)


def does_not_sum(values: Sequence[float], total: float) -> str:
    """Why parts and total cannot be drawn together, or nothing."""
    if unknown := not_numbers([*values, total]):
        return unknown
    summed = sum(values)
    if closes(summed, total, values):
        return ""
    return _(
        "The parts add up to %(summed)s, the total is %(total)s. This chart is not drawn until they agree."
    ) % {
        "summed": figures.significant(summed, 6),
        "total": figures.significant(total, 6),
    }


def not_numbers(values: Iterable[float]) -> str:
    """Why values that are infinite or undefined cannot be drawn, or nothing."""
    if all(math.isfinite(value) for value in values):
        return ""
    return _("A value is missing or infinite. This chart is not drawn until the calculation gives a number.")


def groups_of(names: Iterable[str]) -> list[tuple[str, str]]:
    present = set(names)
    return [(key, str(words)) for key, words in GROUPS.items() if key in present]


def share_of(value: float, total: float) -> str:
    return figures.percent(value / total) if total else figures.NOTHING


def largest_first(parts: Iterable[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: -abs(part.value))


def gathered(parts: Sequence[Part]) -> list[Part]:
    """No more parts than a chart has room for: the small ones become one, and the sum stays."""
    hidden = parts[ROWS_SHOWN:]
    if len(hidden) < 2:
        return list(parts)
    words = ngettext("%(n)d other", "%(n)d others", len(hidden)) % {"n": len(hidden)}
    return [*parts[:ROWS_SHOWN], Part(words, sum(part.value for part in hidden))]


def only_largest(shown: int, all_of_them: int) -> list[str]:
    """The remark that some rows are in the table only."""
    if shown >= all_of_them:
        return []
    words = _("The %(shown)d largest of %(all)d are drawn; the table has all of them.")
    return [words % {"shown": shown, "all": all_of_them}]
