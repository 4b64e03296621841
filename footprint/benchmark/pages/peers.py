"""What was released of the group, beside an own submission: every figure passed the gates of disclosure."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest
from footprint.benchmark import queries
from footprint.benchmark.pages.category import Row
from footprint.calculation.pages.asking import or_404
from footprint.calculation.pages.submission import room_trail
from footprint.inventory import submissions


@login_required
@require_GET
def peers(request: AskedRequest, submission_uuid: UUID) -> HttpResponse:
    """The comparisons of what a submission makes, of its year, as its own company is shown them.

    A company's standing is its own: who reviews its submission is not shown it, and for them there is no
    such page.
    """
    found = or_404(submissions.submission(request.actor, submission_uuid))
    if found.company_id not in request.actor.company_ids:
        raise Http404
    copy = submissions.latest_copy(request.actor, found)
    made = {row.get("category", "") for row in copy.figures} if copy else set()
    rows = [
        Row(each)
        for each in queries.standings(request.actor)
        if each.definition.category.code in made and each.definition.year == found.period_end.year
    ]
    context = {"trail": room_trail(found, _("Released comparisons")), "submission": found, "rows": rows}
    fragment = "HX-Request" in request.headers
    return render(request, f"benchmark/peers/{'_peers' if fragment else 'peers'}.html", context)
