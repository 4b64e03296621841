"""How much can be done with a footprint: level 1 indicative, 2 consistent, 3 methodologically complete.

Source: PACT's usability model (2026-03). Its fillers are unknown values, not values: "N/A" where a list is
demanded, zeros where a level below does not know, the two totals alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from footprint.partners.pact import values
from footprint.partners.pact.checking import Document
from footprint.partners.pact.fields import FOOTPRINT, PCF, Field

LEVELS = (1, 2, 3)
FILLER = "N/A"
IF_APPLICABLE = frozenset(
    {
        "biogenicCarbonContent", "productOrSectorSpecificRules", "exemptedEmissionsDescription",
        "verification",
        "technologicalCO2CaptureOrigin", "ccuCalculationApproach", "ccuCreditCertification",
        "landUseChangeGhgEmissions", "biogenicCO2Uptake", "biogenicNonCO2Emissions", "aircraftGhgEmissions",
        "outboundLogisticsGhgEmissions", "recycledCarbonContent", "dqi", "packagingGhgEmissions",
        "secondaryEmissionFactorSources",
    }
)  # fmt: skip
"""Absent where nothing applies: they do not keep a footprint from its level."""
NOUGHTS = ("fossilGhgEmissions", "fossilCarbonContent")


@dataclass(frozen=True)
class Usability:
    """The level reached (0 for none), and the pointers that keep from each level above."""

    level: int
    missing: dict[int, list[str]]
    placeholders: list[str]


def usability(document: Document) -> Usability:
    """Grade one footprint; what the schema refuses is graded by what is there."""
    placeholders = sorted(_placeholders(document))
    missing = {level: sorted(_missing(document, level, placeholders)) for level in LEVELS}
    return Usability(reached(missing), missing, placeholders)


def reached(missing: Mapping[int, list[str]]) -> int:
    """The highest level that nothing is missing for, nor for those below it."""
    level = 0
    while level < LEVELS[-1] and not missing[level + 1]:
        level += 1
    return level


def _missing(document: Document, level: int, placeholders: list[str]) -> Iterator[str]:
    pcf = document["pcf"]
    for where, holder, fields in (("", document, FOOTPRINT), ("/pcf", pcf, PCF)):
        for each in fields:
            pointer = f"{where}/{each.name}"
            if each.level == level and (_is_lacking(holder, each) or pointer in placeholders):
                yield pointer


def _is_lacking(holder: Document, each: Field) -> bool:
    return each.name not in IF_APPLICABLE and holder.get(each.name) in (None, "", [])


def _placeholders(document: Document) -> Iterator[str]:
    pcf = document["pcf"]
    for name in ("crossSectoralStandards", "ipccCharacterizationFactors"):
        given = pcf.get(name)
        if isinstance(given, list) and FILLER in given:
            yield f"/pcf/{name}"
    total = values.decimal(pcf.get("pcfExcludingBiogenicUptake"))
    zeros = [name for name in NOUGHTS if values.decimal(pcf.get(name)) == Decimal(0)]
    if total and "fossilGhgEmissions" in zeros:
        yield from (f"/pcf/{name}" for name in zeros)
