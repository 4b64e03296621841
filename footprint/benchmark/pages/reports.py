"""The reports as files: the alliance's of a year, and one's own."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest
from footprint.benchmark import queries, reports
from footprint.publication.typesetting import LANGUAGES


@login_required
@require_GET
def alliance_report(request: AskedRequest, language: str) -> HttpResponse:
    """Of the year that is asked for, else of the latest that something was released of."""
    asked = request.GET.get("year", "")
    if language not in LANGUAGES or (asked and not asked.isdecimal()):
        raise Http404
    years = queries.released_years(request.actor)
    year = int(asked) if asked else max(years, default=timezone.localdate().year - 1)
    if asked and year not in years:
        raise Http404
    return _file(
        reports.alliance_report(request.actor, year=year, language=language, on=timezone.localdate())
    )


@login_required
@require_GET
def own_report(request: AskedRequest, language: str) -> HttpResponse:
    """Where one's own companies stand."""
    if language not in LANGUAGES:
        raise Http404
    return _file(reports.member_report(request.actor, language=language, on=timezone.localdate()))


def _file(made: reports.File) -> HttpResponse:
    reply = HttpResponse(made.content, content_type="application/pdf")
    reply["Content-Disposition"] = f'inline; filename="{made.name}"'
    reply["Cache-Control"] = "private, no-store"
    return reply
