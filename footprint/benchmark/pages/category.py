"""Product categories: the chain, one's own figures, and the released medians."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.asked import AskedRequest
from accounts.charts import StripChart
from accounts.errors import Text
from accounts.figures import co2e_unit
from accounts.forms import named
from footprint.benchmark import queries
from footprint.benchmark.queries import Hidden, Standing
from footprint.engine.disclosure.statistics import Standing as Position
from footprint.rules.models import ProductCategory

HIDDEN_WORDS: dict[Hidden, Text] = {
    Hidden.FEW: gettext_lazy("Hidden: fewer than five company groups report this product for the year."),
    Hidden.NOT_GIVEN: gettext_lazy("Hidden: the median is shown to members that report a figure themselves."),
}


@dataclass(frozen=True)
class Row:
    """One category in one year, worded for the table."""

    standing: Standing

    @property
    def category(self) -> ProductCategory:
        return self.standing.category

    @property
    def position_words(self) -> str:
        words = {
            Position.BELOW: _("below the median"),
            Position.NEAR: _("near the median (within 10 %)"),
            Position.ABOVE: _("above the median"),
        }
        return words[self.standing.position] if self.standing.position else ""

    @property
    def tone(self) -> str:
        tones = {Position.BELOW: "good", Position.NEAR: "", Position.ABOVE: "warn"}
        return tones[self.standing.position] if self.standing.position else ""

    @property
    def hidden_words(self) -> Text:
        hidden = self.standing.hidden
        return HIDDEN_WORDS[hidden] if hidden else ""


@login_required
def category_list(request: AskedRequest) -> HttpResponse:
    """The chain's categories, each with the latest year's standing."""
    latest: dict[int, Row] = {}
    for standing in queries.standings(request.actor):
        latest.setdefault(standing.category.pk, Row(standing))
    rows = [(category, latest.get(category.pk)) for category in queries.categories(request.actor)]
    context = {"trail": [(_("Home"), "/"), (_("Categories"), "")], "rows": rows}
    return render(request, "benchmark/category/list.html", context)


@login_required
def category(request: AskedRequest, code: str) -> HttpResponse:
    """One category: own figure against the released median, year by year."""
    found = get_object_or_404(ProductCategory, code=code)
    rows = [Row(standing) for standing in queries.standings(request.actor, found)]
    context = {
        "trail": [(_("Home"), "/"), (_("Categories"), "/categories/"), (named(found), "")],
        "category": found,
        "rows": rows,
        "latest": rows[0] if rows else None,
        "chart": _strip(rows[0].standing) if rows else None,
        "own_products": queries.own_products(request.actor, found),
    }
    return render(request, "benchmark/category/category.html", context)


def _strip(standing: Standing) -> StripChart | None:
    """Drawn only when there is an own figure and a median to put it against."""
    if standing.own is None or standing.median is None:
        return None
    category = standing.category
    return StripChart(
        id="standing",
        title=_("Own figure against the released median"),
        unit=co2e_unit(category.unit),
        boundary=_("cradle to gate"),
        period=str(standing.year),
        own=standing.own,
        own_label=_("Own figure"),
        median=standing.median,
        median_digits=2,
        low=None if category.plausible_low is None else float(category.plausible_low),
        high=None if category.plausible_high is None else float(category.plausible_high),
    )
