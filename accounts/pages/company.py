"""The directory of companies, and one company."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import queries
from accounts.actions import open_sandbox
from accounts.actions.identifying import identify_company
from accounts.asked import AskedRequest, gate
from accounts.forms import attempt, languages, named, press, status_of
from accounts.identifiers import FIELDS
from accounts.listing import Column, Listing
from accounts.models import Company, Site
from accounts.policy import can, may_manage_people
from accounts.provinces import province_name
from accounts.roles import Permission

COLUMNS = (
    Column("name", gettext_lazy("Company"), ("name_zh",), "words"),
    Column("group", gettext_lazy("Group"), ("group__name_zh",)),
    Column("kind", gettext_lazy("Kind"), ("kind",), "tight"),
    Column("code", gettext_lazy("Code"), ("code",), "tight"),
)


class FilterForm(forms.Form):
    """What narrows the directory."""

    search = forms.CharField(
        label=gettext_lazy("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("All")), *Company.Kind.choices]
    )


class IdentifiersForm(forms.Form):
    """LEI, unified social credit code, D-U-N-S number, BPNL; each may be left empty."""

    needed: tuple[str, ...] = ()

    lei = forms.CharField(
        label=gettext_lazy("LEI"),
        required=False,
        help_text=gettext_lazy("Legal Entity Identifier (ISO 17442): 20 signs, the last two check the rest."),
    )
    uscc = forms.CharField(
        label=gettext_lazy("Unified social credit code"),
        required=False,
        help_text=gettext_lazy("GB 32100-2015: 18 signs, the last one checks the rest."),
    )
    duns = forms.CharField(
        label=gettext_lazy("D-U-N-S number"), required=False, help_text=gettext_lazy("Nine digits.")
    )
    bpnl = forms.CharField(
        label=gettext_lazy("Business partner number (BPNL)"),
        required=False,
        help_text=gettext_lazy("Catena-X: BPNL and twelve letters or digits."),
    )


@login_required
def company_list(request: AskedRequest) -> HttpResponse:
    """Everybody in the alliance, own companies marked."""
    filters = FilterForm(request.GET)
    filters.is_valid()
    rows = queries.companies(request.actor)
    if search := filters.cleaned_data.get("search"):
        rows = rows.filter(
            Q(name_zh__icontains=search)
            | Q(name_en__icontains=search)
            | Q(code__icontains=search)
            | Q(lei__iexact=search)
            | Q(uscc__iexact=search)
            | Q(duns=search)
            | Q(bpnl__iexact=search)
            | Q(group__name_zh__icontains=search)
            | Q(group__name_en__icontains=search)
        )
    if kind := filters.cleaned_data.get("kind"):
        rows = rows.filter(kind=kind)
    context = {
        "trail": [(_("Home"), "/"), (_("Companies"), "")],
        "listing": Listing(
            request.GET, rows, columns=COLUMNS, filters=filters, caption=_("Companies of the alliance")
        ),
        "own": set(request.actor.company_ids),
        "may_add": bool(can(request.actor, Permission.KEEP_DIRECTORY)),
    }
    return render(request, "accounts/company/list.html", context)


@login_required
def company(request: AskedRequest, company_uuid: UUID) -> HttpResponse:
    """One company: its group, who else belongs to it, and its sites when it is one's own."""
    found = get_object_or_404(queries.companies(request.actor), uuid=company_uuid)
    is_own = found.pk in request.actor.company_ids
    context = {
        "trail": [(_("Home"), "/"), (_("Companies"), "../"), (named(found), "")],
        "company": found,
        "is_own": is_own,
        "siblings": queries.companies(request.actor).filter(group=found.group).exclude(pk=found.pk),
        "sites": _sites(request, found) if is_own else [],
        "may_add_site": bool(can(request.actor, Permission.EDIT_SITE, company_id=found.pk)),
        "may_manage_people": bool(may_manage_people(request.actor, found)),
        "may_manage_clients": bool(can(request.actor, Permission.MANAGE_CLIENTS, company_id=found.pk)),
        "may_identify": bool(can(request.actor, Permission.MANAGE_MEMBERS, company_id=found.pk)),
        "may_change": bool(can(request.actor, Permission.KEEP_DIRECTORY)),
        "may_open_sandbox": _may_open_sandbox(request, found),
        "facts": [
            (_("Group"), named(found.group)),
            (_("Kind"), found.get_kind_display()),
            (_("Code"), found.code),
            (_("LEI"), found.lei or "—"),
            (_("Unified social credit code"), found.uscc or "—"),
            (_("D-U-N-S number"), found.duns or "—"),
            (_("Business partner number (BPNL)"), found.bpnl or "—"),
        ],
    }
    return render(request, "accounts/company/company.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def identifiers(request: AskedRequest, company_uuid: UUID) -> HttpResponse:
    """The numbers by which others know a company."""
    found = get_object_or_404(queries.companies(request.actor), uuid=company_uuid)
    gate(request.actor, Permission.MANAGE_MEMBERS, company_id=found.pk)
    known = {name: getattr(found, name) for name in FIELDS}
    form = IdentifiersForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: identify_company(found, by=request.actor, **given)) is not None:
            messages.success(request, _("Saved. Footprints published from now on name these numbers."))
            return redirect("accounts:company", found.uuid)
    context = {
        "trail": [(_("Companies"), "../../"), (named(found), "../"), (_("Identifiers"), "")],
        "title": _("Identifiers"),
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("accounts:company", args=[found.uuid]),
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))


@login_required
@require_POST
def sandbox(request: AskedRequest, company_uuid: UUID) -> HttpResponse:
    """Open the sandbox of a company."""
    found = get_object_or_404(queries.companies(request.actor), uuid=company_uuid)
    gate(request.actor, Permission.MANAGE_MEMBERS, company_id=found.pk)
    made = press(
        request,
        lambda: open_sandbox(found, by=request.actor),
        done=_("The sandbox is open. Nothing of it reaches others."),
    )
    return redirect("accounts:company", (made or found).uuid)


def _may_open_sandbox(request: AskedRequest, found: Company) -> bool:
    is_real = found.kind != Company.Kind.SANDBOX
    return is_real and bool(can(request.actor, Permission.MANAGE_MEMBERS, company_id=found.pk))


def _sites(request: AskedRequest, of: Company) -> list[tuple[Site, str]]:
    """The company's sites, each with its province in words."""
    found = queries.sites(request.actor).filter(company=of)
    return [(site, province_name(site.province, languages())) for site in found]
