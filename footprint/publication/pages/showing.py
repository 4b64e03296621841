"""A declaration as people read it: its figure, what it is of, its parts by method, its versions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.figures import is_chinese, long_date, percent, significant, unit_text, year_range
from accounts.forms import languages, named
from accounts.provinces import PROVINCES
from footprint.analysis.by_profile import AS_PUBLISHED
from footprint.analysis.pages.methods import AS_PUBLISHED_WORDS, POSITIONS
from footprint.inventory.models import UnitProcess
from footprint.publication.models import Publication
from footprint.rules.models import MethodProfile

PARTS = {
    **{position.name.lower(): text for position, text in POSITIONS.items()},
    AS_PUBLISHED: AS_PUBLISHED_WORDS,
}


def number(text: str | None) -> float | None:
    """A figure of the content."""
    return None if text is None else float(text)


def facts(publication: Publication) -> list[tuple[str, Any]]:
    """What the figure is of, and where it came from."""
    told = publication.content
    language = languages()
    calculation = told["calculation"]
    return [
        (_("Company"), named({"name_zh": told["company"]["nameZh"], "name_en": told["company"]["nameEn"]})),
        (_("Product"), f"{named(publication)} ({told['product']['code']})"),
        (_("Declared unit"), f"{told['declaredUnitAmount']} {unit_text(told['declaredUnit'])}"),
        (_("System boundary"), _("Cradle to gate")),
        (_("Period"), year_range(publication.period_start, publication.period_end, language)),
        (_("Place"), _place(told["geography"]["subdivision"])),
        (_("Allocation"), _allocation(told["allocation"])),
        (_("Primary data share"), percent(number(told["primaryDataShare"]))),
        (_("Data quality rating"), _quality(told["dataQuality"])),
        (_("Valid until"), long_date(publication.valid_until, language)),
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


def _quality(told: dict[str, str | None]) -> str:
    words = {"technology": _("technology"), "time": _("time"), "geography": _("geography")}
    known = [f"{words[name]} {significant(number(value), 2)}" for name, value in told.items() if value]
    return " · ".join(known) or "—"


def _day(text: str | None) -> str:
    return long_date(date.fromisoformat(text[:10]), languages()) if text else "—"


def profiles(publication: Publication) -> list[dict[str, Any]]:
    """The figure under every method profile, with its parts."""
    names = {each.code: named(each) for each in MethodProfile.objects.all()}
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
            "has_failed": "failure" in each,
        }
        for each in publication.content["byProfile"]
    ]


def tone(state: str) -> str:
    """The colour of a state."""
    return {"published": "good", "withdrawn": "bad", "discarded": "", "replaced": ""}.get(state, "wait")
