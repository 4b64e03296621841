"""Whether a document is whole: each rule once, each with a source, numbers in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from footprint.rules.document.content import Band, Flow, FlowBy, Measured, Quality, RuleDocument, Stage, rules
from footprint.rules.document.reading import Problem

RATINGS = range(1, 6)
OLDEST = 50


@dataclass(frozen=True)
class Known:
    """Codes that exist outside the document."""

    categories: Collection[str]
    gases: Collection[str]
    units: Collection[str]
    profiles: Collection[str]
    factor_kinds: Collection[str]


def problems(document: RuleDocument, known: Known) -> list[Problem]:
    """Everything that keeps the document from being carried out."""
    return [
        *_names(document, known),
        *_once(document),
        *_sources(document),
        *_flows(document, known),
        *_allocation(document, known),
        *_numbers(document, known),
    ]


def _names(document: RuleDocument, known: Known) -> Iterator[Problem]:
    for path, code, codes in (
        ("category", document.category, known.categories),
        ("unit", document.unit, known.units),
        ("profile", document.profile, known.profiles),
        *((f"gases.{at}.gas", row.gas, known.gases) for at, row in enumerate(document.gases)),
    ):
        if code not in codes:
            yield Problem(path, "unknown_code", code)


def _once(document: RuleDocument) -> Iterator[Problem]:
    for address, times in Counter(rule.address for rule in rules(document)).items():
        if times > 1:
            yield Problem(address.partition(".")[0], "twice", address.partition(".")[2])
    for stage in set(Stage) - {row.stage for row in document.boundary}:
        yield Problem("boundary", "stage_missing", stage)
    for at, row in enumerate(document.exchanges):
        if not row.code:
            yield Problem(f"exchanges.{at}.code", "missing")


def _sources(document: RuleDocument) -> Iterator[Problem]:
    keys = Counter(source.key for source in document.sources)
    yield from (Problem("sources", "twice", key) for key, times in keys.items() if times > 1)
    for rule in rules(document):
        if rule.source not in keys:
            yield Problem(rule.address, "unknown_source", rule.source)


def _flows(document: RuleDocument, known: Known) -> Iterator[Problem]:
    choices: dict[FlowBy, Collection[str]] = {
        FlowBy.CATEGORY: known.categories,
        FlowBy.GAS: known.gases,
        FlowBy.FACTOR: known.factor_kinds,
        FlowBy.STAGE: list(Stage),
        FlowBy.AVOIDED: ("",),
    }
    for at, row in enumerate(document.exchanges):
        if not row.any_of:
            yield Problem(f"exchanges.{at}.any_of", "missing")
        for place, flow in enumerate(row.any_of):
            if not _is_known(flow, choices[flow.by]):
                yield Problem(f"exchanges.{at}.any_of.{place}.value", "unknown_code", flow.value)


def _is_known(flow: Flow, codes: Collection[str]) -> bool:
    return flow.value in codes


def _allocation(document: RuleDocument, known: Known) -> Iterator[Problem]:
    for at, row in enumerate(document.allocation):
        if row.coproduct and row.coproduct not in known.categories:
            yield Problem(f"allocation.{at}.coproduct", "unknown_code", row.coproduct)
        if not row.methods:
            yield Problem(f"allocation.{at}.methods", "missing")
        if len(set(row.methods)) < len(row.methods):
            yield Problem(f"allocation.{at}.methods", "twice")


def _numbers(document: RuleDocument, known: Known) -> Iterator[Problem]:
    for name in ("per_flow", "total"):
        if not 0 <= getattr(document.cut_off, name) <= 1:
            yield Problem(f"cut_off.{name}", "not_a_fraction")
    for at, limit in enumerate(document.closure):
        if not 0 < limit.amber < limit.red <= 1:
            yield Problem(f"closure.{at}.red", "out_of_order")
    for at, band in enumerate(document.bands):
        yield from (Problem(f"bands.{at}.{name}", code, value) for name, code, value in _band(band, known))
    yield from _quality(document.quality)


def _quality(quality: Quality) -> Iterator[Problem]:
    for name in ("technology", "time", "geography"):
        if getattr(quality, name) not in (None, *RATINGS):
            yield Problem(f"quality.{name}", "not_a_rating")
    if quality.oldest_years is not None and not 1 <= quality.oldest_years <= OLDEST:
        yield Problem("quality.oldest_years", "not_a_number")


def _band(band: Band, known: Known) -> Iterator[tuple[str, str, str]]:
    if not band.code:
        yield "code", "missing", ""
    if band.low is None and band.high is None:
        yield "low", "missing", ""
    if band.low is not None and band.high is not None and band.low >= band.high:
        yield "high", "out_of_order", ""
    is_input = band.measured is Measured.INPUT
    if band.category not in (known.categories if is_input else ("",)):
        yield "category", "unknown_code", band.category
    if is_input and band.unit not in known.units:
        yield "unit", "unknown_code", band.unit
