"""What a figure is made of: bars that add up, bars divided, and bars with their running share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from accounts import figures
from accounts.charts.chart import (
    Cell,
    Chart,
    Part,
    Table,
    does_not_sum,
    gathered,
    groups_of,
    largest_first,
    share_of,
)


@dataclass(frozen=True, kw_only=True)
class ContributionChart(Chart):
    """Horizontal bars, largest first, that add up to a total."""

    total: float
    parts: Sequence[Part]
    kind: ClassVar[str] = "bar"

    @property
    def refusal(self) -> str:
        return does_not_sum([part.value for part in self.parts], self.total)

    @property
    def groups(self) -> list[tuple[str, str]]:
        return groups_of(part.group for part in self.parts)

    @property
    def tables(self) -> list[Table]:
        rows = [
            [
                Cell(part.label, part.href, part.group),
                Cell(part.text),
                Cell(share_of(part.value, self.total)),
            ]
            for part in largest_first(self.parts)
        ]
        whole = "" if self.refusal else share_of(self.total, self.total)
        foot = [Cell(_("Total")), Cell(figures.significant(self.total)), Cell(whole)]
        return [Table([_("Contribution"), self.unit, _("Share")], rows, foot)]

    def payload(self) -> dict[str, Any]:
        shown = gathered(largest_first(self.parts))
        bars = [_bar(part, share_of(part.value, self.total)) for part in shown]
        return {**super().payload(), "total": self.total, "parts": bars}


@dataclass(frozen=True, kw_only=True)
class ParetoChart(Chart):
    """Bars, largest first, with the running share of the total that they make up: where to look first."""

    total: float
    parts: Sequence[Part]
    kind: ClassVar[str] = "pareto"

    @property
    def refusal(self) -> str:
        if unequal := does_not_sum([part.value for part in self.parts], self.total):
            return unequal
        if self.parts and self.total <= 0:
            return _("The total is %(total)s. Running shares need a total above zero; see the table.") % {
                "total": figures.significant(self.total)
            }
        return ""

    @property
    def groups(self) -> list[tuple[str, str]]:
        return groups_of(part.group for part in self.parts)

    @property
    def tables(self) -> list[Table]:
        ordered = sorted(self.parts, key=lambda part: -part.value)
        running = accumulate(part.value for part in ordered)
        rows = [
            [
                Cell(part.label, part.href, part.group),
                Cell(part.text),
                Cell(share_of(part.value, self.total)),
                Cell(share_of(so_far, self.total)),
            ]
            for part, so_far in zip(ordered, running, strict=True)
        ]
        foot = [Cell(_("Total")), Cell(figures.significant(self.total)), Cell(""), Cell("")]
        return [Table([_("Contribution"), self.unit, _("Share"), _("Running share")], rows, foot)]

    def payload(self) -> dict[str, Any]:
        shown = _from_largest(self.parts)
        running = list(accumulate(part.value for part in shown))
        bars = [
            {
                **_bar(part, share_of(part.value, self.total)),
                "running": so_far,
                "running_text": share_of(so_far, self.total),
            }
            for part, so_far in zip(shown, running, strict=True)
        ]
        words = {"running_label": _("Running share")}
        return {**super().payload(), "total": self.total, "parts": bars, **words}


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
        unequal = (does_not_sum([part.value for part in s.parts], s.total) for s in self.stacks)
        return next(filter(None, unequal), "")

    @property
    def groups(self) -> list[tuple[str, str]]:
        return groups_of(part.group for stack in self.stacks for part in stack.parts)

    @property
    def tables(self) -> list[Table]:
        rows = [
            [
                Cell(stack.label, stack.href),
                *(Cell(figures.significant(stack.of(key))) for key, _words in self.groups),
                Cell(stack.total_text),
            ]
            for stack in self.stacks
        ]
        return [Table([_("Name"), *(words for _key, words in self.groups), _("Total")], rows)]

    def payload(self) -> dict[str, Any]:
        series = [
            {"group": key, "label": words, "values": [stack.of(key) for stack in self.stacks]}
            for key, words in self.groups
        ]
        stacks = [{"label": s.label, "text": s.total_text, "href": s.href} for s in self.stacks]
        return {**super().payload(), "stacks": stacks, "series": series}


def _from_largest(parts: Sequence[Part]) -> list[Part]:
    """Gathered, by signed value: what lowers the total comes last, so the running share peaks once."""
    return sorted(gathered(largest_first(parts)), key=lambda part: -part.value)


def _bar(part: Part, share: str) -> dict[str, Any]:
    return {
        "label": part.label,
        "value": part.value,
        "text": part.text,
        "share": share,
        "group": part.group,
        "href": part.href,
    }
