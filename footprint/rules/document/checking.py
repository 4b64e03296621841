"""An inventory of a product against its rule, rule by rule and line by line. Pure: no rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from footprint.rules.document.bands import Place, place
from footprint.rules.document.content import (
    AllocationRule,
    Balance,
    Band,
    Direction,
    ExchangeRule,
    Flow,
    FlowBy,
    GasRule,
    Measured,
    Method,
    Presence,
    RuleDocument,
    Stage,
    Within,
    rules,
)


class Severity(StrEnum):
    """An error has to be mended before submission, a warning explained, a note is an offer."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """What breaks a rule: the line by its key, or the process as a whole (no line)."""

    address: str
    severity: Severity
    code: str
    line: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)


class Verdict(StrEnum):
    """What became of one rule; idle: there was nothing it is about."""

    MET = "met"
    BROKEN = "broken"
    ASKED = "asked"
    IDLE = "idle"


@dataclass(frozen=True)
class Outcome:
    """One rule and what was found against it."""

    address: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of the inventory. ``mass_kg`` is unknown where the line cannot be weighed.

    ``only_gases`` is all that its factor covers; None: whatever there is.
    """

    key: str
    direction: Direction
    kind: str
    in_process: bool = True
    category: str = ""
    stage: Stage = Stage.PRODUCTION
    factor_kind: str = ""
    factor_year: int | None = None
    only_gases: frozenset[str] | None = None
    gas: str = ""
    is_avoided: bool = False
    has_provider: bool = True
    data_type: str = "measured"
    technology: int | None = None
    time: int | None = None
    geography: int | None = None
    mass_kg: Decimal | None = None
    amounts: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Coproduct:
    """What is made beside the product, and by which methods it can share."""

    category: str
    methods: frozenset[Method]


@dataclass(frozen=True)
class Subject:
    """A product of one process. ``made`` is its amount in the unit of the rule; None where it cannot be said.

    ``gaps`` are relative gaps by balance; ``limits`` the platform's own thresholds, amber before red.
    """

    year: int
    method: str
    made: Decimal | None
    own_methods: frozenset[Method]
    coproducts: Sequence[Coproduct]
    lines: Sequence[Line]
    footprint: Decimal | None = None
    gaps: Mapping[Balance, float] = field(default_factory=dict)
    limits: Mapping[Balance, tuple[float, float]] = field(default_factory=dict)


def check(document: RuleDocument, subject: Subject) -> list[Outcome]:
    """What became of every rule, in the order of the document."""
    found: dict[str, list[Finding]] = {}
    heard: set[str] = set()
    for address, findings in _checks(document, subject):
        if findings is None:
            continue
        heard.add(address)
        found.setdefault(address, []).extend(findings)
    known = [rule.address for rule in rules(document)]
    further = [address for address in found if address not in known]
    return [_outcome(address, address in heard, found.get(address, [])) for address in [*known, *further]]


def findings(outcomes: Sequence[Outcome]) -> list[Finding]:
    """All of them, the worst first."""
    order = list(Severity)
    every = [finding for outcome in outcomes for finding in outcome.findings]
    return sorted(every, key=lambda each: order.index(each.severity))


def ordered_method(
    document: RuleDocument, own: frozenset[Method], coproducts: Sequence[Coproduct]
) -> tuple[AllocationRule, Method | None] | None:
    """The rule for these co-products and the first of its methods that all of them can share by.

    A rule for a category goes before the one for any other. None: no rule says anything.
    """
    beside = {each.category for each in coproducts}
    named = [row for row in document.allocation if row.coproduct and row.coproduct in beside]
    general = [row for row in document.allocation if not row.coproduct]
    rule = next(iter([*named, *general]), None)
    if rule is None:
        return None
    shared = own.intersection(*(each.methods for each in coproducts))
    return rule, next((method for method in rule.methods if method in shared), None)


def matches(flow: Flow, line: Line) -> bool:
    """Whether a line is of this kind."""
    if flow.by is FlowBy.AVOIDED:
        return line.is_avoided
    said = {
        FlowBy.CATEGORY: line.category,
        FlowBy.FACTOR: line.factor_kind,
        FlowBy.GAS: line.gas,
        FlowBy.STAGE: str(line.stage),
    }
    return line.direction is flow.direction and not line.is_avoided and said[flow.by] == flow.value


