"""Why a figure moved between two runs, two years, or two GWP sets: by cause, with the rows behind each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.errors import Refusal, Text
from footprint.analysis.sides import Aligned, Side, aligned
from footprint.calculation.columns import figure_history
from footprint.calculation.content import GasKey
from footprint.calculation.models import CalculationRun, FigureVersion
from footprint.calculation.own_network import Node, OwnNetwork, own_network
from footprint.engine.bridge import NOWHERE, Bridge, Term, bridge
from footprint.engine.snapshot import Cause
from footprint.inventory.models import Exchange, Product
from footprint.inventory.queries import lines as stored_lines

CAUSES: dict[Cause, Text] = {
    Cause.ACTIVITY: gettext_lazy("Activity data"),
    Cause.ALLOCATION: gettext_lazy("Allocation"),
    Cause.STRUCTURE: gettext_lazy("Lines added or removed"),
    Cause.FACTOR: gettext_lazy("Emission factors"),
    Cause.SUPPLIER: gettext_lazy("Suppliers"),
    Cause.METHOD: gettext_lazy("Method"),
    Cause.GWP: gettext_lazy("Global warming potentials"),
}


@dataclass(frozen=True)
class Moment:
    """A state of a product's figure: of a year as a run left it, or as it is now."""

    year: int
    run: CalculationRun | None = None

    @property
    def value(self) -> str:
        """As addresses name it: a run alone does not tell which of its years is meant."""
        return f"{self.year}-{self.run.uuid}" if self.run else str(self.year)

    def is_called(self, asked: str) -> bool:
        """Whether somebody means this one, or at least its run."""
        return asked == self.value or (self.run is not None and asked == str(self.run.uuid))


@dataclass(frozen=True)
class Reason:
    """A row behind a cause: a line, a factor, a supplier or a gas, and what it brought, kg CO2e per unit."""

    cause: Cause
    change: float
    line: Exchange | None = None
    process: Node | None = None
    supplier: Node | None = None
    previous: Node | None = None
    gas: GasKey | None = None
    amounts: tuple[float | None, float | None] = (None, None)
    """What the line takes of its provider per unit that the process makes, before and after."""


@dataclass(frozen=True)
class Change:
    """The difference of two figures, by cause and row by row, heaviest first. The rows sum to it."""

    before: float
    after: float
    causes: dict[Cause, float]
    reasons: tuple[Reason, ...]

    @property
    def is_none(self) -> bool:
        """Whether the two states differ in nothing."""
        return not self.reasons


def moments(actor: Actor, product: Product, years: Sequence[int]) -> list[Moment]:
    """Every state that can be compared: the years as they are now, then the runs that wrote a figure."""
    found = [Moment(year) for year in years]
    seen: set[tuple[int, int]] = set()
    for version in figure_history(actor, product):
        if (version.run_id, version.year) not in seen and version.kg_co2e_ar6 is not None:
            seen.add((version.run_id, version.year))
            found.append(Moment(version.year, version.run))
    return found


def moment(known: Sequence[Moment], asked: str, year: int | None, *, field: str) -> Moment:
    """The state somebody names by a year, by a run's uuid, or by both: ``2024-<uuid>``.

    ``year`` decides where a run alone is named that calculated several.

    Raises:
        Refusal: there is none, or nothing is named.
    """
    if not asked.strip():
        raise Refusal(_("Name a year or a run of its history."), field=field, code="required")
    fitting = [each for each in known if each.is_called(asked.strip().lower())]
    fitting.sort(key=lambda each: each.year != year)
    if not fitting:
        message = _(
            "There is no figure of this product under “%(asked)s”. Name a year or a run of its history."
        )
        raise Refusal(message % {"asked": asked[:40]}, field=field, code="not_found")
    return fitting[0]


def network_at(actor: Actor, product: Product, at: Moment) -> OwnNetwork:
    """What the product's figure hung on then."""
    return own_network(actor, product=product, year=at.year, as_of_run=at.run)


def change(
    actor: Actor, product: Product, before: Moment, after: Moment, *, gwp: str = "AR6", gwp_before: str = ""
) -> Change | None:
    """Why the figure differs; None when one of the two states has no figure to start from."""
    networks = [network_at(actor, product, before)]
    networks.append(networks[0] if after == before else network_at(actor, product, after))
    if not all(own.roots for own in networks):
        return None
    sides = Side(networks[0], gwp_before or gwp), Side(networks[1], gwp)
    found = aligned(actor, *sides, by_code=before.year != after.year)
    return _told(actor, found, bridge(found.before, found.after, found.named.root))


def _told(actor: Actor, at: Aligned, found: Bridge) -> Change:
    named = at.named
    numbers = {number for number in found.line.tolist() if number != NOWHERE}
    lines = stored_lines(actor).in_bulk(
        [named.lines[number] for number in numbers if named.lines.get(number)]
    )
    summed: dict[tuple[int, ...], Reason] = {}
    for k in range(len(found.change)):
        reason = _reason(at, found, k, lines)
        known = summed.setdefault(_same(reason), reason)
        summed[_same(reason)] = replace(known, change=known.change + float(found.change[k]))
    reasons = sorted(summed.values(), key=lambda each: -abs(each.change))
    causes = {cause: value for cause, value in found.totals().items() if (found.cause == cause).any()}
    return Change(found.before, found.after, causes, tuple(reasons))


def _reason(at: Aligned, found: Bridge, k: int, lines: dict[int, Exchange]) -> Reason:
    named = at.named
    consumer, supplier, previous = int(found.consumer[k]), int(found.supplier[k]), int(found.previous[k])
    is_node = found.term[k] in (Term.DIRECT, Term.WEIGHT)
    return Reason(
        cause=Cause(int(found.cause[k])),
        change=0.0,
        line=lines.get(named.lines.get(int(found.line[k]), 0)),
        process=None if is_node else named.nodes.get(consumer),
        supplier=named.nodes.get(consumer if is_node else supplier),
        previous=named.nodes.get(previous) if previous != supplier else None,
        gas=named.gases.get(consumer if is_node else supplier),
        amounts=(None, None) if is_node else _amounts(at, consumer, int(found.line[k])),
    )


def _amounts(at: Aligned, consumer: int, line: int) -> tuple[float | None, float | None]:
    before, after = (
        next(
            (
                float(side.taken[k] / side.made[k])
                for k in np.flatnonzero((side.consumer == consumer) & (side.line == line))
            ),
            None,
        )
        for side in (at.before, at.after)
    )
    return before, after


def _same(reason: Reason) -> tuple[int, ...]:
    """One row for a line, whichever co-products it goes through."""
    process = reason.process.key[0] if reason.process else 0
    return (
        int(reason.cause),
        reason.line.pk if reason.line else 0,
        0 if reason.line else process,
        hash((reason.supplier.kind, reason.supplier.key)) if reason.supplier else 0,
        hash(reason.gas) if reason.gas else 0,
    )


def history(actor: Actor, product: Product) -> list[FigureVersion]:
    """Every figure ever written for an own product, latest run first."""
    return list(figure_history(actor, product))
