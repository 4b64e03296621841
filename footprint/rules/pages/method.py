"""Method profiles side by side, and the thresholds of balances."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.forms import named
from footprint.rules import queries
from footprint.rules.models import ClosureRule
from footprint.rules.parameters import compare

BASES = ClosureRule.Basis.values
HERE = "here"
"""The profile by which footprints are computed: the one others are compared with."""


@login_required
def method_list(request: AskedRequest) -> HttpResponse:
    """Every profile in force, parameter by parameter."""
    today = timezone.localdate()
    versions = queries.versions_in_force(request.actor, today)
    rules = queries.closure_rules_in_force(request.actor, today).values()
    context = {
        "trail": [(_("Home"), "/"), (_("Methods"), "")],
        "versions": versions,
        "rows": compare(versions),
        "rules": sorted(rules, key=lambda rule: BASES.index(rule.basis)),
    }
    return render(request, "rules/method/list.html", context)


@login_required
def method(request: AskedRequest, code: str) -> HttpResponse:
    """One profile beside the product's own default, with the source of each parameter."""
    found = get_object_or_404(queries.method_profiles(request.actor), code=code)
    versions = list(found.versions.order_by("-number"))
    others = queries.versions_in_force(request.actor, timezone.localdate())
    here = [each for each in others if each.profile.code == HERE and each.profile_id != found.pk]
    shown = versions[:1]
    context = {
        "trail": [(_("Home"), "/"), (_("Methods"), reverse("rules:method_list")), (named(found), "")],
        "profile": found,
        "version": shown[0] if shown else None,
        "versions": versions,
        "here": here[0] if here else None,
        "rows": compare([*shown, *here]) if shown else [],
    }
    return render(request, "rules/method/method.html", context)
