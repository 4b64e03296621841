"""What a footprint states, whichever way it came: by PACT from outside, or pinned by a member. Pure.

Two of them are compared, and one is taken into a calculation, by this alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import MINYEAR, date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from factors.content import ceiling
from factors.geographies import is_place, place_of
from footprint.partners.pact import values
from footprint.partners.pact.checking import schema_findings
from footprint.partners.pact.usability import usability
from footprint.partners.stating import UNITS

CRADLE_TO_GATE = "cradle-to-gate"
WORLD = "GLO"
FIRST_YEAR = 1990
"""Before it no factor is kept."""
GWP_SETS = ("AR4", "AR5", "AR6")
OURS = {theirs: ours for ours, theirs in reversed(UNITS)}
"""Their units in ours; a cubic metre is one of volume."""


@dataclass(frozen=True)
class Stated:
    """One footprint in the words of the platform.

    ``kg_co2e`` is without biogenic uptake, per ``amount`` of ``unit``; None where it is no number. ``gwp``
    are the characterization factors it names, ``level`` its usability, ``placeholders`` what only looks like
    a value there; ``exempted_percent`` of the emissions are left out of it.
    """

    pf_id: UUID
    product: str
    company: str
    unit: str
    amount: Decimal | None
    kg_co2e: Decimal | None
    period_start: date | None
    period_end: date | None
    valid_until: date | None
    is_active: bool
    gwp: tuple[str, ...]
    geography: str
    boundary: str
    standards: tuple[str, ...]
    allocation: str
    level: int
    preceding: tuple[UUID, ...] = ()
    primary_share: Decimal | None = None
    exempted_percent: Decimal | None = None
    placeholders: tuple[str, ...] = ()
    is_valid: bool = True
    quality: Mapping[str, str] = field(default_factory=dict)

    @property
    def kg_per_unit(self) -> Decimal | None:
        """kg CO2e per one of the unit."""
        if self.kg_co2e is None or not self.amount or self.amount <= 0:
            return None
        return self.kg_co2e / self.amount


@dataclass(frozen=True)
class Problem:
    """Something to know before it is taken; what ``blocks`` has to be mended by its maker."""

    code: str
    blocks: bool
    told: Mapping[str, str] = field(default_factory=dict)


def from_pact(document: Mapping[str, Any]) -> Stated:
    """A ProductFootprint of version 3, as far as it can be read."""
    pcf = document["pcf"] if isinstance(document.get("pcf"), Mapping) else {}
    graded = usability({**document, "pcf": pcf})
    return Stated(
        pf_id=_identifier(document.get("id")),
        product=str(document.get("productNameCompany", "")),
        company=str(document.get("companyName", "")),
        unit=OURS.get(str(pcf.get("declaredUnitOfMeasurement", "")), ""),
        amount=values.decimal(pcf.get("declaredUnitAmount")),
        kg_co2e=values.decimal(pcf.get("pcfExcludingBiogenicUptake")),
        period_start=_day(pcf.get("referencePeriodStart")),
        period_end=_last_day(pcf.get("referencePeriodEnd")),
        valid_until=_last_day(document.get("validityPeriodEnd")),
        is_active=document.get("status") == "Active",
        gwp=tuple(_texts(pcf.get("ipccCharacterizationFactors"))),
        geography=_place(pcf),
        boundary=CRADLE_TO_GATE,
        standards=tuple(sorted(_texts(pcf.get("crossSectoralStandards")))),
        allocation=str(pcf.get("allocationRulesDescription", "")),
        level=graded.level,
        preceding=tuple(values.identifiers(document.get("precedingPfIds"))),
        primary_share=values.decimal(pcf.get("primaryDataShare")),
        exempted_percent=values.decimal(pcf.get("exemptedEmissionsPercent")),
        placeholders=tuple(graded.placeholders),
        is_valid=not schema_findings(document),
        quality=dict(pcf["dqi"]) if isinstance(pcf.get("dqi"), Mapping) else {},
    )


def _identifier(given: object) -> UUID:
    """Nought where it is none: what says no identifier is not valid anyway."""
    text = str(given)
    return UUID(text) if values.UUID.fullmatch(text) else UUID(int=0)


def from_content(content: Mapping[str, Any]) -> Stated:
    """A statement that a member pinned; the figure is that of the platform's network, by AR6."""
    share, left_out = content.get("primaryDataShare"), content.get("exemptedShare")
    subdivision = content["geography"].get("subdivision")
    return Stated(
        pf_id=UUID(content["id"]),
        product=content["product"]["nameEn"],
        company=content["company"]["nameEn"],
        unit=content["declaredUnit"],
        amount=Decimal(content["declaredUnitAmount"]),
        kg_co2e=None if content["pcf"]["AR6"] is None else Decimal(content["pcf"]["AR6"]),
        period_start=date.fromisoformat(content["referencePeriodStart"]),
        period_end=date.fromisoformat(content["referencePeriodEnd"]),
        valid_until=date.fromisoformat(content["validityPeriodEnd"]),
        is_active=True,
        gwp=("AR6",),
        geography=place_of(subdivision or "") or content["geography"]["country"],
        boundary=content["boundary"],
        standards=tuple(sorted({each["profile"] for each in content["byProfile"] if "pcf" in each})),
        allocation=content.get("allocation", {}).get("method", ""),
        level=content.get("sharing", {}).get("usability", 1),
        preceding=tuple(UUID(each) for each in content["precedingPfIds"]),
        primary_share=None if share is None else Decimal(share) * 100,
        exempted_percent=None if left_out is None else Decimal(left_out) * 100,
    )


