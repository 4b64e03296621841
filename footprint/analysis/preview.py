"""A line as somebody is typing it: the figures of its process, their allocation band, its balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accounts.actor import Actor
from footprint.analysis.kept_networks import kept_network
from footprint.analysis.levers import Lever, Pulled, pulled
from footprint.analysis.methods import METHODS
from footprint.analysis.site_balance import ProcessBalance, balance_of, limits_for
from footprint.analysis.solved import solved
from footprint.analysis.streams import streams_with
from footprint.analysis.what_if import Tried, tried
from footprint.calculation import shares
from footprint.calculation.content import Column
from footprint.calculation.own_network import Node
from footprint.engine.allocation import Basis, allocate
from footprint.engine.errors import EngineError
from footprint.inventory.models import Exchange

UNSHARED = (Basis.FULL, Basis.CAUSAL)
"""Methods under which the figures of the co-products do not add up to one burden to be shared anew."""


@dataclass(frozen=True)
class PreviewedFigure:
    """One product of the process, kg CO2e per declared unit; ``band`` over the methods that apply here."""

    node: Node
    before: float
    after: float
    band: tuple[float, float] | None

    @property
    def change(self) -> float | None:
        """The relative change."""
        return self.after / self.before - 1 if self.before else None


@dataclass(frozen=True)
class Preview:
    """What a line would do. Without figures where the process has none yet."""

    figures: tuple[PreviewedFigure, ...]
    balance: ProcessBalance | None


def preview(actor: Actor, line: Exchange, lever: Lever, *, gwp: str = "AR6") -> Preview:
    """The process of a line under one lever on it.

    Raises:
        Refusal, Refusals: as the change itself would be, or no figure would come out.
    """
    asked = pulled(actor, [lever])
    return Preview(_figures(actor, line, asked, gwp), _balance(actor, line, asked[0].changed))


def _balance(actor: Actor, line: Exchange, changed: Exchange) -> ProcessBalance | None:
    streams = streams_with(actor, line.process, changed)
    found = balance_of(streams, limits_for(actor, line.process.inventory.period_end))
    return next(iter(found.processes), None)


def _figures(actor: Actor, line: Exchange, asked: list[Pulled], gwp: str) -> tuple[PreviewedFigure, ...]:
    own = kept_network(actor)
    mine = [column for column in own.index if column[0] == line.process_id]
    base = solved(actor, mine[:1], own)
    if base is None:
        return ()
    at = base.place(gwp)
    before = {column: float(base.intensity[own.index[column], at]) for column in mine}
    if not any(each.lever.changes_something for each in asked):
        return tuple(PreviewedFigure(own.nodes[own.index[c]], before[c], before[c], None) for c in mine)
    found = tried(actor, base, asked, gwp=gwp)
    moved = {each.node.key: each.after[at] for each in found.answer.moved}
    after = {column: float(moved.get(column, before[column])) for column in mine}
    bands = _bands(found, line.process_id, after)
    return tuple(PreviewedFigure(own.nodes[own.index[c]], before[c], after[c], bands.get(c)) for c in mine)


def _bands(found: Tried, process: int, after: Mapping[Column, float]) -> dict[Column, tuple[float, float]]:
    """The least and the most by every method that applies, what the process takes being as it is."""
    row = found.inputs.processes[process]
    outputs = [line for line in found.inputs.lines.get(process, []) if line.is_output]
    products = [product for _process, product in after]
    contents = [found.states[column].content for column in after if column in found.states]
    made = np.array([float(content.made) for content in contents if content])
    is_whole = len(made) == len(products) and {line.product for line in outputs} == set(products)
    if len(products) < 2 or row.method in UNSHARED or not is_whole:
        return {}
    burden = float(np.array(list(after.values())) @ made)
    known = shares.known(row, products, outputs, found.inputs)
    values = []
    for method in METHODS:
        try:
            values.append(allocate(known, method) * burden / made)
        except EngineError:
            continue
    if not values:
        return {}
    table = np.array(values)
    low, high = table.min(axis=0).tolist(), table.max(axis=0).tolist()
    return dict(zip(after, zip(low, high, strict=True), strict=True))
