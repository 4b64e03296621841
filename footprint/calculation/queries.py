"""Questions about figures: what they are, whether they are up to date, what they are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.arrays import among
from accounts.errors import Refusal, Text
from accounts.visibility import rows as sql_rows
from footprint.calculation import inputs
from footprint.calculation.assemble import assemble
from footprint.calculation.edit import edited
from footprint.calculation.faults import WORDS
from footprint.calculation.live import NOTHING
from footprint.calculation.loops import looped
from footprint.calculation.models import Footprint, FootprintBreakdown, RecomputeFailure, RecomputeMark
from footprint.inventory.models import Exchange, Product, UnitProcess


class Freshness(StrEnum):
    """Whether a stored figure says what the data say now."""

    CURRENT = "current"
    PENDING = "pending"
    FAILED = "failed"


WORST_FIRST = (Freshness.FAILED, Freshness.PENDING, Freshness.CURRENT)


@dataclass(frozen=True)
class ProductFigure:
    """A product's figure for one reference year, over all processes that make it, by their production.

    ``ar5`` and ``ar6`` are kg CO2e per ``unit`` (GWP100); None when a process has no figure.
    """

    product_id: int
    year: int
    unit: str
    ar5: float | None
    ar6: float | None
    freshness: Freshness
    footprints: tuple[Footprint, ...]

    def value(self, gwp: str = "AR6") -> float | None:
        """The figure under one assessment report."""
        return self.ar5 if gwp == "AR5" else self.ar6

    @property
    def computed_at(self) -> datetime:
        """When the latest of its parts was computed."""
        return max(footprint.computed_at for footprint in self.footprints)

    @property
    def failure(self) -> Text | None:
        """Why there is no figure, in words."""
        return next(
            (failure_text(part) for part in self.footprints if part.state == Footprint.State.FAILED), None
        )


@dataclass(frozen=True)
class Part:
    """One part of a figure, kg CO2e per unit: an input line, or the process's own emissions (no exchange)."""

    exchange: Exchange | None
    ar5: float
    ar6: float

    def value(self, gwp: str = "AR6") -> float:
        """The part under one assessment report."""
        return self.ar5 if gwp == "AR5" else self.ar6


def footprints(actor: Actor) -> QuerySet[Footprint]:
    """Every column's figure the actor may know of."""
    return Footprint.objects.visible_to(actor)


def is_calm() -> bool:
    """Whether no figure waits. Asked before figures are read, it spares asking whether each is current."""
    return not RecomputeMark.objects.filter(kind="process").exists()


def freshness(actor: Actor, figures: Iterable[Footprint], *, was_calm: bool = False) -> dict[int, Freshness]:
    """By footprint id. Pending when anything upstream changed since, at any member, or the row itself did.

    A figure that was settled after it was read says what the data said before: no mark tells of it any more.
    One that was read after ``is_calm`` says what the data said then, or later.
    """
    asked = list(figures)
    if was_calm:
        return {figure.pk: _settled(figure) for figure in asked}
    stale = _stale({figure.process_id for figure in asked})
    generations = _generations(actor, [figure.pk for figure in asked])
    states = {}
    for figure in asked:
        if figure.process_id in stale or generations.get(figure.pk) != figure.generation:
            states[figure.pk] = Freshness.PENDING
        else:
            states[figure.pk] = _settled(figure)
    return states


def _settled(figure: Footprint) -> Freshness:
    return Freshness.FAILED if figure.state == Footprint.State.FAILED else Freshness.CURRENT


def _stale(process_ids: set[int]) -> set[int]:
    if not process_ids or is_calm():
        return set()
    return {row[0] for row in sql_rows("SELECT calculation_stale(%s::bigint[])", [sorted(process_ids)])}


def _generations(actor: Actor, ids: list[int]) -> dict[int, int]:
    return dict(footprints(actor).filter(among("pk", ids)).values_list("pk", "generation")) if ids else {}


def product_figures(actor: Actor, product_ids: Iterable[int]) -> dict[int, list[ProductFigure]]:
    """By product, latest year first. A fixed number of queries, however many products."""
    was_calm = is_calm()
    asked = footprints(actor).filter(among("product_id", product_ids))
    found = list(asked.order_by("product_id", "-year", "process_id"))
    states = freshness(actor, found, was_calm=was_calm)
    by_year: dict[tuple[int, int], list[Footprint]] = defaultdict(list)
    for footprint in found:
        by_year[footprint.product_id, footprint.year].append(footprint)
    figures: dict[int, list[ProductFigure]] = defaultdict(list)
    for (product, year), parts in by_year.items():
        figures[product].append(_weighted(product, year, parts, states))
    return dict(figures)


