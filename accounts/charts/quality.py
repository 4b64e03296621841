"""How good the data are: ratings by indicator, and where large contributions rest on poor data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from accounts import figures
from accounts.charts.chart import Cell, Chart, Table, groups_of, not_numbers, share_of


@dataclass(frozen=True)
class Rating:
    """One thing's score on every axis, in the order of the axes."""

    label: str
    scores: Sequence[float]
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class RadarChart(Chart):
    """Scores on three or more axes; the best is at the centre, so that a small shape is a good one."""

    axes: Sequence[str]
    ratings: Sequence[Rating]
    best: float = 1
    worst: float = 5
    kind: ClassVar[str] = "radar"

    @property
    def refusal(self) -> str:
        if len(self.axes) < 3:
            return _("A radar needs three axes or more; see the table.")
        for one in self.ratings:
            if len(one.scores) != len(self.axes):
                return _("%(name)s has %(scores)d scores for %(axes)d axes. Rate every axis.") % {
                    "name": one.label,
                    "scores": len(one.scores),
                    "axes": len(self.axes),
                }
            if not all(self.best <= score <= self.worst for score in one.scores):
                return _("A score of %(name)s is outside %(best)s to %(worst)s. Correct the rating.") % {
                    "name": one.label,
                    "best": figures.quantity(self.best),
                    "worst": figures.quantity(self.worst),
                }
        return ""

    @property
    def strokes(self) -> list[str]:
        return [one.label for one in self.ratings]

    @property
    def remarks(self) -> list[str]:
        if not self.is_drawn:
            return list(self.notes)
        scale = {"best": figures.quantity(self.best), "worst": figures.quantity(self.worst)}
        return [_("%(best)s is best, at the centre; %(worst)s is worst.") % scale, *self.notes]

    @property
    def tables(self) -> list[Table]:
        width = max([len(self.axes), *(len(one.scores) for one in self.ratings)])
        axes = [*self.axes, *([figures.NOTHING] * (width - len(self.axes)))]
        rows = [
            [
                Cell(axis),
                *(
                    Cell(figures.significant(one.scores[at], 2) if at < len(one.scores) else figures.NOTHING)
                    for one in self.ratings
                ),
            ]
            for at, axis in enumerate(axes)
        ]
        return [Table([_("Axis"), *(one.label for one in self.ratings)], rows if self.ratings else [])]

    def payload(self) -> dict[str, Any]:
        ratings = [
            {
                "label": one.label,
                "scores": list(one.scores),
                "texts": [figures.significant(score, 2) for score in one.scores],
                "href": one.href,
            }
            for one in self.ratings
        ]
        ends = {"best": self.best, "worst": self.worst}
        return {**super().payload(), "axes": list(self.axes), "ratings": ratings, **ends}


@dataclass(frozen=True)
class Bubble:
    """One contribution with the rating of the data behind it."""

    label: str
    value: float
    rating: float
    group: str = "rest"
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class BubbleChart(Chart):
    """Contributions against the rating of their data: large and poor stands at the top right."""

    bubbles: Sequence[Bubble]
    total: float
    big: float = 0.05
    poor: float = 3.0
    best: float = 1
    worst: float = 5
    kind: ClassVar[str] = "bubble"

    @property
    def refusal(self) -> str:
        if unknown := not_numbers([self.total, *(v for b in self.bubbles for v in (b.value, b.rating))]):
            return unknown
        if self.bubbles and self.total <= 0:
            return _("The total is %(total)s. Shares need a total above zero; see the table.") % {
                "total": figures.significant(self.total)
            }
        outside = (b.label for b in self.bubbles if not self.best <= b.rating <= self.worst)
        if strange := next(outside, ""):
            return _("A score of %(name)s is outside %(best)s to %(worst)s. Correct the rating.") % {
                "name": strange,
                "best": figures.quantity(self.best),
                "worst": figures.quantity(self.worst),
            }
        return ""

    @property
    def groups(self) -> list[tuple[str, str]]:
        return groups_of(bubble.group for bubble in self.bubbles)

    @property
    def ordered(self) -> list[Bubble]:
        """First what most needs better data: its size times its rating."""
        return sorted(self.bubbles, key=lambda bubble: -abs(bubble.value) * bubble.rating)

    def needs_work(self, bubble: Bubble) -> bool:
        """Whether it is both large and poor."""
        return bubble.rating >= self.poor and abs(bubble.value) >= self.big * abs(self.total)

    @property
    def tables(self) -> list[Table]:
        rows = [
            [
                Cell(bubble.label, bubble.href, bubble.group),
                Cell(figures.significant(bubble.value)),
                Cell(share_of(bubble.value, self.total)),
                Cell(figures.significant(bubble.rating, 2), tone="wait" if self.needs_work(bubble) else ""),
            ]
            for bubble in self.ordered
        ]
        return [Table([_("Contribution"), self.unit, _("Share"), _("Data quality rating")], rows)]

    def payload(self) -> dict[str, Any]:
        bubbles = [
            {
                "label": bubble.label,
                "share": bubble.value / self.total,
                "rating": bubble.rating,
                "text": f"{figures.significant(bubble.value)} {self.unit}",
                "share_text": share_of(bubble.value, self.total),
                "rating_text": figures.significant(bubble.rating, 2),
                "group": bubble.group,
                "href": bubble.href,
                "is_telling": self.needs_work(bubble),
            }
            for bubble in self.ordered
        ]
        words = {
            "share_label": _("Share of the total"),
            "rating_label": _("Data quality rating"),
            "corner_label": _("large and poor"),
        }
        ends = {"best": self.best, "worst": self.worst, "big": self.big, "poor": self.poor}
        return {**super().payload(), "bubbles": bubbles, **words, **ends}
