"""ProductFootprint v3 as v2 (2.0 to 2.3) and back.

v2 states figures per one unit, v3 per declared unit, which is an amount of units (ADR-36): a bottle of 12
litres has 1.5 with amount 12 there and 18 with amount 12 here. What v2 cannot say keeps a footprint from
being served there, with its reasons; optional properties that v2 does not know are left out.
Source: 2.3.3 openapi.yaml, changelog of v3 and ADR-36; rows marked "ours" are our own derivation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any

from footprint.partners.pact import values
from footprint.partners.pact.checking import Document
from footprint.partners.pact.fields import FIGURES, GEOGRAPHY
from footprint.partners.pact.fields_v2 import STANDARDS, UNITS_V2, USED
from footprint.partners.pact.texts import Exact

SPEC_VERSION = "2.3.0"
DIGITS = 34
SAME_NAME = (
    "fossilGhgEmissions", "fossilCarbonContent", "biogenicCarbonContent", "aircraftGhgEmissions",
    "packagingGhgEmissions", "productMassPerDeclaredUnit",
)  # fmt: skip
RENAMED = {
    "pcfExcludingBiogenicUptake": "pCfExcludingBiogenic",
    "pcfIncludingBiogenicUptake": "pCfIncludingBiogenic",
    "landUseChangeGhgEmissions": "dLucGhgEmissions",
    "biogenicNonCO2Emissions": "otherBiogenicGhgEmissions",  # ours
    "landCarbonLeakage": "iLucGhgEmissions",  # ours
    "biogenicCO2Uptake": "biogenicCarbonWithdrawal",
}
LAND = ("landManagementBiogenicCO2Emissions", "landManagementBiogenicCO2Removals")
OUTSIDE = (
    "id", "precedingPfIds", "created", "status", "validityPeriodStart", "validityPeriodEnd", "companyName",
    "companyIds", "productDescription", "productIds", "productClassifications", "productNameCompany",
    "extensions",
)  # fmt: skip
ALIKE = (
    "referencePeriodStart", "referencePeriodEnd", "productOrSectorSpecificRules",
    "secondaryEmissionFactorSources", "allocationRulesDescription",
)  # fmt: skip
RESTATED = (
    "declaredUnitOfMeasurement", "declaredUnitAmount", "ipccCharacterizationFactors",
    "crossSectoralStandards", "boundaryProcessesDescription", "exemptedEmissionsPercent",
    "exemptedEmissionsDescription", "packagingEmissionsIncluded", "primaryDataShare", "verification",
)  # fmt: skip
"""What v2 says in other words, see ``_stated``."""
ALIKE_IN_BOTH = (
    *SAME_NAME, *ALIKE, *GEOGRAPHY, "crossSectoralStandards", "boundaryProcessesDescription",
    "exemptedEmissionsPercent", "exemptedEmissionsDescription", "packagingEmissionsIncluded",
    "primaryDataShare",
)  # fmt: skip
"""What has one name in both, though not always one form."""
REPORTS = ("AR5", "AR6")
CPC = ("urn:cpc:", "urn:pact:productclassification:un-cpc:", "urn:pathfinder:productcategorycpc:")


@dataclass(frozen=True)
class Expressed:
    """A footprint in v2; without one, the codes of why not."""

    document: dict[str, Any] | None
    reasons: list[str] = field(default_factory=list)


# -- v3 to v2 ------------------------------------------------------------------------------------------------
def to_v2(document: Document) -> Expressed:
    """A valid v3 footprint, as v2 says it."""
    pcf = document["pcf"]
    unit, amount = _unit(pcf)
    reasons = []
    if unit is None:
        reasons.append("unit")
    if Decimal(pcf["pcfExcludingBiogenicUptake"]) < 0:
        reasons.append("negative")
    if not any(name in USED for name in pcf["crossSectoralStandards"]):
        reasons.append("standards")
    if not any(name in REPORTS for name in pcf["ipccCharacterizationFactors"]):
        reasons.append("reports")
    if (cpc := cpc_code(document)) is None:
        reasons.append("cpc")
    if reasons:
        return Expressed(None, reasons)
    assert unit is not None
    told = {name: document[name] for name in OUTSIDE if name in document}
    told |= {"specVersion": SPEC_VERSION, "version": 1, "productCategoryCpc": cpc}
    told |= {"comment": document.get("comment", ""), "pcf": _pcf_v2(pcf, unit, amount)}
    return Expressed(told)


def left_out(document: Document) -> list[str]:
    """The pointers of a v3 footprint that v2 has no place for."""
    outside = set(document) - {*OUTSIDE, "specVersion", "comment", "pcf"}
    inside = set(document["pcf"]) - {*SAME_NAME, *RENAMED, *LAND, *ALIKE, *GEOGRAPHY, *RESTATED}
    return [f"/{name}" for name in outside] + [f"/pcf/{name}" for name in inside]


def _unit(pcf: Document) -> tuple[str | None, Decimal]:
    """Unit and amount of v2; a piece becomes its mass (ours)."""
    unit, amount = pcf["declaredUnitOfMeasurement"], Decimal(pcf["declaredUnitAmount"])
    mass = Decimal(pcf["productMassPerDeclaredUnit"])
    if unit == "piece" and mass > 0:
        return "kilogram", mass
    return (unit if unit in UNITS_V2 else None), amount


def _pcf_v2(pcf: Document, unit: str, amount: Decimal) -> dict[str, Any]:
    figures = {each.name: pcf[each.name] for each in FIGURES if each.name in pcf}
    told: dict[str, Any] = {"declaredUnit": unit, "unitaryProductAmount": values.plain(amount)}
    for name in SAME_NAME:
        if name in figures:
            told[name] = _per_unit(figures[name], amount)
    for name, other in RENAMED.items():
        if name in figures:
            told[other] = _per_unit(figures[name], amount)
    if land := [figures[name] for name in LAND if name in figures]:
        told["landManagementGhgEmissions"] = _per_unit(values.plain(_sum(land)), amount)
    told.setdefault("biogenicCarbonContent", "0")
    return {**told, **_kept(pcf), **_stated(pcf)}


def _kept(pcf: Document) -> dict[str, Any]:
    """What both dialects say alike."""
    return {name: pcf[name] for name in (*ALIKE, *GEOGRAPHY) if name in pcf}


def _stated(pcf: Document) -> dict[str, Any]:
    reports = [name for name in pcf["ipccCharacterizationFactors"] if name in REPORTS]
    known = [name for name in pcf["crossSectoralStandards"] if name in STANDARDS]
    told: dict[str, Any] = {
        "characterizationFactors": min(reports),
        "ipccCharacterizationFactorsSources": list(pcf["ipccCharacterizationFactors"]),
        "crossSectoralStandards": known,
        "crossSectoralStandardsUsed": [USED[name] for name in known if name in USED],
        "boundaryProcessesDescription": pcf.get("boundaryProcessesDescription", ""),
        "exemptedEmissionsPercent": _number(pcf["exemptedEmissionsPercent"]),
        "exemptedEmissionsDescription": pcf.get("exemptedEmissionsDescription", ""),
        "packagingEmissionsIncluded": pcf.get("packagingEmissionsIncluded", False),
    }
    if "primaryDataShare" in pcf:
        told["primaryDataShare"] = _number(pcf["primaryDataShare"])
    if pcf.get("verification", {}).get("providerName"):  # without it v2 has no assurance
        told["assurance"] = _assurance(pcf["verification"])
    return told


def _assurance(found: Document) -> dict[str, Any]:
    told: dict[str, Any] = {"assurance": True, "providerName": found["providerName"]}
    if "coverage" in found:
        told["coverage"] = "product level" if found["coverage"] == "product level" else "PCF system"
    for name in ("completedAt", "standardName", "comments"):
        if name in found:
            told[name] = found[name]
    return told


def cpc_code(document: Document) -> str | None:
    """The product's class in the UN's CPC, in whichever spelling it stands there."""
    for urn in document.get("productClassifications", ()):
        for prefix in CPC:
            if str(urn).lower().startswith(prefix):
                return str(urn)[len(prefix) :]
    return None


def _per_unit(text: str, amount: Decimal) -> str:
    """Exact where the quotient ends, else to ``DIGITS`` digits; an amount of one changes no byte."""
    if amount == 1:
        return text
    with localcontext() as exact:
        exact.prec = DIGITS
        return values.plain(Decimal(text) / amount)


def _per_amount(text: str, amount: Decimal) -> str:
    if amount == 1:
        return text
    return values.plain(values.EXACT.multiply(Decimal(text), amount))


def _sum(texts: list[str]) -> Decimal:
    total = Decimal(0)
    for text in texts:
        total = values.EXACT.add(total, Decimal(text))
    return total


def _number(text: str) -> int | float:
    """A JSON number."""
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)


# -- v2 to v3 ------------------------------------------------------------------------------------------------
def from_v2(document: Document) -> dict[str, Any]:
    """A v2 footprint as v3 says it; what is malformed stays so and is found by the checks of v3."""
    told = {
        name: document[name]
        for name in (
            "id", "precedingPfIds", "created", "status", "validityPeriodStart", "validityPeriodEnd",
            "companyName", "companyIds", "productDescription", "productIds", "productNameCompany",
            "extensions",
        )
        if document.get(name) not in (None, [])
    }  # fmt: skip
    told["specVersion"] = "3.0.3"
    if classes := _classes(document):
        told["productClassifications"] = classes
    if remarks := [str(text) for text in (document.get("comment"), document.get("statusComment")) if text]:
        told["comment"] = "\n".join(remarks)
    pcf = document.get("pcf")
    told["pcf"] = _pcf_v3(pcf) if isinstance(pcf, Mapping) else pcf
    return told


def _classes(document: Document) -> Any:
    """Its classes and the CPC, which v2 states by itself."""
    given = document.get("productClassifications") or []
    if not isinstance(given, list):
        return given
    classes = [str(urn) for urn in given]
    cpc = document.get("productCategoryCpc")
    if cpc and not any(one.lower().startswith(CPC) for one in classes):
        classes.append(f"urn:cpc:{cpc}")
    return list(dict.fromkeys(classes))


def _pcf_v3(pcf: Document) -> dict[str, Any]:
    amount = values.decimal(pcf.get("unitaryProductAmount")) or Decimal(1)
    told: dict[str, Any] = {
        "declaredUnitOfMeasurement": pcf.get("declaredUnit"),
        "declaredUnitAmount": pcf.get("unitaryProductAmount"),
        "productMassPerDeclaredUnit": _mass(pcf, amount),
    }
    for name in SAME_NAME[:-1]:
        if pcf.get(name) is not None:
            told[name] = _scaled(pcf[name], amount)
    for name, other in RENAMED.items():
        if pcf.get(other) is not None:
            told[name] = _scaled(pcf[other], amount)
    told.setdefault("pcfIncludingBiogenicUptake", told.get("pcfExcludingBiogenicUptake"))
    if (land := values.decimal(pcf.get("landManagementGhgEmissions"))) is not None:
        told[LAND[1] if land < 0 else LAND[0]] = _scaled(pcf["landManagementGhgEmissions"], amount)
    told |= {name: value for name, value in _kept(pcf).items() if value not in (None, [])}
    return {**told, **_restated(pcf)}


def _mass(pcf: Document, amount: Decimal) -> Any:
    if pcf.get("productMassPerDeclaredUnit") is not None:
        return _scaled(pcf["productMassPerDeclaredUnit"], amount)
    return pcf.get("unitaryProductAmount") if pcf.get("declaredUnit") == "kilogram" else "0"


def _scaled(value: Any, amount: Decimal) -> Any:
    return value if values.decimal(value) is None else _per_amount(value, amount)


def _restated(pcf: Document) -> dict[str, Any]:
    used = pcf.get("crossSectoralStandardsUsed")
    named = [name for name, other in USED.items() if isinstance(used, list) and other in used]
    reports = pcf.get("ipccCharacterizationFactorsSources") or [pcf.get("characterizationFactors")]
    told: dict[str, Any] = {
        "ipccCharacterizationFactors": reports,
        "crossSectoralStandards": pcf.get("crossSectoralStandards") or named,
        "exemptedEmissionsPercent": _text(pcf.get("exemptedEmissionsPercent")),
    }
    for name in ("boundaryProcessesDescription", "exemptedEmissionsDescription"):
        if pcf.get(name):
            told[name] = pcf[name]
    if pcf.get("packagingEmissionsIncluded") is not None:
        told["packagingEmissionsIncluded"] = pcf["packagingEmissionsIncluded"]
    if pcf.get("primaryDataShare") is not None:
        told["primaryDataShare"] = _text(pcf["primaryDataShare"])
    assurance = pcf.get("assurance")
    if isinstance(assurance, Mapping) and assurance.get("assurance") is True:
        told["verification"] = _verification(assurance)
    return told


def _verification(found: Document) -> dict[str, Any]:
    told = {
        name: found[name]
        for name in ("providerName", "completedAt", "standardName", "comments")
        if found.get(name)
    }
    if found.get("coverage") == "product level":
        told["coverage"] = "product level"
    return told


def _text(value: Any) -> Any:
    """A JSON number as the text of its digits."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, Exact):
        number = Decimal(value.text)
    else:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return values.plain(number) if abs(number.adjusted()) < values.MOST_DIGITS else value
