"""Every property of ProductFootprint v3.0.3: its kind, whether the schema demands it, which rule asks for it.

Source: openapi.yaml of WBCSD's data exchange protocol 3.0.3, which is authoritative for the wire; reporting
rules and the usability levels are those of the PACT Methodology v3 and its usability model (2026-03).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SPEC_VERSION = "3.0.3"


class Kind(StrEnum):
    """What a value has to be."""

    TEXT = "text"
    """Any text, also an empty one."""
    NAME = "name"
    """A text of one character or more."""
    UUID = "uuid"
    VERSION = "version"
    MOMENT = "moment"
    URN = "urn"
    URI = "uri"
    HTTPS = "https"
    REPORT = "report"
    CHOICE = "choice"
    PATTERN = "pattern"
    TRUTH = "truth"
    DECIMAL = "decimal"
    """A text of digits."""
    NUMBER = "number"
    """A number of JSON; version 2 has some."""
    COUNT = "count"
    """A whole one, not negative."""
    OBJECT = "object"
    ANY_OBJECT = "any_object"


class Sign(StrEnum):
    """Which decimals are possible."""

    ANY = "any"
    POSITIVE = "positive"
    NOT_NEGATIVE = "not_negative"
    NOT_POSITIVE = "not_positive"
    PERCENT = "percent"
    RATING = "rating"
    RATING_OF_3 = "rating_of_3"


class Rule(StrEnum):
    """How strongly the methodology asks for it."""

    NONE = ""
    SHALL = "shall"
    SHOULD = "should"
    BIOGENIC = "bio"
    BIOGENIC_2027 = "bio_2027"
    CAPTURE_USE = "ccu"
    CAPTURE_STORAGE = "ccs"
    SHALL_2027 = "shall_2027"


class Measure(StrEnum):
    """What a figure is per declared unit; those convert between v2 and v3."""

    NONE = ""
    EMISSION = "kg CO2e"
    CARBON = "kg C"
    MASS = "kg"
    AREA = "m2"


@dataclass(frozen=True)
class Field:
    """One property."""

    name: str
    kind: Kind
    required: bool = False
    many: bool = False
    sign: Sign = Sign.ANY
    choices: tuple[str, ...] = ()
    parts: tuple[Field, ...] = ()
    rule: Rule = Rule.NONE
    measure: Measure = Measure.NONE
    level: int = 0
    """The usability level it belongs to; 0 for none."""


UNITS = (
    "liter", "kilogram", "cubic meter", "kilowatt hour", "megajoule", "ton kilometer", "square meter",
    "piece", "hour", "megabit second",
)  # fmt: skip
REGIONS = (
    "Africa", "Americas", "Asia", "Europe", "Oceania", "Australia and New Zealand", "Central Asia",
    "Eastern Asia", "Eastern Europe", "Latin America and the Caribbean", "Melanesia", "Micronesia",
    "Northern Africa", "Northern America", "Northern Europe", "Polynesia", "South-eastern Asia",
    "Southern Asia", "Southern Europe", "Sub-Saharan Africa", "Western Asia", "Western Europe",
)  # fmt: skip
KNOWN_STANDARDS = (
    "ISO14067", "ISO14083", "ISO14040-44", "GHGP-Product", "PEF", "PACT-1.0", "PACT-2.0", "PACT-3.0",
    "PAS2050",
)  # fmt: skip
"""An open list: others are accepted and reported as unknown."""
OPERATORS = ("PEF", "EPD International", "Other")
COVERAGES = ("PCF calculation model", "PCF program", "product level")
STATUSES = ("Active", "Deprecated")
GEOGRAPHY = ("geographyRegionOrSubregion", "geographyCountry", "geographyCountrySubdivision")


def _figure(
    name: str,
    sign: Sign = Sign.NOT_NEGATIVE,
    *,
    required: bool = False,
    rule: Rule = Rule.NONE,
    measure: Measure = Measure.EMISSION,
    level: int = 3,
) -> Field:
    return Field(name, Kind.DECIMAL, required, sign=sign, rule=rule, measure=measure, level=level)


RULES = (
    Field("operator", Kind.CHOICE, True, choices=OPERATORS),
    Field("ruleNames", Kind.NAME, True, many=True),
    Field("otherOperatorName", Kind.NAME),
)
SOURCES = (Field("name", Kind.NAME, True), Field("version", Kind.NAME, True))
QUALITY = tuple(
    Field(name, Kind.DECIMAL, True, sign=Sign.RATING)
    for name in ("technologicalDQR", "geographicalDQR", "temporalDQR")
)
VERIFICATION = (
    Field("coverage", Kind.CHOICE, choices=COVERAGES),
    Field("providerName", Kind.NAME),
    Field("completedAt", Kind.MOMENT),
    Field("standardName", Kind.NAME),
    Field("comments", Kind.TEXT),
)
EXTENSION = (
    Field("specVersion", Kind.VERSION, True),
    Field("dataSchema", Kind.HTTPS, True),
    Field("documentation", Kind.HTTPS),
    Field("data", Kind.ANY_OBJECT, True),
)

PCF: tuple[Field, ...] = (
    Field("declaredUnitOfMeasurement", Kind.CHOICE, True, choices=UNITS, level=1),
    Field("declaredUnitAmount", Kind.DECIMAL, True, sign=Sign.POSITIVE, level=1),
    _figure("productMassPerDeclaredUnit", required=True, measure=Measure.MASS, level=1),
    Field("referencePeriodStart", Kind.MOMENT, True, level=1),
    Field("referencePeriodEnd", Kind.MOMENT, True, level=1),
    Field("geographyRegionOrSubregion", Kind.CHOICE, choices=REGIONS),
    Field("geographyCountry", Kind.PATTERN),
    Field("geographyCountrySubdivision", Kind.PATTERN),
    Field("boundaryProcessesDescription", Kind.TEXT, rule=Rule.SHOULD, level=3),
    _figure("pcfExcludingBiogenicUptake", Sign.ANY, required=True, rule=Rule.SHALL, level=1),
    _figure("pcfIncludingBiogenicUptake", Sign.ANY, required=True, rule=Rule.SHALL, level=2),
    _figure("fossilGhgEmissions", required=True, rule=Rule.SHALL),
    _figure("fossilCarbonContent", required=True, rule=Rule.SHALL, measure=Measure.CARBON),
    _figure("biogenicCarbonContent", rule=Rule.BIOGENIC, measure=Measure.CARBON, level=2),
    _figure("recycledCarbonContent", rule=Rule.SHOULD, measure=Measure.CARBON),
    _figure("landUseChangeGhgEmissions", rule=Rule.BIOGENIC),
    _figure("landCarbonLeakage", level=0),
    _figure("landManagementFossilGhgEmissions", rule=Rule.BIOGENIC_2027, level=0),
    _figure("landManagementBiogenicCO2Emissions", rule=Rule.BIOGENIC_2027, level=0),
    _figure("landManagementBiogenicCO2Removals", Sign.NOT_POSITIVE, level=0),
    _figure("biogenicCO2Uptake", Sign.NOT_POSITIVE, rule=Rule.BIOGENIC),
    _figure("biogenicNonCO2Emissions", rule=Rule.BIOGENIC),
    _figure("landAreaOccupation", measure=Measure.AREA, level=0),
    _figure("aircraftGhgEmissions"),
    Field("packagingEmissionsIncluded", Kind.TRUTH, rule=Rule.SHALL, level=2),
    _figure("packagingGhgEmissions", rule=Rule.SHOULD, level=2),
    _figure("packagingBiogenicCarbonContent", measure=Measure.CARBON, level=0),
    _figure("outboundLogisticsGhgEmissions", rule=Rule.SHOULD),
    Field("ccsTechnologicalCO2CaptureIncluded", Kind.TRUTH, rule=Rule.SHALL, level=3),
    _figure("ccsTechnologicalCO2Capture", Sign.NOT_POSITIVE, rule=Rule.CAPTURE_STORAGE, level=0),
    Field("technologicalCO2CaptureOrigin", Kind.TEXT, rule=Rule.CAPTURE_USE),
    _figure("technologicalCO2Removals", Sign.NOT_POSITIVE, rule=Rule.CAPTURE_STORAGE, level=0),
    _figure("ccuCarbonContent", rule=Rule.CAPTURE_USE, measure=Measure.CARBON, level=0),
    Field("ccuCalculationApproach", Kind.CHOICE, choices=("Cut-off", "Credit"), rule=Rule.CAPTURE_USE),
    Field("ccuCreditCertification", Kind.URI, rule=Rule.CAPTURE_USE),
    Field("ipccCharacterizationFactors", Kind.REPORT, True, many=True, level=2),
    Field("crossSectoralStandards", Kind.NAME, True, many=True, level=2),
    Field("productOrSectorSpecificRules", Kind.OBJECT, many=True, parts=RULES, level=2),
    Field("exemptedEmissionsPercent", Kind.DECIMAL, True, sign=Sign.PERCENT, level=3),
    Field("exemptedEmissionsDescription", Kind.TEXT),
    Field("allocationRulesDescription", Kind.TEXT, rule=Rule.SHOULD, level=3),
    Field("secondaryEmissionFactorSources", Kind.OBJECT, many=True, parts=SOURCES, rule=Rule.SHOULD, level=2),
    Field("primaryDataShare", Kind.DECIMAL, sign=Sign.PERCENT, rule=Rule.SHALL, level=2),
    Field("dqi", Kind.OBJECT, parts=QUALITY, rule=Rule.SHALL_2027),
    Field("verification", Kind.OBJECT, parts=VERIFICATION, level=3),
)
FOOTPRINT: tuple[Field, ...] = (
    Field("id", Kind.UUID, True),
    Field("specVersion", Kind.VERSION, True),
    Field("precedingPfIds", Kind.UUID, many=True),
    Field("created", Kind.MOMENT, True),
    Field("status", Kind.CHOICE, True, choices=STATUSES, level=1),
    Field("validityPeriodStart", Kind.MOMENT, level=1),
    Field("validityPeriodEnd", Kind.MOMENT, level=1),
    Field("companyName", Kind.NAME, True, level=1),
    Field("companyIds", Kind.URN, True, many=True, level=1),
    Field("productDescription", Kind.TEXT, True, level=1),
    Field("productIds", Kind.URN, True, many=True, level=1),
    Field("productClassifications", Kind.URN, many=True, level=1),
    Field("productNameCompany", Kind.NAME, True, level=1),
    Field("comment", Kind.TEXT),
    Field("pcf", Kind.OBJECT, True, parts=PCF),
    Field("extensions", Kind.OBJECT, many=True, parts=EXTENSION),
)
FIGURES = tuple(each for each in PCF if each.measure)
"""What is given per declared unit, and so divides by its amount on the way to v2."""
