"""Many proposals from one file."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import queries as people
from accounts.asked import AskedRequest, gate
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.forms import company_choices
from accounts.models import Company
from accounts.policy import can
from accounts.roles import Permission
from factors.actions.propose_table import Proposed, propose_table
from factors.bulk import COLUMNS, NEEDED

MOST_BYTES = 4 * 2**20


class TableForm(forms.Form):
    """Which file, for whom, and why."""

    company = forms.ChoiceField(label=gettext_lazy("On behalf of"))
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("UTF-8, one line for each gas; at most 200 versions."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why this figure, and an answer to whatever the screening finds unusual."),
    )
    leaves_out = forms.BooleanField(
        label=gettext_lazy("Leave out what is refused and propose the rest"), required=False
    )

    def __init__(self, request: AskedRequest) -> None:
        super().__init__(request.POST or None, request.FILES or None)
        actor = request.actor
        own = people.companies(actor).filter(pk__in=actor.companies_with(Permission.PROPOSE_FACTOR))
        self.companies = {str(one.uuid): one for one in own.exclude(kind=Company.Kind.ASSOCIATION)}
        office = [("", _("Alliance office"))] if can(actor, Permission.PUBLISH_FACTOR) else []
        chosen: Any = self.fields["company"]
        chosen.choices = [*office, *company_choices(self.companies.values())]
        chosen.required = not office


@login_required
def propose_file(request: AskedRequest) -> HttpResponse:
    """The form, and after a refusal every fault by line."""
    gate(request.actor, Permission.PROPOSE_FACTOR)
    form, faults, done = TableForm(request), list[Refusal](), None
    if request.method == "POST" and form.is_valid():
        done, faults = _proposed(request, form)
        if done is not None:
            if done.proposals:
                words = _("%(count)d versions are proposed now.") % {"count": len(done.proposals)}
                messages.success(request, words)
            if not done.left_out:
                return redirect("factors:proposal_list")
            faults = list(done.left_out)
    context = {
        "trail": [
            (_("Home"), "/"),
            (_("Factors"), reverse("factors:factor_list")),
            (_("Proposals"), reverse("factors:proposal_list")),
            (_("From a file"), ""),
        ],
        "form": form,
        "faults": faults,
        "columns": [(name, name in NEEDED) for name in COLUMNS],
    }
    refused = request.method == "POST" and done is None
    return render(request, "factors/proposal/file.html", context, status=422 if refused else 200)


def _proposed(request: AskedRequest, form: TableForm) -> tuple[Proposed | None, list[Refusal]]:
    """What came of it, or what is wrong."""
    given = form.cleaned_data
    if given["file"].size > MOST_BYTES:
        return None, [Refusal(_("This file is larger than 4 MB. Split it."), row=1, code="too_large")]
    try:
        lines = io.TextIOWrapper(given["file"], encoding="utf-8-sig", newline="")
        with transaction.atomic():
            return propose_table(
                lines,
                by=request.actor,
                company=form.companies.get(given["company"]),
                reason=given["reason"],
                leaves_out=given["leaves_out"],
            ), []
    except NotAllowed as denied:
        raise PermissionDenied(str(denied)) from denied
    except Refusals as several:
        return None, several.refusals
    except Refusal as one:
        return None, [one]
    except UnicodeDecodeError:
        message = _("This is no text in UTF-8. Save it as CSV in UTF-8.")
        return None, [Refusal(message, row=1, code="not_utf8")]
