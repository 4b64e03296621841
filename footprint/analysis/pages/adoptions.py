"""Versions that own lines use and that something newer replaced, or that were withdrawn: what to decide."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from footprint.analysis.queries import outdated_versions


@login_required
def adoptions(request: AskedRequest) -> HttpResponse:
    """Own ones alone."""
    context = {
        "trail": [(_("Home"), "/"), (_("Factors"), reverse("factors:factor_list")), (_("To adopt"), "")],
        "rows": outdated_versions(request.actor),
    }
    return render(request, "analysis/impact/adoptions.html", context)
