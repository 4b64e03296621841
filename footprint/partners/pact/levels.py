"""How much of a footprint a partner is shown: its total, its total by origin, or all of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from footprint.partners.pact.checking import Document
from footprint.partners.pact.fields import FOOTPRINT, PCF, Measure


class Level(StrEnum):
    """What a grant opens."""

    TOTAL = "total"
    STAGE = "stage"
    FULL = "full"


_KEPT = {
    "geographyRegionOrSubregion", "geographyCountry", "geographyCountrySubdivision", "primaryDataShare",
    "packagingEmissionsIncluded", "ccsTechnologicalCO2CaptureIncluded", "biogenicCO2Uptake", "verification",
}  # fmt: skip
_WITHHELD = {"extensions", "comment"}
TOTAL = frozenset(each.name for each in PCF if each.required) | _KEPT
STAGE = TOTAL | {each.name for each in PCF if each.measure is not Measure.NONE} | {"dqi"}
OUTSIDE = frozenset(each.name for each in FOOTPRINT) - _WITHHELD


def narrowed(document: Document, level: Level) -> dict[str, Any]:
    """The document as far as a level goes; always valid, for what the schema demands stays."""
    if level is Level.FULL:
        return dict(document)
    kept = TOTAL if level is Level.TOTAL else STAGE
    told = {name: value for name, value in document.items() if name in OUTSIDE}
    told["pcf"] = {name: value for name, value in document["pcf"].items() if name in kept}
    return told
