"""What leaves as a package, before it is a document: flows, processes, what totals stand for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from footprint.exchange.openlca.package import FlowType


@dataclass(frozen=True)
class OutFlow:
    """A flow counted in ``unit``; ``conversions`` says how much of another unit one of it is."""

    id: str
    name: str
    type: FlowType
    unit: str
    conversions: Mapping[str, Decimal] = field(default_factory=dict)
    category: str = ""
    other_name: str = ""


@dataclass(frozen=True)
class OutLine:
    """A line; ``provider`` is a process of the package. ``gsd2`` is squared, as ours are."""

    flow: str
    amount: Decimal
    unit: str
    is_input: bool
    is_reference: bool = False
    is_avoided: bool = False
    provider: str = ""
    gsd2: Decimal | None = None
    comment: str = ""


@dataclass(frozen=True)
class OutShare:
    """A share of a set: ``method`` is physical, economic or causal; ``line`` the place of one line."""

    method: str
    flow: str
    share: float
    line: int | None = None


@dataclass(frozen=True)
class OutProcess:
    """A unit process of one's own, or what stands in for a supplier or a factor (``is_total``).

    ``method`` is the set of shares in force: physical, economic, causal or none.
    """

    id: str
    name: str
    lines: tuple[OutLine, ...]
    method: str = ""
    shares: tuple[OutShare, ...] = ()
    is_total: bool = False
    description: str = ""
    technology: str = ""
    place: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Note:
    """Something that leaves otherwise than a reader might think; ``code`` has a sentence."""

    code: str
    process: str = ""
    line: str = ""


@dataclass(frozen=True)
class Weights:
    """The GWP values of one set, kg CO2e per kg, by the flow of the gas."""

    code: str
    values: Mapping[str, float]


@dataclass(frozen=True)
class Outgoing:
    """A package to write."""

    flows: Mapping[str, OutFlow]
    processes: tuple[OutProcess, ...]
    weights: tuple[Weights, ...] = ()
    notes: tuple[Note, ...] = ()
