"""Which inputs move a figure most, one at a time: amounts, figures of what comes from outside, providers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.forms import languages, named
from factors.models import FactorVersion
from footprint.analysis.provider_swaps import ProviderSwap, provider_swaps
from footprint.analysis.solved import Solved
from footprint.calculation.own_network import GWP_SETS, Node, NodeKind
from footprint.engine.equations import Floats
from footprint.engine.errors import RefusedLoop
from footprint.engine.levers import AddToLink, ScaleDirect, SetDirect
from footprint.engine.levers import Lever as EngineLever
from footprint.engine.scenario import Scenario, evaluate
from footprint.engine.score import weigh
from footprint.engine.sensitivity import Sensitivity, sensitivity
from footprint.inventory.lines import line_name
from footprint.inventory.models import Exchange
from footprint.inventory.queries import lines as stored_lines

SHOWN = 10
UNKNOWN_LOW, UNKNOWN_HIGH = 0.9, 1.1
"""How far an input is varied when its spread is not known: by 10 % each way."""


@dataclass(frozen=True)
class Range:
    """The factors by which a value may be multiplied; ``gsd2`` where they follow from a known spread."""

    low: float = UNKNOWN_LOW
    high: float = UNKNOWN_HIGH
    gsd2: float | None = None

    @classmethod
    def of(cls, gsd2: Any) -> Range:
        """95 of 100 values lie within value / and * GSD2."""
        spread = float(gsd2) if gsd2 is not None else None
        return cls() if spread is None or spread < 1.0 else cls(1.0 / spread, spread, spread)


@dataclass(frozen=True)
class Input:
    """One input and what it does to the figure: the amount of a line, or the figure of a leaf."""

    range: Range
    elasticity: float
    """Per cent that the figure moves by when the input moves by one."""
    low: float
    high: float
    """The figure at the low and at the high end of the input, exactly."""
    line: Exchange | None = None
    leaf: Node | None = None

    @property
    def label(self) -> str:
        """What is moved: a line and its process, or what comes from outside."""
        if self.line is not None:
            return f"{line_name(self.line)} · {named(self.line.process)}"
        assert self.leaf is not None
        name = self.leaf.label(languages())
        return _("Factor: %(name)s") % {"name": name} if self.leaf.kind is NodeKind.FACTOR else name


@dataclass
class _Part:
    """Where an input stands in the network: amounts of links, and emissions by node."""

    effect: float = 0.0
    links: list[tuple[int, int, float]] = field(default_factory=list)
    emitted: dict[int, Floats] = field(default_factory=dict)
    leaf: int | None = None


@dataclass(frozen=True)
class Swings:
    """The inputs with the widest swing first, how many there are, and what other providers would do."""

    figure: float
    inputs: tuple[Input, ...]
    count: int
    providers: tuple[ProviderSwap, ...]


def swings(actor: Actor, base: Solved, gwp: str, *, shown: int = SHOWN) -> Swings:
    """The inputs that move the figure most, under one GWP set."""
    at = base.place(gwp)
    figure = base.figure[at]
    one = np.eye(len(GWP_SETS))[at]
    found = sensitivity(weigh(base.equations, base.intensity, one), base.root)
    by_line, by_leaf = _of_lines(base, found, at), _of_leaves(base, found, at)
    lines = stored_lines(actor).in_bulk(list(by_line))
    ranges: dict[tuple[str, int], Range] = {
        **{("line", pk): Range.of(getattr(lines[pk], "gsd2", None)) for pk in lines},
        **{("leaf", node): spread for node, spread in _spreads(base, by_leaf, by_line).items()},
    }
    parts = {("line", pk): by_line[pk] for pk in lines} | {
        ("leaf", node): part for node, part in by_leaf.items() if ("leaf", node) in ranges
    }
    order = sorted(parts, key=lambda key: (-_reach(parts[key], ranges[key]), key))
    inputs: list[Input] = []
    for key in order[:shown]:
        ends = _ends(base, parts[key], ranges[key], at)
        if ends is not None and parts[key].effect:
            inputs.append(
                Input(
                    range=ranges[key],
                    elasticity=parts[key].effect / figure if figure else 0.0,
                    low=ends[0],
                    high=ends[1],
                    line=lines[key[1]] if key[0] == "line" else None,
                    leaf=base.own.nodes[key[1]] if key[0] == "leaf" else None,
                )
            )
    inputs.sort(key=lambda each: -abs(each.high - each.low))
    taken = {pk: by_line[pk].links for pk in lines}
    providers = provider_swaps(actor, base, found, lines, taken, at)
    return Swings(figure, tuple(inputs), len(parts), tuple(providers))


def line_shares(base: Solved, gwp: str) -> dict[int, float]:
    """What share of the figure hangs on each line, by its key: per cent moved by one per cent of it."""
    at = base.place(gwp)
    found = sensitivity(weigh(base.equations, base.intensity, np.eye(len(GWP_SETS))[at]), base.root)
    figure = float(base.figure[at])
    return {pk: part.effect / figure for pk, part in _of_lines(base, found, at).items()} if figure else {}


def _reach(part: _Part, spread: Range) -> float:
    return abs(part.effect) * max(spread.high - 1.0, 1.0 - spread.low)


def _of_lines(base: Solved, found: Sensitivity, at: int) -> dict[int, _Part]:
    """What every line brings to the figure, through all columns of its process."""
    parts: dict[int, _Part] = defaultdict(_Part)
    equations, links = base.equations, base.own.links
    position = {
        pair: place
        for place, pair in enumerate(
            zip(equations.consumer.tolist(), equations.supplier.tolist(), strict=True)
        )
    }
    slopes = np.zeros(len(equations.amount))
    slopes[found.link] = found.slope
    for consumer, supplier, line, amount in zip(
        links.consumer.tolist(), links.supplier.tolist(), links.line.tolist(), links.amount.tolist(),
        strict=True,
    ):  # fmt: skip
        place = position.get((consumer, supplier))
        if line and place is not None and slopes[place]:
            parts[line].effect += float(slopes[place]) * amount
            parts[line].links.append((consumer, supplier, amount))
    _add_emissions(base, found, at, parts)
    return dict(parts)


def _add_emissions(base: Solved, found: Sensitivity, at: int, parts: dict[int, _Part]) -> None:
    emissions = base.own.emissions
    made = found.made_of(emissions.node)
    for place in np.flatnonzero(made).tolist():
        kg = float(emissions.amount[place]) * base.own.weight[emissions.gas[place]]
        part, node = parts[int(emissions.line[place])], int(emissions.node[place])
        part.effect += float(made[place]) * float(kg[at])
        part.emitted[node] = part.emitted.get(node, np.zeros(len(GWP_SETS))) + kg


def _of_leaves(base: Solved, found: Sensitivity, at: int) -> dict[int, _Part]:
    leaves = np.arange(base.own.columns, len(base.own.nodes))
    made = found.made_of(leaves)
    return {
        int(node): _Part(effect=float(amount) * float(base.own.direct[node, at]), leaf=int(node))
        for node, amount in zip(leaves, made, strict=True)
        if amount
    }


def _spreads(base: Solved, leaves: Mapping[int, _Part], lines: Mapping[int, _Part]) -> dict[int, Range]:
    """Leaves whose spread is known, and those that several lines share: else the line says the same."""
    versions = {base.own.nodes[n].key[0]: n for n in leaves if base.own.nodes[n].kind is NodeKind.FACTOR}
    rows = FactorVersion.objects.filter(pk__in=versions, uncertainty_gsd2__isnull=False)
    known = {versions[pk]: Range.of(gsd2) for pk, gsd2 in rows.values_list("pk", "uncertainty_gsd2")}
    users = Counter(node for part in lines.values() for node in {supplier for _c, supplier, _a in part.links})
    # without a line of its own a leaf stands for several that are known together only
    shared = {node: Range() for node in leaves if users[node] != 1}
    return shared | known


def _ends(base: Solved, part: _Part, spread: Range, at: int) -> tuple[float, float] | None:
    """The figure at both ends, or None where a loop would use up what it makes."""
    try:
        low, high = (_figure(base, part, factor, at) for factor in (spread.low, spread.high))
    except RefusedLoop:
        return None
    return low, high


def _figure(base: Solved, part: _Part, factor: float, at: int) -> float:
    levers: Sequence[EngineLever]
    if part.leaf is not None:
        levers = [ScaleDirect(part.leaf, factor)]
    else:
        levers = [
            *(
                AddToLink(consumer, supplier, amount * (factor - 1.0))
                for consumer, supplier, amount in part.links
            ),
            *(
                SetDirect(node, base.equations.direct[node] + kg * (factor - 1.0))
                for node, kg in part.emitted.items()
            ),
        ]
    outcome = evaluate(base.equations, base.intensity, Scenario("", tuple(levers)), [base.root])
    return float(outcome.after[0, at])
