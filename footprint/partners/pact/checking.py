"""What is wrong with a ProductFootprint v3: by the schema, by PACT's rules, by its methodology.

Of v2 by its schema alone. Only the schema decides whether a document is accepted. Findings are codes with a
JSON pointer; what they say in words stands beside the doors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from footprint.partners.pact import fields_v2, values
from footprint.partners.pact.fields import (
    FIGURES,
    FOOTPRINT,
    GEOGRAPHY,
    KNOWN_STANDARDS,
    PCF,
    Field,
    Kind,
    Rule,
    Sign,
)

Document = Mapping[str, Any]
TOLERANCE = Decimal("0.01")
FIRST_2027 = datetime.fromisoformat("2027-12-31T00:00:00+00:00")
CAPTURE = ("ccsTechnologicalCO2Capture", "technologicalCO2Removals")


class Severity(StrEnum):
    """How much a finding weighs."""

    SCHEMA = "schema"
    """The document is not valid on the wire."""
    RULE = "rule"
    """A rule of PACT's data model that its schema does not express."""
    METHOD = "method"
    """The methodology asks for it, or sums do not fit."""


@dataclass(frozen=True)
class Finding:
    """One thing wrong: where, what, how bad, and what the sentence names."""

    pointer: str
    code: str
    severity: Severity
    told: Mapping[str, str] = field(default_factory=dict)


def findings(document: object, *, at: datetime | None = None) -> list[Finding]:
    """Everything, the schema's first; ``at`` is when rules that begin later are asked for."""
    shape = list(_object(document, FOOTPRINT, ""))
    if not isinstance(document, Mapping) or not isinstance(document.get("pcf"), Mapping):
        return shape
    return [*shape, *_rules(document), *_method(document, at)]


def is_valid(document: object) -> bool:
    """Whether the schema accepts it."""
    return next(iter(_object(document, FOOTPRINT, "")), None) is None


def schema_findings(document: object, *, version: int = 3) -> list[Finding]:
    """What the schema of a version refuses."""
    return list(_object(document, fields_v2.FOOTPRINT if version == 2 else FOOTPRINT, ""))


# -- the schema ----------------------------------------------------------------------------------------------
def _object(found: object, fields: tuple[Field, ...], where: str) -> Iterator[Finding]:
    if not isinstance(found, Mapping):
        yield _schema(where, "not_object")
        return
    for each in fields:
        pointer = f"{where}/{each.name}"
        if each.name in found:
            yield from _property(found[each.name], each, pointer)
        elif each.required:
            yield _schema(pointer, "missing", name=each.name)
    if fields in (PCF, fields_v2.PCF):
        given = [name for name in GEOGRAPHY if name in found]
        if len(given) > 1:
            yield _schema(f"{where}/{given[1]}", "two_geographies", names=", ".join(given))


def _property(value: object, each: Field, where: str) -> Iterator[Finding]:
    if value is None:
        yield _schema(where, "null", name=each.name)
    elif each.many:
        yield from _list(value, each, where)
    else:
        yield from _value(value, each, where)


def _list(value: object, each: Field, where: str) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield _schema(where, "not_list", name=each.name)
        return
    if not value:
        yield _schema(where, "empty_list", name=each.name)
    told = [json.dumps(one, sort_keys=True, default=str) for one in value]
    if len(set(told)) < len(told):
        yield _schema(where, "repeated", name=each.name)
    for position, one in enumerate(value):
        yield from _value(one, each, f"{where}/{position}")


def _value(value: object, each: Field, where: str) -> Iterator[Finding]:
    if each.kind is Kind.OBJECT:
        yield from _object(value, each.parts, where)
    elif each.kind is Kind.DECIMAL:
        yield from _decimal(value, each, where)
    elif each.kind in (Kind.NUMBER, Kind.COUNT):
        yield from _number(value, each, where)
    elif each.kind in JSON_TYPES:
        wanted, code = JSON_TYPES[each.kind]
        if not isinstance(value, wanted):
            yield _schema(where, code, name=each.name)
    else:
        yield from _text(value, each, where)


JSON_TYPES: dict[Kind, tuple[type, str]] = {
    Kind.ANY_OBJECT: (Mapping, "not_object"),
    Kind.TRUTH: (bool, "not_truth"),
}


