"""What a published footprint says: one object for people, partners and machines, made from a current figure.

Numbers are texts with every digit. Names follow PACT's object where it has one. What is inside the plant
stays there: no line, no amount, no supplier, no price; the factors behind it are named by one hash.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.actor import Actor
from accounts.canonical import content_hash
from accounts.models import Company
from factors.models import FactorVersion
from footprint.analysis import queries as assessments
from footprint.analysis.hotspots import Hotspots
from footprint.analysis.models import Assessment, ProfileFigure
from footprint.analysis.upstream import behind_column
from footprint.calculation import columns
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Thing
from footprint.calculation.models import Footprint
from footprint.calculation.quantities import in_unit
from footprint.engine.errors import EngineError
from footprint.inventory.models import Exchange, FrozenCopy, Product
from footprint.rules.queries import rules_in_force

FORMAT = "pcf-declaration-1"
BOUNDARY = "cradle-to-gate"
YEARS_VALID = 3
"""PACT: at most three years after the end of the reference period, if nothing else is said."""
PACT = "pact"
LONGEST = 1000
"""Of a description."""
SAME = 1e-9
"""How far a sum of parts may be from the figure, relatively."""


def content(
    actor: Actor,
    footprint: Footprint,
    copy: FrozenCopy,
    *,
    uuid: UUID,
    number: int,
    preceding: Iterable[UUID],
    created: date,
) -> dict[str, Any]:
    """The whole content of one publication; a fixed number of queries."""
    inventory, product = footprint.inventory, footprint.product
    assessment = assessments.assessment(actor, footprint)
    return {
        "format": FORMAT,
        "id": str(uuid),
        "number": number,
        "precedingPfIds": sorted(str(each) for each in preceding),
        "created": created.isoformat(),
        "company": _company(product.company),
        "product": {**_product(product), **_substance(product, footprint.unit)},
        "declaredUnit": footprint.unit,
        "declaredUnitAmount": "1",
        "referencePeriodStart": inventory.period_start.isoformat(),
        "referencePeriodEnd": inventory.period_end.isoformat(),
        "validityPeriodEnd": valid_until(inventory.period_end).isoformat(),
        "geography": {"country": "CN", "subdivision": inventory.site.province},
        "boundary": BOUNDARY,
        "rule": _rule(actor, product, created),
        "pcf": {"AR6": exact(footprint.kg_co2e_ar6), "AR5": exact(footprint.kg_co2e_ar5)},
        "stages": _stages(actor, footprint),
        "byProfile": [_profile(each) for each in assessments.profile_figures(actor, footprint)],
        **(_quality(assessment) | _left_out(actor, footprint)),
        "allocation": {"method": footprint.process.allocation_method, "share": exact(footprint.share)},
        "calculation": {
            "run": str(footprint.run.uuid),
            "engine": footprint.run.engine_version,
            "inputDigest": footprint.input_digest,
            "computedAt": footprint.computed_at.isoformat(),
            "factors": _factors(actor, footprint),
        },
        "acceptance": {
            "submission": str(copy.submission.uuid),
            "contentHash": copy.content_hash,
            "decidedAt": copy.submission.decided_at.isoformat() if copy.submission.decided_at else None,
        },
    }


def _company(company: Company) -> dict[str, Any]:
    return {
        "id": str(company.uuid),
        "nameZh": company.name_zh,
        "nameEn": company.name_en,
        "demonstration": company.is_demonstration,
    }


def _product(product: Product) -> dict[str, Any]:
    category = product.category
    return {
        "id": str(product.uuid),
        "code": product.code,
        "nameZh": product.name_zh or product.name_en,
        "nameEn": product.name_en or product.name_zh,
        "category": category.code if category else None,
        "cpc": category.cpc_code or None if category else None,
        "hs": category.hs_code or None if category else None,
    }


def _rule(actor: Actor, product: Product, on: date) -> dict[str, Any] | None:
    """The product category rule in force on the day: what the figure is held against."""
    rule = rules_in_force(actor, on).get(product.category_id) if product.category_id else None
    if rule is None:
        return None
    names = {"nameZh": rule.category.name_zh, "nameEn": rule.category.name_en}
    return {"category": rule.category.code, "number": rule.number, **names}


def _substance(product: Product, unit: str) -> dict[str, str | None]:
    """What partners ask of the product itself: the mass of one declared unit, the carbon in a kilogram."""
    thing = Thing(product.unit, product.conversions, product.lhv_mj_per_unit)
    try:
        mass = in_unit(Decimal(1), unit, "kg", thing)
    except Fault:
        mass = None
    return {
        "massKgPerUnit": None if mass is None else format(mass, "f"),
        "carbonFraction": _text(product.carbon_fraction),
        "biogenicCarbonFraction": _text(product.biogenic_carbon_fraction),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _profile(figure: ProfileFigure) -> dict[str, Any]:
    """One method profile: its total, its parts by position; or why there is none."""
    version = figure.profile_version
    told = {"profile": version.profile.code, "number": version.number, "gwpSet": version.gwp_set}
    if figure.failure is not None:
        return {**told, "failure": str(figure.failure.get("code", "unknown"))}
    return {
        **told,
        "pcf": exact(figure.kg_co2e),
        "includingBiogenicUptake": exact(figure.including_uptake),
        "excludingBiogenicUptake": exact(figure.excluding_uptake),
        "parts": {name: exact(kg) for name, kg in figure.parts.items()},
        "exemptedShare": exact(figure.exempted_share),
        "allocationMethod": figure.method,
    }


def _stages(actor: Actor, footprint: Footprint) -> list[dict[str, str | None]]:
    """By life-cycle stage, kg CO2e by AR6; nothing where the parts do not make up the figure any more."""
    column = (footprint.process_id, footprint.product_id)
    try:
        upstream = behind_column(actor, footprint.product, footprint.year, column, "AR6")
    except EngineError:
        return []
    parts = Hotspots(upstream).stages if upstream is not None else []
    total = math.fsum(kg for _stage, kg in parts)
    if not math.isclose(total, footprint.kg_co2e_ar6 or 0.0, rel_tol=SAME, abs_tol=SAME):
        return []
    return [{"stage": stage.value, "AR6": exact(kg)} for stage, kg in parts]


def _quality(assessment: Assessment | None) -> dict[str, Any]:
    names = {
        "primaryDataShare": "primary_data_share",
        "exemptedShare": "exempted_share",
        "gsd2Low": "gsd2_low",
        "gsd2High": "gsd2_high",
    }
    ratings = {"technology": "dqr_technology", "time": "dqr_time", "geography": "dqr_geography"}
    told: dict[str, Any] = {
        name: exact(getattr(assessment, field)) if assessment else None for name, field in names.items()
    }
    told["dataQuality"] = {
        name: exact(getattr(assessment, field)) if assessment else None for name, field in ratings.items()
    }
    told["allocationBand"] = (
        {"low": exact(assessment.band_low), "high": exact(assessment.band_high)} if assessment else None
    )
    return told


def _left_out(actor: Actor, footprint: Footprint) -> dict[str, str]:
    """Why something is left out, in the words of the lines of the process that estimate it."""
    lines = Exchange.objects.visible_to(actor).filter(
        process=footprint.process_id, exempted_kg_co2e__isnull=False
    )
    words = lines.exclude(comment="").order_by("position", "pk").values_list("comment", flat=True)
    told = "; ".join(dict.fromkeys(" ".join(each.split()) for each in words))
    return {"exemptedDescription": told[:LONGEST]} if told else {}


def _factors(actor: Actor, footprint: Footprint) -> dict[str, Any]:
    """How many factor versions the process itself uses, and one hash of them all."""
    column = columns.current(actor, processes=[footprint.process_id], products=[footprint.product_id]).first()
    burdens = column.content["burdens"] if column and column.content else []
    used = {burden["version"] for burden in burdens if burden["kind"] == "factor"}
    digests = sorted(FactorVersion.objects.filter(pk__in=used).values_list("digest", flat=True))
    return {"count": len(digests), "hash": content_hash(digests)}


def exact(value: float | None) -> str | None:
    """A text that gives back the very same number."""
    return None if value is None else repr(float(value))


def valid_until(period_end: date) -> date:
    """The last day: three years after the reference period; what would be 29 February is 1 March."""
    try:
        return period_end.replace(year=period_end.year + YEARS_VALID)
    except ValueError:
        return date(period_end.year + YEARS_VALID, 3, 1)


def lacking(told: dict[str, Any]) -> list[str]:
    """What a declaration may not be published without, by the names of the content."""
    missing = []
    if told.get("primaryDataShare") is None:
        missing.append("primaryDataShare")
    if told["pcf"]["AR6"] is None:
        missing.append("pcf")
    figures = {each["profile"]: each for each in told["byProfile"]}
    if not any(name.startswith(PACT) and "pcf" in each for name, each in figures.items()):
        missing.append("byProfile")
    return missing
