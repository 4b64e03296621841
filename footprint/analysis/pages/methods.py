"""The method matrix: one product under every method profile, and why the figures differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from accounts.asked import AskedRequest
from accounts.charts import Line, SlopeChart
from accounts.exports import number, table_answer
from accounts.forms import named
from footprint.analysis import queries
from footprint.analysis.by_profile import AS_PUBLISHED
from footprint.analysis.models import ProfileFigure
from footprint.analysis.pages.assessed import Assessed, assessed, described, export_url, page
from footprint.analysis.pages.differences import differences
from footprint.analysis.pages.method_bridges import bridges
from footprint.analysis.pages.refusals import Refused, refused
from footprint.engine.position import Position

HERE = "here"
"""The profile of the platform itself: what the others are compared with."""
POSITIONS = {
    Position.FOSSIL: gettext_lazy("Fossil"),
    Position.TECHNOLOGICAL_REMOVAL: gettext_lazy("Technological removal"),
    Position.BIOGENIC_OTHER: gettext_lazy("Biogenic methane and nitrous oxide"),
    Position.BIOGENIC_UPTAKE: gettext_lazy("Biogenic uptake"),
    Position.LAND_USE_CHANGE: gettext_lazy("Land-use change"),
    Position.LAND_MANAGEMENT: gettext_lazy("Land management"),
    Position.LAND_REMOVAL: gettext_lazy("Removal by land management"),
    Position.AIRCRAFT: gettext_lazy("Aircraft"),
    Position.BIOGENIC_RELEASE: gettext_lazy("Biogenic carbon dioxide given off"),
}
AS_PUBLISHED_WORDS = gettext_lazy("Of which CO2e totals as published, by another GWP set or none stated")
EXCEEDED = ("flow", "total")
EXPORTED = (
    "profile", "version", "kg_co2e_per_unit", "difference", "including_uptake", "excluding_uptake",
    "exempted_share", "cut_off", "why", *(position.name.lower() for position in Position), AS_PUBLISHED,
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One profile with its figure, or with why there is none."""

    figure: ProfileFigure
    name: str
    number: int
    href: str
    difference: str
    reasons: list[str]
    refusal: Refused | None

    @property
    def exceeds(self) -> bool:
        """Whether more is left out than the profile lets pass."""
        return self.figure.cut_off in EXCEEDED


@dataclass(frozen=True)
class PartRow:
    """One position under every profile that gives a figure."""

    label: str
    values: list[float | None]


@login_required
def methods(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The page."""
    found = assessed(request, product_uuid)
    context = page(request, found, _("Method matrix"))
    if found.assessment is not None and found.footprint is not None:
        rows = matrix(request, found)
        context |= {
            "slope": _slope(found, rows) if _is_comparison(rows) else None,
            "rows": rows,
            "bridges": bridges(found, [row.figure for row in rows], request.GET.get("bridge", "")),
            "parts": parts([row.figure for row in rows]),
            "export_url": export_url(found, "analysis:methods_export"),
        }
    return render(request, "analysis/methods/methods.html", context)


@login_required
def export(request: AskedRequest, product_uuid: UUID) -> HttpResponseBase:
    """The matrix as CSV."""
    found = assessed(request, product_uuid)
    if found.footprint is None:
        raise Http404
    return table_answer(request, "methods", EXPORTED, _rows(matrix(request, found)))


def matrix(request: AskedRequest, found: Assessed) -> list[Row]:
    """Every profile, the platform's own first."""
    if found.footprint is None:
        return []
    every = queries.profile_figures(request.actor, found.footprint)
    here = next((each for each in every if each.profile_version.profile.code == HERE), None)
    refusals = refused(request.actor, [each for each in every if each.failure is not None])
    return [
        _row(each, here, refusals.get(each.pk)) for each in sorted(every, key=lambda each: each is not here)
    ]


def parts(every: Sequence[ProfileFigure]) -> list[PartRow]:
    """The positions that some profile counts."""
    given = [each.parts for each in every if each.failure is None]
    words = {position.name.lower(): text for position, text in POSITIONS.items()}
    return [
        PartRow(str(text), [part.get(name) for part in given])
        for name, text in (words | {AS_PUBLISHED: AS_PUBLISHED_WORDS}).items()
        if any(part.get(name) for part in given)
    ]


def _row(each: ProfileFigure, here: ProfileFigure | None, refusal: Refused | None) -> Row:
    version = each.profile_version
    is_compared = here is not None and each is not here and each.failure is None
    return Row(
        figure=each,
        name=named(version.profile),
        number=version.number,
        href=reverse("rules:method", args=[version.profile.code]),
        difference=_difference(each, here) if is_compared and here else "",
        reasons=differences(each, here) if is_compared and here else [],
        refusal=refusal,
    )


def _difference(each: ProfileFigure, here: ProfileFigure) -> str:
    if each.kg_co2e is None or not here.kg_co2e:
        return ""
    return figures.signed_percent((each.kg_co2e - here.kg_co2e) / abs(here.kg_co2e))


def _is_comparison(rows: Sequence[Row]) -> bool:
    """One value alone is no slope; none at all is an empty chart that says so."""
    return sum(row.figure.kg_co2e is not None for row in rows) != 1


def _slope(found: Assessed, rows: Sequence[Row]) -> SlopeChart:
    assert found.footprint is not None
    applied = [row for row in rows if row.figure.kg_co2e is not None]
    words = described(found.footprint, found.shown.unit) | {
        "boundary": _("Boundary and GWP set of each profile")
    }
    return SlopeChart(
        id="slope",
        title=_("%(product)s under each method profile") % {"product": named(found.shown.product)},
        profiles=[row.name for row in applied],
        lines=[Line(named(found.shown.product), [row.figure.kg_co2e for row in applied])] if applied else [],
        nothing=_("No method profile gives a figure for this product; the table says why."),
        **words,
    )


def _rows(rows: Sequence[Row]) -> Iterator[list[str]]:
    for row in rows:
        figure = row.figure
        why = row.refusal.words if row.refusal else "; ".join(row.reasons)
        counted: dict[str, Any] = figure.parts
        yield [
            figure.profile_version.profile.code, str(row.number), number(figure.kg_co2e), row.difference,
            number(figure.including_uptake), number(figure.excluding_uptake),
            number(figure.exempted_share), figure.cut_off, why,
            *(number(counted.get(position.name.lower())) for position in Position),
            number(counted.get(AS_PUBLISHED)),
        ]  # fmt: skip
