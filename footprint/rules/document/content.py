"""What a product category rule says, as one typed document: every rule with its source. No rows, no web.

The words of stages, methods, factor kinds and data types are those inventories use; ``tests`` hold the two
together. Amounts are exact decimals; shares are fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Mark(StrEnum):
    """How much the source of a rule has been looked at."""

    VERIFIED = "verified"
    EXCERPT = "excerpt"
    COMPUTED = "computed"
    DECISION = "decision"
    UNVERIFIED = "unverified"


class Stage(StrEnum):
    """A stage of the life cycle; inventories here know the first five, up to the gate."""

    RAW_MATERIAL = "raw_material"
    ENERGY = "energy"
    TRANSPORT = "transport"
    PRODUCTION = "production"
    WASTE = "waste"
    DISTRIBUTION = "distribution"
    USE = "use"
    END_OF_LIFE = "end_of_life"


class Direction(StrEnum):
    """In or out of a process."""

    INPUT = "input"
    OUTPUT = "output"


class FlowBy(StrEnum):
    """What a flow is recognised by."""

    CATEGORY = "category"
    FACTOR = "factor"
    GAS = "gas"
    STAGE = "stage"
    AVOIDED = "avoided"


class Presence(StrEnum):
    """Whether a flow has to be there or may not be."""

    REQUIRED = "required"
    FORBIDDEN = "forbidden"


class Within(StrEnum):
    """Where it is looked for: in the process that makes the product, or in the inventory of its site."""

    PROCESS = "process"
    SITE = "site"


class Method(StrEnum):
    """How co-products may share a burden."""

    MASS = "mass"
    ENERGY = "energy"
    ECONOMIC = "economic"
    MOLES = "moles"
    HYDROGEN = "hydrogen"
    EFFICIENCY = "efficiency"
    EXERGY = "exergy"
    CUSTOM = "custom"
    DECLARED = "declared"
    CAUSAL = "causal"


class Balance(StrEnum):
    """What has to close."""

    MASS = "mass"
    ENERGY = "energy"
    CARBON = "carbon"


class Measured(StrEnum):
    """What a band is about, per declared unit: the footprint in kg CO2e, or an input of a category."""

    FOOTPRINT = "footprint"
    INPUT = "input"


@dataclass(frozen=True)
class Source:
    """A document that rules rest on."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True)
class StageRule:
    """Whether a stage belongs to the system."""

    stage: Stage
    is_in: bool
    source: str
    mark: Mark


@dataclass(frozen=True)
class Flow:
    """A kind of line: an input of category hydrogen, an output of CH4. Avoided flows have no value."""

    direction: Direction
    by: FlowBy
    value: str = ""


@dataclass(frozen=True)
class ExchangeRule:
    """One of some flows has to be there, or none of them may be."""

    code: str
    presence: Presence
    within: Within
    any_of: tuple[Flow, ...]
    source: str
    mark: Mark
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True)
class AllocationRule:
    """In which order methods are tried where a co-product of a category is made beside; "" for any other."""

    code: str
    coproduct: str
    methods: tuple[Method, ...]
    source: str
    mark: Mark
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True)
class CutOff:
    """Which part of the mass taken in may go without a provider: of one line, of all together."""

    per_flow: Decimal
    total: Decimal
    source: str
    mark: Mark


@dataclass(frozen=True)
class Closure:
    """From which gap on, as a fraction of what comes in, a balance is flagged and fails."""

    balance: Balance
    amber: Decimal
    red: Decimal
    source: str
    mark: Mark


@dataclass(frozen=True)
class Band:
    """Between which figures a result is plausible; outside it is asked after, never refused."""

    code: str
    measured: Measured
    low: Decimal | None
    high: Decimal | None
    unit: str
    source: str
    mark: Mark
    category: str = ""
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True)
class Quality:
    """The worst ratings (1 best to 5) and the oldest factors that are accepted without a question."""

    technology: int | None
    time: int | None
    geography: int | None
    oldest_years: int | None
    allows_proxy: bool
    source: str
    mark: Mark


@dataclass(frozen=True)
class GasRule:
    """A gas that has to be covered: by every factor, or also as a direct emission of the process."""

    gas: str
    is_direct: bool
    source: str
    mark: Mark


@dataclass(frozen=True)
class RuleDocument:
    """All rules of one product category.

    ``profile`` names the method profile whose GWP values and remaining parameters hold. Without ``closure``
    the thresholds of the platform hold: neither is said twice.
    """

    category: str
    unit: str
    unit_source: str
    unit_mark: Mark
    profile: str
    scope_zh: str
    scope_en: str
    sources: tuple[Source, ...]
    boundary: tuple[StageRule, ...]
    exchanges: tuple[ExchangeRule, ...]
    allocation: tuple[AllocationRule, ...]
    cut_off: CutOff
    closure: tuple[Closure, ...]
    bands: tuple[Band, ...]
    quality: Quality
    gases: tuple[GasRule, ...]


@dataclass(frozen=True)
class Rule:
    """One rule by its address, which stays the same from version to version."""

    address: str
    content: object
    source: str
    mark: Mark


def rules(document: RuleDocument) -> list[Rule]:
    """Every single rule, in the order of the document."""
    found = [Rule("unit", document.unit, document.unit_source, document.unit_mark)]
    groups = (
        ("boundary", document.boundary, "stage"),
        ("exchange", document.exchanges, "code"),
        ("allocation", document.allocation, "code"),
        ("closure", document.closure, "balance"),
        ("band", document.bands, "code"),
        ("gas", document.gases, "gas"),
    )
    for group, rows, key in groups:
        found += [Rule(f"{group}.{getattr(row, key)}", row, row.source, row.mark) for row in rows]
    for name, part in (("cut_off", document.cut_off), ("quality", document.quality)):
        found.append(Rule(name, part, part.source, part.mark))
    return found
