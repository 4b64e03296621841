"""A publication as PACT states it: every figure of the signed content, nothing that is not in it.

What the schema demands and the content does not have is named, and the footprint is not served until it is
published with it. The signed text travels along as an extension, so that nothing is lost on the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit

from factors.units import UnknownUnit, convert, same_dimension
from footprint.inventory import identifiers
from footprint.partners.pact import values
from footprint.partners.pact.fields import SPEC_VERSION
from footprint.partners.pact.levels import STAGES_FORMAT

EXTENSION_VERSION = "2.0.0"
SCHEMA_PATH = "/pact/declaration-1.schema.json"
STAGES_PATH = "/pact/stages-1.schema.json"
UNITS = (
    ("kg", "kilogram"), ("kWh", "kilowatt hour"), ("MJ", "megajoule"), ("l", "liter"), ("m3", "cubic meter"),
    ("Nm3", "cubic meter"), ("t*km", "ton kilometer"), ("m2", "square meter"), ("item", "piece"),
    ("h", "hour"),
)  # fmt: skip
"""Ours and theirs; a normal cubic metre is a cubic metre there."""
PARTS = {
    "landUseChangeGhgEmissions": "land_use_change",
    "landManagementBiogenicCO2Emissions": "land_management",
    "landManagementBiogenicCO2Removals": "land_removal",
    "biogenicCO2Uptake": "biogenic_uptake",
    "biogenicNonCO2Emissions": "biogenic_other",
    "aircraftGhgEmissions": "aircraft",
    "technologicalCO2Removals": "technological_removal",
}
RATINGS = {"technologicalDQR": "technology", "geographicalDQR": "geography", "temporalDQR": "time"}
MASSLESS = ("kilowatt hour", "megajoule", "ton kilometer", "hour", "megabit second")


@dataclass(frozen=True)
class Stated:
    """The document, and the names of what it lacks to be valid."""

    document: dict[str, Any]
    lacks: list[str]


def state(
    content: Mapping[str, Any],
    *,
    jws: str,
    published_at: datetime,
    public_url: str,
    company_urns: Sequence[str] = (),
    product_urns: Sequence[str] = (),
    verified: Mapping[str, str] | None = None,
) -> Stated:
    """One publication as a ProductFootprint v3; the ``urns`` are further names of its company and product."""
    company, product = content["company"], content["product"]
    ended = _after(content["referencePeriodEnd"])
    told: dict[str, Any] = {
        "id": content["id"],
        "specVersion": SPEC_VERSION,
        "precedingPfIds": list(content["precedingPfIds"]) or None,
        "created": values.told(published_at.replace(microsecond=0)),
        "status": "Active",
        "validityPeriodStart": values.told(ended),
        "validityPeriodEnd": values.told(_after(content["validityPeriodEnd"])),
        "companyName": company["nameEn"],
        "companyIds": [f"urn:uuid:{company['id']}", *company_urns],
        "productDescription": _description(content),
        "productIds": product_ids(product, public_url, identifiers.of_product(product_urns)),
        "productClassifications": _classes(product, identifiers.of_class(product_urns)),
        "productNameCompany": product["nameEn"],
        "comment": _comment(content),
        "pcf": _pcf(content, ended, public_url),
        "extensions": [_extension(content, jws, public_url), *_stages(content, public_url)],
    }
    if verified is not None:
        told["pcf"]["verification"] = dict(verified)
    told = _without_gaps(told)
    lacks = [name for name in REQUIRED if name not in told["pcf"]]
    return Stated(told, lacks)


DEMONSTRATION = "Invented data of a demonstration; not a footprint of any real product."
EXEMPTED = "Inputs without a factor, left out with their maker's estimate of what they would bring."
REQUIRED = (
    "declaredUnitOfMeasurement", "productMassPerDeclaredUnit", "pcfExcludingBiogenicUptake",
    "pcfIncludingBiogenicUptake", "fossilGhgEmissions", "fossilCarbonContent", "exemptedEmissionsPercent",
    "primaryDataShare",
)  # fmt: skip
"""What a content may lack; PACT's rules demand the last of them, too."""


def product_ids(product: Mapping[str, Any], public_url: str, further: Sequence[str] = ()) -> list[str]:
    """How partners may name a product: by its uuid, by its maker's code, and as it is known otherwise."""
    domain = urlsplit(public_url).hostname or "localhost"
    code = quote(product["code"], safe="-._~")
    own = [f"urn:uuid:{product['id']}", f"urn:pact:{domain}:supplier-id:{code}"]
    return list(dict.fromkeys((*own, *further)))