def _outcome(address: str, was_heard: bool, found: list[Finding]) -> Outcome:
    if not was_heard:
        return Outcome(address, Verdict.IDLE)
    worst = {each.severity for each in found}
    if Severity.ERROR in worst:
        return Outcome(address, Verdict.BROKEN, tuple(found))
    return Outcome(address, Verdict.ASKED if found else Verdict.MET, tuple(found))


Said = Iterator[tuple[str, list[Finding] | None]]
"""A rule's address and what was found; None: there was nothing to look at."""


def _checks(document: RuleDocument, subject: Subject) -> Said:
    yield "unit", _unit(document, subject)
    yield from _boundary(document, subject)
    for exchange in document.exchanges:
        yield f"exchange.{exchange.code}", _exchange(exchange, subject)
    yield from _allocation(document, subject)
    yield "cut_off", _cut_off(document, subject)
    yield from _closure(document, subject)
    for band in document.bands:
        yield f"band.{band.code}", _band(band, subject)
    yield "quality", _quality(document, subject)
    for gas in document.gases:
        yield f"gas.{gas.gas}", _gas(gas, subject)


def _unit(document: RuleDocument, subject: Subject) -> list[Finding]:
    if subject.made is not None:
        return []
    return [Finding("unit", Severity.ERROR, "other_unit", figures={"unit": document.unit})]


def _boundary(document: RuleDocument, subject: Subject) -> Said:
    for row in document.boundary:
        lines = [line for line in subject.lines if line.in_process and line.stage is row.stage]
        address = f"boundary.{row.stage}"
        if row.is_in:
            yield address, [] if lines else None
        else:
            outside = [
                Finding(address, Severity.ERROR, "outside", line.key, {"stage": row.stage}) for line in lines
            ]
            yield address, outside


def _exchange(rule: ExchangeRule, subject: Subject) -> list[Finding] | None:
    address = f"exchange.{rule.code}"
    lines = [line for line in subject.lines if line.in_process or rule.within is Within.SITE]
    fitting = [line for line in lines if any(matches(flow, line) for flow in rule.any_of)]
    if rule.presence is Presence.REQUIRED:
        return [] if fitting else [Finding(address, Severity.ERROR, "missing")]
    return [Finding(address, Severity.ERROR, "forbidden", line.key) for line in fitting]


def _allocation(document: RuleDocument, subject: Subject) -> Said:
    if not subject.coproducts:
        return
    ordered = ordered_method(document, subject.own_methods, subject.coproducts)
    if ordered is None:
        return
    rule, method = ordered
    address = f"allocation.{rule.code}"
    if method is None:
        wanted = {"methods": ",".join(rule.methods)}
        yield address, [Finding(address, Severity.WARNING, "no_basis", figures=wanted)]
    elif subject.method != method:
        said = {"method": subject.method, "ordered": str(method)}
        yield address, [Finding(address, Severity.ERROR, "deviation", figures=said)]
    else:
        yield address, []


def _cut_off(document: RuleDocument, subject: Subject) -> list[Finding]:
    taken = [
        line
        for line in subject.lines
        if line.in_process and line.direction is Direction.INPUT and line.kind == "product"
    ]
    left = [line for line in taken if not line.has_provider]
    whole = sum((line.mass_kg for line in taken if line.mass_kg is not None), Decimal(0))
    found, together = [], Decimal(0)
    for line in left:
        if line.mass_kg is None or not whole:
            found.append(Finding("cut_off", Severity.WARNING, "cut_off_unweighed", line.key))
            continue
        share = line.mass_kg / whole
        together += share
        if share > document.cut_off.per_flow:
            figures = {"share": str(share), "limit": str(document.cut_off.per_flow)}
            found.append(Finding("cut_off", Severity.ERROR, "cut_off_flow", line.key, figures))
    if together > document.cut_off.total:
        figures = {"share": str(together), "limit": str(document.cut_off.total)}
        found.append(Finding("cut_off", Severity.ERROR, "cut_off_total", figures=figures))
    return found


