"""Exports: ask for everything of one's company, watch a file being written, take it home."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.asked import AskedRequest
from accounts.exports import ARCHIVE_TYPE, stored_answer
from accounts.forms import attempt, company_choices, named, status_of
from accounts.listing import Column, Listing
from footprint.exchange import queries
from footprint.exchange.actions import place_of, queue_export
from footprint.exchange.models import CompanyExport
from footprint.exchange.openlca.notes import NOTES
from footprint.exchange.pages.openlca import package_trail

COLUMNS = (
    Column("created_at", gettext_lazy("Asked for"), ("created_at",), "tight"),
    Column("company", gettext_lazy("Company"), ("company__name_zh",)),
    Column("kind", gettext_lazy("Content"), ("kind",)),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
    Column("created_by", gettext_lazy("By")),
)


class ExportForm(forms.Form):
    """Whose everything."""

    company = forms.ChoiceField(label=gettext_lazy("Company"))

    def __init__(self, request: AskedRequest) -> None:
        super().__init__(request.POST or None)
        self.companies = {str(one.uuid): one for one in queries.exporting_companies(request.actor)}
        chosen = self.fields["company"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = company_choices(self.companies.values())


@login_required
@require_http_methods(["GET", "POST"])
def export_list(request: AskedRequest) -> HttpResponse:
    """One button, and what was exported before."""
    form = ExportForm(request)
    if not form.companies:
        raise PermissionDenied(_("Your role does not include this. Ask your company's data owner."))
    if request.method == "POST" and form.is_valid():
        company = form.companies[form.cleaned_data["company"]]
        made = attempt(form, lambda: queue_export(by=request.actor, company=company))
        if made is not None:
            return redirect("exchange:export", made.uuid)
    context = {
        "trail": [(_("Home"), "/"), (_("Exports"), "")],
        "form": form,
        "listing": Listing(
            request.GET, queries.exports(request.actor), columns=COLUMNS, caption=_("Exports so far")
        ),
    }
    return render(request, "exchange/export/list.html", context, status=status_of(form))


@login_required
@require_GET
def export(request: AskedRequest, export_uuid: UUID) -> HttpResponse:
    """One export: how far it is, or the file."""
    found = get_object_or_404(queries.exports(request.actor), uuid=export_uuid)
    inventory = found.inventory
    whole = [(_("Home"), "/"), (_("Exports"), reverse("exchange:export_list")), (named(found.company), "")]
    context = {
        "trail": whole if inventory is None else [*package_trail(inventory), (str(found), "")],
        **_shown(found),
    }
    return render(request, "exchange/export/export.html", context)


@login_required
@require_GET
def export_state(request: AskedRequest, export_uuid: UUID) -> HttpResponse:
    """The part of the page that moves."""
    found = get_object_or_404(queries.exports(request.actor), uuid=export_uuid)
    return render(request, "exchange/export/_live.html", _shown(found))


@login_required
@require_GET
def export_file(request: AskedRequest, export_uuid: UUID) -> FileResponse:
    """The file; that it left is recorded."""
    done = queries.exports(request.actor).filter(state=CompanyExport.State.DONE)
    found = get_object_or_404(done, uuid=export_uuid)
    return stored_answer(place_of(found), str(found), ARCHIVE_TYPE)


def _shown(found: CompanyExport) -> dict[str, Any]:
    return {
        "export": found,
        "notes": [(process, line, NOTES[code]) for process, line, code in found.notes],
        "is_cut": len(found.notes) == found.MOST_NOTES,
    }