def problems(stated: Stated, today: date) -> list[Problem]:
    """What stands in the way of calculating with it, and what one should know; the first kind first."""
    found = [*_figure(stated), *_time(stated, today), *_method(stated)]
    return sorted(found, key=lambda each: not each.blocks)


def _figure(stated: Stated) -> list[Problem]:
    found = []
    if not stated.is_valid:
        found.append(Problem("not_valid", False))
    if not stated.unit:
        found.append(Problem("unknown_unit", True))
    kg = stated.kg_per_unit
    if kg is None:
        found.append(Problem("no_figure", True))
    elif kg < 0:
        found.append(Problem("negative", True, {"kg": values.plain(kg)}))
    elif stated.unit and kg > ceiling(stated.unit):
        found.append(Problem("absurd", True, {"kg": values.plain(kg)}))
    return found


def _time(stated: Stated, today: date) -> list[Problem]:
    found = []
    if not stated.is_active:
        found.append(Problem("deprecated", True))
    if stated.period_start is None or stated.period_end is None:
        found.append(Problem("no_period", True))
    elif not FIRST_YEAR <= stated.period_end.year <= today.year:
        years = {"first": str(FIRST_YEAR), "last": str(today.year)}
        found.append(Problem("year", True, {"year": str(stated.period_end.year), **years}))
    if stated.valid_until is None:
        found.append(Problem("no_validity", False))
    elif stated.valid_until < today:
        found.append(Problem("expired", True, {"day": stated.valid_until.isoformat()}))
    return found


def _method(stated: Stated) -> list[Problem]:
    found = []
    if not stated.boundary.startswith(CRADLE_TO_GATE):
        found.append(Problem("boundary", True, {"boundary": stated.boundary}))
    known = [each for each in stated.gwp if each in GWP_SETS]
    if not known or len(known) != len(stated.gwp):
        found.append(Problem("gwp_unknown", True, {"gwp": ", ".join(stated.gwp) or "—"}))
    elif len(known) > 1:
        found.append(Problem("gwp_mixed", False, {"gwp": ", ".join(known)}))
    elif known != ["AR6"]:
        found.append(Problem("gwp_older", False, {"gwp": known[0]}))
    if stated.level < 2:
        found.append(Problem("low_level", False, {"level": str(stated.level)}))
    if stated.placeholders:
        found.append(Problem("placeholders", False, {"names": ", ".join(stated.placeholders)}))
    return found


def _texts(given: object) -> list[str]:
    return [each for each in given if isinstance(each, str)] if isinstance(given, list) else []


def _day(given: object) -> date | None:
    moment = values.moment(given)
    return moment.date() if moment else None


def _last_day(given: object) -> date | None:
    """A period that ends at a midnight ends with the day before."""
    moment = values.moment(given)
    if moment is None or moment.year == MINYEAR:
        return None
    return (moment - timedelta(microseconds=1)).date()


def _place(pcf: Mapping[str, Any]) -> str:
    """The part of a country, the country, or the world."""
    for each in (pcf.get("geographyCountrySubdivision"), pcf.get("geographyCountry")):
        written = str(each or "")
        if place := place_of(written) or (written[:2] if is_place(written[:2]) else ""):
            return place
    return WORLD
