"""What a factor version says, and what is wrong with it. Pure.

A version is either resolved by gas, and can then be weighed with any characterization set, or it is a total
its publisher has already weighed (one emission of ``CO2e``), which no arithmetic can take apart again.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from accounts.decimals import DIGITS, is_too_fine
from factors import units
from factors.geographies import is_place, nearest_named
from factors.origins import CO2E, Origin
from factors.units import Dimension

# The most anything may emit per base unit of its dimension (kg per kg, MJ, m3, ...): far above every real
# factor, far below a slip by a thousand of a large one.
CEILINGS: dict[Dimension, Decimal] = {
    Dimension.MASS: Decimal(100_000),  # platinum and rhodium: some 30,000
    Dimension.ENERGY: Decimal(10),
    Dimension.VOLUME: Decimal(100_000),
    Dimension.NORMAL_VOLUME: Decimal(1_000),
    Dimension.TRANSPORT: Decimal(1_000),
}
# What hardly anything of this trade exceeds, in kg CO2e per the same: a slip by a thousand does.
USUAL: dict[Dimension, Decimal] = {
    Dimension.MASS: Decimal(100),
    Dimension.ENERGY: Decimal(1),
    Dimension.VOLUME: Decimal(20_000),
    Dimension.NORMAL_VOLUME: Decimal(20),
    Dimension.TRANSPORT: Decimal(10),
}
BURNT = frozenset(
    {Dimension.MASS, Dimension.ENERGY, Dimension.VOLUME, Dimension.NORMAL_VOLUME, Dimension.MONEY}
)
DIMENSIONS: dict[str, frozenset[Dimension]] = {
    "electricity": frozenset({Dimension.ENERGY, Dimension.MONEY}),
    "freight": frozenset({Dimension.TRANSPORT, Dimension.LENGTH, Dimension.MONEY}),
    "fuel": BURNT,
    "heat": BURNT,
}
"""What a kind is counted by; others by anything. By money where nothing else is known of what was bought."""
HIGHEST = Decimal(10**12)
ORIGINS = frozenset(origin.value for origin in Origin)
JUMP = 20
PARENTS = "parents"
"""Where a derivation keeps the uuids of the versions that the amounts were worked out from."""
RELATION = "relation"
"""Where it keeps how."""


class Relation(StrEnum):
    """How a version came from its parents."""

    DERIVED = "derived_from"
    AVERAGED = "averaged_over"
    CONVERTED = "converted_from"
    ADAPTED = "adapted_region"


_in_order = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


@dataclass(frozen=True)
class Emission:
    """kg of one gas of one origin per unit of the factor."""

    gas: str
    origin: str
    kg_per_unit: Decimal


@dataclass(frozen=True)
class VersionContent:
    """Everything a version states about itself; equal contents are the same version."""

    emissions: tuple[Emission, ...]
    geography: str
    reference_year: int
    scope: str
    boundary: str
    source: str
    source_locator: str
    transcription: str
    technology: str = ""
    gwp_set: str | None = None
    note_zh: str = ""
    note_en: str = ""
    derivation: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    uncertainty_gsd2: Decimal | None = None

    @property
    def place(self) -> tuple[str, str, int, str, str, str]:
        """What a correction of this content replaces: one version is published at each place."""
        return (self.source, self.geography, self.reference_year, self.technology, self.scope, self.boundary)

    @property
    def is_co2e_only(self) -> bool:
        """Whether the gases were already added up by the publisher."""
        return any(emission.gas == CO2E for emission in self.emissions)

    def as_json(self) -> dict[str, Any]:
        """As it is kept while it is only proposed; amounts as text, digit by digit."""
        kept = dataclasses.asdict(self)
        kept["emissions"] = [
            {"gas": e.gas, "origin": e.origin, "kg_per_unit": f"{e.kg_per_unit:f}"} for e in self.emissions
        ]
        gsd2 = self.uncertainty_gsd2
        return {**kept, "uncertainty_gsd2": None if gsd2 is None else f"{gsd2:f}"}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> VersionContent:
        """Back again."""
        emissions = tuple(
            Emission(each["gas"], each["origin"], Decimal(each["kg_per_unit"])) for each in kept["emissions"]
        )
        gsd2 = kept["uncertainty_gsd2"]
        exact = {"emissions": emissions, "uncertainty_gsd2": None if gsd2 is None else Decimal(gsd2)}
        return cls(**{**kept, **exact})

    def derivation_of(self, emissions: Iterable[Emission]) -> dict[str, Any]:
        """What a correction with these amounts is derived from: the same recipe while they are the same,
        else only the versions this one came from, for the recipe's figures would give other amounts.
        """
        if set(emissions) == set(self.emissions):
            return dict(self.derivation)
        return {key: value for key, value in self.derivation.items() if key in (PARENTS, RELATION)}

    def digest(self) -> str:
        """SHA-256 of the content; the order of emissions and trailing noughts do not count."""
        emissions = sorted((e.gas, e.origin, str(e.kg_per_unit.normalize())) for e in self.emissions)
        stated = {
            **{name: getattr(self, name) for name in ("technology", "gwp_set", "note_zh", "note_en")},
            "place": self.place,
            "locator": self.source_locator,
            "transcription": self.transcription,
            "derivation": dict(self.derivation),
            "uncertainty": None if self.uncertainty_gsd2 is None else str(self.uncertainty_gsd2.normalize()),
            "emissions": emissions,
        }
        return hashlib.sha256(_in_order(stated).encode()).hexdigest()


@dataclass(frozen=True)
class Fault:
    """One thing wrong: a code, the field, and the figures its sentence needs."""

    code: str
    field: str
    figures: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def faults(
    content: VersionContent, unit: str, gases: Collection[str], *, newest_year: int, kind: str = ""
) -> list[Fault]:
    """Everything wrong with a content for a factor of this unit and kind; none when it may be published."""
    found = list(_about_emissions(content.emissions, unit, gases))
    if kind in DIMENSIONS and units.dimension(unit) not in DIMENSIONS[kind]:
        found.append(Fault("dimension", "unit", {"unit": units.display(unit)}))
    if content.is_co2e_only and needs_gas_split(kind, content.boundary):
        found.append(Fault("gas_split", "emissions"))
    found += _about_gases_together(content)
    if not is_place(content.geography):
        told = {"geography": content.geography, "near": nearest_named(content.geography)}
        found.append(Fault("unknown_geography", "geography", told))
    if not 1990 <= content.reference_year <= newest_year:
        found.append(Fault("year", "reference_year", {"first": 1990, "last": newest_year}))
    if not content.source_locator.strip():
        found.append(Fault("no_locator", "source_locator"))
    gsd2 = content.uncertainty_gsd2
    if gsd2 is not None and not (gsd2.is_finite() and 1 <= gsd2 <= 1000):
        found.append(Fault("uncertainty", "uncertainty_gsd2"))
    return found


def needs_gas_split(kind: str, boundary: str) -> bool:
    """Burning is known by gas: a total could never be weighed again when values change."""
    return kind in ("fuel", "process") and boundary in ("combustion", "direct")


def _about_emissions(emissions: Sequence[Emission], unit: str, gases: Collection[str]) -> Iterable[Fault]:
    if not emissions:
        yield Fault("no_emissions", "emissions")
    for emission in emissions:
        if emission.gas != CO2E and emission.gas not in gases:
            yield Fault("unknown_gas", "emissions", {"gas": emission.gas})
        if emission.origin not in ORIGINS:
            yield Fault("unknown_origin", "emissions", {"origin": emission.origin})
        yield from _about_amount(emission, unit)


def _about_amount(emission: Emission, unit: str) -> Iterable[Fault]:
    gas, kg, highest = {"gas": emission.gas}, emission.kg_per_unit, ceiling(unit)
    if not kg.is_finite():
        yield Fault("not_finite", "emissions", gas)
    elif is_too_fine(kg):
        yield Fault("too_fine", "emissions", {**gas, "digits": DIGITS})
    elif kg < 0:
        yield Fault("negative", "emissions", gas)
    elif kg > highest:
        figures = {"amount": kg, "unit": units.display(unit), "highest": highest}
        yield Fault("absurd", "emissions", {**gas, **figures})


def _about_gases_together(content: VersionContent) -> Iterable[Fault]:
    counts = Counter((emission.gas, emission.origin) for emission in content.emissions)
    for (gas, origin), count in counts.items():
        if count > 1:
            yield Fault("twice", "emissions", {"gas": gas, "origin": origin})
    gases = {emission.gas for emission in content.emissions}
    if CO2E in gases and len(gases) > 1:
        yield Fault("mixed", "emissions")
    if content.scope == "co2" and gases - {"CO2"}:
        yield Fault("scope", "scope")


@cache
def ceiling(unit: str) -> Decimal:
    """The most a factor of this unit may emit, in kg per unit."""
    return _per(unit, CEILINGS)


@cache
def usual(unit: str) -> Decimal:
    """What a factor of this unit hardly exceeds, in kg CO2e per unit."""
    return _per(unit, USUAL)


def _per(unit: str, limits: Mapping[Dimension, Decimal]) -> Decimal:
    dimension = units.dimension(unit)
    if dimension not in limits:
        return HIGHEST
    base = next(each.code for each in units.UNITS if each.dimension is dimension)
    return limits[dimension] * units.convert(Decimal(1), unit, base)


def jumps(new: Iterable[Emission], old: Iterable[Emission]) -> list[Fault]:
    """Gases that move by a factor of twenty or more between two versions: a unit slip, most likely."""
    before = {(emission.gas, emission.origin): emission.kg_per_unit for emission in old}
    found = []
    for emission in new:
        then, now = before.get((emission.gas, emission.origin)), emission.kg_per_unit
        if then and now and not then / JUMP < now < then * JUMP:
            found.append(Fault("jump", "emissions", {"gas": emission.gas, "then": then, "now": now}))
    return found