def _text(value: object, each: Field, where: str) -> Iterator[Finding]:
    if not isinstance(value, str):
        yield _schema(where, "not_text", name=each.name)
    elif each.kind is Kind.CHOICE and value not in each.choices:
        yield _schema(where, "not_a_choice", name=each.name, choices=", ".join(each.choices))
    elif not _is_well_formed(value, each):
        yield _schema(where, f"not_{each.kind}", name=each.name)


def _is_well_formed(value: str, each: Field) -> bool:
    if "\0" in value:
        return False
    patterns = {
        Kind.UUID: values.UUID,
        Kind.VERSION: values.VERSION,
        Kind.URN: values.URN,
        Kind.URI: values.URI,
        Kind.REPORT: values.REPORT,
        Kind.PATTERN: values.COUNTRY if each.name == "geographyCountry" else values.SUBDIVISION,
    }
    if each.kind in patterns:
        return patterns[each.kind].fullmatch(value) is not None
    if each.kind is Kind.HTTPS:
        return value.lower().startswith("https://") and values.URI.fullmatch(value) is not None
    if each.kind is Kind.MOMENT:
        return values.moment(value) is not None
    return each.kind is not Kind.NAME or bool(value)


def _decimal(value: object, each: Field, where: str) -> Iterator[Finding]:
    number = values.decimal(value)
    if number is None:
        yield _schema(where, "not_decimal", name=each.name)
    else:
        yield from _in_range(number, each, where, str(value))


def _number(value: object, each: Field, where: str) -> Iterator[Finding]:
    wanted = int if each.kind is Kind.COUNT else int | float
    if isinstance(value, bool) or not isinstance(value, wanted):
        yield _schema(where, f"not_{each.kind}", name=each.name)
    elif each.kind is Kind.COUNT and value < 0:
        yield _schema(where, "not_count", name=each.name)
    else:
        yield from _in_range(Decimal(str(value)), each, where, str(value))


def _in_range(number: Decimal, each: Field, where: str, told: str) -> Iterator[Finding]:
    fits = {
        Sign.ANY: True,
        Sign.POSITIVE: number > 0,
        Sign.NOT_NEGATIVE: number >= 0,
        Sign.NOT_POSITIVE: number <= 0,
        Sign.PERCENT: 0 <= number <= 100,
        Sign.RATING: 1 <= number <= 5,
        Sign.RATING_OF_3: 1 <= number <= 3,
    }
    if not fits[each.sign]:
        yield _schema(where, f"out_of_range_{each.sign}", name=each.name, value=told)


def _schema(pointer: str, code: str, **told: str) -> Finding:
    return Finding(pointer, code, Severity.SCHEMA, told)


# -- rules that the schema does not express ------------------------------------------------------------------
def _rules(document: Document) -> Iterator[Finding]:
    yield from _periods(document)
    pcf = document["pcf"]
    if pcf.get("packagingEmissionsIncluded") is False and "packagingGhgEmissions" in pcf:
        yield _rule("/pcf/packagingGhgEmissions", "without_packaging")
    if pcf.get("ccsTechnologicalCO2CaptureIncluded") is False:
        for name in (each for each in CAPTURE if each in pcf):
            yield _rule(f"/pcf/{name}", "without_capture", name=name)
    if "ccuCreditCertification" in pcf and pcf.get("ccuCalculationApproach") != "Credit":
        yield _rule("/pcf/ccuCreditCertification", "without_credit")
    yield from _operators(pcf)
    for position, name in enumerate(_texts(pcf.get("crossSectoralStandards"))):
        if name not in KNOWN_STANDARDS:
            yield _rule(f"/pcf/crossSectoralStandards/{position}", "unknown_standard", name=name)


def _periods(document: Document) -> Iterator[Finding]:
    """The reference period is one, and validity begins after it and lasts three years at most."""
    pcf = document["pcf"]
    began, ended = (values.moment(pcf.get(f"referencePeriod{which}")) for which in ("Start", "End"))
    start, end = (values.moment(document.get(f"validityPeriod{which}")) for which in ("Start", "End"))
    if began and ended and began >= ended:
        yield _rule("/pcf/referencePeriodEnd", "period_backwards")
    if start and ended and start < ended:
        yield _rule("/validityPeriodStart", "valid_too_early")
    if start and end and end <= start:
        yield _rule("/validityPeriodEnd", "validity_backwards")
    if end and ended and end > values.years_later(ended):
        yield _rule("/validityPeriodEnd", "valid_too_long")


