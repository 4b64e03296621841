"""How the alliance stands as a whole: what it set out to do, where it is, from counts alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest
from accounts.errors import Text
from accounts.forms import languages, named
from accounts.provinces import PROVINCES, province_name
from footprint.benchmark import queries, words
from footprint.benchmark.pages.chain_map import drawn

SIDE = 46
TILES = {
    "CN-HL": (9, 0), "CN-XJ": (1, 1), "CN-NM": (6, 1), "CN-JL": (8, 1), "CN-LN": (8, 2), "CN-GS": (2, 2),
    "CN-NX": (4, 2), "CN-SX": (5, 2), "CN-HE": (6, 2), "CN-BJ": (7, 2), "CN-QH": (2, 3), "CN-SN": (4, 3),
    "CN-HA": (5, 3), "CN-SD": (6, 3), "CN-TJ": (7, 3), "CN-XZ": (1, 4), "CN-SC": (3, 4), "CN-CQ": (4, 4),
    "CN-HB": (5, 4), "CN-AH": (6, 4), "CN-JS": (7, 4), "CN-SH": (8, 4), "CN-GZ": (4, 5), "CN-HN": (5, 5),
    "CN-JX": (6, 5), "CN-ZJ": (7, 5), "CN-YN": (3, 6), "CN-GX": (4, 6), "CN-GD": (5, 6), "CN-FJ": (6, 6),
    "CN-TW": (8, 6), "CN-HI": (4, 7), "CN-MO": (5, 7), "CN-HK": (6, 7),
}  # fmt: skip
"""Column and row of each province: every one the same size, roughly where it lies."""
LEVELS = {"few": 1, "3-4": 2, "5-7": 3, "8-11": 4, "12+": 5}
BAND_WORDS: dict[str, Text] = {"few": gettext_lazy("one or two")}


@dataclass(frozen=True)
class Tile:
    """One province on the map."""

    code: str
    name: str
    short: str
    level: int
    words: Text

    @property
    def x(self) -> int:
        return TILES[self.code][0] * SIDE

    @property
    def y(self) -> int:
        return TILES[self.code][1] * SIDE


@login_required
@require_GET
def alliance(request: AskedRequest) -> HttpResponse:
    """The latest count."""
    latest = queries.overview(request.actor)
    content = latest.content if latest else {}
    provinces, bands = content.get("provinces", {}), content.get("categories", {})
    chain = queries.categories(request.actor)
    context = {
        "trail": [(_("Home"), "/"), (_("Alliance"), "")],
        "latest": latest,
        "content": content,
        "medians": [(label, content.get(name)) for name, label in words.MEDIANS.items()],
        "earlier_years": sorted(queries.released_years(request.actor), reverse=True)[1:],
        "goal": words.GOAL,
        "goal_year": words.GOAL_YEAR,
        "accepted": sum(content.get("accepted", {}).values()),
        "tiles": [_tile(code, provinces.get(code, "")) for code in TILES],
        "provinces": [_tile(code, words) for code, words in provinces.items() if code in TILES],
        "categories": [(named(each), _words(bands[each.code])) for each in chain if each.code in bands],
        "averages": [(words.comparison(each), each) for each in queries.released_averages(request.actor)],
        "chain": drawn(content.get("flows", []), {each.code: named(each) for each in chain}, BAND_WORDS),
        "width": 10 * SIDE,
        "height": 8 * SIDE,
    }
    return render(request, "benchmark/overview/alliance.html", context)


def _tile(code: str, band: str) -> Tile:
    chinese, _english = PROVINCES[code]
    language = languages()
    short = chinese if language.startswith("zh") else code[3:]
    return Tile(code, province_name(code, language), short, LEVELS.get(band, 0), _words(band))


def _words(band: str) -> Text:
    return BAND_WORDS.get(band, band.replace("-", "–"))
