"""Versions that own lines use and that something newer replaced, or that were withdrawn: what to decide."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import queries as people
from accounts.asked import AskedRequest
from accounts.forms import attempt, company_choices, status_of
from accounts.roles import Permission
from footprint.analysis.actions.adopt_by_policy import set_policy
from footprint.analysis.queries import adoption_policies, outdated_versions


class PolicyForm(forms.Form):
    """Whose policy, and how much may move."""

    company = forms.ChoiceField(label=gettext_lazy("Company"))
    most_percent = forms.DecimalField(
        label=gettext_lazy("Largest change, in per cent"),
        min_value=0,
        max_value=100,
        initial=5,
        help_text=gettext_lazy(
            "Newer versions of the same factor that move it no further are adopted without asking. Another "
            "scope or boundary, and what was withdrawn or postponed, still waits for you."
        ),
    )
    is_active = forms.BooleanField(label=gettext_lazy("Adopt without asking"), required=False)

    def __init__(self, request: AskedRequest) -> None:
        super().__init__(request.POST or None)
        adopting = request.actor.companies_with(Permission.ADOPT_FACTOR)
        self.companies = {
            str(one.uuid): one for one in people.companies(request.actor).filter(pk__in=adopting)
        }
        self.fields["company"].choices = company_choices(self.companies.values())  # type: ignore[attr-defined]
        in_force = adoption_policies(request.actor).filter(company_id__in=adopting).first()
        if in_force is not None:
            self.initial = {
                "company": str(in_force.company.uuid),
                "most_percent": f"{in_force.most_percent.normalize():f}",
                "is_active": in_force.is_active,
            }


@login_required
def adoptions(request: AskedRequest) -> HttpResponse:
    """Own ones alone."""
    form = PolicyForm(request)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form,
            lambda: set_policy(
                form.companies[given["company"]],
                by=request.actor,
                most_percent=given["most_percent"],
                is_active=given["is_active"],
            ),
        )
        if made is not None:
            messages.success(request, _("From now on this is how newer versions are adopted."))
            return redirect("analysis:adoptions")
    context = {
        "trail": [(_("Home"), "/"), (_("Factors"), reverse("factors:factor_list")), (_("To adopt"), "")],
        "rows": outdated_versions(request.actor),
        "policies": adoption_policies(request.actor),
        "form": form if form.companies else None,
    }
    return render(request, "analysis/impact/adoptions.html", context, status=status_of(form))
