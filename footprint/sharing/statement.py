"""What of a publication a level opens: the content that is signed over for one recipient. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from footprint.partners.pact.levels import Level

FORMAT = "shared-footprint-1"
ABOUT = (
    "id", "number", "precedingPfIds", "created", "company", "declaredUnit", "declaredUnitAmount",
    "referencePeriodStart", "referencePeriodEnd", "validityPeriodEnd", "geography", "boundary", "pcf",
    "primaryDataShare", "exemptedShare",
)  # fmt: skip
"""What a total is worth nothing without."""
IN_STAGES = ("stages", "dataQuality", "gsd2Low", "gsd2High")
"""By life-cycle stage; what a stage emits by origin, and how, is in the whole alone."""
PRODUCT = ("id", "nameZh", "nameEn", "category", "cpc", "hs", "massKgPerUnit")
PROFILE = (
    "profile", "number", "gwpSet", "failure", "pcf", "includingBiogenicUptake", "excludingBiogenicUptake",
    "exemptedShare",
)  # fmt: skip
IN_PROFILE_STAGES = (*PROFILE, "allocationMethod")


def statement(
    content: Mapping[str, Any], level: Level, *, content_hash: str, terms: Mapping[str, Any]
) -> dict[str, Any]:
    """The content as far as a level goes, with the terms and the hash of the whole beside it."""
    told = dict(content) if level is Level.FULL else _narrowed(content, level)
    return {**told, "format": FORMAT, "sharing": {**terms, "level": level.value, "publication": content_hash}}


def _narrowed(content: Mapping[str, Any], level: Level) -> dict[str, Any]:
    names = ABOUT if level is Level.TOTAL else (*ABOUT, *IN_STAGES)
    inner = PROFILE if level is Level.TOTAL else IN_PROFILE_STAGES
    told = {name: content[name] for name in names if name in content}
    told["product"] = {name: content["product"].get(name) for name in PRODUCT}
    told["byProfile"] = [
        {name: each[name] for name in inner if name in each} for each in content["byProfile"]
    ]
    if level is not Level.TOTAL:
        told["allocation"] = {"method": content["allocation"]["method"]}
    return told
