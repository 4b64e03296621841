"""The sources figures come from, with their licences; curators add to them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.asked import AskedRequest, gate
from accounts.forms import attempt, status_of
from accounts.policy import can
from accounts.roles import Permission
from factors import queries
from factors.actions.add_source import LONGEST, add_source, set_age
from factors.models import Source
from factors.models.source import OLD_AFTER_YEARS, OLDEST


class SourceForm(forms.Form):
    """A document or database, and what its licence lets leave."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=60)
    title_zh = forms.CharField(label=gettext_lazy("Title in Chinese"), max_length=300, required=False)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=300, required=False)
    publisher = forms.CharField(label=gettext_lazy("Publisher"), max_length=300)
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=1900, max_value=2200)
    licence = forms.CharField(label=gettext_lazy("Licence"), max_length=300)
    licence_url = forms.CharField(
        label=gettext_lazy("Address of the licence"), max_length=300, required=False
    )
    redistribution = forms.ChoiceField(
        label=gettext_lazy("What the licence lets leave"), choices=Source.Redistribution.choices
    )
    url = forms.CharField(label=gettext_lazy("Address of the document"), max_length=300, required=False)
    old_after_years = forms.IntegerField(
        label=gettext_lazy("Old after so many years"), min_value=1, max_value=OLDEST, initial=OLD_AFTER_YEARS
    )


class AgeForm(forms.Form):
    """After how many years a source is old."""

    old_after_years = SourceForm.base_fields["old_after_years"]


@login_required
def sources(request: AskedRequest) -> HttpResponse:
    """All of them, and for curators the form."""
    may_add = bool(can(request.actor, Permission.PUBLISH_FACTOR))
    form = SourceForm(request.POST or None) if may_add else None
    if request.method == "POST":
        gate(request.actor, Permission.PUBLISH_FACTOR)
    if form is not None and request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        stated = {name: given[name] for name in ("code", "redistribution", *LONGEST)}
        made = attempt(form, lambda: add_source(
            by=request.actor, stated=stated, year=given["year"], old_after_years=given["old_after_years"],
        ))  # fmt: skip
        if made is not None:
            messages.success(request, _("The source is in the list. Figures can name it now."))
            return redirect("factors:sources")
    context = {
        "trail": [(_("Home"), "/"), (_("Factors"), reverse("factors:factor_list")), (_("Sources"), "")],
        "rows": queries.sources(request.actor).annotate(count=Count("versions")),
        "form": form,
    }
    status = 200 if form is None else status_of(form)
    return render(request, "factors/source/list.html", context, status=status)


@login_required
@require_POST
def set_source_age(request: AskedRequest, code: str) -> HttpResponse:
    """After how many years it counts as old."""
    gate(request.actor, Permission.PUBLISH_FACTOR)
    source = get_object_or_404(queries.sources(request.actor), code=code)
    form = AgeForm(request.POST)
    if form.is_valid():
        years = form.cleaned_data["old_after_years"]
        attempt(form, lambda: set_age(source, by=request.actor, years=years))
    if form.errors:
        messages.error(request, " ".join(str(each) for field in form.errors.values() for each in field))
    else:
        messages.success(request, _("Saved."))
    return redirect("factors:sources")
