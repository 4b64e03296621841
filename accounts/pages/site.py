"""A site: where it is, and by reference what its inventories hold."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import queries
from accounts.actions import add_site as add
from accounts.actions import change_site as change
from accounts.asked import AskedRequest, gate
from accounts.forms import attempt, languages, named, province_choices, status_of
from accounts.policy import can
from accounts.provinces import province_name
from accounts.roles import Permission
from accounts.trails import company_trail


class SiteForm(forms.Form):
    """What is known of a site."""

    needed = ("code", "name_zh")

    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        help_text=gettext_lazy("As in your own systems; letters, digits and hyphens."),
    )
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), required=False)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), required=False)
    province = forms.ChoiceField(label=gettext_lazy("Province"), required=False, choices=province_choices)


@login_required
def site(request: AskedRequest, site_uuid: UUID) -> HttpResponse:
    """One's own site."""
    found = get_object_or_404(queries.sites(request.actor), uuid=site_uuid)
    context = {
        "trail": [*company_trail(found.company), (named(found), "")],
        "site": found,
        "province": province_name(found.province, languages()),
        "may_edit": bool(
            can(request.actor, Permission.EDIT_SITE, company_id=found.company_id, site_id=found.pk)
        ),
    }
    return render(request, "accounts/site/site.html", context)


@login_required
def add_site(request: AskedRequest, company_uuid: UUID) -> HttpResponse:
    """The form for a further site."""
    company = get_object_or_404(queries.own_companies(request.actor), uuid=company_uuid)
    gate(request.actor, Permission.EDIT_SITE, company_id=company.pk)
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: add(company, by=request.actor, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("%(site)s was added.") % {"site": named(made)})
            return redirect("accounts:site", made.uuid)
    context = {
        "trail": [*company_trail(company), (_("Add a site"), "")],
        "title": _("Add a site"),
        "form": form,
    }
    return _form(request, context)


@login_required
def change_site(request: AskedRequest, site_uuid: UUID) -> HttpResponse:
    """The form for a site's names."""
    found = get_object_or_404(queries.sites(request.actor), uuid=site_uuid)
    gate(request.actor, Permission.EDIT_SITE, company_id=found.company_id, site_id=found.pk)
    known = {field: getattr(found, field) for field in SiteForm.base_fields}
    form = SiteForm(request.POST if request.method == "POST" else None, initial=known)
    title = named(found)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: change(found, by=request.actor, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("Saved."))
            return redirect("accounts:site", found.uuid)
    context: dict[str, Any] = {
        "trail": [*company_trail(found.company), (title, "")],
        "title": title,
        "form": form,
        "cancel_url": reverse("accounts:site", args=[found.uuid]),
    }
    return _form(request, context)


def _form(request: AskedRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "accounts/site/form.html", context, status=status_of(context["form"]))
