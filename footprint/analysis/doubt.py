"""How uncertain the amounts and factors of the network are: for first order, and for samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from footprint.analysis.ground import Emission, Ground
from footprint.analysis.scores import emitted_kg
from footprint.calculation.line import Line
from footprint.engine.equations import Floats, Ints
from footprint.engine.pedigree import BASIC, Activity, gsd2
from footprint.engine.sampling import Spread, spread
from footprint.engine.uncertainty import ALONE, Spreads, Uncertain, spreads
from footprint.inventory.measures import WIDEST

EXACT_BELOW = 3000
"""Products and factors up to which the spread is exact and not enclosed: its price grows with the square."""
MOST_SD = float(np.log(WIDEST)) / 2.0
"""Of the logarithm of what one line can say; sums of lines that nearly cancel have no more."""
OF_FACTOR = 2**48
"""Labels of factors begin here; those of lines are their ids."""
BY_GAS = {
    "CO2": Activity.CO2_COMBUSTION,
    "CH4": Activity.CH4_COMBUSTION,
    "N2O": Activity.N2O_COMBUSTION,
}


@dataclass(frozen=True, eq=False)
class _Links:
    """Lines between the same two products, as one link: their amounts vary independently.

    Shapes   sd, label: (links,) in canonical order, the label that of the line with the smallest id
    Units    sd: standard deviation of the logarithm
    """

    sd: Floats
    label: Ints


def gsd2_of(line: Line | None) -> float:
    """What the member said, else the pedigree approach: basic uncertainty and scores.

    A score nobody gave adds nothing. Lines that are not there any more are certain.
    """
    if line is None:
        return 1.0
    if line.gsd2 is not None:
        return float(line.gsd2)
    scores = [[1 if score is None else score for score in line.pedigree]]
    return float(gsd2(scores, BASIC[_activity(line)])[0])


def _activity(line: Line) -> Activity:
    if line.gas:
        return BY_GAS.get(line.gas, Activity.CH4_COMBUSTION)
    return Activity.TRANSPORT if line.stage == "transport" else Activity.DEMAND


def estimated(ground: Ground) -> Spreads:
    """The spread of every figure to first order."""
    exact = ground.n <= EXACT_BELOW
    return spreads(ground.equations, ground.plan, uncertain(ground), ground.ghg_kg, exact=exact)


def uncertain(ground: Ground) -> Uncertain:
    """Every uncertain input; a factor used in many places is one variable, a line of a process is its own."""
    links = _links(ground)
    emissions = ground.emissions
    varying = [
        (node, found) for node, version in ground.factors.items() if (found := _factor(ground, version)) > 1
    ]
    nodes = np.array([node for node, _ in varying], dtype=np.int64)
    parts = len(emissions)
    return Uncertain(
        link_gsd2=np.exp(2.0 * links.sd), link_group=np.full(len(links.sd), ALONE),
        product=np.concatenate([np.array([e.node for e in emissions], dtype=np.int64), nodes]),
        ghg_kg=np.concatenate([emitted_kg(ground, emissions), np.nan_to_num(ground.ghg_kg[nodes])]),
        gsd2=np.concatenate([[gsd2_of(e.line) for e in emissions], np.ones(len(nodes))]),
        group=np.concatenate([np.full(parts, ALONE), np.arange(len(nodes))]),
        group_gsd2=np.array([found for _, found in varying], dtype=np.float64),
    )  # fmt: skip


def sampled(ground: Ground, seed: int) -> Spread:
    """The streams of samples: a line that several products carry, and a factor, move them together."""
    links = _links(ground)
    shape = ground.equations.direct.shape
    sd, label = np.zeros(shape), np.full(shape, -1)
    _emissions_by_gas(ground, sd, label)
    for node, version in ground.factors.items():
        sd[node] = np.log(_factor(ground, version)) / 2.0
        label[node] = OF_FACTOR + version
    return spread(ground.equations, np.exp(2.0 * links.sd), np.exp(2.0 * sd), seed, links.label, label)


def _factor(ground: Ground, version: int) -> float:
    reference = ground.references.get(version)
    return float(reference.gsd2) if reference and reference.gsd2 is not None else 1.0


def _emissions_by_gas(ground: Ground, sd: Floats, label: Ints) -> None:
    """Lines of one gas are one burden; each of them varies on its own."""
    at = {gas: column for column, gas in enumerate(ground.live.gases)}
    lines: dict[tuple[int, int], list[Emission]] = {}
    for found in ground.emissions:
        column = at.get((found.line.gas, found.line.origin))
        if column is not None:
            lines.setdefault((found.node, column), []).append(found)
    for (node, column), parts in lines.items():
        total = sum(part.kg for part in parts)
        moved = [part.kg * np.log(gsd2_of(part.line)) / 2.0 for part in parts]
        sd[node, column] = min(float(np.hypot.reduce(moved)) / abs(total), MOST_SD) if total else 0.0
        label[node, column] = min(part.line.id for part in parts)


def _links(ground: Ground) -> _Links:
    now = ground.equations
    keys = now.consumer * now.n + now.supplier
    wanted = ground.consumer * now.n + ground.supplier
    there = np.isin(wanted, keys)  # lines that cancel out are no link
    at = np.searchsorted(keys, wanted[there])
    known = {line: np.log(gsd2_of(ground.lines.get(line))) / 2.0 for line in np.unique(ground.line).tolist()}
    sd = np.array([known[line] for line in ground.line[there].tolist()])
    variance = np.bincount(at, weights=(ground.amount[there] * sd) ** 2, minlength=len(keys))
    size = np.abs(now.amount)
    label = np.full(len(keys), np.iinfo(np.int64).max)
    np.minimum.at(label, at, ground.line[there])
    wide = np.sqrt(variance) / np.where(size > 0.0, size, 1.0)
    return _Links(
        np.where(size > 0.0, np.minimum(wide, MOST_SD), 0.0),
        np.where(label == np.iinfo(np.int64).max, -1, label),
    )
