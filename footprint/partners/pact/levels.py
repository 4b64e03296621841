"""How much of a footprint a partner is shown: its total, its total by life-cycle stage, or all of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from footprint.partners.pact.checking import Document
from footprint.partners.pact.fields import FOOTPRINT, PCF


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
STAGES_FORMAT = "pcf-stages-1"
"""Of the extension that says the total by life-cycle stage: PACT has no field for it."""
TOTAL = frozenset(each.name for each in PCF if each.required) | _KEPT
STAGE = TOTAL | {"dqi"}
OUTSIDE = frozenset(each.name for each in FOOTPRINT) - _WITHHELD


def narrowed(document: Document, level: Level) -> dict[str, Any]:
    """The document as far as a level goes; always valid, for what the schema demands stays."""
    if level is Level.FULL:
        return dict(document)
    kept = TOTAL if level is Level.TOTAL else STAGE
    told = {name: value for name, value in document.items() if name in OUTSIDE}
    told["pcf"] = {name: value for name, value in document["pcf"].items() if name in kept}
    if level is Level.STAGE and (stages := [each for each in document.get("extensions", ()) if _says(each)]):
        told["extensions"] = stages
    return told


def _says(extension: Any) -> bool:
    """Whether it is the one by stage."""
    data = extension.get("data") if isinstance(extension, Mapping) else None
    return isinstance(data, Mapping) and data.get("format") == STAGES_FORMAT
