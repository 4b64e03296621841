"""Product categories: the chain, one's own figures, and what was released of the others'."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.asked import AskedRequest
from accounts.charts import StripChart
from accounts.errors import Text
from accounts.figures import co2e_unit
from accounts.forms import named, press
from accounts.policy import can
from accounts.roles import Permission
from footprint.benchmark import actions, queries, words
from footprint.benchmark.pages.gaps import DIGITS, shown_gap, shown_trend
from footprint.benchmark.pages.targets import drawn_path
from footprint.benchmark.paths import paths
from footprint.benchmark.queries import Standing
from footprint.calculation.pages.asking import or_404
from footprint.inventory import queries as products
from footprint.rules.document.content import Band
from footprint.rules.models import ProductCategory
from footprint.rules.queries import footprint_bands


@dataclass(frozen=True)
class Row:
    """One comparison, worded for the table."""

    standing: Standing

    @property
    def category(self) -> ProductCategory:
        return self.standing.definition.category

    @property
    def position_words(self) -> Text:
        position = self.standing.position
        return words.STANDINGS[position] if position else ""

    @property
    def tone(self) -> str:
        position = self.standing.position
        return words.TONES.get(position, "") if position else ""

    @property
    def hidden_words(self) -> Text:
        hidden = self.standing.hidden
        return words.HIDDEN[hidden] if hidden else ""

    @property
    def figures(self) -> list[tuple[Text, float]]:
        """What was released beside the median."""
        named_ones = [(label, self.standing.figure(name)) for name, label in words.FIGURES.items()]
        return [(label, figure) for label, figure in named_ones[1:] if figure is not None]


@login_required
@require_GET
def category_list(request: AskedRequest) -> HttpResponse:
    """The chain's categories, each with the latest standing that says something."""
    best: dict[int, Row] = {}
    for standing in queries.standings(request.actor):
        known = best.get(standing.definition.category_id)
        if known is None or (not known.standing.is_open and standing.is_open):
            best[standing.definition.category_id] = Row(standing)
    rows = [(category, best.get(category.pk)) for category in queries.categories(request.actor)]
    context = {"trail": [(_("Home"), "/"), (_("Categories"), "")], "rows": rows}
    return render(request, "benchmark/category/list.html", context)


@login_required
@require_GET
def category(request: AskedRequest, code: str) -> HttpResponse:
    """One category: own figure against what was released, comparison by comparison."""
    found = get_object_or_404(ProductCategory, code=code)
    standings = queries.standings(request.actor, found)
    rows = [Row(standing) for standing in standings]
    shown = next((row for row in rows if row.standing.is_open), rows[0] if rows else None)
    years = queries.trend(standings, shown.standing) if shown else []
    apart = queries.taken_apart(years)
    own = queries.own_products(request.actor, found)
    joined = queries.joined(request.actor, own)
    targets = [
        (
            path,
            drawn_path(path, number),
            bool(can(request.actor, Permission.JOIN_BENCHMARK, company_id=path.product.company_id)),
        )
        for number, path in enumerate(paths(request.actor, list(own), years))
    ]
    plausible = footprint_bands(request.actor, timezone.localdate()).get(found.pk)
    band = plausible.band if plausible and plausible.unit == found.unit else None
    context = {
        "trail": [(_("Home"), "/"), (_("Categories"), "/categories/"), (named(found), "")],
        "category": found,
        "rows": rows,
        "shown": shown,
        "chart": _strip(shown.standing, band) if shown else None,
        "band": band,
        "band_source": named(plausible.words) if plausible and band else "",
        "gap": shown_gap(request.actor, apart) if apart else None,
        "years": years if len(years) > 1 else [],
        "trend": shown_trend(years),
        "targets": targets,
        "own_products": [
            (
                product,
                product.pk in joined,
                bool(can(request.actor, Permission.JOIN_BENCHMARK, company_id=product.company_id)),
            )
            for product in own
        ],
    }
    return render(request, "benchmark/category/category.html", context)


@login_required
@require_POST
def take_part(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """A product joins benchmarks, or leaves those that come."""
    product = or_404(products.product(request.actor, product_uuid))
    if product.company_id not in request.actor.company_ids:
        raise Http404
    leaves = request.POST.get("move") == "leave"
    act = actions.leave if leaves else actions.join
    done = (
        _("Left. It counts in no later cohort; what was released stays.")
        if leaves
        else _("Joined. It counts from the next cohort on, once its inventory is accepted.")
    )
    press(request, lambda: act(product, by=request.actor), done=done)
    if product.category is None:
        return redirect("inventory:product", product.uuid)
    return redirect("benchmark:category", product.category.code)


def _strip(standing: Standing, band: Band | None) -> StripChart | None:
    """Drawn only when there is an own figure and a median to put it against."""
    if standing.own is None or standing.median is None:
        return None
    definition, category = standing.definition, standing.definition.category
    low, high = standing.figure("lower_quartile"), standing.figure("upper_quartile")
    quartiles = low is not None and high is not None
    if not quartiles:
        is_known = band is not None and band.high is not None
        low = float(band.low or 0) if band is not None and is_known else None
        high = float(band.high or 0) if band is not None and is_known else None
    return StripChart(
        id="standing",
        title=_("Own figure against the released median"),
        unit=co2e_unit(category.unit),
        boundary=definition.get_boundary_display(),
        period=str(definition.year),
        own=standing.own,
        own_label=_("Own figure"),
        median=standing.median,
        median_digits=DIGITS,
        low=low,
        high=high,
        is_quartiles=quartiles,
    )