def _classes(product: Mapping[str, Any], own: Sequence[str]) -> list[str] | None:
    """Its own classes, then those of its category: where only one is read, it is the first."""
    named = [f"urn:{scheme}:{product[scheme]}" for scheme in ("cpc", "hs") if product.get(scheme)]
    return list(dict.fromkeys((*own, *named))) or None


def _description(content: Mapping[str, Any]) -> str:
    product = content["product"]
    names = dict.fromkeys((product["nameZh"], product["nameEn"]))
    return f"{' / '.join(names)}; {content['boundary']}, {_allocation(content)}"


def _allocation(content: Mapping[str, Any]) -> str:
    method = content["allocation"]["method"]
    return "no allocation" if method == "none" else f"{method} allocation"


def verification(statement: Mapping[str, Any], on: date) -> dict[str, str]:
    """A verification statement, by its signed content, as PACT says it."""
    body = statement["body"]
    return {
        "coverage": "product level",
        "providerName": body["nameEn"] or body["nameZh"],
        "completedAt": values.told(values.midnight(on)),
        "standardName": statement["standard"],
        "comments": f"{statement['level']} level of assurance, {statement['outcome']} opinion",
    }


def _comment(content: Mapping[str, Any]) -> str | None:
    """What PACT has no field for: how certain the figure is, and that a demonstration is one."""
    low, high = content.get("gsd2Low"), content.get("gsd2High")
    bounds = low if low == high else f"{low} to {high}"
    certain = f"Squared geometric standard deviation of the total: {bounds}; 95 of 100 values lie within it."
    said = [DEMONSTRATION] if content["company"]["demonstration"] else []
    return " ".join([*said, *([certain] if low and high else [])]) or None


def _pcf(content: Mapping[str, Any], ended: datetime, public_url: str) -> dict[str, Any]:
    geography = content["geography"]
    subdivision = geography.get("subdivision") or None
    unit, amount = _unit(content["declaredUnit"], content["declaredUnitAmount"])
    told = {
        "declaredUnitOfMeasurement": unit,
        "declaredUnitAmount": amount,
        "referencePeriodStart": values.told(
            values.midnight(date.fromisoformat(content["referencePeriodStart"]))
        ),
        "referencePeriodEnd": values.told(ended),
        "geographyCountry": None if subdivision else geography.get("country"),
        "geographyCountrySubdivision": subdivision,
        "boundaryProcessesDescription": f"{content['boundary']}: all unit processes up to the plant's gate",
        "packagingEmissionsIncluded": False,
        "crossSectoralStandards": _standards(content),
        "productOrSectorSpecificRules": _rules(content.get("rule"), public_url),
        "primaryDataShare": _percent(content.get("primaryDataShare")),
        "dqi": _quality(content.get("dataQuality") or {}),
        "allocationRulesDescription": f"{_allocation(content)}, as the PACT methodology orders",
        "secondaryEmissionFactorSources": _sources(content["calculation"]["factors"]),
        **_carbon(content["product"], unit),
        **_figures(content),
    }
    return _without_gaps(told)


def _exempted(content: Mapping[str, Any], figure: Mapping[str, Any]) -> str | None:
    """In the words of the lines that estimate what is left out; without words, that there are some."""
    described: str | None = content.get("exemptedDescription")
    return described or (EXEMPTED if _decimal(figure["exemptedShare"]) else None)


def _unit(unit: str, amount: str) -> tuple[str | None, str]:
    """The unit of theirs in which the amount has the fewest digits, so that nothing is rounded."""
    try:
        fitting = [(ours, theirs) for ours, theirs in UNITS if same_dimension(unit, ours)]
    except UnknownUnit:
        fitting = []
    if not fitting:
        return None, amount
    stated = [(values.plain(convert(Decimal(amount), unit, ours)), theirs) for ours, theirs in fitting]
    number, theirs = min(stated, key=lambda each: len(each[0]))
    return theirs, number


def _carbon(product: Mapping[str, Any], unit: str | None) -> dict[str, str | None]:
    """Mass and carbon of one declared unit; what has no mass has no carbon."""
    given = product.get("massKgPerUnit")
    mass = Decimal(0) if unit in MASSLESS else None if given is None else Decimal(given)
    if mass is None:
        return {}
    share = Decimal(0) if not mass else _decimal(product.get("carbonFraction"))
    biogenic = Decimal(0) if not mass or share == 0 else _decimal(product.get("biogenicCarbonFraction"))
    told: dict[str, str | None] = {"productMassPerDeclaredUnit": values.plain(mass)}
    if share is not None and biogenic is not None:
        told["fossilCarbonContent"] = values.plain(mass * share * (1 - biogenic))
        told["biogenicCarbonContent"] = values.plain(mass * share * biogenic)
    return told


