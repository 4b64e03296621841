"""The allocation lab: every co-product of a process by every method, and what PACT's tree orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import figures
from accounts.asked import AskedRequest
from accounts.charts import ChartChoice, Choice, RangeChart, Spread
from accounts.exports import number, table_answer
from accounts.forms import named
from accounts.policy import can
from accounts.roles import Permission
from footprint.analysis import queries
from footprint.analysis.models import Assessment
from footprint.analysis.pages import differences, pact
from footprint.analysis.pages.assessed import Assessed, assessed, described, export_url, page
from footprint.calculation.models import Footprint
from footprint.calculation.queries import footprints
from footprint.engine.band import IN_FORCE
from footprint.inventory.models import UnitProcess

OWN, EVERYBODY = "own", "everybody"
EXPORTED = ("view", "product", "method", "in_force", "kg_co2e_per_unit", "unit")


@dataclass(frozen=True)
class CoProduct:
    """A product of the process with the band of its figure."""

    footprint: Footprint
    assessment: Assessment

    def values(self, view: str) -> dict[str, float]:
        """The figure by each method that gives one; what only repeats the method in force is left out."""
        band = self.assessment.band
        return {
            row["method"]: row[view]
            for row in band["methods"]
            if row[view] is not None
            and (row["method"] == IN_FORCE or row["applies"])
            and not (view == OWN and row["method"] == band["in_force"])
        }


@login_required
def allocation(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The page."""
    found = assessed(request, product_uuid)
    context = page(request, found, _("Allocation"))
    if found.assessment is not None and found.footprint is not None:
        together = _together(request, found.footprint)
        view = EVERYBODY if request.GET.get("view") == EVERYBODY else OWN
        context |= {
            "is_single": len(together) < 2,
            "band": _choice(found, together, view),
            "sentence": band_sentence(found.assessment, view, found.shown.unit),
            "export_url": export_url(found, "analysis:allocation_export"),
            "process_url": _process_url(request, found.footprint.process),
            **pact.asked(request.actor, found.footprint),
        }
    return render(request, "analysis/allocation/allocation.html", context)


@login_required
def export(request: AskedRequest, product_uuid: UUID) -> HttpResponseBase:
    """Both views as CSV."""
    found = assessed(request, product_uuid)
    if found.assessment is None or found.footprint is None:
        raise Http404
    return table_answer(request, "allocation", EXPORTED, _rows(_together(request, found.footprint)))


def method_name(method: str, in_force: str) -> str:
    """A method in words; the one in force by the method it is."""
    if method == IN_FORCE:
        return _("In force: %(method)s") % {"method": method_name(in_force, in_force)}
    return differences.method_name(method)


def band_sentence(assessment: Assessment, view: str, unit: str) -> str:
    """Lowest and highest figure, and by which method."""
    ends = assessment.band[view]
    if ends["low"] is None:
        return ""
    in_force = assessment.band["in_force"]
    if ends["low"] == ends["high"]:
        return _("Every method that applies gives %(low)s %(unit)s.") % {
            "low": figures.significant(ends["low"]),
            "unit": unit,
        }
    return _("Lowest %(low)s (%(lowest)s), highest %(high)s (%(highest)s), in force %(now)s %(unit)s.") % {
        "low": figures.significant(ends["low"]),
        "lowest": method_name(ends["lowest"], in_force),
        "high": figures.significant(ends["high"]),
        "highest": method_name(ends["highest"], in_force),
        "now": figures.significant(assessment.kg_co2e),
        "unit": unit,
    }


def _together(request: AskedRequest, footprint: Footprint) -> list[CoProduct]:
    rows = footprints(request.actor).filter(process_id=footprint.process_id).select_related("product")
    ordered = list(rows.order_by("product__code"))
    found = queries.assessments(request.actor, [row.pk for row in ordered])
    return [CoProduct(row, found[row.pk]) for row in ordered if row.pk in found]


def _choice(found: Assessed, together: Sequence[CoProduct], view: str) -> ChartChoice:
    labels = {OWN: _("This process only"), EVERYBODY: _("Everybody by this method")}
    choices = [
        Choice(key, words, f"?{found.shown.query}&view={key}#answers", _chart(found, together, key))
        for key, words in labels.items()
    ]
    return ChartChoice(_("Who changes the method"), choices, view)


def _chart(found: Assessed, together: Sequence[CoProduct], view: str) -> RangeChart:
    assert found.footprint is not None
    titles = {
        OWN: _("Co-products by method, when this process alone changes"),
        EVERYBODY: _("Co-products by method, when the whole network changes"),
    }
    units = {row.footprint.unit for row in together}
    unit = found.shown.unit if len(units) == 1 else _("kg CO2e per declared unit of each")
    return RangeChart(
        id=f"band-{view}",
        title=titles[view],
        methods=_methods(together, view),
        spreads=[_spread(row, view, len(units) > 1) for row in together],
        **described(found.footprint, unit),
    )


def _methods(together: Sequence[CoProduct], view: str) -> Mapping[str, str]:
    """Every method that gives one of the co-products a figure, the one in force first."""
    named_: dict[str, str] = {}
    for row in together:
        in_force = row.assessment.band["in_force"]
        named_ |= {method: method_name(method, in_force) for method in row.values(view)}
    return named_


def _spread(row: CoProduct, view: str, says_unit: bool) -> Spread:
    product = row.footprint.product
    label = f"{named(product)} ({figures.unit_text(row.footprint.unit)})" if says_unit else named(product)
    values = row.values(view)
    return Spread(
        label, values, IN_FORCE if IN_FORCE in values else "",
        reverse("analysis:allocation", args=[product.uuid]),
    )  # fmt: skip


def _process_url(request: AskedRequest, process: UnitProcess) -> str:
    """The form where method and prices are changed, for those who may."""
    site = process.inventory.site
    may = can(request.actor, Permission.EDIT_INVENTORY, company_id=site.company_id, site_id=site.pk)
    return reverse("inventory:process", args=[process.uuid]) if may else ""


def _rows(together: Sequence[CoProduct]) -> Iterator[list[str]]:
    for view in (OWN, EVERYBODY):
        for row in together:
            band = row.assessment.band
            for method, value in row.values(view).items():
                now = method == IN_FORCE
                name = band["in_force"] if now else method
                unit = row.footprint.unit
                yield [view, row.footprint.product.code, name, "yes" if now else "", number(value), unit]