def _closure(document: RuleDocument, subject: Subject) -> Said:
    """By the rule's thresholds, else the platform's: then the address names no rule of the document."""
    own = {row.balance: (float(row.amber), float(row.red)) for row in document.closure}
    for balance in Balance:
        gap, limits = subject.gaps.get(balance), own.get(balance, subject.limits.get(balance))
        if gap is None or limits is None:
            continue
        address = f"closure.{balance}"
        over = next((at for at in (1, 0) if abs(gap) > limits[at]), None)
        if over is None:
            yield address, []
            continue
        figures = {"gap": str(abs(gap)), "limit": str(limits[over]), "balance": str(balance)}
        severity = Severity.ERROR if over else Severity.WARNING
        yield address, [Finding(address, severity, "gap", figures=figures)]


def _band(band: Band, subject: Subject) -> list[Finding] | None:
    figure = measured(band, subject)
    if figure is None:
        return None
    lies = place(band, figure)
    if lies is Place.WITHIN:
        return []
    figures = {
        "figure": str(figure),
        "low": "" if band.low is None else str(band.low),
        "high": "" if band.high is None else str(band.high),
        "unit": band.unit,
        "category": band.category,
    }
    code = f"{band.measured}_{'low' if lies is Place.BELOW else 'high'}"
    return [Finding(f"band.{band.code}", Severity.WARNING, code, figures=figures)]


def measured(band: Band, subject: Subject) -> Decimal | None:
    """What a band is about: the footprint, or so much of a category for one unit; None where unknown.

    Of co-products no input can be said to be of one alone.
    """
    if band.measured is Measured.FOOTPRINT:
        return subject.footprint
    lines = weighed_by(band, subject.lines)
    if not lines or not subject.made or subject.coproducts:
        return None
    amounts = [line.amounts.get(band.unit) for line in lines]
    if any(amount is None for amount in amounts):
        return None
    return sum((amount for amount in amounts if amount is not None), Decimal(0)) / subject.made


def weighed_by(band: Band, lines: Sequence[Line]) -> list[Line]:
    """The inputs of a process that a band counts together."""
    flow = Flow(Direction.INPUT, FlowBy.CATEGORY, band.category)
    return [line for line in lines if line.in_process and matches(flow, line)]


def _quality(document: RuleDocument, subject: Subject) -> list[Finding]:
    found = []
    for line in subject.lines:
        if line.in_process and (line.direction is Direction.INPUT or line.gas):
            found += list(_rated(document, subject.year, line))
    return found


def _rated(document: RuleDocument, year: int, line: Line) -> Iterator[Finding]:
    quality = document.quality
    for name in ("technology", "time", "geography"):
        limit, rating = getattr(quality, name), getattr(line, name)
        if limit is not None and rating is not None and rating > limit:
            figures = {"indicator": name, "rating": str(rating), "worst": str(limit)}
            yield Finding("quality", Severity.WARNING, "rating", line.key, figures)
    if quality.oldest_years is not None and line.factor_year is not None:
        age = year - line.factor_year
        if age > quality.oldest_years:
            figures = {"age": str(age), "years": str(quality.oldest_years)}
            yield Finding("quality", Severity.WARNING, "old_factor", line.key, figures)
    if line.data_type == "proxy" and not quality.allows_proxy:
        yield Finding("quality", Severity.WARNING, "proxy", line.key)


def _gas(rule: GasRule, subject: Subject) -> list[Finding] | None:
    address, found = f"gas.{rule.gas}", []
    if rule.is_direct and not any(line.gas == rule.gas for line in subject.lines if line.in_process):
        found.append(Finding(address, Severity.ERROR, "gas_missing", figures={"gas": rule.gas}))
    supplied = [line for line in subject.lines if line.in_process and line.factor_kind]
    for line in supplied:
        if line.only_gases is not None and rule.gas not in line.only_gases:
            figures = {"gas": rule.gas}
            found.append(Finding(address, Severity.NOTE, "gas_not_covered", line.key, figures))
    return found if rule.is_direct or supplied else None
