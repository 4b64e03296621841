"""What a kind of plant consists of. Pure.

A unit's throughput follows one of three rules: it is given, it works off a share of what the site makes of
some flows, or it meets the site's demand for a flow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Unit:
    """One unit process of a site and the rule that sizes it; throughput in thousands of line units."""

    recipe: str
    given: float | None = None
    feed: Mapping[str, float] = field(default_factory=dict)
    meets: str = ""
    allocation: str = ""


@dataclass(frozen=True)
class Network:
    """A site network for a flow: collects what the site makes and buys, hands it to every consumer.

    ``residual`` is the flow that fills the gap when neither units nor purchases do ("" when a unit swings).
    """

    flow: str
    residual: str = ""
    loss: float = 0.0


@dataclass(frozen=True)
class Plant:
    """What stands at a site and how well it is run.

    ``energy``, ``methane`` and ``syngas`` (what hydrogen from coal takes of it, and the CO2 that becomes of
    that) scale the recipe's amounts; ``saving`` is the relative improvement of all three in the second year,
    ``growth`` that of throughput. ``province_grid``: the province's CO2 factor.
    """

    units: tuple[Unit, ...]
    networks: tuple[Network, ...]
    energy: float = 1.0
    methane: float = 1.0
    syngas: float = 1.0
    saving: float = 0.02
    growth: float = 1.01
    solar: tuple[float, float] = (0.0, 0.0)
    province_grid: bool = False
    estimates: tuple[str, ...] = ()


POWER = Network("power", residual="grid-power", loss=0.015)
ABROAD = Network("power", residual="gas-power", loss=0.01)
STEAM = Network("steam", loss=0.02)
HEAT = Network("steam", residual="bought-heat", loss=0.02)
HYDROGEN = Network("hydrogen")
FUEL_GAS = Network("fuel-gas", residual="natural-gas")
UTILITIES = (Unit("boiler-water", meets="boiler-water"), Unit("cooling-water", meets="cooling-water"))


def chp(fuel: str) -> tuple[Unit, ...]:
    """Heat and power to the site's steam demand."""
    return (Unit(f"chp-{fuel}", meets="steam"), *UTILITIES)


def refinery(
    crude_kt: float, *, fcc: float, coker: float, reformer: float, gasoline: float = 1.0, allocation: str = ""
) -> tuple[Unit, ...]:
    """Vacuum gas oil to FCC or hydrocracker, residue to coker or fuel oil, naphtha to reformer."""
    return (
        Unit("cdu", given=crude_kt, allocation=allocation),
        Unit("fcc", feed={"vgo": fcc}, allocation=allocation),
        Unit("hck", feed={"vgo": 1 - fcc}, allocation=allocation),
        Unit("coker", feed={"vacuum-residue": coker}, allocation=allocation),
        Unit("nht", feed={"sr-naphtha": 1, "hck-naphtha": 1, "coker-naphtha": 1}),
        Unit("reformer", feed={"naphtha": reformer}),
        Unit("dht", feed={"sr-diesel": 1, "lco": 1, "cgo": 1}),
        Unit("jet-ht", feed={"kerosene": 1, "hck-kerosene": 1}),
        Unit("gasoline-pool", feed={"fcc-gasoline": 1, "reformate": gasoline}),
        Unit("diesel-pool", feed={"hydrotreated-diesel": 1, "hck-diesel": 1}),
        Unit("fuel-oil-pool", feed={"slurry-oil": 1, "vacuum-residue": 1 - coker}),
        Unit("lpg-plant", feed={"raw-lpg": 1}),
        Unit("smr", meets="hydrogen"),
    )


def simple_refinery(crude_kt: float, *, coker: float, reformer: float) -> tuple[Unit, ...]:
    """A fuel refinery without hydrocracker."""
    left_out = {"hck"}
    return tuple(
        Unit(unit.recipe, unit.given, _without_hydrocracker(unit.feed), unit.meets)
        for unit in refinery(crude_kt, fcc=1.0, coker=coker, reformer=reformer)
        if unit.recipe not in left_out
    )


def _without_hydrocracker(feed: Mapping[str, float]) -> dict[str, float]:
    return {flow: share for flow, share in feed.items() if not flow.startswith("hck-")}


def olefins(feed: Mapping[str, float], *, allocation: str = "") -> tuple[Unit, ...]:
    """A steam cracker with butadiene and benzene extraction."""
    return (
        Unit("cracker", feed=feed, allocation=allocation),
        Unit("butadiene-unit", feed={"crude-c4": 1}),
        Unit("benzene-unit", feed={"pygas": 1}),
    )


def polymers(pe: float, pp: float) -> tuple[Unit, ...]:
    """Polymer units on shares of the site's own olefins."""
    return (Unit("pe", feed={"ethylene": pe}), Unit("pp", feed={"propylene": pp}))


def coal_to_methanol(methanol_kt: float) -> tuple[Unit, ...]:
    """Gasification and methanol."""
    return (
        Unit("coal-methanol", given=methanol_kt),
        Unit("gasifier", meets="syngas"),
        Unit("asu", meets="oxygen"),
    )
