"""Every property of io.catenax.pcf 9.0.0 that this product writes or reads, and what the model demands of it.

Source: Pcf-schema.json and Pcf.ttl of io.catenax.pcf/9.0.0 in eclipse-tractusx/sldt-semantic-models (CC BY
4.0), restated here as a table. Each group of properties is a list of one object. ``pact`` names the property
of PACT 3.0.3 that says the same; where nothing does, it stays empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

SEMANTIC_ID = "urn:samm:io.catenax.pcf:9.0.0#Pcf"
SPEC_VERSION = "urn:io.catenax.pcf:datamodel:version:9.0.0"
SCHEMA_URL = "https://github.com/eclipse-tractusx/sldt-semantic-models/blob/main/io.catenax.pcf/9.0.0/gen/Pcf-schema.json"


class Kind(StrEnum):
    """What a value has to be."""

    TEXT = "text"
    NAME = "name"
    """A text of one character or more."""
    TEXTS = "texts"
    URIS = "uris"
    NUMBER = "number"
    TRUTH = "truth"
    MOMENT = "moment"
    UUID = "uuid"
    CHOICE = "choice"
    OBJECTS = "objects"


@dataclass(frozen=True)
class Place:
    """One property of the model: in which group, what it is, and which of PACT's says the same."""

    group: str
    name: str
    kind: Kind
    pact: str = ""
    required: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
    is_above: bool = False
    """``least`` itself is not allowed."""
    choices: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """The groups on the way to it."""
        return tuple(self.group.split("."))


UNITS = (
    "liter", "kilogram", "cubic meter", "kilowatt hour", "megajoule", "ton kilometer", "square meter",
    "piece", "hour", "megabit", "second",
)  # fmt: skip
REGIONS = (
    "Africa", "Americas", "Asia", "Europe", "Oceania", "Australia and New Zealand", "Central Asia",
    "Eastern Asia", "Eastern Europe", "Latin America and the Caribbean", "Melanesia", "Micronesia",
    "Northern Africa", "Northern America", "Northern Europe", "Polynesia", "South-eastern Asia",
    "Southern Asia", "Southern Europe", "Sub-Saharan Africa", "Western Asia", "Western Europe",
    "Global", "Several",
)  # fmt: skip
RETROSPECTIVE = "Retrospective PCF"
PCF_TYPES = (
    RETROSPECTIVE,
    "Prospective PCF without forerunner",
    "Prospective PCF of further developed product with forerunner",
    "Prospective PCF for current product for future production date",
    "Progressive PCF",
)
CRADLE_TO_GATE = "Cradle-to-gate"
UNSPECIFIED = "unspecified"
WASTE_INCINERATION = ("cut-off", "reverse cut-off", "system expansion", "polluter pays principle")
NOT_APPLICABLE = "not applicable"
ZERO, HUNDRED = Decimal(0), Decimal(100)

_COMPANY = "companyAndProductInformation.companyInformation"
_PRODUCT = "companyAndProductInformation.productInformation"
_ABOUT = "pcfAssessmentAndMethodology.pcfAssessmentInformation"
_METHOD = "pcfAssessmentAndMethodology.pcfMethodology"
_DATA = "pcfAssessmentAndMethodology.dataSourcesAndQuality"
_STAGES = "productLifeCycleStagesAndEmissions"
BALANCING = f"{_METHOD}.massBalancingInformation"
ALLOCATION = f"{_METHOD}.allocationInForeground"
IDENTITY = f"{_ABOUT}.idAndVersion"
GEOGRAPHY = f"{_ABOUT}.geography"
STANDARDS = f"{_METHOD}.standards"
FACTORS = f"{_METHOD}.gwpCharacterizationFactorDetails"
SCOPE = "scopeOfPcfForm"
DISTRIBUTION = f"{_STAGES}.distributionStage"
DATA = _DATA


def _part(
    name: str, *, least: Decimal | None = ZERO, most: Decimal | None = None, required: bool = False
) -> Place:
    pact = f"pcf.{name}"
    return Place(f"{_STAGES}.productionStage", name, Kind.NUMBER, pact, required, least, most)


def _carbon(name: str) -> Place:
    return Place("carbonContent", name, Kind.NUMBER, f"pcf.{name}", least=ZERO)


def _rating(name: str) -> Place:
    return Place(_DATA, name, Kind.NUMBER, f"pcf.dqi.{name}", True, Decimal(1), Decimal(5))


def _moment(name: str, pact: str, *, required: bool = True) -> Place:
    return Place(f"{_ABOUT}.time", name, Kind.MOMENT, pact, required)


