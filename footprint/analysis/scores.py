"""How good the data behind every figure are: primary share and ratings, weighed through the whole network."""

from __future__ import annotations

from datetime import date

import numpy as np

from footprint.analysis.ground import Emission, Ground
from footprint.calculation.inputs import Process, Reference
from footprint.calculation.line import Line
from footprint.calculation.live import FACTOR
from footprint.engine.equations import Equations, Floats, Ints
from footprint.engine.plan import closure
from footprint.engine.quality import Parts, Quality, exempted_share, on_links, quality
from footprint.engine.representativeness import Place, Technology, geographical_score, temporal_score

UNKNOWN = float("nan")
REGIONS = {"CN": "RAS", "RAS": "RAS", "RER": "RER", "EU": "RER", "RNA": "RNA", "RLA": "RLA", "RAF": "RAF"}
"""Regions by their codes, and that of the country all sites are in."""
WORLD = frozenset({"", "GLO", "RoW", "WORLD"})
OWN_TECHNOLOGY = {
    "measured": Technology.EXACT,
    "calculated": Technology.EXACT,
    "estimated": Technology.EQUIVALENT,
    "proxy": Technology.PROXY,
}
"""What an emission of one's own stands for by how it is known: our reading of the scale."""


def rated(ground: Ground) -> Quality:
    """Shares and ratings of all products; a factor is secondary data, however its amount is known."""
    consumer, supplier, amount = _bought(ground, from_factors=False)
    equations = _without_factors(ground)
    primary = np.array([_is_primary(ground, line) for line in ground.line.tolist()], dtype=np.float64)
    keep = ground.kinds[ground.supplier] != FACTOR
    link = on_links(equations, consumer, supplier, amount, primary[keep])
    found = quality(equations, ground.plan, ground.ghg_kg, _parts(ground), link)
    missing = exempted_kg(ground, left_out(ground))
    exempted = exempted_share(ground.equations, ground.plan, ground.ghg_kg, missing)
    return Quality(found.primary_share, found.rating, np.where(uncounted(ground), np.nan, exempted))


def place(code: str, *, plant: bool = False) -> Place:
    """Where a factor or a site is, by ISO 3166 or a region's code: "CN-SD", "CN", "RER", "GLO"."""
    if code in WORLD:
        return Place(plant=plant)
    if code in REGIONS and code != "CN":
        return Place(region=REGIONS[code], plant=plant)
    country, _, part = code.partition("-")
    return Place(REGIONS.get(country, ""), country, code if part else "", plant)


def score_of_factor(line: Line | None, row: Process | None, reference: Reference | None) -> tuple[float, ...]:
    """Technology, time and place of a factor where it is used; what the member said of the line prevails."""
    said = line.dqr if line else (None, None, None)
    if reference is None or row is None or row.period_end is None:
        derived = (UNKNOWN, UNKNOWN, UNKNOWN)
    else:
        technology = reference.dqr[0]
        gap = row.period_end - date(reference.reference_year, 12, 31)
        derived = (
            UNKNOWN if technology is None else float(technology),
            float(temporal_score(float(gap.days))),
            float(geographical_score(place(reference.geography), place(row.geography))),
        )
    return tuple(other if own is None else float(own) for own, other in zip(said, derived, strict=True))


def score_of_emission(line: Line) -> tuple[float, ...]:
    """Of a process's own emissions: in its own period, at its own place."""
    derived = (float(OWN_TECHNOLOGY[line.data_type]), 1.0, 1.0)
    return tuple(other if own is None else float(own) for own, other in zip(line.dqr, derived, strict=True))


def _parts(ground: Ground) -> Parts:
    """Own emissions, and factors times amounts."""
    consumer, supplier, amount = _bought(ground, from_factors=True)
    keep = ground.kinds[ground.supplier] == FACTOR
    brought = amount * ground.ghg_kg[supplier]
    scores = [
        score_of_factor(
            ground.lines.get(line), ground.row(node), ground.references.get(ground.factors[factor])
        )
        for line, node, factor in zip(
            ground.line[keep].tolist(), consumer.tolist(), supplier.tolist(), strict=True
        )
    ]
    own = emitted_kg(ground, ground.emissions)
    every = [*scores, *(score_of_emission(found.line) for found in ground.emissions)]
    return Parts(
        product=np.concatenate([consumer, _nodes(ground.emissions)]),
        ghg_kg=np.concatenate([brought, own]),
        primary=np.concatenate(
            [np.zeros(len(brought)), [float(found.line.is_primary) for found in ground.emissions]]
        ),
        score=np.array(every, dtype=np.float64).reshape(-1, 3),
    )


def emitted_kg(ground: Ground, emissions: list[Emission]) -> Floats:
    """kg CO2e (AR6) per unit of each of these lines."""
    at = {gas: column for column, gas in enumerate(ground.live.gases)}
    weight = [ground.gwp[at[key]] if (key := (e.line.gas, e.line.origin)) in at else 0.0 for e in emissions]
    return np.array([found.kg * kg for found, kg in zip(emissions, weight, strict=True)], dtype=np.float64)


def left_out(ground: Ground) -> list[Emission]:
    """What lines without a provider would bring to each product, kg CO2e per unit as members estimate it."""
    return [
        Emission(node, line, part * float(line.exempted_kg_co2e or 0) / ground.kept(node).production)
        for column, node in ground.columns.items()
        for line in ground.inputs.lines.get(column[0], ())
        if line.is_left_out and (part := ground.share_of_line(column, ground.kept(node), line.id))
    ]


def exempted_kg(ground: Ground, lines: list[Emission]) -> Floats:
    """(n,) kg CO2e per unit that each process itself leaves out, and each maker of a received figure.

    Source   PACT Methodology v3: exemptedEmissionsPercent is the part of all emissions, so that a figure F
             of which p are left out stands for F / (1 - p)
    """
    kg = np.array([found.kg for found in lines], dtype=np.float64)
    own = np.bincount(_nodes(lines), weights=kg, minlength=ground.n).astype(np.float64)
    for node, version in ground.factors.items():
        reference = ground.references.get(version)
        share = reference.exempted_share if reference else 0.0
        if 0.0 < share < 1.0:
            own[node] += abs(float(np.nan_to_num(ground.ghg_kg[node]))) * share / (1.0 - share)
    return own


def _nodes(emissions: list[Emission]) -> Ints:
    return np.array([found.node for found in emissions], dtype=np.int64)


def _is_primary(ground: Ground, line: int) -> bool:
    found = ground.lines.get(line)
    return found is not None and found.is_primary


def _bought(ground: Ground, *, from_factors: bool) -> tuple[Ints, Ints, Floats]:
    keep = (ground.kinds[ground.supplier] == FACTOR) == from_factors
    return ground.consumer[keep], ground.supplier[keep], ground.amount[keep]


def _without_factors(ground: Ground) -> Equations:
    """Links between products only: how a factor scores depends on who uses it."""
    now = ground.equations
    return now.with_amount(np.where(ground.kinds[now.supplier] == FACTOR, 0.0, now.amount))


def uncounted(ground: Ground) -> np.ndarray:
    """Products with something in their chain that counts nothing, for nobody said where it comes from."""
    unknown = (line for line in ground.lines.values() if line.is_left_out and line.exempted_kg_co2e is None)
    bare = {line.process for line in unknown}
    found = np.zeros(ground.n, dtype=np.bool_)
    origins = [node for (process, _), node in ground.columns.items() if process in bare]
    found[closure(ground.equations.consumers, np.array(origins, dtype=np.int64))] = True
    return found
