"""Footprints in PACT's simplified layout: one's own to take along, a partner's to hand in."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.asked import AskedRequest, gate
from accounts.exports import EXCEL_TYPE, book_answer
from accounts.forms import attempt, status_of
from accounts.roles import Permission
from footprint.exchange import queries
from footprint.exchange.actions import take_in_sheet
from footprint.exchange.pact_sheet.writing import write
from footprint.partners import queries as partners


class SheetForm(forms.Form):
    """A sheet of footprints."""

    sheet = forms.FileField(
        label=gettext_lazy("Sheet of footprints"),
        help_text=gettext_lazy("An .xlsx in PACT's simplified layout, at most 10 MB and 50 footprints."),
        widget=forms.ClearableFileInput(attrs={"accept": f".xlsx,{EXCEL_TYPE}"}),
    )


@login_required
@require_GET
def offered_sheet(request: AskedRequest) -> HttpResponseBase:
    """One's own published footprints, as partners get them; with none, the empty layout."""
    return book_answer(write(queries.offered_documents(request.actor)), "pact-footprints.xlsx")


@login_required
@require_http_methods(["GET", "POST"])
def partner_sheet(request: AskedRequest, connection_uuid: UUID) -> HttpResponse:
    """Hand in the footprints of a partner whose systems do not speak PACT."""
    connection = get_object_or_404(partners.connections(request.actor), uuid=connection_uuid)
    gate(request.actor, Permission.SHARE_PRODUCT, company_id=connection.company_id)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["sheet"].read()
        done = attempt(
            form, lambda: take_in_sheet(connection, by=request.actor, at=timezone.now(), content=content)
        )
        if done is not None:
            words = ngettext("%(count)s footprint was taken in.", "%(count)s footprints were taken in.", done)
            messages.success(request, words % {"count": done})
            return redirect("partners:footprint_list")
    back = reverse("partners:connection", args=[connection.uuid])
    context = {
        "trail": [
            (_("Partners"), reverse("partners:connection_list")),
            (connection.name, back),
            (_("Sheet of footprints"), ""),
        ],
        "connection": connection,
        "form": form,
    }
    return render(request, "exchange/pact_sheet/sheet.html", context, status=status_of(form))
