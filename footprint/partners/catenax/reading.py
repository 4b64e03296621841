"""A Pcf of Catena-X as a ProductFootprint of PACT 3; what has no counterpart travels as an extension."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from footprint.partners.catenax.checking import at
from footprint.partners.catenax.model import (
    DATA,
    FACTORS,
    GEOGRAPHY,
    PLACES,
    SCHEMA_URL,
    STANDARDS,
    UNSPECIFIED,
    Kind,
    Place,
)
from footprint.partners.catenax.numbers import as_text
from footprint.partners.pact.fields import OPERATORS, SPEC_VERSION

EXTENSION_VERSION = "2.0.0"
GROUPS = ("scopeOfPcfForm", "companyAndProductInformation", "productLifeCycleStagesAndEmissions")
NARROWEST_FIRST = ("geographyCountrySubdivision", "geographyCountry", "geographyRegionOrSubregion")
EVERYWHERE = ("Global", "Several")
RESTATED = {
    (FACTORS, "ipccCharacterizationFactors"),
    (DATA, "secondaryEmissionFactorSources"),
    (STANDARDS, "productOrSectorSpecificRules"),
    *((GEOGRAPHY, name) for name in NARROWEST_FIRST),
}


def is_pcf(document: Any) -> bool:
    """Whether a JSON value has the groups of the model."""
    return isinstance(document, Mapping) and all(name in document for name in GROUPS)


def read(document: Mapping[str, Any]) -> dict[str, Any]:
    """The footprint; what is not stated is not there, and the checks of PACT say so."""
    told: dict[str, Any] = {"specVersion": SPEC_VERSION, "pcf": {}}
    for place in PLACES:
        value = at(document, place) if place.pact else None
        if value is not None:
            _put(told, place.pact, _value(value, place))
    told["pcf"] |= _restated(document)
    told["productDescription"] = told.get("productDescription", "")
    told["extensions"] = [
        {"specVersion": EXTENSION_VERSION, "dataSchema": SCHEMA_URL, "data": dict(document)}
    ]
    return told


def _value(value: Any, place: Place) -> Any:
    if place.kind is Kind.NUMBER:
        return as_text(value) or value  # what is no number is shown as it came, and refused as such
    if place.kind is Kind.UUID and isinstance(value, str):
        return value.removeprefix("urn:uuid:")
    return value


def _restated(document: Mapping[str, Any]) -> dict[str, Any]:
    report = _at(document, FACTORS, "ipccCharacterizationFactors")
    told = {
        "ipccCharacterizationFactors": [report] if report and report != UNSPECIFIED else None,
        "secondaryEmissionFactorSources": _sources(document),
        "productOrSectorSpecificRules": _rules(document),
        **_geography(document),
    }
    return {name: value for name, value in told.items() if value is not None}


def _geography(document: Mapping[str, Any]) -> dict[str, Any]:
    """PACT takes one, the narrowest."""
    found = [(name, _at(document, GEOGRAPHY, name)) for name in NARROWEST_FIRST]
    return dict([(name, value) for name, value in found if value and value not in EVERYWHERE][:1])


def left_out(document: Mapping[str, Any]) -> list[str]:
    """What the document states and a ProductFootprint has no place for; it stays in the extension."""
    read_here = {(place.group, place.name) for place in PLACES if place.pact} | RESTATED
    return [f"{group}.{name}" for group, name in _stated(document) if (group, name) not in read_here]


def _stated(document: Mapping[str, Any], group: str = "") -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        inner = value[0] if isinstance(value, list) and value else None
        if isinstance(inner, Mapping) and inner:
            yield from _stated(inner, f"{group}.{name}".lstrip("."))
        elif not isinstance(inner, Mapping):
            yield group, name


def _sources(document: Mapping[str, Any]) -> list[dict[str, str]] | None:
    """A name with its version at the end, as in “ecoinvent 3.8”; one without a version has no place."""
    found = [_source(one) for one in _texts(_at(document, DATA, "secondaryEmissionFactorSources"))]
    return [one for one in found if one is not None] or None


def _source(text: str) -> dict[str, str] | None:
    name, _, version = text.rpartition(" ")
    is_version = any(mark.isdigit() for mark in version)
    return {"name": name, "version": version} if name and is_version else None


def _rules(document: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """As they are written here, “operator: rule”; who operates another one is not stated."""
    found = [one.partition(": ") for one in _texts(_at(document, STANDARDS, "productOrSectorSpecificRules"))]
    return [_rule(operator, rule) for operator, _, rule in found if operator and rule] or None


def _rule(operator: str, rule: str) -> dict[str, Any]:
    if operator in OPERATORS[:-1]:
        return {"operator": operator, "ruleNames": [rule]}
    return {"operator": OPERATORS[-1], "otherOperatorName": operator, "ruleNames": [rule]}


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _at(document: Mapping[str, Any], group: str, name: str) -> Any:
    return at(document, next(one for one in PLACES if (one.group, one.name) == (group, name)))


def _put(told: dict[str, Any], name: str, value: Any) -> None:
    *way, last = name.split(".")
    here = told
    for part in way:
        here = here.setdefault(part, {})
    here[last] = value
