"""Rules of one document that no inventory can keep together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from footprint.rules.document.content import (
    Direction,
    ExchangeRule,
    Flow,
    FlowBy,
    Presence,
    RuleDocument,
    Stage,
    Within,
)

STAGE_OF_FACTOR = {
    "electricity": Stage.ENERGY,
    "fuel": Stage.ENERGY,
    "heat": Stage.ENERGY,
    "freight": Stage.TRANSPORT,
    "material": Stage.RAW_MATERIAL,
    "process": Stage.PRODUCTION,
}
"""As lines with such a factor are staged in inventories; ``tests`` hold the two together."""


@dataclass(frozen=True)
class Conflict:
    """Two rules against each other, and how."""

    code: str
    first: str
    second: str


def conflicts(document: RuleDocument) -> list[Conflict]:
    """Every contradiction, in the order of the rules."""
    return [
        *_required_and_forbidden(document),
        *_required_and_outside(document),
        *_gases(document),
        *_allocations(document),
        *_bands(document),
        *_cut_off(document),
    ]


def _required_and_forbidden(document: RuleDocument) -> Iterator[Conflict]:
    forbidden = [row for row in document.exchanges if row.presence is Presence.FORBIDDEN]
    for row in document.exchanges:
        if row.presence is Presence.REQUIRED:
            banning = [_banning(forbidden, flow, row.within) for flow in row.any_of]
            if banning and all(banning):
                first = next(each for each in banning if each is not None)
                yield Conflict("required_and_forbidden", f"exchange.{row.code}", f"exchange.{first.code}")


def _banning(forbidden: list[ExchangeRule], flow: Flow, within: Within) -> ExchangeRule | None:
    """The rule that forbids the flow wherever it may be; one for the process leaves the rest of the site."""
    for row in forbidden:
        if flow in row.any_of and (row.within is Within.SITE or within is Within.PROCESS):
            return row
    return None


def _required_and_outside(document: RuleDocument) -> Iterator[Conflict]:
    outside = {row.stage for row in document.boundary if not row.is_in}
    for row in document.exchanges:
        stages = [_stage(flow) for flow in row.any_of]
        if row.presence is Presence.REQUIRED and stages and all(stage in outside for stage in stages):
            yield Conflict("required_and_outside", f"exchange.{row.code}", f"boundary.{stages[0]}")


def _stage(flow: Flow) -> Stage | None:
    if flow.by is FlowBy.STAGE:
        return Stage(flow.value)
    if flow.by is FlowBy.FACTOR:
        return STAGE_OF_FACTOR.get(flow.value)
    return Stage.PRODUCTION if flow.by is FlowBy.GAS else None


def _gases(document: RuleDocument) -> Iterator[Conflict]:
    for gas in document.gases:
        emitted = Flow(Direction.OUTPUT, FlowBy.GAS, gas.gas)
        for row in document.exchanges:
            if gas.is_direct and row.presence is Presence.FORBIDDEN and emitted in row.any_of:
                yield Conflict("gas_and_forbidden", f"gas.{gas.gas}", f"exchange.{row.code}")


def _allocations(document: RuleDocument) -> Iterator[Conflict]:
    for first, second in combinations(document.allocation, 2):
        if first.coproduct == second.coproduct and first.methods != second.methods:
            yield Conflict("two_orders", f"allocation.{first.code}", f"allocation.{second.code}")


def _bands(document: RuleDocument) -> Iterator[Conflict]:
    for first, second in combinations(document.bands, 2):
        if (first.measured, first.category, first.unit) != (second.measured, second.category, second.unit):
            continue
        lows = [each.low for each in (first, second) if each.low is not None]
        highs = [each.high for each in (first, second) if each.high is not None]
        if lows and highs and max(lows) > min(highs):
            yield Conflict("bands_apart", f"band.{first.code}", f"band.{second.code}")


def _cut_off(document: RuleDocument) -> Iterator[Conflict]:
    if document.cut_off.per_flow > document.cut_off.total:
        yield Conflict("more_than_all", "cut_off", "cut_off")