def _weighted(product: int, year: int, parts: list[Footprint], states: dict[int, Freshness]) -> ProductFigure:
    """The production-weighted mean; one failed or pending part makes the whole so."""
    found = {states[part.pk] for part in parts}
    state = next(worst for worst in WORST_FIRST if worst in found)
    return ProductFigure(
        product_id=product,
        year=year,
        unit=parts[0].unit,
        ar5=_mean([(part.kg_co2e_ar5, part.production) for part in parts]),
        ar6=_mean([(part.kg_co2e_ar6, part.production) for part in parts]),
        freshness=state,
        footprints=tuple(parts),
    )


def _mean(weighted: list[tuple[float | None, float]]) -> float | None:
    if len(weighted) == 1:
        return weighted[0][0]
    if any(value is None for value, _ in weighted):
        return None
    total = sum(weight for _, weight in weighted)
    return sum((value or 0.0) * weight for value, weight in weighted) / total if total else None


def contributions(actor: Actor, footprint: Footprint, gwp: str = "AR6") -> list[Part]:
    """The parts of an own figure, largest first; empty for a partner's. They sum to the figure."""
    breakdown = FootprintBreakdown.objects.visible_to(actor).filter(footprint=footprint).first()
    if breakdown is None:
        return []
    wanted = [part["exchange"] for part in breakdown.contributions if part["exchange"]]
    lines = (
        Exchange.objects.visible_to(actor)
        .filter(pk__in=wanted)
        .select_related(
            "product",
            "provider_process",
            "provider_product__company",
            "factor_version__factor",
            "factor_version__source",
        )
        .in_bulk()
    )
    parts = [Part(lines.get(part["exchange"]), part["ar5"], part["ar6"]) for part in breakdown.contributions]
    return sorted(parts, key=lambda part: -abs(part.value(gwp)))


def gases(actor: Actor, footprint: Footprint) -> list[dict[str, Any]]:
    """kg of each gas per unit of an own figure, by origin."""
    breakdown = FootprintBreakdown.objects.visible_to(actor).filter(footprint=footprint).first()
    return list(breakdown.by_gas) if breakdown else []


def failure_text(footprint: Footprint) -> Text:
    """Why a column has no figure, in words."""
    return WORDS.get(footprint.error.get("code", ""), WORDS["unexpected"])


def own_failures(actor: Actor) -> QuerySet[Footprint]:
    """Own columns without a figure."""
    return (
        Footprint.objects.filter(company_id__in=actor.company_ids, state=Footprint.State.FAILED)
        .select_related("product", "process", "inventory__site")
        .order_by("process_id", "product_id")
    )


@dataclass(frozen=True)
class LedgerState:
    """How much waits, since when, and which own processes are broken."""

    pending: int
    oldest: datetime | None
    broken: tuple[RecomputeFailure, ...]


def ledger_state(actor: Actor) -> LedgerState:
    """What the recompute status shows: totals, and the actor's own broken processes."""
    marks = RecomputeMark.objects.filter(kind="process")
    first = marks.order_by("gen").values_list("since", flat=True).first()
    own = UnitProcess.objects.visible_to(actor).values("pk")
    broken = RecomputeFailure.objects.filter(kind="process", key__in=own)
    pending = marks.values("key").distinct().count()
    return LedgerState(pending=pending, oldest=first, broken=tuple(broken.order_by("key")))


def refuse_unsolvable(actor: Actor, process_ids: Iterable[int]) -> None:
    """After a change, inside its transaction: refuse it when a loop it touches cannot be solved.

    Looks at the actor's own rows only; a loop through partners that cannot be solved shows as failed figures.

    Raises:
        Refusal: naming the members of the loop.
    """
    asked = set(process_ids)
    if not asked or not (suspects := looped(inputs.closure(asked))):
        return
    rows = inputs.read(suspects)
    rows.lenient = True
    for fault in edited(NOTHING, assemble(rows), {}).refused_loops.values():
        members = fault["processes"]
        names = UnitProcess.objects.visible_to(actor).filter(pk__in=members).values_list("code", flat=True)
        raise Refusal(
            _("The loop cannot be solved, its processes feed each other more than they yield: %(names)s.")
            % {"names": ", ".join(names)},
            field="amount",
            code="unsolvable_loop",
        )


def consumers(actor: Actor, product: Product) -> QuerySet[Exchange]:
    """Own lines that take the product."""
    return (
        Exchange.objects.visible_to(actor)
        .filter(product=product, direction="input")
        .select_related("process__inventory__site")
        .order_by("-process__inventory__period_end", "process_id", "position")
    )
