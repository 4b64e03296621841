"""The lineage of a factor version: from the document to one's own figures, every step a link."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.forms import named
from factors import queries as factor_queries
from factors import units
from factors.models import FactorRelease
from factors.pages.factor import chosen
from factors.pages.showing import shown
from footprint.analysis.impact import change_between
from footprint.analysis.lineage import carried, children, own_lines, parents


@login_required
def lineage(request: AskedRequest, factor_uuid: UUID) -> HttpResponse:
    """``?version=2`` of a factor, else the one in force."""
    actor = request.actor
    factor = factor_queries.factors(actor).filter(uuid=factor_uuid).first()
    if factor is None:
        raise Http404
    version = chosen(list(factor_queries.versions(actor, factor)), request.GET.get("version", ""))
    if version is None:
        raise Http404
    weight = change_between(actor, version, (), factor.unit).before[-1]
    parent_rows, child_rows = shown(actor, parents(actor, version)), shown(actor, children(actor, version))
    context = {
        "trail": [
            (_("Home"), "/"),
            (_("Factors"), reverse("factors:factor_list")),
            (named(factor), reverse("factors:factor", args=[factor.uuid])),
            (_("Lineage"), ""),
        ],
        "factor": factor,
        "title": named(factor),
        "version": version,
        "row": shown(actor, [version])[0],
        "unit": units.display(factor.unit),
        "weight": weight,
        "parents": parent_rows,
        "children": child_rows,
        "releases": FactorRelease.objects.filter(members__version=version).order_by("-released_at"),
        "lines": own_lines(actor, version),
        "carried": carried(actor, version, float(weight)),
    }
    return render(request, "analysis/impact/lineage.html", context)
