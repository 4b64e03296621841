"""The validator: what is wrong with a footprint, how bad, where, and what to write instead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.asked import AskedRequest
from accounts.forms import attempt, status_of
from footprint.partners.judging import Judged
from footprint.partners.pages.judged import Shown
from footprint.partners.validating import LARGEST, all_judged, read


class CheckForm(forms.Form):
    """A document, pasted or as a file."""

    needed = ()

    document = forms.CharField(
        label=gettext_lazy("Document"), required=False, widget=forms.Textarea(attrs={"rows": 12})
    )
    file = forms.FileField(label=gettext_lazy("Document as a file"), required=False)
    version = forms.TypedChoiceField(
        label=gettext_lazy("PACT version"),
        choices=[("", gettext_lazy("What the document says")), (3, "3"), (2, "2")],
        coerce=int,
        empty_value=None,
        required=False,
    )


@login_required
@require_http_methods(["GET", "POST"])
def check(request: AskedRequest) -> HttpResponse:
    """Nothing is stored."""
    form = CheckForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    found: list[Judged] | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        found = attempt(
            form,
            lambda: all_judged(read(_text(given)), at=timezone.now(), version=given["version"]),
        )
    context = {
        "trail": [(_("Partners"), reverse("partners:connection_list")), (_("Check a footprint"), "")],
        "form": form,
        "results": [Shown(each) for each in found or ()],
    }
    return render(request, "partners/check.html", context, status=status_of(form))


def _text(given: dict[str, Any]) -> str:
    if given["file"]:
        return str(given["file"].read(LARGEST + 1).decode("utf-8", "replace"))
    return str(given["document"])
