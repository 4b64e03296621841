"""A curator publishes a file of versions: all of it, or none with every fault by line."""

from __future__ import annotations

import io

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.asked import AskedRequest, gate
from accounts.errors import Refusal, Refusals
from accounts.roles import Permission
from factors.actions.import_table import import_table
from factors.bulk import COLUMNS, NEEDED

MOST_BYTES = 64 * 2**20


class ImportForm(forms.Form):
    """Which file."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("UTF-8, one line for each gas; at most 64 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )


@login_required
def import_page(request: AskedRequest) -> HttpResponse:
    """The form, and after a refused file its faults."""
    gate(request.actor, Permission.PUBLISH_FACTOR)
    form = ImportForm(request.POST or None, request.FILES or None)
    faults: list[Refusal] = []
    if request.method == "POST" and form.is_valid():
        faults = _imported(request, form.cleaned_data["file"])
        if not faults:
            return redirect("factors:factor_list")
    context = {
        "trail": [(_("Home"), "/"), (_("Factors"), reverse("factors:factor_list")), (_("Import"), "")],
        "form": form,
        "faults": faults,
        "columns": [(name, name in NEEDED) for name in COLUMNS],
    }
    return render(request, "factors/import.html", context, status=422 if faults or form.errors else 200)


def _imported(request: AskedRequest, file: UploadedFile) -> list[Refusal]:
    """What is wrong; nothing when all of it is published."""
    if (file.size or 0) > MOST_BYTES:
        return [
            Refusal(_("This file is larger than 64 MB. Split it."), field="file", row=1, code="too_large")
        ]
    try:
        with transaction.atomic():
            lines = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")  # type: ignore[type-var]
            done = import_table(lines, by=request.actor)
    except Refusals as several:
        return several.refusals
    except UnicodeDecodeError:
        return [Refusal(_("This is no text in UTF-8. Save it as CSV in UTF-8."), row=1, code="not_utf8")]
    words = _("%(versions)d versions published, %(known)d were there already.")
    messages.success(request, words % {"versions": done.versions, "known": done.known})
    return []
