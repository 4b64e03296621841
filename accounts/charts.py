"""Charts as data: what is drawn, and the table that says the same. Parts that do not sum are not drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import figures

CLOSES = 1e-6
BARS_SHOWN = 12

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


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What every chart carries. `origin` names the run that computed it."""

    id: str
    title: str
    unit: str
    boundary: str = ""
    period: str = ""
    origin: str = ""
    kind: ClassVar[str] = ""

    @property
    def refusal(self) -> str:
        """Why this chart is not drawn, or nothing."""
        return ""

    @property
    def groups(self) -> list[tuple[str, str]]:
        """The colours that occur, in their fixed order, as (name, words)."""
        return []

    def payload(self) -> dict[str, Any]:
        """What static/js/chart.js draws."""
        return {"kind": self.kind, "title": self.title, "unit": self.unit}


@dataclass(frozen=True, kw_only=True)
class ContributionChart(Chart):
    """Horizontal bars, largest first, that add up to a total."""

    total: float
    parts: Sequence[Part]
    kind: ClassVar[str] = "bar"

    @property
    def refusal(self) -> str:
        return _does_not_sum(self.parts, self.total)

    @property
    def groups(self) -> list[tuple[str, str]]:
        return _groups(self.parts)

    @property
    def ordered(self) -> list[Part]:
        return sorted(self.parts, key=lambda part: -abs(part.value))

    @property
    def rows(self) -> list[tuple[Part, str]]:
        """Every part with its share of the total, for the table."""
        return [(part, _share(part.value, self.total)) for part in self.ordered]

    @property
    def total_text(self) -> str:
        return figures.significant(self.total)

    def payload(self) -> dict[str, Any]:
        shown, hidden = self.ordered, self.ordered[BARS_SHOWN:]
        if len(hidden) > 1:
            words = ngettext("%(n)d other", "%(n)d others", len(hidden)) % {"n": len(hidden)}
            shown = [*self.ordered[:BARS_SHOWN], Part(words, sum(part.value for part in hidden))]
        bars = [_bar(part, _share(part.value, self.total)) for part in shown]
        return {**super().payload(), "total": self.total, "parts": bars}


@dataclass(frozen=True)
class Stack:
    """One bar of a stacked chart."""

    label: str
    total: float
    parts: Sequence[Part]
    href: str = ""

    @property
    def total_text(self) -> str:
        return figures.significant(self.total)

    def of(self, group: str) -> float:
        return sum(part.value for part in self.parts if part.group == group)


@dataclass(frozen=True, kw_only=True)
class StackChart(Chart):
    """Bars beside each other, each divided by colour group and each adding up to its own total."""

    stacks: Sequence[Stack] = field(default_factory=list)
    kind: ClassVar[str] = "stack"

    @property
    def refusal(self) -> str:
        return next(filter(None, (_does_not_sum(s.parts, s.total) for s in self.stacks)), "")

    @property
    def groups(self) -> list[tuple[str, str]]:
        return _groups([part for stack in self.stacks for part in stack.parts])

    @property
    def rows(self) -> list[tuple[Stack, list[str]]]:
        """Every stack with the text of each group that occurs, for the table."""
        return [(s, [figures.significant(s.of(key)) for key, _words in self.groups]) for s in self.stacks]

    def payload(self) -> dict[str, Any]:
        series = [
            {"group": key, "label": words, "values": [stack.of(key) for stack in self.stacks]}
            for key, words in self.groups
        ]
        stacks = [{"label": s.label, "text": s.total_text, "href": s.href} for s in self.stacks]
        return {**super().payload(), "stacks": stacks, "series": series}


@dataclass(frozen=True, kw_only=True)
class StripChart(Chart):
    """One's own value on a line against the released median, and a plausible range where one is known."""

    own: float
    own_label: str
    median: float
    median_digits: int = 4
    low: float | None = None
    high: float | None = None
    kind: ClassVar[str] = "strip"

    @property
    def rows(self) -> list[tuple[str, str]]:
        range_ends = [(_("Plausible from"), self.low), (_("Plausible to"), self.high)]
        return [
            (self.own_label, figures.significant(self.own)),
            (_("Median"), self.median_text),
            *((label, figures.quantity(value)) for label, value in range_ends if value is not None),
        ]

    @property
    def median_text(self) -> str:
        """The median with no more digits than were released."""
        return figures.significant(self.median, self.median_digits)

    def payload(self) -> dict[str, Any]:
        own = {"label": self.own_label, "value": self.own, "text": figures.significant(self.own)}
        median = {"label": _("Median"), "value": self.median, "text": self.median_text}
        band = {"low": self.low, "high": self.high, "band_label": _("Plausible range")}
        return {**super().payload(), "own": own, "median": median, **band}


def _does_not_sum(parts: Sequence[Part], total: float) -> str:
    summed = sum(part.value for part in parts)
    if abs(summed - total) <= CLOSES * max(abs(total), *(abs(part.value) for part in parts), 0.0):
        return ""
    return _(
        "The parts add up to %(summed)s, the total is %(total)s. This chart is not drawn until they agree."
    ) % {
        "summed": figures.significant(summed, 6),
        "total": figures.significant(total, 6),
    }


def _groups(parts: Sequence[Part]) -> list[tuple[str, str]]:
    present = {part.group for part in parts}
    return [(key, str(words)) for key, words in GROUPS.items() if key in present]


def _share(value: float, total: float) -> str:
    return figures.percent(value / total) if total else figures.NOTHING


def _bar(part: Part, share: str) -> dict[str, Any]:
    return {
        "label": part.label,
        "value": part.value,
        "text": part.text,
        "share": share,
        "group": part.group,
        "href": part.href,
    }
