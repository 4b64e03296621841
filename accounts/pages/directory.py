"""The alliance administrator keeps the directory: adds a company, corrects what is said of one."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import queries
from accounts.actions import add_company as add
from accounts.actions import change_company as change
from accounts.actions import rename_group as rename
from accounts.actions.company import KINDS, NAMES
from accounts.actor import Actor
from accounts.asked import AskedRequest, gate
from accounts.forms import attempt, named, status_of
from accounts.identifiers import FIELDS
from accounts.models import Company
from accounts.pages.company import IdentifiersForm
from accounts.roles import Permission
from accounts.trails import company_trail


class NamesForm(forms.Form):
    """Both names of a company or a group."""

    needed: tuple[str, ...] = NAMES

    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), required=False)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), required=False)


class ChangeForm(NamesForm, IdentifiersForm):
    """What the directory says of a company."""

    group = forms.ChoiceField(
        label=gettext_lazy("Group"),
        required=False,
        help_text=gettext_lazy("The ultimate parent: in comparisons a group counts once."),
    )
    field_order = ("code", "kind", *NAMES, "group", *FIELDS)

    def __init__(self, actor: Actor, data: object = None, **options: object) -> None:
        super().__init__(data, **options)  # type: ignore[arg-type]
        known = [(group.code, f"{named(group)} · {group.code}") for group in queries.groups(actor)]
        chosen: forms.ChoiceField = self.fields["group"]  # type: ignore[assignment]
        chosen.choices = [("", _("A group of its own")), *known]


class AddForm(ChangeForm):
    """The same, and what stays as it is once the company is there."""

    needed = ("code", "kind", *NAMES)

    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        help_text=gettext_lazy(
            "Letters, digits and hyphens. It stays: other systems name the company by it."
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(kind.value, kind.label) for kind in KINDS], required=False
    )


@login_required
@require_http_methods(["GET", "POST"])
def add_company(request: AskedRequest) -> HttpResponse:
    """The form for a further company."""
    gate(request.actor, Permission.KEEP_DIRECTORY)
    form = AddForm(request.actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: add(by=request.actor, **form.cleaned_data))
        if made is not None:
            said = _("%(company)s was added. The security administrator invites its first people.")
            messages.success(request, said % {"company": named(made)})
            return redirect("accounts:company", made.uuid)
    context = {
        "trail": [(_("Companies"), reverse("accounts:company_list")), (_("Add a company"), "")],
        "title": _("Add a company"),
        "form": form,
        "submit": _("Add"),
        "cancel_url": reverse("accounts:company_list"),
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))


@login_required
@require_http_methods(["GET", "POST"])
def change_company(request: AskedRequest, company_uuid: UUID) -> HttpResponse:
    """The form for a company's names, group and identifiers."""
    found = get_object_or_404(queries.companies(request.actor), uuid=company_uuid)
    gate(request.actor, Permission.KEEP_DIRECTORY)
    form = ChangeForm(
        request.actor, request.POST if request.method == "POST" else None, initial=_present(found)
    )
    title = named(found)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: change(found, by=request.actor, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("Saved."))
            return redirect("accounts:company", found.uuid)
    context = {
        "trail": [*company_trail(found), (_("Change the entry"), "")],
        "title": title,
        "lede": _("What the directory says of this company. The audit log keeps what it said before."),
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("accounts:company", args=[found.uuid]),
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))


@login_required
@require_http_methods(["GET", "POST"])
def rename_group(request: AskedRequest, company_uuid: UUID) -> HttpResponse:
    """The form for the names of a company's group."""
    found = get_object_or_404(queries.companies(request.actor), uuid=company_uuid)
    gate(request.actor, Permission.KEEP_DIRECTORY)
    known = {name: getattr(found.group, name) for name in NAMES}
    form = NamesForm(request.POST if request.method == "POST" else None, initial=known)
    title = named(found.group)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: rename(found.group, by=request.actor, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("Saved."))
            return redirect("accounts:company", found.uuid)
    context = {
        "trail": [*company_trail(found), (_("Names of the group"), "")],
        "title": title,
        "lede": _("What the group is called at every company of it. Its code stays: %(code)s.")
        % {"code": found.group.code},
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("accounts:company", args=[found.uuid]),
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))


def _present(company: Company) -> dict[str, str]:
    return {"group": company.group.code} | {field: getattr(company, field) for field in (*NAMES, *FIELDS)}
