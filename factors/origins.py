"""Where the carbon of an emission comes from. Pure.

An emission of a gas carries an origin, because the same gas weighs differently: fossil methane leaves fossil
CO2 behind when it decays, biogenic CO2 was taken from the air before. A characterization factor is looked up
for the exact origin first and for ``unspecified`` when the gas has no value of that origin.

Biogenic CO2 counts 0 in every set: uptake and release are kept as amounts of CO2 with origin ``biogenic``
and are reported beside the total, never inside it. Land-use CO2 counts as fossil CO2 does.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

CO2E = "CO2e"


class Origin(StrEnum):
    """The origins a gas can have."""

    FOSSIL = "fossil"
    BIOGENIC = "biogenic"
    LAND_USE = "land_use"
    AIRCRAFT = "aircraft"
    UNSPECIFIED = "unspecified"


ORIGIN_LABELS: dict[Origin, tuple[str, str]] = {
    Origin.FOSSIL: ("化石源", "Fossil"),
    Origin.BIOGENIC: ("生物源", "Biogenic"),
    Origin.LAND_USE: ("土地利用", "Land use"),
    Origin.AIRCRAFT: ("航空", "Aircraft"),
    Origin.UNSPECIFIED: ("未区分", "Unspecified"),
}


def gwp(values: Mapping[tuple[str, str], Decimal], gas: str, origin: str) -> Decimal | None:
    """The value for this gas and origin, else the gas's unspecified value, else None."""
    exact = values.get((gas, origin))
    return exact if exact is not None else values.get((gas, Origin.UNSPECIFIED.value))


_ENDINGS = {
    "fossil": Origin.FOSSIL,
    "non-fossil": Origin.BIOGENIC,
    "biogenic": Origin.BIOGENIC,
    "from soil or biomass stock": Origin.LAND_USE,
    "land transformation": Origin.LAND_USE,
    "land use change": Origin.LAND_USE,
}


def split_name(flow_name: str) -> tuple[str, Origin]:
    """The gas part of a flow's name and its origin: "Methane, fossil" -> ("Methane", fossil)."""
    stem, comma, ending = flow_name.rpartition(", ")
    origin = _ENDINGS.get(ending.strip().lower())
    return (stem, origin) if comma and origin else (flow_name, Origin.UNSPECIFIED)
