"""From one figure to another: by cause, by input, by method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from itertools import accumulate
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from accounts import figures
from accounts.charts.chart import (
    ROWS_SHOWN,
    Cell,
    Chart,
    Table,
    closes,
    not_numbers,
    only_largest,
)

# Steps smaller than this share of the whole cannot be seen on an axis that starts at zero.
VISIBLE = 0.4


@dataclass(frozen=True)
class Step:
    """One cause of a difference, with its sign."""

    label: str
    value: float
    href: str = ""

    @property
    def tone(self) -> str:
        if self.value == 0:
            return "rest"
        return "rise" if self.value > 0 else "fall"


@dataclass(frozen=True, kw_only=True)
class WaterfallChart(Chart):
    """The bridge from one figure to another. Start and steps that do not end at the end are not drawn."""

    start: float
    start_label: str
    end: float
    end_label: str
    steps: Sequence[Step]
    start_digits: int = 4
    start_href: str = ""
    end_href: str = ""
    kind: ClassVar[str] = "waterfall"

    @property
    def refusal(self) -> str:
        values = [self.start, *(step.value for step in self.steps)]
        if unknown := not_numbers([*values, self.end]):
            return unknown
        if closes(sum(values), self.end, values):
            return ""
        return _(
            "Start and steps lead to %(reached)s, the end is %(end)s: %(gap)s has no cause. "
            "This chart is not drawn until every part of the difference has one."
        ) % {
            "reached": figures.significant(sum(values), 6),
            "end": figures.significant(self.end, 6),
            "gap": figures.signed(self.end - sum(values)),
        }

    @property
    def is_empty(self) -> bool:
        return not self.steps and self.start == self.end

    @property
    def start_text(self) -> str:
        """The start with no more digits than are known of it."""
        return figures.significant(self.start, self.start_digits)

    @property
    def levels(self) -> list[float]:
        """Where the bridge stands at the start and after each step."""
        return list(accumulate((step.value for step in self.steps), initial=self.start))

    @property
    def floor(self) -> Decimal:
        """Where the axis starts: at zero, unless the steps would be too small to see."""
        levels = [*self.levels, self.end]
        low, high = min(levels), max(levels)
        if low <= 0 or high - low >= VISIBLE * high or closes(low, high, []):
            return Decimal(0)
        span = Decimal(high) - Decimal(low)
        below = max(Decimal(0), Decimal(low) - span / 2)
        return below.quantize(Decimal(1).scaleb(span.adjusted()), ROUND_FLOOR)

    @property
    def remarks(self) -> list[str]:
        if not self.is_drawn or not self.floor:
            return list(self.notes)
        cut = _("The axis starts at %(floor)s, not at zero.") % {"floor": figures.quantity(self.floor)}
        return [cut, *self.notes]

    @property
    def tables(self) -> list[Table]:
        first = [Cell(self.start_label, self.start_href), Cell(""), Cell(self.start_text)]
        steps = [
            [
                Cell(step.label, step.href),
                Cell(figures.signed(step.value)),
                Cell(figures.significant(level)),
            ]
            for step, level in zip(self.steps, self.levels[1:], strict=True)
        ]
        change = figures.signed(self.end - self.start)
        foot = [Cell(self.end_label, self.end_href), Cell(change), Cell(figures.significant(self.end))]
        heads = [_("Cause"), _("Change, %(unit)s") % {"unit": self.unit}, _("Reached")]
        return [Table(heads, [first, *steps], foot)]

    def payload(self) -> dict[str, Any]:
        levels, floor = self.levels, float(self.floor)
        ends = [
            _column(self.start_label, floor, self.start, self.start_text),
            _column(self.end_label, floor, self.end, figures.significant(self.end)),
        ]
        steps = [
            {
                **_column(step.label, before, after, figures.signed(step.value)),
                "tone": step.tone,
                "href": step.href,
            }
            for step, before, after in zip(self.steps, levels, levels[1:], strict=False)
        ]
        bars = [{**ends[0], "href": self.start_href}, *steps, {**ends[1], "href": self.end_href}]
        return {**super().payload(), "bars": bars, "floor": floor}


@dataclass(frozen=True)
class Swing:
    """What a result becomes when one input is at its low and at its high; the inputs as they are written."""

    label: str
    low: float
    high: float
    low_input: str = ""
    high_input: str = ""
    href: str = ""

    @property
    def span(self) -> float:
        return abs(self.high - self.low)


@dataclass(frozen=True, kw_only=True)
class TornadoChart(Chart):
    """How far each input moves a result, the most telling first."""

    base: float
    base_label: str
    swings: Sequence[Swing]
    kind: ClassVar[str] = "tornado"

    @property
    def refusal(self) -> str:
        return not_numbers([self.base, *(value for s in self.swings for value in (s.low, s.high))])

    @property
    def ordered(self) -> list[Swing]:
        return sorted(self.swings, key=lambda swing: -swing.span)

    @property
    def remarks(self) -> list[str]:
        return [*only_largest(ROWS_SHOWN, len(self.swings)), *self.notes]

    @property
    def tables(self) -> list[Table]:
        rows = [
            [
                Cell(swing.label, swing.href),
                Cell(swing.low_input or figures.NOTHING),
                Cell(figures.significant(swing.low)),
                Cell(swing.high_input or figures.NOTHING),
                Cell(figures.significant(swing.high)),
                Cell(figures.significant(swing.span)),
            ]
            for swing in self.ordered
        ]
        base = [Cell(self.base_label), Cell(""), Cell(figures.significant(self.base))]
        result = _("Result, %(unit)s") % {"unit": self.unit}
        heads = [_("Input"), _("At low"), result, _("At high"), result, _("Span")]
        return [Table(heads, rows, [*base, Cell(""), Cell(""), Cell("")] if rows else [])]

    def payload(self) -> dict[str, Any]:
        base = {"value": self.base, "label": self.base_label, "text": figures.significant(self.base)}
        rows = [
            {
                "label": swing.label,
                "href": swing.href,
                "ends": [
                    _end(swing.low, swing.low_input, self.base),
                    _end(swing.high, swing.high_input, self.base),
                ],
            }
            for swing in self.ordered[:ROWS_SHOWN]
        ]
        return {**super().payload(), "base": base, "rows": rows}


@dataclass(frozen=True)
class Line:
    """One product's value under every profile; None where a profile gives none.

    ``digits``: as many as are known.
    """

    label: str
    values: Sequence[float | None]
    href: str = ""
    digits: int = 4

    def text(self, at: int) -> str:
        """The value at this place as it is written."""
        return figures.significant(self.values[at], self.digits)

    def difference(self, at: int) -> str:
        """How much the value at this place differs from the first, as a share of the first."""
        first, value = self.values[0], self.values[at]
        if at == 0 or not first or value is None:
            return ""
        return figures.signed_percent((value - first) / abs(first))


@dataclass(frozen=True, kw_only=True)
class SlopeChart(Chart):
    """The same things under several method profiles, or in several years, compared with the first.

    ``heading`` is what the columns are called, unless they are profiles.
    """

    profiles: Sequence[str]
    lines: Sequence[Line]
    heading: str = ""
    kind: ClassVar[str] = "slope"

    @property
    def refusal(self) -> str:
        for line in self.lines:
            if len(line.values) != len(self.profiles):
                return _(
                    "%(name)s has %(values)d values for %(profiles)d profiles. "
                    "This chart is not drawn until each profile has its value or is left open."
                ) % {"name": line.label, "values": len(line.values), "profiles": len(self.profiles)}
        return not_numbers(v for line in self.lines for v in line.values if v is not None)

    @property
    def strokes(self) -> list[str]:
        return [line.label for line in self.lines] if len(self.lines) > 1 else []

    @property
    def tables(self) -> list[Table]:
        if any(len(line.values) != len(self.profiles) for line in self.lines):
            heads = [_("Product"), *(str(n + 1) for n in range(max(len(x.values) for x in self.lines)))]
            return [Table(heads, [[Cell(x.label, x.href), *map(_amount, x.values)] for x in self.lines])]
        heads = [self.heading or _("Profile")]
        for line in self.lines:
            heads += [line.label, _("Difference to the first")]
        rows = [
            [
                Cell(profile),
                *(Cell(told) for x in self.lines for told in (x.text(at), x.difference(at))),
            ]
            for at, profile in enumerate(self.profiles)
        ]
        return [Table(heads, rows if self.lines else [])]

    def payload(self) -> dict[str, Any]:
        lines = [
            {
                "label": line.label,
                "href": line.href,
                "points": [
                    {"value": value, "text": line.text(at), "difference": line.difference(at)}
                    for at, value in enumerate(line.values)
                ],
            }
            for line in self.lines
        ]
        return {**super().payload(), "profiles": list(self.profiles), "lines": lines}


def _column(label: str, low: float, high: float, text: str) -> dict[str, Any]:
    return {"label": label, "from": low, "to": high, "text": text, "tone": "total"}


def _end(value: float, given: str, base: float) -> dict[str, Any]:
    tone = "rise" if value > base else "fall"
    return {"value": value, "text": figures.significant(value), "input": given, "tone": tone}


def _amount(value: float | None) -> Cell:
    return Cell(figures.significant(value))
