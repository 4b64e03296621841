"""Versions side by side, drawn on one axis only where they say the same kind of thing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts import figures
from accounts.asked import AskedRequest
from accounts.charts import Part, Stack, StackChart
from accounts.errors import Text
from factors import queries, units
from factors.comparability import Caution, Obstacle, Verdict, judge
from factors.content import Emission
from factors.models import FactorVersion
from factors.pages.showing import Shown, shown
from factors.peers import LATEST, figure_of, per_unit, side_of

MOST = 8
OBSTACLES: dict[Obstacle, Text] = {
    Obstacle.SCOPE: gettext_lazy(
        "Some count CO2 only, others all greenhouse gases. Added or compared they would say nothing."
    ),
    Obstacle.BOUNDARY: gettext_lazy(
        "They end at different boundaries: direct emissions are part of a life cycle, no other measure of it."
    ),
    Obstacle.UNIT: gettext_lazy("They are per units that measure different things and cannot be converted."),
    Obstacle.GWP_SETS: gettext_lazy(
        "They are totals that were added up with different GWP sets, and cannot be added up anew."
    ),
    Obstacle.GWP_NOT_STATED: gettext_lazy(
        "One is a total whose source does not say with which GWP set it was added up."
    ),
}
CAUTIONS: dict[Caution, Text] = {
    Caution.YEAR: gettext_lazy("Their years lie three or more apart."),
    Caution.PLACE: gettext_lazy("They hold for different places."),
    Caution.KIND: gettext_lazy("They are for different kinds of things."),
    Caution.UNCHECKED: gettext_lazy(
        "At least one was copied once and not compared with its source by a second person."
    ),
}
GROUPS = {"electricity": "energy", "heat": "energy", "fuel": "fossil", "freight": "transport",
          "material": "purchased", "process": "process"}  # fmt: skip


@login_required
def compare(request: AskedRequest) -> HttpResponse:
    """``?version=UUID&version=UUID``: those that exist, in the order asked for."""
    versions = _asked(request)
    rows = shown(request.actor, versions)
    emissions = queries.emissions_of(request.actor, [version.pk for version in versions])
    verdict = judge([side_of(version, emissions[version.pk]) for version in versions])
    context = {
        "trail": [(_("Home"), "/"), (_("Factors"), reverse("factors:factor_list")), (_("Compare"), "")],
        "rows": rows,
        "most": MOST,
        "is_enough": len(rows) > 1,
        "obstacles": [OBSTACLES[each] for each in verdict.obstacles],
        "cautions": [CAUTIONS[each] for each in verdict.cautions],
        "chart": _chart(request, rows, emissions, verdict) if len(rows) > 1 else None,
    }
    return render(request, "factors/factor/compare.html", context)


def _asked(request: AskedRequest) -> list[FactorVersion]:
    wanted: list[UUID] = []
    for given in request.GET.getlist("version")[:MOST]:
        try:
            wanted.append(UUID(given))
        except ValueError:
            continue
    found = {version.uuid: version for version in queries.all_versions(request.actor).filter(uuid__in=wanted)}
    return [found[one] for one in dict.fromkeys(wanted) if one in found]


def _chart(
    request: AskedRequest, rows: Sequence[Shown], emissions: dict[int, list[Emission]], verdict: Verdict
) -> StackChart | None:
    """Bars in the unit of the first, or nothing."""
    if not verdict.is_comparable:
        return None
    unit = rows[0].version.factor.unit
    values = queries.characterization(request.actor, verdict.gwp_set or LATEST)
    stacks = []
    for row in rows:
        figure = figure_of(row.version, emissions[row.version.pk], values, verdict.gwp_set)
        if figure is None:
            return None
        stacks.append(_bar(row, per_unit(figure, row.version.factor.unit, unit)))
    gas = "CO2" if rows[0].version.scope == FactorVersion.Scope.CO2 else "CO2e"
    return StackChart(
        id="compared",
        title=_("Side by side"),
        unit=f"kg {gas} / {units.display(unit)}",
        boundary=rows[0].boundary,
        is_kept=any(row.is_kept for row in rows),
        stacks=stacks,
        notes=[] if gas == "CO2" else [_("GWP set: %(set)s, 100 years.") % {"set": verdict.gwp_set or "—"}],
    )


def _bar(row: Shown, figure: Decimal) -> Stack:
    group = GROUPS.get(row.version.factor.kind, "rest")
    label = f"{row.version.reference_year} · {row.place} · {figures.name(row, get_language() or 'zh-hans')}"
    href = f"{reverse('factors:factor', args=[row.version.factor.uuid])}?version={row.version.number}"
    return Stack(label, float(figure), [Part(label, float(figure), group)], href)
