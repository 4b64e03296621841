"""Every property of ProductFootprint v2 (2.0 to 2.3), as its schema demands it.

Source: 2.3.3 openapi.yaml of WBCSD's data exchange protocol and what the conformance suite validates by:
``ipccCharacterizationFactorsSources`` is demanded of all of them.
"""

from __future__ import annotations

from footprint.partners.pact.fields import (
    EXTENSION,
    REGIONS,
    RULES,
    SOURCES,
    STATUSES,
    UNITS,
    Field,
    Kind,
    Sign,
)

STANDARDS = (
    "ISO14067", "ISO14083", "ISO14040-44", "GHGP-Product", "PEF", "PACT-1.0", "PACT-2.0", "PACT-3.0",
)  # fmt: skip
USED = {
    "GHGP-Product": "GHG Protocol Product standard",
    "ISO14067": "ISO Standard 14067",
    "ISO14040-44": "ISO Standard 14044",
}
"""How version 2 called some of them before."""
UNITS_V2 = UNITS[:7]


def _figure(name: str, sign: Sign = Sign.NOT_NEGATIVE, *, required: bool = False) -> Field:
    return Field(name, Kind.DECIMAL, required, sign=sign)


QUALITY = (
    Field("coveragePercent", Kind.NUMBER, True, sign=Sign.PERCENT),
    *(
        Field(f"{name}DQR", Kind.NUMBER, True, sign=Sign.RATING_OF_3)
        for name in ("technological", "temporal", "geographical", "completeness", "reliability")
    ),
)
ASSURANCE = (
    Field("assurance", Kind.TRUTH, True),
    Field("coverage", Kind.CHOICE,
        choices=("corporate level", "product line", "PCF system", "product level")),
    Field("level", Kind.CHOICE, choices=("limited", "reasonable")),
    Field("boundary", Kind.CHOICE, choices=("Gate-to-Gate", "Cradle-to-Gate")),
    Field("providerName", Kind.NAME, True),
    Field("completedAt", Kind.MOMENT),
    Field("standardName", Kind.TEXT),
    Field("comments", Kind.TEXT),
)  # fmt: skip
PCF: tuple[Field, ...] = (
    Field("declaredUnit", Kind.CHOICE, True, choices=UNITS_V2),
    _figure("unitaryProductAmount", Sign.POSITIVE, required=True),
    _figure("productMassPerDeclaredUnit"),
    Field("referencePeriodStart", Kind.MOMENT, True),
    Field("referencePeriodEnd", Kind.MOMENT, True),
    Field("geographyRegionOrSubregion", Kind.CHOICE, choices=REGIONS),
    Field("geographyCountry", Kind.PATTERN),
    Field("geographyCountrySubdivision", Kind.PATTERN),
    _figure("pCfExcludingBiogenic", required=True),
    _figure("pCfIncludingBiogenic", Sign.ANY),
    _figure("fossilGhgEmissions", required=True),
    _figure("fossilCarbonContent", required=True),
    _figure("biogenicCarbonContent", required=True),
    _figure("dLucGhgEmissions"),
    _figure("landManagementGhgEmissions", Sign.ANY),
    _figure("otherBiogenicGhgEmissions"),
    _figure("iLucGhgEmissions"),
    _figure("aircraftGhgEmissions"),
    _figure("packagingGhgEmissions"),
    _figure("biogenicCarbonWithdrawal", Sign.NOT_POSITIVE),
    Field("characterizationFactors", Kind.CHOICE, True, choices=("AR5", "AR6")),
    Field("ipccCharacterizationFactorsSources", Kind.REPORT, True, many=True),
    Field("crossSectoralStandardsUsed", Kind.CHOICE, True, many=True, choices=tuple(USED.values())),
    Field("crossSectoralStandards", Kind.CHOICE, many=True, choices=STANDARDS),
    Field("productOrSectorSpecificRules", Kind.OBJECT, many=True, parts=RULES),
    Field("biogenicAccountingMethodology", Kind.CHOICE, choices=("PEF", "ISO", "GHGP", "Quantis")),
    Field("boundaryProcessesDescription", Kind.TEXT, True),
    Field("secondaryEmissionFactorSources", Kind.OBJECT, many=True, parts=SOURCES),
    Field("exemptedEmissionsPercent", Kind.NUMBER, True, sign=Sign.PERCENT),
    Field("exemptedEmissionsDescription", Kind.TEXT, True),
    Field("packagingEmissionsIncluded", Kind.TRUTH, True),
    Field("allocationRulesDescription", Kind.TEXT),
    Field("uncertaintyAssessmentDescription", Kind.TEXT),
    Field("primaryDataShare", Kind.NUMBER, sign=Sign.PERCENT),
    Field("dqi", Kind.OBJECT, parts=QUALITY),
    Field("assurance", Kind.OBJECT, parts=ASSURANCE),
)
FOOTPRINT: tuple[Field, ...] = (
    Field("id", Kind.UUID, True),
    Field("specVersion", Kind.VERSION, True),
    Field("precedingPfIds", Kind.UUID, many=True),
    Field("version", Kind.COUNT, True),
    Field("created", Kind.MOMENT, True),
    Field("updated", Kind.MOMENT),
    Field("status", Kind.CHOICE, True, choices=STATUSES),
    Field("statusComment", Kind.TEXT),
    Field("validityPeriodStart", Kind.MOMENT),
    Field("validityPeriodEnd", Kind.MOMENT),
    Field("companyName", Kind.NAME, True),
    Field("companyIds", Kind.URN, True, many=True),
    Field("productDescription", Kind.TEXT, True),
    Field("productIds", Kind.URN, True, many=True),
    Field("productClassifications", Kind.URN, many=True),
    Field("productCategoryCpc", Kind.NAME, True),
    Field("productNameCompany", Kind.NAME, True),
    Field("comment", Kind.TEXT, True),
    Field("pcf", Kind.OBJECT, True, parts=PCF),
    Field("extensions", Kind.OBJECT, many=True, parts=EXTENSION),
)