PLACES: tuple[Place, ...] = (
    Place(SCOPE, "specVersion", Kind.TEXTS, required=True),
    Place(SCOPE, "partialFullPcf", Kind.CHOICE, required=True, choices=(CRADLE_TO_GATE, "Cradle-to-grave")),
    Place(_COMPANY, "companyName", Kind.NAME, "companyName", True),
    Place(_COMPANY, "companyIds", Kind.URIS, "companyIds", True),
    Place(_PRODUCT, "productNameCompany", Kind.NAME, "productNameCompany", True),
    Place(_PRODUCT, "productIds", Kind.URIS, "productIds", True),
    Place(_PRODUCT, "declaredUnitOfMeasurement", Kind.CHOICE,
        "pcf.declaredUnitOfMeasurement", True, choices=UNITS),
    Place(_PRODUCT, "declaredUnitAmount", Kind.NUMBER, "pcf.declaredUnitAmount", True, ZERO, is_above=True),
    Place(_PRODUCT, "productMassPerDeclaredUnit", Kind.NUMBER, "pcf.productMassPerDeclaredUnit", True, ZERO),
    Place(_PRODUCT, "productClassifications", Kind.TEXTS, "productClassifications"),
    Place(_PRODUCT, "productDescription", Kind.TEXT, "productDescription"),
    Place(
        f"{_ABOUT}.technology", "ccsTechnologicalCO2CaptureIncluded", Kind.TRUTH,
        "pcf.ccsTechnologicalCO2CaptureIncluded", True,
    ),
    Place(
        f"{_ABOUT}.technology", "boundaryProcessesDescription", Kind.TEXT, "pcf.boundaryProcessesDescription"
    ),
    Place(IDENTITY, "id", Kind.UUID, "id", True),
    Place(IDENTITY, "version", Kind.NUMBER, required=True, least=ZERO),
    Place(IDENTITY, "status", Kind.CHOICE, "status", True, choices=("Active", "Deprecated")),
    Place(IDENTITY, "retroOrProspectivePcfType", Kind.CHOICE, required=True, choices=PCF_TYPES),
    Place(
        f"{_ABOUT}.boundarySpecifications", "exemptedEmissionsPercent", Kind.NUMBER,
        "pcf.exemptedEmissionsPercent", True, ZERO, Decimal(10),
    ),
    Place(
        f"{_ABOUT}.boundarySpecifications", "exemptedEmissionsDescription", Kind.TEXT,
        "pcf.exemptedEmissionsDescription",
    ),
    Place(GEOGRAPHY, "geographyRegionOrSubregion", Kind.CHOICE, required=True, choices=REGIONS),
    Place(GEOGRAPHY, "geographyCountrySubdivision", Kind.TEXT),
    Place(GEOGRAPHY, "geographyCountry", Kind.TEXT),
    _moment("referencePeriodStart", "pcf.referencePeriodStart"),
    _moment("referencePeriodEnd", "pcf.referencePeriodEnd"),
    _moment("created", "created"),
    _moment("validityPeriodStart", "validityPeriodStart", required=False),
    _moment("validityPeriodEnd", "validityPeriodEnd"),
    Place(_DATA, "primaryDataShare", Kind.NUMBER, "pcf.primaryDataShare", True, ZERO, HUNDRED),
    Place(_DATA, "secondaryEmissionFactorSources", Kind.TEXTS, required=True),
    _rating("technologicalDQR"),
    _rating("temporalDQR"),
    _rating("geographicalDQR"),
    Place(BALANCING, "massBalancingUsed", Kind.TRUTH, required=True),
    Place(
        BALANCING, "freeAttributionInMassBalancing", Kind.CHOICE, required=True,
        choices=("true", "false", NOT_APPLICABLE),
    ),
    Place(BALANCING, "massBalancingCertificateScheme", Kind.NAME, required=True),
    Place(STANDARDS, "crossSectoralStandards", Kind.TEXTS, "pcf.crossSectoralStandards", True),
    Place(STANDARDS, "productOrSectorSpecificRules", Kind.TEXTS, required=True),
    Place(
        FACTORS, "ipccCharacterizationFactors", Kind.CHOICE, required=True,
        choices=("AR4", "AR5", "AR6", UNSPECIFIED),
    ),
    Place(ALLOCATION, "allocationWasteIncineration", Kind.CHOICE, required=True, choices=WASTE_INCINERATION),
    Place(ALLOCATION, "allocationRulesDescription", Kind.TEXT, "pcf.allocationRulesDescription"),
    Place("general", "comment", Kind.TEXT, "comment"),
    _carbon("fossilCarbonContent"),
    _carbon("biogenicCarbonContent"),
    _carbon("packagingBiogenicCarbonContent"),
    _carbon("recycledCarbonContent"),
    _part("pcfIncludingBiogenicUptake", least=None, required=True),
    _part("pcfExcludingBiogenicUptake", required=True),
    _part("fossilGhgEmissions"),
    _part("biogenicNonCO2Emissions"),
    _part("biogenicCO2Uptake", least=None, most=ZERO),
    _part("landUseChangeGhgEmissions"),
    _part("landManagementBiogenicCO2Emissions"),
    _part("landManagementBiogenicCO2Removals", least=None, most=ZERO),
    _part("aircraftGhgEmissions"),
    Place(DISTRIBUTION, "distributionStageIncluded", Kind.TRUTH, required=True),
    Place(
        DISTRIBUTION, "distributionStagePcfExcludingBiogenicUptake", Kind.NUMBER,
        "pcf.outboundLogisticsGhgEmissions", least=ZERO,
    ),
    Place(f"{_STAGES}.packagingStage", "packagingEmissionsIncluded", Kind.TRUTH,
        "pcf.packagingEmissionsIncluded", True),
    Place(
        f"{_STAGES}.packagingStage", "packagingPcfExcludingBiogenicUptake", Kind.NUMBER,
        "pcf.packagingGhgEmissions", least=ZERO,
    ),
)  # fmt: skip
GROUPS = tuple(dict.fromkeys(place.group for place in PLACES))
