"""Paste cells of a spreadsheet into a process: what they would change is shown before it is stored."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.asked import AskedRequest
from accounts.figures import year_range
from accounts.forms import attempt, languages, named, status_of
from accounts.policy import Denied, can
from accounts.roles import Permission
from accounts.trails import site_trail
from footprint.exchange.actions import take_in_pasted
from footprint.inventory import queries
from footprint.inventory.places import place_of


class PasteForm(forms.Form):
    """Rows of a spreadsheet, as its clipboard holds them, and the line they were pasted into."""

    needed = ("text",)

    text = forms.CharField(
        label=gettext_lazy("Cells"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One line a row: its name or code, then amount, unit, data type and comment; or any columns of "
            "the workbook under their headings."
        ),
    )
    at = forms.CharField(required=False, widget=forms.HiddenInput)


@login_required
@require_http_methods(["GET", "POST"])
def paste(request: AskedRequest, process_uuid: UUID) -> HttpResponse:
    """The box to paste into; what was pasted goes on to the page of its comparison."""
    process = queries.process(request.actor, process_uuid)
    if process is None:
        raise Http404
    inventory = process.inventory
    may_edit = can(
        request.actor,
        Permission.EDIT_INVENTORY,
        company_id=inventory.company_id,
        site_id=inventory.site_id,
    )
    if not may_edit:
        raise PermissionDenied(str(may_edit.reason) if isinstance(may_edit, Denied) else "")
    form = PasteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        upload = attempt(
            form,
            lambda: take_in_pasted(process, by=request.actor, text=given["text"], at=given["at"]),
        )
        if upload is not None:
            return redirect("exchange:workbook_upload", upload.uuid)
    url = reverse("inventory:inventory", args=[inventory.uuid])
    period = year_range(inventory.period_start, inventory.period_end, languages())
    context = {
        "trail": [*site_trail(inventory.site), (period, url), (_("Paste from Excel"), "")],
        "company": inventory.company,
        "kind": named(process),
        "title": _("Paste from Excel"),
        "form": form,
        "submit": _("Compare"),
        "cancel_url": place_of(process),
    }
    return render(request, "exchange/paste.html", context, status=status_of(form))
