"""What of a footprint its recipient may dispute: each part that the detail given shows, or the whole."""

from __future__ import annotations

from footprint.sharing.models import SharingRequest

WHOLE = "whole"
FIELDS = (
    "pcf", "declaredUnit", "referencePeriodStart", "geography", "boundary", "rule", "primaryDataShare",
    "exemptedShare", "dataQuality", "allocation",
)  # fmt: skip


def lines(request: SharingRequest) -> list[str]:
    """Where a dispute may point, as paths into what was given; a live link shows a total, which is all."""
    content = request.content if request.is_given else None
    if content is None:
        return [WHOLE]
    found = [WHOLE, *(name for name in FIELDS if content.get(name) is not None)]
    found += [f"stages/{each['stage']}" for each in content.get("stages", ())]
    for each in content["byProfile"]:
        profile = f"byProfile/{each['profile']}"
        found += [profile, *(f"{profile}/parts/{part}" for part in each.get("parts", ()))]
    return found
