"""A company's machine clients: what may sign in, from where, and with which secrets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import queries
from accounts.actions import (
    Credentials,
    add_service_client,
    change_service_client,
    issue_secret,
    revoke_secret,
    stop_service_client,
)
from accounts.actions.client import LIFETIMES
from accounts.asked import AskedRequest, gate
from accounts.forms import attempt, status_of
from accounts.models import Company, ServiceClient
from accounts.roles import Permission
from accounts.trails import Trail, company_trail

DAYS = [(days, gettext_lazy("%(days)d days") % {"days": days}) for days in LIFETIMES]


class ClientForm(forms.Form):
    """What the system is called and where it calls from."""

    needed = ("name",)

    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        help_text=gettext_lazy("The system that signs in, for example SAP production."),
    )
    networks = forms.CharField(
        label=gettext_lazy("Networks it may call from"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("CIDR notation, one a line: 203.0.113.0/24. Empty: from anywhere."),
    )


class SecretForm(forms.Form):
    """How long a secret lives."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("The secret lives"), choices=DAYS, coerce=int, initial=LIFETIMES[-1]
    )


class NewClientForm(ClientForm, SecretForm):
    """A client and its first secret."""

    field_order = ("name", "networks", "days")


@login_required
def client_list(request: AskedRequest, company_uuid: UUID) -> HttpResponse:
    """Every client, with what its secrets last."""
    company = _company(request, company_uuid)
    clients = queries.service_clients(request.actor, company).prefetch_related("secrets")
    context = {
        "trail": [*company_trail(company), (_("Machine clients"), "")],
        "company_shown": company,
        "clients": [(each, _live(each)) for each in clients],
    }
    return render(request, "accounts/client/list.html", context)


@login_required
def add_client(request: AskedRequest, company_uuid: UUID) -> HttpResponse:
    """Let a further system in."""
    company = _company(request, company_uuid)
    form = NewClientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: add_service_client(company, by=request.actor, **form.cleaned_data))
        if made is not None:
            return _shown_once(request, made)
    title = _("Add a machine client")
    return _form(request, form, [*_trail(company), (title, "")], title=title, back=_trail(company)[-1][1])


@login_required
def client(request: AskedRequest, client_uuid: UUID) -> HttpResponse:
    """One client: its secrets, and what can be done with it."""
    found = _client(request, client_uuid)
    context = {
        "trail": [*_trail(found.company), (found.name, "")],
        "client": found,
        "secrets": found.secrets.select_related("created_by").order_by("-created_at"),
        "live": _live(found),
        "now": timezone.now(),
        "facts": [
            (_("Client id"), found.application.client_id),
            (_("May call from"), "、".join(found.networks) if found.networks else _("anywhere")),
            (_("State"), _("Active") if found.is_active else _("Stopped")),
        ],
    }
    return render(request, "accounts/client/client.html", context)


@login_required
def change_client(request: AskedRequest, client_uuid: UUID) -> HttpResponse:
    """Name and networks."""
    found = _client(request, client_uuid)
    known = {"name": found.name, "networks": "\n".join(found.networks)}
    form = ClientForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        saved = attempt(form, lambda: change_service_client(found, by=request.actor, **given))
        if saved is not None:
            messages.success(request, _("Saved."))
            return redirect("accounts:client", found.uuid)
    back = reverse("accounts:client", args=[found.uuid])
    trail = [*_trail(found.company), (found.name, back), (_("Change"), "")]
    return _form(request, form, trail, title=found.name, back=back)


@login_required
def new_secret(request: AskedRequest, client_uuid: UUID) -> HttpResponse:
    """A second secret, to move over to."""
    found = _client(request, client_uuid)
    form = SecretForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: issue_secret(found, by=request.actor, **form.cleaned_data))
        if made is not None:
            return _shown_once(request, made)
    back = reverse("accounts:client", args=[found.uuid])
    title = _("New secret")
    trail = [*_trail(found.company), (found.name, back), (title, "")]
    return _form(request, form, trail, title=title, back=back, submit=_("Issue the secret"))


@login_required
@require_POST
def end_secret(request: AskedRequest, client_uuid: UUID, secret_uuid: UUID) -> HttpResponse:
    """A secret is worth nothing any more."""
    found = _client(request, client_uuid)
    revoke_secret(get_object_or_404(found.secrets, uuid=secret_uuid), by=request.actor)
    messages.success(request, _("The secret is revoked; tokens of this client have ended."))
    return redirect("accounts:client", found.uuid)


@login_required
@require_POST
def stop_client(request: AskedRequest, client_uuid: UUID) -> HttpResponse:
    """Shut it out for good."""
    found = _client(request, client_uuid)
    stop_service_client(found, by=request.actor)
    messages.success(request, _("%(client)s is shut out.") % {"client": found.name})
    return redirect("accounts:client", found.uuid)


def _company(request: AskedRequest, company_uuid: UUID) -> Company:
    company = get_object_or_404(queries.companies(request.actor), uuid=company_uuid)
    gate(request.actor, Permission.MANAGE_CLIENTS, company_id=company.pk)
    return company


def _client(request: AskedRequest, client_uuid: UUID) -> ServiceClient:
    return get_object_or_404(queries.all_service_clients(request.actor), uuid=client_uuid)


def _live(of: ServiceClient) -> list[Any]:
    now = timezone.now()
    kept = [one for one in of.secrets.all() if one.revoked_at is None]
    return [one for one in kept if one.expires_at is None or one.expires_at > now]


def _trail(company: Company) -> Trail:
    return [*company_trail(company), (_("Machine clients"), reverse("accounts:clients", args=[company.uuid]))]


def _shown_once(request: AskedRequest, made: Credentials) -> HttpResponse:
    """No address shows it again, and no cache keeps it, as no page of ours."""
    trail = [*_trail(made.client.company), (made.client.name, "")]
    return render(request, "accounts/client/secret.html", {"trail": trail, "made": made})


def _form(
    request: AskedRequest, form: forms.Form, trail: Trail, *, title: str, back: str, submit: str = ""
) -> HttpResponse:
    context = {
        "trail": trail,
        "title": title,
        "form": form,
        "submit": submit or _("Save"),
        "cancel_url": back,
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))
