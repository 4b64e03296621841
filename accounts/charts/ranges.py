"""Values beside each other on one axis: own against others, methods against each other, what is uncertain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from accounts import figures
from accounts.charts.chart import Cell, Chart, Table, not_numbers


@dataclass(frozen=True, kw_only=True)
class StripChart(Chart):
    """One's own value on a line against the released median; a band of what is plausible, or quartiles."""

    own: float
    own_label: str
    median: float
    median_digits: int = 4
    low: float | None = None
    high: float | None = None
    is_quartiles: bool = False
    kind: ClassVar[str] = "strip"

    @property
    def tables(self) -> list[Table]:
        range_ends = [(_("Plausible from"), self.low), (_("Plausible to"), self.high)]
        if self.is_quartiles:
            range_ends = [(_("Lower quartile"), self.low), (_("Upper quartile"), self.high)]
        rows = [
            [Cell(self.own_label), Cell(figures.significant(self.own))],
            [Cell(_("Median")), Cell(self.median_text)],
            *([Cell(label), Cell(self._end_text(v))] for label, v in range_ends if v is not None),
        ]
        return [Table([_("Value"), self.unit], rows)]

    def _end_text(self, value: float) -> str:
        return (
            figures.significant(value, self.median_digits) if self.is_quartiles else figures.quantity(value)
        )

    @property
    def median_text(self) -> str:
        """The median with no more digits than were released."""
        return figures.significant(self.median, self.median_digits)

    def payload(self) -> dict[str, Any]:
        own = {"label": self.own_label, "value": self.own, "text": figures.significant(self.own)}
        median = {"label": _("Median"), "value": self.median, "text": self.median_text}
        label = _("Between the quartiles") if self.is_quartiles else _("Plausible range")
        band = {"low": self.low, "high": self.high, "band_label": label}
        return {**super().payload(), "own": own, "median": median, **band}


@dataclass(frozen=True)
class Spread:
    """One product's value by each method that gives one; `in_force` is the key of the method that counts."""

    label: str
    values: Mapping[str, float]
    in_force: str = ""
    href: str = ""

    @property
    def low(self) -> float:
        return min(self.values.values())

    @property
    def high(self) -> float:
        return max(self.values.values())

    @property
    def times(self) -> str:
        """How many times the lowest the highest is."""
        return f"×{figures.significant(self.high / self.low, 2)}" if self.low > 0 else ""


@dataclass(frozen=True, kw_only=True)
class RangeChart(Chart):
    """A row for each product, a numbered dot for each method, the one in force filled, lowest to highest."""

    methods: Mapping[str, str]
    spreads: Sequence[Spread]
    kind: ClassVar[str] = "range"

    @property
    def refusal(self) -> str:
        for spread in self.spreads:
            named = {*spread.values, *filter(None, [spread.in_force])}
            if strange := sorted(named - set(self.methods)):
                return _("%(name)s names the method %(method)s, which this chart does not compare.") % {
                    "name": spread.label,
                    "method": strange[0],
                }
            if not spread.values or (spread.in_force and spread.in_force not in spread.values):
                return _("%(name)s has no value by the method in force. Calculate it before comparing.") % {
                    "name": spread.label
                }
        return not_numbers(value for spread in self.spreads for value in spread.values.values())

    @property
    def marks(self) -> list[tuple[str, str]]:
        used = {key for spread in self.spreads for key in spread.values}
        return [(str(n), words) for n, (key, words) in enumerate(self.methods.items(), 1) if key in used]

    @property
    def tables(self) -> list[Table]:
        rows = [
            [
                Cell(spread.label, spread.href),
                Cell(self.methods.get(spread.in_force, figures.NOTHING)),
                *(Cell(figures.significant(spread.values.get(key))) for key in self.methods),
                Cell(spread.times if spread.values else ""),
            ]
            for spread in self.spreads
        ]
        heads = [_("Product"), _("In force"), *self.methods.values(), _("High / low")]
        return [Table(heads, rows, words=2)]

    def payload(self) -> dict[str, Any]:
        return {**super().payload(), "rows": [self._row(spread) for spread in self.spreads]}

    def _row(self, spread: Spread) -> dict[str, Any]:
        dots = [
            {
                "mark": str(number),
                "label": words,
                "value": spread.values[key],
                "text": figures.significant(spread.values[key]),
                "in_force": key == spread.in_force,
            }
            for number, (key, words) in enumerate(self.methods.items(), 1)
            if key in spread.values
        ]
        ends = {"low": spread.low, "high": spread.high, "times": spread.times}
        return {"label": spread.label, "href": spread.href, "dots": dots, **ends}


@dataclass(frozen=True)
class Density:
    """A histogram of draws: equal bins from `start` to `stop`."""

    start: float
    stop: float
    counts: Sequence[float]


@dataclass(frozen=True)
class Estimate:
    """One product's median with the interval that holds 95 % of its draws."""

    label: str
    low: float
    median: float
    high: float
    density: Density | None = None
    href: str = ""

    @property
    def text(self) -> str:
        ends = f"{figures.significant(self.low, 3)} – {figures.significant(self.high, 3)}"
        return f"{figures.significant(self.median)} ({ends})"


@dataclass(frozen=True)
class Comparison:
    """How often the first of two was the lower one, drawn together."""

    first: str
    second: str
    probability: float

    @property
    def sentence(self) -> str:
        return _("%(first)s is below %(second)s in %(share)s of the draws.") % {
            "first": self.first,
            "second": self.second,
            "share": figures.percent(self.probability),
        }


@dataclass(frozen=True, kw_only=True)
class IntervalChart(Chart):
    """Medians and their 95 % intervals on one axis, with the shape of their draws where it is known."""

    estimates: Sequence[Estimate]
    comparisons: Sequence[Comparison] = ()
    kind: ClassVar[str] = "interval"

    @property
    def refusal(self) -> str:
        if unknown := not_numbers(v for e in self.estimates for v in (e.low, e.median, e.high)):
            return unknown
        for one in self.estimates:
            if any(low > high for low, high in pairwise((one.low, one.median, one.high))):
                return _("The median of %(name)s lies outside its interval. Calculate it anew.") % {
                    "name": one.label
                }
        return ""

    @property
    def remarks(self) -> list[str]:
        return [*(one.sentence for one in self.comparisons), *self.notes]

    @property
    def tables(self) -> list[Table]:
        rows = [
            [
                Cell(one.label, one.href),
                *(Cell(figures.significant(value)) for value in (one.low, one.median, one.high)),
            ]
            for one in self.estimates
        ]
        return [Table([_("Product"), "2.5%", _("Median"), "97.5%"], rows)]

    def payload(self) -> dict[str, Any]:
        rows = [
            {
                "label": one.label,
                "href": one.href,
                "low": one.low,
                "median": one.median,
                "high": one.high,
                "text": one.text,
                "density": _outline(one.density) if one.density else [],
            }
            for one in self.estimates
        ]
        return {**super().payload(), "rows": rows}


def _outline(density: Density) -> list[list[float]]:
    """The steps of a histogram as [from, to, height], the highest being one."""
    width = (density.stop - density.start) / max(len(density.counts), 1)
    top = max(density.counts, default=0.0) or 1.0
    return [
        [density.start + n * width, density.start + (n + 1) * width, count / top]
        for n, count in enumerate(density.counts)
    ]
