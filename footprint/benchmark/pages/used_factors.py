"""Which shared factors are used most, for curators: rounded counts of what many do, nobody's lines."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest, gate
from accounts.exports import Figure, table_answer
from accounts.figures import name as name_of
from accounts.roles import Permission
from footprint.benchmark import queries
from footprint.engine.disclosure.statistics import MINIMUM_GROUPS


@login_required
@require_GET
def used_factors(request: AskedRequest) -> HttpResponse:
    """Versions with how many lines of how many groups take them."""
    gate(request.actor, Permission.PUBLISH_FACTOR)
    context = {
        "trail": [
            (_("Factors"), reverse("factors:factor_list")),
            (_("Desk"), reverse("factors:desk")),
            (_("Most used factors"), ""),
        ],
        "rows": queries.used_factors(request.actor),
        "counted": queries.overview(request.actor),
        "least": MINIMUM_GROUPS,
    }
    return render(request, "benchmark/used_factors.html", context)


@login_required
@require_GET
def export(request: AskedRequest) -> HttpResponseBase:
    """The same as a table; ``?format=xlsx`` as a workbook."""
    gate(request.actor, Permission.PUBLISH_FACTOR)
    language = get_language() or "zh-hans"
    heads = [
        _("Factor code"), _("Factor"), _("Version"), _("Place"), _("Reference year"), _("Source code"),
        _("Lines, about"), _("Company groups"),
    ]  # fmt: skip
    rows = (
        [
            each.version.factor.code, name_of(each.version.factor, language),
            Figure(each.version.number), each.version.geography, Figure(each.version.reference_year),
            each.version.source.code, Figure(each.lines), each.groups,
        ]
        for each in queries.used_factors(request.actor)
    )  # fmt: skip
    return table_answer(request, "used-factors", heads, rows)