def _operators(pcf: Document) -> Iterator[Finding]:
    given = pcf.get("productOrSectorSpecificRules")
    for position, one in enumerate(given if isinstance(given, list) else []):
        if not isinstance(one, Mapping):
            continue
        where = f"/pcf/productOrSectorSpecificRules/{position}/otherOperatorName"
        if one.get("operator") == "Other" and not one.get("otherOperatorName"):
            yield _rule(where, "operator_unnamed")
        if one.get("operator") in ("PEF", "EPD International") and "otherOperatorName" in one:
            yield _rule(where, "operator_named_twice")


def _rule(pointer: str, code: str, **told: str) -> Finding:
    return Finding(pointer, code, Severity.RULE, told)


def _texts(found: object) -> list[str]:
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


# -- the methodology -----------------------------------------------------------------------------------------
def _method(document: Document, at: datetime | None) -> Iterator[Finding]:
    pcf = document["pcf"]
    for each in PCF:
        asked = {Rule.SHALL, Rule.SHOULD} | ({Rule.SHALL_2027} if at and at >= FIRST_2027 else set())
        if each.rule in asked and not each.required and each.name not in pcf:
            yield _found(f"/pcf/{each.name}", f"absent_{each.rule}", name=each.name)
    if not any(name in pcf for name in GEOGRAPHY):
        yield _found("/pcf", "global")
    yield from _sums(pcf)
    yield from _plausible(pcf)


def _sums(pcf: Document) -> Iterator[Finding]:
    numbers = {each.name: values.decimal(pcf.get(each.name)) for each in FIGURES}
    without, including = numbers["pcfExcludingBiogenicUptake"], numbers["pcfIncludingBiogenicUptake"]
    if without is None or including is None:
        return
    uptake = numbers["biogenicCO2Uptake"] or Decimal(0)
    if _differ(including - without, uptake, scale=max(abs(without), abs(including))):
        told = {"difference": values.plain(including - without), "uptake": values.plain(uptake)}
        yield _found("/pcf/pcfIncludingBiogenicUptake", "uptake_does_not_fit", **told)
    names = (
        "fossilGhgEmissions", "landUseChangeGhgEmissions", "landManagementBiogenicCO2Emissions",
        "landManagementBiogenicCO2Removals", "technologicalCO2Removals", "ccsTechnologicalCO2Capture",
        "biogenicNonCO2Emissions",
    )  # fmt: skip
    if numbers["fossilGhgEmissions"] is not None:
        total = sum((numbers[name] or Decimal(0) for name in names), Decimal(0))
        if _differ(total, without, scale=abs(without)):
            told = {"sum": values.plain(total), "stated": values.plain(without)}
            yield _found("/pcf/pcfExcludingBiogenicUptake", "parts_do_not_sum", **told)


def _differ(one: Decimal, other: Decimal, *, scale: Decimal) -> bool:
    return abs(one - other) > TOLERANCE * scale


def _plausible(pcf: Document) -> Iterator[Finding]:
    """Amounts people enter twice: the annual quantity as declared amount, carbon above the mass."""
    amount, mass = (
        values.decimal(pcf.get(name)) for name in ("declaredUnitAmount", "productMassPerDeclaredUnit")
    )
    is_mass = pcf.get("declaredUnitOfMeasurement") == "kilogram"
    if is_mass and amount and mass is not None and _differ(amount, mass, scale=amount):
        yield _found("/pcf/productMassPerDeclaredUnit", "mass_is_not_amount")
    carbon = values.decimal(pcf.get("fossilCarbonContent"))
    if carbon is not None and mass is not None and carbon > mass:
        yield _found("/pcf/fossilCarbonContent", "more_carbon_than_mass")


def _found(pointer: str, code: str, **told: str) -> Finding:
    return Finding(pointer, code, Severity.METHOD, told)
