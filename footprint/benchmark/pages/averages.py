"""Which released means are factors, and which a curator could make one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.asked import AskedRequest, gate
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.roles import Permission
from footprint.benchmark import queries
from footprint.benchmark.actions.average import has_average, publish_average
from footprint.benchmark.words import comparison


@login_required
def averages(request: AskedRequest) -> HttpResponse:
    """Released comparisons with a mean; for curators."""
    gate(request.actor, Permission.PUBLISH_FACTOR)
    factors = queries.averages(request.actor)
    latest = queries.latest_releases(request.actor)
    rows = [
        {
            "release": release,
            "name": comparison(release.definition),
            "factor": factors.get(str(release.uuid)),
            "is_latest": latest[release.definition_id] == release.pk,
        }
        for release in queries.releases(request.actor).filter(state="released")
        if has_average(release)
    ]
    context = {
        "trail": [(_("Home"), "/"), (_("Factors"), reverse("factors:factor_list")), (_("Averages"), "")],
        "rows": rows,
    }
    return render(request, "benchmark/averages.html", context)


@login_required
@require_POST
def average(request: AskedRequest, release_uuid: UUID) -> HttpResponse:
    """Publish one."""
    found = queries.release(request.actor, release_uuid)
    if found is None:
        raise Http404
    try:
        made = publish_average(found, by=request.actor)
    except NotAllowed as denied:
        raise PermissionDenied(str(denied)) from denied
    except (Refusal, Refusals) as refused:
        messages.error(request, str(refused))
        return redirect("benchmark:averages")
    messages.success(request, _("Version %(number)s is published.") % {"number": made.number})
    return redirect(f"{reverse('factors:factor', args=[made.factor.uuid])}?version={made.number}")
