"""What a package says, as frozen values. Pure; the names are the format's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from footprint.exchange.confined.problems import Problem


class FlowType(StrEnum):
    """What flows."""

    PRODUCT = "PRODUCT_FLOW"
    WASTE = "WASTE_FLOW"
    ELEMENTARY = "ELEMENTARY_FLOW"


@dataclass(frozen=True)
class PackageUnit:
    """A unit of a unit group; ``factor`` is how many of the group's reference units it is."""

    id: str
    name: str
    synonyms: tuple[str, ...]
    factor: Decimal
    field: str


@dataclass(frozen=True)
class UnitGroup:
    """Units of one quantity."""

    id: str
    file: str
    units: Mapping[str, PackageUnit]
    reference: PackageUnit


@dataclass(frozen=True)
class FlowProperty:
    """A quantity a flow can be measured in."""

    id: str
    file: str
    name: str
    unit_group: str


@dataclass(frozen=True)
class Flow:
    """A product, a waste or an elementary flow.

    ``properties`` maps a flow property to how much of its reference unit equals one reference unit of
    ``reference_property``.
    """

    id: str
    file: str
    name: str
    type: FlowType
    compartment: tuple[str, ...]
    reference_property: str
    properties: Mapping[str, Decimal]


@dataclass(frozen=True)
class PackageExchange:
    """One line of a process."""

    path: str
    internal_id: str
    flow: str
    property: str
    unit: str
    amount: Decimal
    is_input: bool
    is_avoided: bool
    is_reference: bool
    default_provider: str
    description: str


@dataclass(frozen=True)
class AllocationFactor:
    """A share of the burden for one co-product; of one line's burden when ``exchange`` names one.

    Internal ids are not unique in packages out there, so the flow tells which line is meant; ``position`` is
    that line's place, filled in when references are resolved.
    """

    path: str
    method: str
    product: str
    value: Decimal
    exchange: str
    exchange_flow: str = ""
    position: int | None = None


@dataclass(frozen=True)
class PackageProcess:
    """A unit process or a rolled-up system."""

    id: str
    file: str
    name: str
    technology: str
    allocation: str
    exchanges: tuple[PackageExchange, ...]
    factors: tuple[AllocationFactor, ...]
    location: str = ""
    valid_from: str = ""


@dataclass(frozen=True)
class Location:
    """A place that processes may be of."""

    id: str
    file: str
    code: str
    name: str = ""


@dataclass(frozen=True)
class Package:
    """Everything read, every reference in it resolved."""

    unit_groups: Mapping[str, UnitGroup]
    properties: Mapping[str, FlowProperty]
    flows: Mapping[str, Flow]
    processes: Mapping[str, PackageProcess]
    warnings: tuple[Problem, ...] = field(default=())
    locations: Mapping[str, Location] = field(default_factory=dict)
