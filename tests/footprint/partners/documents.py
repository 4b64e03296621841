"""A ProductFootprint with every property, and variations of it."""

from __future__ import annotations

import copy
from typing import Any
from uuid import uuid4

WHOLE: dict[str, Any] = {
    "id": "91715e5e-fd0b-4d1c-8fab-76290c46e6ed",
    "specVersion": "3.0.3",
    "precedingPfIds": ["3893bb5d-da16-4dc1-9185-11d97476c254"],
    "created": "2026-05-22T21:47:32Z",
    "status": "Active",
    "validityPeriodStart": "2026-01-01T00:00:00Z",
    "validityPeriodEnd": "2028-12-31T00:00:00Z",
    "companyName": "Testing Chemicals",
    "companyIds": ["urn:lei:529900T8BM49AURSDO55", "urn:pact:example.com:uscc:91370000000000000A"],
    "productDescription": "Ethylene from steam cracking of naphtha",
    "productIds": ["urn:gtin:4712345060507", "urn:pact:cas.org:substance-number:74-85-1"],
    "productClassifications": ["urn:cpc:33421"],
    "productNameCompany": "Ethylene",
    "comment": "A comment",
    "pcf": {
        "declaredUnitOfMeasurement": "kilogram",
        "declaredUnitAmount": "1",
        "productMassPerDeclaredUnit": "1",
        "referencePeriodStart": "2025-01-01T00:00:00Z",
        "referencePeriodEnd": "2026-01-01T00:00:00Z",
        "geographyCountrySubdivision": "CN-ZJ",
        "boundaryProcessesDescription": "Cradle to gate",
        "pcfExcludingBiogenicUptake": "1.50",
        "pcfIncludingBiogenicUptake": "1.40",
        "fossilGhgEmissions": "1.45",
        "fossilCarbonContent": "0.85",
        "biogenicCarbonContent": "0",
        "recycledCarbonContent": "0",
        "landUseChangeGhgEmissions": "0.03",
        "landCarbonLeakage": "0",
        "landManagementFossilGhgEmissions": "0",
        "landManagementBiogenicCO2Emissions": "0.02",
        "landManagementBiogenicCO2Removals": "-0.01",
        "biogenicCO2Uptake": "-0.10",
        "biogenicNonCO2Emissions": "0.01",
        "landAreaOccupation": "0.5",
        "aircraftGhgEmissions": "0.0000001",
        "packagingEmissionsIncluded": True,
        "packagingGhgEmissions": "0.01",
        "packagingBiogenicCarbonContent": "0",
        "outboundLogisticsGhgEmissions": "0.05",
        "ccsTechnologicalCO2CaptureIncluded": True,
        "ccsTechnologicalCO2Capture": "0",
        "technologicalCO2Removals": "0",
        "technologicalCO2CaptureOrigin": "process gas",
        "ccuCarbonContent": "0",
        "ccuCalculationApproach": "Credit",
        "ccuCreditCertification": "https://example.com/certificate",
        "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["PACT-3.0", "ISO14067"],
        "productOrSectorSpecificRules": [
            {"operator": "Other", "ruleNames": ["TfS"], "otherOperatorName": "Together for Sustainability"}
        ],
        "exemptedEmissionsPercent": "1.5",
        "exemptedEmissionsDescription": "Catalysts",
        "allocationRulesDescription": "By mass",
        "secondaryEmissionFactorSources": [{"name": "ecoinvent", "version": "3.11"}],
        "primaryDataShare": "56.12",
        "dqi": {"technologicalDQR": "1.6", "geographicalDQR": "2", "temporalDQR": "1"},
        "verification": {
            "coverage": "product level",
            "providerName": "Verifier",
            "completedAt": "2026-04-01T00:00:00Z",
            "standardName": "ISO 14064-3",
            "comments": "none",
        },
    },
    "extensions": [
        {
            "specVersion": "2.0.0",
            "dataSchema": "https://example.com/schema.json",
            "documentation": "https://example.com/docs",
            "data": {"route": "steam cracking", "share": 0.50},
        }
    ],
}


def whole(**changes: Any) -> dict[str, Any]:
    """A deep copy with an id of its own; names with two underscores reach into ``pcf``."""
    return changed({**copy.deepcopy(WHOLE), "id": str(uuid4())}, changes)


def changed(made: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The document with changes named likewise; three dots take a property away."""
    for name, value in changes.items():
        outer, _, inner = name.partition("__")
        place, key = (made["pcf"], inner) if inner else (made, outer)
        if value is ...:
            place.pop(key, None)
        else:
            place[key] = value
    return made
