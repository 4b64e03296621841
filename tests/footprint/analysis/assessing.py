"""Assessments as the worker would have stored them, for tests of the pages that show them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from footprint.analysis.models import Assessment, ProfileFigure
from footprint.calculation.models import Footprint
from footprint.inventory.models import Product, UnitProcess
from footprint.rules.models import MethodProfile, MethodProfileVersion

KEPT = {"digest": "0" * 64, "engine_version": "1.1"}
VERSION: dict[str, Any] = {
    "number": 1, "gwp_set": "AR6", "boundary": "cradle_to_gate", "cut_off": "reported",
    "allocation_tree": ["as_recorded"], "substitution": "permitted", "recycling": "as_recorded",
    "waste": "as_recorded", "biogenic": "as_characterised", "electricity": "as_recorded",
    "ccs": "as_recorded", "ccu": "as_recorded", "quality_scheme": "none", "required_outputs": ["total"],
    "facts": {}, "digest": "0" * 64,
}  # fmt: skip


def column(process: UnitProcess, product: Product) -> Footprint:
    """The stored figure of a process's product."""
    return Footprint.objects.get(process=process, product=product)


def band(in_force: str, **methods: tuple[float, float]) -> dict[str, Any]:
    """A band with (everybody, own) of each method; "now" is the figure in force."""
    rows = [
        {
            "method": "in force" if name == "now" else name,
            "applies": True,
            "everybody": pair[0],
            "own": pair[1],
        }
        for name, pair in methods.items()
    ]
    ends = {}
    for place, view in enumerate(("everybody", "own")):
        ordered = sorted(rows, key=lambda row: row[view])
        low, high = ordered[0], ordered[-1]
        ends[view] = {
            "low": low[view],
            "high": high[view],
            "lowest": low["method"],
            "highest": high["method"],
        }
        assert ordered[0][view] == min(pair[place] for pair in methods.values())
    return {"in_force": in_force, "methods": rows, **ends}


def assess(footprint: Footprint, **more: Any) -> Assessment:
    """An assessment of a figure, in place of the worker's."""
    value = footprint.kg_co2e_ar6
    assert value is not None
    given = {
        "company_id": footprint.company_id, "computed_at": timezone.now(), "kg_co2e": value, **KEPT,
        "band": band("mass", now=(value, value)), "primary_data_share": 0.4213, "dqr_technology": 2.25,
        "dqr_time": 1.5, "dqr_geography": 3.75, "exempted_share": 0.0125, "gsd2_low": 1.21, "gsd2_high": 1.21,
        "gsd2_is_exact": True,
    }  # fmt: skip
    row, _made = Assessment.objects.update_or_create(footprint=footprint, defaults=given | more)
    return row


def profile(code: str, position: int, **more: Any) -> MethodProfileVersion:
    """A method profile with one version."""
    found, _made = MethodProfile.objects.get_or_create(
        code=code,
        defaults={
            "name_zh": f"{code}法",
            "name_en": f"{code} method",
            "standard": code,
            "position": position,
        },
    )
    row, _made = MethodProfileVersion.objects.get_or_create(profile=found, number=1, defaults=VERSION | more)
    return row


def by_profile(
    footprint: Footprint, version: MethodProfileVersion, kg: float | None, **more: Any
) -> ProfileFigure:
    """A figure under a profile, in place of the worker's; without a figure it failed."""
    given: dict[str, Any] = {
        "company_id": footprint.company_id,
        "computed_at": timezone.now(),
        **KEPT,
        "kg_co2e": kg,
    }
    given |= {"including_uptake": kg, "excluding_uptake": kg}
    row, _made = ProfileFigure.objects.update_or_create(
        footprint=footprint, profile_version=version, defaults=given | more
    )
    return row
