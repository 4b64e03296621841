"""A declaration as people read it: its figure, what it is of, its parts by method, its versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.figures import (
    co2e_unit,
    is_chinese,
    long_date,
    percent,
    significant,
    unit_text,
    year_range,
)
from accounts.forms import languages, named
from accounts.provinces import PROVINCES
from footprint.analysis.by_profile import AS_PUBLISHED
from footprint.analysis.pages.hotspot_charts import stage_label
from footprint.analysis.pages.methods import AS_PUBLISHED_WORDS, POSITIONS
from footprint.inventory.models import Exchange, UnitProcess
from footprint.publication.words import NOT_APPLIED, UNAPPLIED
from footprint.rules.models import MethodProfile

PARTS = {
    **{position.name.lower(): text for position, text in POSITIONS.items()},
    AS_PUBLISHED: AS_PUBLISHED_WORDS,
}


def number(text: str | None) -> float | None:
    """A figure of the content."""
    return None if text is None else float(text)


def called(thing: Mapping[str, Any]) -> str:
    """A company's or product's name as the content has it."""
    return named({"name_zh": thing["nameZh"], "name_en": thing["nameEn"]})


def period(told: Mapping[str, Any]) -> str:
    """The reference period."""
    first, last = (date.fromisoformat(told[f"referencePeriod{end}"]) for end in ("Start", "End"))
    return year_range(first, last, languages())


def facts(told: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What the figure is of, and where it came from; from the content alone."""
    calculation, left_out = told["calculation"], told.get("exemptedDescription")
    return [
        (_("Company"), called(told["company"])),
        (_("Product"), f"{called(told['product'])} ({told['product']['code']})"),
        (_("Declared unit"), f"{told['declaredUnitAmount']} {unit_text(told['declaredUnit'])}"),
        (_("System boundary"), _("Cradle to gate")),
        (_("Period"), period(told)),
        (_("Place"), _place(told["geography"]["subdivision"])),
        *([(_("Product category rule"), _rule(told["rule"]))] if "rule" in told else []),
        (_("Allocation"), _allocation(told["allocation"])),
        *_band(told),
        (_("Primary data share"), percent(number(told["primaryDataShare"]))),
        (_("Data quality rating"), _quality(told["dataQuality"])),
        *([(_("What is left out, and why"), left_out)] if left_out else []),
        (_("Valid until"), _day(told["validityPeriodEnd"])),
        (_("Calculation run"), calculation["run"]),
        (_("Engine"), calculation["engine"]),
        (_("Digest of the inputs"), calculation["inputDigest"]),
        (_("Factor versions"), f"{calculation['factors']['count']} · {calculation['factors']['hash'][:16]}"),
        (_("Accepted by the alliance"), _day(told["acceptance"]["decidedAt"])),
    ]


def _place(province: str) -> str:
    names = PROVINCES.get(province)
    return names[0 if is_chinese(languages()) else 1] if names else _("China")


def _allocation(told: dict[str, Any]) -> str:
    method = str(UnitProcess.Allocation(told["method"]).label)
    share = number(told["share"])
    return f"{method} · {percent(share)}" if share is not None and share != 1 else method


def _rule(told: Mapping[str, Any] | None) -> str:
    return f"{called(told)} v{told['number']}" if told else _("none in force")


def _band(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The least and the most by every method of allocation that applies, where they differ."""
    band = told.get("allocationBand") or {}
    low, high = number(band.get("low")), number(band.get("high"))
    if low is None or high is None or low == high:
        return []
    return [
        (_("Allocation band"), f"{significant(low)}–{significant(high)} {co2e_unit(told['declaredUnit'])}")
    ]


def _quality(told: dict[str, str | None]) -> str:
    words = {"technology": _("technology"), "time": _("time"), "geography": _("geography")}
    known = [f"{words[name]} {significant(number(value), 2)}" for name, value in told.items() if value]
    return " · ".join(known) or "—"


def _day(text: str | None) -> str:
    return long_date(date.fromisoformat(text[:10]), languages()) if text else "—"


def stages(told: Mapping[str, Any]) -> list[tuple[str, float, float]]:
    """By life-cycle stage, as far as it was signed: kg CO2e by AR6, and its share of the figure."""
    figure = number(told["pcf"]["AR6"]) or 0.0
    parts = [(each["stage"], number(each["AR6"]) or 0.0) for each in told.get("stages", ())]
    return [(stage_label(Exchange.Stage(name)), kg, kg / figure if figure else 0.0) for name, kg in parts]


def profile_names() -> dict[str, str]:
    """What the method profiles are called today."""
    return {each.code: named(each) for each in MethodProfile.objects.all()}


def profiles(told: Mapping[str, Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The figure under every method profile, with its parts; a profile without a name shows its code."""
    return [
        {
            "name": names.get(each["profile"], each["profile"]),
            "number": each["number"],
            "gwp": each["gwpSet"],
            "value": number(each.get("pcf")),
            "including": number(each.get("includingBiogenicUptake")),
            "excluding": number(each.get("excludingBiogenicUptake")),
            "exempted": number(each.get("exemptedShare")),
            "parts": [(PARTS.get(part, part), number(kg)) for part, kg in each.get("parts", {}).items()],
            "not_applied": NOT_APPLIED.get(each["failure"], UNAPPLIED) if "failure" in each else "",
        }
        for each in told["byProfile"]
    ]
