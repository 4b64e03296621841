"""A ProductFootprint of PACT as a Pcf of Catena-X: what has a counterpart, and the names of what has none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from footprint.partners.catenax.checking import faults, suits
from footprint.partners.catenax.model import (
    ALLOCATION,
    BALANCING,
    CRADLE_TO_GATE,
    DATA,
    DISTRIBUTION,
    FACTORS,
    GEOGRAPHY,
    GROUPS,
    IDENTITY,
    NOT_APPLICABLE,
    PLACES,
    REGIONS,
    RETROSPECTIVE,
    SCOPE,
    SPEC_VERSION,
    STANDARDS,
    UNSPECIFIED,
    Kind,
    Place,
)
from footprint.partners.catenax.numbers import as_json
from footprint.partners.pact import values

BY_NAME = {(place.group, place.name): place for place in PLACES}
ELSEWHERE = {
    "specVersion", "pcf.ipccCharacterizationFactors", "pcf.productOrSectorSpecificRules",
    "pcf.secondaryEmissionFactorSources", "pcf.geographyRegionOrSubregion", "pcf.geographyCountry",
    "pcf.geographyCountrySubdivision",
}  # fmt: skip
"""Of PACT, said in another shape."""
SUBREGIONS = {"CN": "Eastern Asia"}
"""Countries whose subregion is known here. Source: UN M49, 030 Eastern Asia has 156 China."""


@dataclass(frozen=True)
class Answers:
    """What the model demands and no ProductFootprint says; None where nobody answered."""

    mass_balancing: bool | None = None
    scheme: str = ""
    free_attribution: bool | None = None
    waste_incineration: str = ""


@dataclass(frozen=True)
class Written:
    """The document; of PACT's properties those without a place in it; what the model demands and it lacks."""

    document: dict[str, Any]
    left_out: list[str]
    lacks: list[str]


def write(
    footprint: Mapping[str, Any], answers: Answers = Answers(), company_ids: Sequence[str] = ()
) -> Written:
    """One footprint. Numbers keep their digits; values outside the model's ranges are left out and named.

    ``company_ids``: names of its owner that may be younger than the footprint. Catena-X asks for its own
    number of the company, which the model itself does not demand.
    """
    names = list(dict.fromkeys([*footprint.get("companyIds", ()), *company_ids]))
    footprint = {**footprint, "companyIds": names} if names else footprint
    told = {**_restated(footprint), **_answered(answers)}
    told |= {(place.group, place.name): value for place, value in _copied(footprint)}
    kept = {key: value for key, value in told.items() if value is not None and suits(value, BY_NAME[key])}
    document = _nested(kept)
    copied = {BY_NAME[key].pact for key in kept} | ELSEWHERE - _lost(footprint, kept)
    left_out = [name for name in _names(footprint) if name not in copied]
    return Written(document, left_out, faults(document))


def _copied(footprint: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    for place in PLACES:
        value = _of(footprint, place.pact) if place.pact else None
        if value is not None:
            yield place, as_json(value) if place.kind is Kind.NUMBER and isinstance(value, str) else value


def _restated(footprint: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    pcf = footprint.get("pcf") or {}
    reports = pcf.get("ipccCharacterizationFactors") or []
    outbound = pcf.get("outboundLogisticsGhgEmissions")
    return {
        (SCOPE, "specVersion"): [SPEC_VERSION],
        (SCOPE, "partialFullPcf"): CRADLE_TO_GATE,
        (IDENTITY, "version"): 0,
        (IDENTITY, "retroOrProspectivePcfType"): _type(footprint),
        **_geography(pcf),
        (DATA, "secondaryEmissionFactorSources"): _sources(pcf),
        (STANDARDS, "productOrSectorSpecificRules"): _rules(pcf),
        (FACTORS, "ipccCharacterizationFactors"): reports[0] if len(reports) == 1 else UNSPECIFIED,
        (DISTRIBUTION, "distributionStageIncluded"): outbound is not None,
    }


def _type(footprint: Mapping[str, Any]) -> str | None:
    """Retrospective where the period was over when the footprint was made; of others PACT says nothing."""
    ended = values.moment(_of(footprint, "pcf.referencePeriodEnd"))
    created: datetime | None = values.moment(footprint.get("created"))
    return RETROSPECTIVE if ended is not None and created is not None and ended <= created else None


def _geography(pcf: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    subdivision = pcf.get("geographyCountrySubdivision")
    country = pcf.get("geographyCountry") or (subdivision[:2] if subdivision else None)
    region = pcf.get("geographyRegionOrSubregion") or (SUBREGIONS.get(country) if country else "Global")
    return {
        (GEOGRAPHY, "geographyRegionOrSubregion"): region if region in REGIONS else None,
        (GEOGRAPHY, "geographyCountry"): country,
        (GEOGRAPHY, "geographyCountrySubdivision"): subdivision,
    }


def _sources(pcf: Mapping[str, Any]) -> list[str]:
    found = pcf.get("secondaryEmissionFactorSources") or []
    return list(dict.fromkeys(f"{one['name']} {one['version']}".strip() for one in found))


def _rules(pcf: Mapping[str, Any]) -> list[str]:
    found = pcf.get("productOrSectorSpecificRules") or []
    named = [
        (one.get("otherOperatorName") or one["operator"], rule) for one in found for rule in one["ruleNames"]
    ]
    return list(dict.fromkeys(f"{operator}: {rule}" for operator, rule in named))


def _answered(answers: Answers) -> dict[tuple[str, str], Any]:
    told: dict[tuple[str, str], Any] = {
        (ALLOCATION, "allocationWasteIncineration"): answers.waste_incineration or None
    }
    if answers.mass_balancing is not None:
        free = {True: "true", False: "false", None: None}[answers.free_attribution]
        told |= {
            (BALANCING, "massBalancingUsed"): answers.mass_balancing,
            (BALANCING, "freeAttributionInMassBalancing"): free if answers.mass_balancing else NOT_APPLICABLE,
            (BALANCING, "massBalancingCertificateScheme"): answers.scheme
            if answers.mass_balancing
            else NOT_APPLICABLE,
        }
    return told


def _nested(kept: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    """Every group the model has, each a list of one object."""
    document: dict[str, Any] = {}
    for group in GROUPS:
        here = document
        for name in group.split("."):
            here = here.setdefault(name, [{}])[0]
        here |= {name: value for (of, name), value in kept.items() if of == group}
    return document


def _lost(footprint: Mapping[str, Any], kept: Mapping[tuple[str, str], Any]) -> set[str]:
    """What the other shape does not tell."""
    pcf = footprint.get("pcf") or {}
    lost = set()
    if kept.get((FACTORS, "ipccCharacterizationFactors")) == UNSPECIFIED:
        lost.add("pcf.ipccCharacterizationFactors")
    lost |= {f"pcf.{name}" for name in ("geographyCountry",) if name in pcf and (GEOGRAPHY, name) not in kept}
    return lost


def _names(footprint: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """The names of everything the footprint says, those of its parts with their way."""
    for name, value in footprint.items():
        if name in ("pcf", "dqi") and isinstance(value, Mapping):
            yield from _names(value, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def _of(footprint: Mapping[str, Any], name: str) -> Any:
    here: Any = footprint
    for part in name.split("."):
        here = here.get(part) if isinstance(here, Mapping) else None
    return here