def _figures(content: Mapping[str, Any]) -> dict[str, Any]:
    """By the latest PACT profile that could be applied."""
    applied = [each for each in content["byProfile"] if each["profile"].startswith("pact") and "pcf" in each]
    if not applied:
        return {}
    figure = max(applied, key=lambda each: each["number"])
    parts = {name: _decimal(text) or Decimal(0) for name, text in figure["parts"].items()}
    fossil = parts.get("fossil", Decimal(0)) + parts.get("aircraft", Decimal(0))
    told = {
        "pcfExcludingBiogenicUptake": _plain(figure["excludingBiogenicUptake"]),
        "pcfIncludingBiogenicUptake": _plain(figure["includingBiogenicUptake"]),
        "fossilGhgEmissions": values.plain(fossil) if fossil >= 0 else None,
        "exemptedEmissionsPercent": _percent(figure["exemptedShare"]),
        "exemptedEmissionsDescription": _exempted(content, figure),
        "ipccCharacterizationFactors": [figure["gwpSet"]],
        "ccsTechnologicalCO2CaptureIncluded": bool(parts.get("technological_removal")),
    }
    for name, position in PARTS.items():
        if position in parts:
            told[name] = values.plain(parts[position])
    return told


def _standards(content: Mapping[str, Any]) -> list[str] | None:
    """Those whose profile could be applied."""
    applied = [each["profile"] for each in content["byProfile"] if "pcf" in each]
    named = [name for mark, name in STANDARDS.items() if any(one.startswith(mark) for one in applied)]
    return named or None


STANDARDS = {"pact": "PACT-3.0", "iso-14067": "ISO14067"}


def _rules(rule: Mapping[str, Any] | None, public_url: str) -> list[dict[str, Any]] | None:
    """The alliance's rule for the category; it operates none of the programmes that PACT names."""
    if rule is None:
        return None
    host = urlsplit(public_url).hostname or "localhost"
    named = f"Product category rule for {rule['nameEn'] or rule['nameZh']}, version {rule['number']}"
    return [{"operator": "Other", "otherOperatorName": f"Alliance at {host}", "ruleNames": [named]}]


def _quality(rated: Mapping[str, Any]) -> dict[str, str] | None:
    told = {name: _decimal(rated.get(ours)) for name, ours in RATINGS.items()}
    if not all(value is not None and 1 <= value <= 5 for value in told.values()):
        return None
    return {name: values.plain(value) for name, value in told.items() if value is not None}


def _sources(factors: Mapping[str, Any]) -> list[dict[str, str]] | None:
    """Which factors are behind it stays inside; the hash proves that they are these and no others."""
    if not factors.get("count"):
        return None
    return [{"name": "Factor database of the alliance", "version": factors["hash"]}]


def _extension(content: Mapping[str, Any], jws: str, public_url: str) -> dict[str, Any]:
    place = f"https://{urlsplit(public_url).netloc}"
    return {
        "specVersion": EXTENSION_VERSION,
        "dataSchema": place + SCHEMA_PATH,
        "documentation": f"{place}/declarations/{content['id']}/",
        "data": {"format": content["format"], "jws": jws},
    }


def _stages(content: Mapping[str, Any], public_url: str) -> list[dict[str, Any]]:
    """The figure by life-cycle stage, which PACT has no field for; a publication of before says none."""
    if not content.get("stages"):
        return []
    place = f"https://{urlsplit(public_url).netloc}"
    told = [{"stage": each["stage"], "kgCO2e": _plain(each["AR6"])} for each in content["stages"]]
    return [
        {
            "specVersion": EXTENSION_VERSION,
            "dataSchema": place + STAGES_PATH,
            "data": {
                "format": STAGES_FORMAT,
                "characterizationFactors": "AR6",
                "total": _plain(content["pcf"]["AR6"]),
                "stages": told,
            },
        }
    ]


def _after(day: str) -> datetime:
    """PACT's periods end before the moment they name, ours with the day they name."""
    return values.midnight(date.fromisoformat(day) + timedelta(days=1))


def _percent(share: str | None) -> str | None:
    number = _decimal(share)
    return None if number is None else values.plain(number * 100)


def _plain(text: str | None) -> str | None:
    number = _decimal(text)
    return None if number is None else values.plain(number)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _without_gaps(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}
