"""The curators' desk: what waits and how long, what the database covers, how good it is, what grows old."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest, gate
from accounts.charts import RadarChart, Rating
from accounts.exports import Figure, table_answer
from accounts.figures import name as name_of
from accounts.roles import Permission
from factors import desk as questions
from factors import proposal_words as words
from factors import queries
from factors.coverage import coverage, last_years
from factors.geographies import place_name
from factors.models import Factor
from factors.pages.coverage import tables

SHOWN = 30


@login_required
def desk(request: AskedRequest) -> HttpResponse:
    """For curators alone."""
    gate(request.actor, Permission.PUBLISH_FACTOR)
    now = timezone.now()
    language = get_language() or "zh-hans"
    demands = [_("Checked by a second person"), _("Resolved by gas"), _("Newer than three years"),
               _("May be passed on")]  # fmt: skip
    quality = questions.quality(request.actor, now.year)
    covered = coverage(request.actor, *last_years(now.year))
    context = {
        "trail": [(_("Home"), "/"), (_("Factors"), reverse("factors:factor_list")), (_("Desk"), "")],
        "waiting": [
            (each, words.TONES.get(each.proposal.state, ""))
            for each in questions.waiting(request.actor, now)[:SHOWN]
        ],
        "long_days": questions.LONG_DAYS,
        "kinds": [kind.label for kind in Factor.Kind],
        "coverage": [(place_name(each.code, language), each) for each in questions.places(request.actor)],
        "tables": tables(covered),
        "years": covered.years,
        "query": f"first={covered.years[0]}&last={covered.years[-1]}",
        "demands": demands,
        "quality": [(Factor.Kind(each.kind).label, each) for each in quality],
        "radar": _radar(quality, demands),
        "stale": queries.stale_sources(request.actor, now.year),
    }
    return render(request, "factors/desk/desk.html", context)


def _radar(quality: list[questions.Quality], demands: list[str]) -> RadarChart:
    """What is missing on every axis: a small shape is a good one."""
    return RadarChart(
        id="lacking",
        title=_("Share of versions that lack it"),
        unit="",
        axes=demands,
        ratings=[
            Rating(str(Factor.Kind(each.kind).label), [1 - share for share in each.shares])
            for each in quality
        ],
        best=0,
        worst=1,
    )


@login_required
@require_GET
def stale_export(request: AskedRequest) -> HttpResponseBase:
    """The sources that grow old, as a table; ``?format=xlsx`` as a workbook."""
    gate(request.actor, Permission.PUBLISH_FACTOR)
    language = get_language() or "zh-hans"
    heads = [
        _("Source code"), _("Source"), _("Publisher"), _("Year of the source"), _("Old after so many years"),
        _("First year of its figures"), _("Last year of its figures"), _("Versions"),
    ]  # fmt: skip
    rows = (
        [
            each.source.code, name_of(each.source, language), each.source.publisher,
            *map(Figure, (each.source.year, each.source.old_after_years)),
            *map(Figure, (each.first_year, each.last_year, each.versions)),
        ]
        for each in queries.stale_sources(request.actor, timezone.now().year)
    )  # fmt: skip
    return table_answer(request, "stale-sources", heads, rows)
