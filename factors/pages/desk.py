"""The curators' desk: what waits and how long, what the database covers, how good it is, what grows old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.actor import Actor
from accounts.asked import AskedRequest, gate
from accounts.charts import RadarChart, Rating
from accounts.exports import Figure, table_answer
from accounts.figures import name as name_of
from accounts.roles import Permission
from factors import proposal_words as words
from factors import queries
from factors.geographies import GEOGRAPHIES, REGIONS, place_name
from factors.models import Factor, FactorProposal
from factors.models.source import Transcription
from factors.origins import CO2E
from factors.procedure import OPEN

LONG_DAYS = 14
OLD_YEARS = 3
SHOWN = 30


@dataclass(frozen=True)
class Waiting:
    """An open proposal and how many days it has been in its state."""

    proposal: FactorProposal
    days: int
    tone: str


@dataclass(frozen=True)
class Coverage:
    """A place with how many published versions it has of each kind."""

    place: str
    code: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Quality:
    """A kind, its published versions, and the share of them that meet each demand."""

    kind: str
    versions: int
    shares: tuple[float, ...]


@login_required
def desk(request: AskedRequest) -> HttpResponse:
    """For curators alone."""
    gate(request.actor, Permission.PUBLISH_FACTOR)
    now = timezone.now()
    kinds = [(kind.value, kind.label) for kind in Factor.Kind]
    demands = [_("Checked by a second person"), _("Resolved by gas"), _("Newer than three years"),
               _("May be passed on")]  # fmt: skip
    quality = _quality(request.actor, now.year)
    context = {
        "trail": [(_("Home"), "/"), (_("Factors"), reverse("factors:factor_list")), (_("Desk"), "")],
        "waiting": _waiting(request.actor, now),
        "long_days": LONG_DAYS,
        "kinds": [label for _kind, label in kinds],
        "coverage": _coverage(request.actor, [kind for kind, _label in kinds]),
        "demands": demands,
        "quality": quality,
        "radar": _radar(quality, demands),
        "stale": queries.stale_sources(request.actor, now.year),
    }
    return render(request, "factors/desk/desk.html", context)


def _waiting(actor: Actor, now: datetime) -> list[Waiting]:
    """The longest first."""
    rows = queries.proposals(actor).filter(state__in=OPEN).order_by("moved_at")[:SHOWN]
    return [
        Waiting(row, (now - row.moved_at) // timedelta(days=1), words.TONES.get(row.state, ""))
        for row in rows
    ]


def _coverage(actor: Actor, kinds: list[str]) -> list[Coverage]:
    """Every part of China and of the world, those without anything too: a gap is what the table is for.

    Of countries, and of parts of others, those that have something.
    """
    rows = (
        queries.factors_for(actor)
        .filter(company=None)
        .order_by()
        .values_list("geography", "factor__kind")
        .annotate(n=Count("pk"))
    )
    counted = {(place, kind): n for place, kind, n in rows}
    held = {place for place, _kind in counted}
    language = get_language() or "zh-hans"
    return [
        Coverage(
            place_name(code, language), code, tuple((kind, counted.get((code, kind), 0)) for kind in kinds)
        )
        for code in dict.fromkeys(("CN", *(each for each in GEOGRAPHIES if each in REGIONS), *sorted(held)))
    ]


def _quality(actor: Actor, year: int) -> list[Quality]:
    every = queries.factors_for(actor).filter(company=None).order_by()
    totals = dict(every.values_list("factor__kind").annotate(n=Count("pk")))
    demands = (
        every.exclude(transcription=Transcription.SINGLE),
        every.exclude(emissions__gas=CO2E),
        every.filter(reference_year__gte=year - OLD_YEARS),
        every.filter(source__redistribution="yes"),
    )
    met = [dict(rows.values_list("factor__kind").annotate(n=Count("pk"))) for rows in demands]
    return [
        Quality(
            str(kind.label),
            totals[kind.value],
            tuple(each.get(kind.value, 0) / totals[kind.value] for each in met),
        )
        for kind in Factor.Kind
        if kind.value in totals
    ]


def _radar(quality: list[Quality], demands: list[str]) -> RadarChart:
    """What is missing on every axis: a small shape is a good one."""
    return RadarChart(
        id="lacking",
        title=_("Share of versions that lack it"),
        unit="",
        axes=demands,
        ratings=[Rating(each.kind, [1 - share for share in each.shares]) for each in quality],
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
