"""Connections: who is let in, with which secrets, and what each may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import queries as people
from accounts.asked import AskedRequest, gate
from accounts.forms import ask_for_whom, attempt, for_whom, named, status_of
from accounts.listing import Listing
from accounts.models import Company
from accounts.policy import can
from accounts.roles import Permission
from accounts.templatetags.figures import local_time
from accounts.trails import Trail
from footprint.inventory.models import Product
from footprint.partners import actions, queries
from footprint.partners.answers import sentence_of
from footprint.partners.models import Connection
from footprint.partners.pages.forms import (
    COLUMNS,
    AskForm,
    ChangeForm,
    ConnectionForm,
    GrantForm,
    NetworksForm,
    SecretForm,
)

LATEST = 50


@login_required
@require_GET
def connection_list(request: AskedRequest) -> HttpResponse:
    """Every partner of one's companies."""
    may_add = bool(request.actor.companies_with(Permission.SHARE_PRODUCT))
    context = {
        "trail": [(_("Home"), "/"), (_("Partners"), "")],
        "listing": Listing(
            request.GET, queries.connections(request.actor), columns=COLUMNS, caption=_("Partners")
        ),
        "may_add": may_add,
        "asked": queries.requests_waiting(request.actor).count(),
        "waiting": queries.inbox(request.actor).filter(state="new", type="requested").count(),
    }
    return render(request, "partners/connection/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add_connection(request: AskedRequest) -> HttpResponse:
    """Ask for a connection; somebody who keeps the machines approves it."""
    gate(request.actor, Permission.SHARE_PRODUCT)
    companies = _companies(request)
    others = people.companies(request.actor)
    partners = others if len(companies) > 1 else others.exclude(pk=companies[0].pk)
    form = ConnectionForm(request.POST if request.method == "POST" else None, partners)
    ask_for_whom(form, companies)
    if request.method == "POST" and form.is_valid():
        company, given = for_whom(form, companies), dict(form.cleaned_data)
        partner = Company.objects.filter(uuid=given.pop("partner")).first() if given["partner"] else None
        given.pop("partner", None)
        made = attempt(
            form, lambda: actions.request_connection(company, by=request.actor, partner=partner, **given)
        )
        if made is not None:
            messages.success(request, _("Saved. Let the partner in to give it its first secret."))
            return redirect("partners:connection", made.uuid)
    return _form(request, form, _("Add a partner"), reverse("partners:connection_list"))


@login_required
@require_GET
def connection(request: AskedRequest, connection_uuid: UUID) -> HttpResponse:
    """One connection."""
    return _page(request, _connection(request, connection_uuid))


@login_required
@require_http_methods(["GET", "POST"])
def change_connection(request: AskedRequest, connection_uuid: UUID) -> HttpResponse:
    """Where and as whom the partner is called."""
    found = _shared(request, connection_uuid)
    known = {name: getattr(found, name) for name in ChangeForm.KNOWN}
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(form, lambda: actions.change_connection(found, by=request.actor, **given) or True)
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("partners:connection", found.uuid)
    return _form(request, form, found.name, reverse("partners:connection", args=[found.uuid]))


@login_required
@require_POST
def new_secret(request: AskedRequest, connection_uuid: UUID) -> HttpResponse:
    """Let the partner in, or give it a second secret to move over to; shown this once."""
    found = _connection(request, connection_uuid)
    gate(request.actor, Permission.MANAGE_CLIENTS, company_id=found.company_id)
    form = SecretForm(request.POST)
    act = (
        actions.approve_connection
        if found.state == Connection.State.REQUESTED
        else actions.issue_partner_secret
    )
    if form.is_valid():
        days = form.cleaned_data["days"]
        made = attempt(form, lambda: act(found, by=request.actor, at=timezone.now(), days=days))
        if made is not None:
            context = {
                "trail": _trail((found.name, "")),
                "made": made,
                "token_url": f"{settings.PARTNER_URL}/auth/token",
                "base_url": settings.PARTNER_URL,
            }
            return render(request, "partners/connection/secret.html", context)
    return _page(request, found, form)


@login_required
@require_POST
def end_secret(request: AskedRequest, connection_uuid: UUID, partner_secret_uuid: UUID) -> HttpResponse:
    """A secret is worth nothing any more."""
    found = _connection(request, connection_uuid)
    gate(request.actor, Permission.MANAGE_CLIENTS, company_id=found.company_id)
    secret = get_object_or_404(queries.secrets(request.actor, found), uuid=partner_secret_uuid)
    actions.revoke_partner_secret(secret, by=request.actor, at=timezone.now())
    messages.success(request, _("The secret is revoked; tokens of this partner have ended."))
    return redirect("partners:connection", found.uuid)


@login_required
@require_http_methods(["GET", "POST"])
def narrow_networks(request: AskedRequest, connection_uuid: UUID) -> HttpResponse:
    """Where the partner's system may call from."""
    found = _connection(request, connection_uuid)
    gate(request.actor, Permission.MANAGE_CLIENTS, company_id=found.company_id)
    known = {"networks": "\n".join(found.networks)}
    form = NetworksForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(form, lambda: actions.narrow_networks(found, by=request.actor, **given) or True)
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("partners:connection", found.uuid)
    return _form(request, form, found.name, reverse("partners:connection", args=[found.uuid]))


@login_required
@require_POST
def revoke_connection(request: AskedRequest, connection_uuid: UUID) -> HttpResponse:
    """Shut the partner out for good."""
    found = _shared(request, connection_uuid)
    form = forms.Form(request.POST)
    form.is_valid()
    act = actions.revoke_connection
    done = attempt(form, lambda: act(found, by=request.actor, at=timezone.now()) or True)
    if done is None:
        return _page(request, found, form)
    messages.success(request, _("%(partner)s is shut out.") % {"partner": found.name})
    return redirect("partners:connection", found.uuid)


@login_required
@require_http_methods(["GET", "POST"])
def grant(request: AskedRequest, connection_uuid: UUID) -> HttpResponse:
    """Open footprints to the partner."""
    found = _shared(request, connection_uuid)
    products = Product.objects.visible_to(request.actor).filter(company_id=found.company_id)
    form = GrantForm(request.POST if request.method == "POST" else None, products.order_by("code")[:2000])
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        product = products.filter(uuid=given.pop("product")).first() if given["product"] else None
        given.pop("product", None)
        done = attempt(
            form,
            lambda: actions.grant_footprints(
                found, by=request.actor, at=timezone.now(), product=product, **given
            ),
        )
        if done is not None:
            messages.success(request, _("Opened. The partner sees it from now on."))
            return redirect("partners:connection", found.uuid)
    return _form(request, form, _("Open footprints"), reverse("partners:connection", args=[found.uuid]))


@login_required
@require_POST
def end_grant(request: AskedRequest, connection_uuid: UUID, grant_uuid: UUID) -> HttpResponse:
    """Close what was opened."""
    found = _shared(request, connection_uuid)
    one = get_object_or_404(queries.grants(request.actor, found), uuid=grant_uuid)
    actions.end_grant(one, by=request.actor, at=timezone.now())
    messages.success(request, _("Closed. The partner no longer sees it."))
    return redirect("partners:connection", found.uuid)


@login_required
@require_POST
def fetch(request: AskedRequest, connection_uuid: UUID) -> HttpResponse:
    """Have the partner's footprints fetched."""
    found = _shared(request, connection_uuid)
    form = forms.Form(request.POST)
    form.is_valid()
    done = attempt(form, lambda: actions.ask_to_pull(found, by=request.actor, at=timezone.now()) or True)
    if done is None:
        return _page(request, found, form)
    messages.success(request, _("The footprints are being fetched; they appear among those of partners."))
    return redirect("partners:connection", found.uuid)


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: AskedRequest, connection_uuid: UUID) -> HttpResponse:
    """Ask the partner for footprints."""
    found = _shared(request, connection_uuid)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            form,
            lambda: actions.request_footprints(
                found,
                by=request.actor,
                at=timezone.now(),
                product_ids=given["product_ids"].split(),
                comment=given["comment"],
            ),
        )
        if done is not None:
            messages.success(request, _("Asked. The answer arrives by itself."))
            return redirect("partners:connection", found.uuid)
    title = _("Ask for footprints")
    back = reverse("partners:connection", args=[found.uuid])
    return _form(request, form, title, back, submit=_("Send the request"))


def _page(request: AskedRequest, found: Connection, form: forms.Form | None = None) -> HttpResponse:
    actor = request.actor
    context = {
        "trail": _trail((found.name, "")),
        "connection": found,
        "form": form,
        "secret_form": SecretForm(),
        "secrets": queries.secrets(actor, found),
        "grants": queries.grants(actor, found),
        "ended": queries.ended_grants(actor, found)[:LATEST],
        "deliveries": queries.outbox(actor).filter(connection=found)[:10],
        "may_share": can(actor, Permission.SHARE_PRODUCT, company_id=found.company_id),
        "may_let_in": can(actor, Permission.MANAGE_CLIENTS, company_id=found.company_id),
        "facts": _facts(found),
        "may_audit": found.company_id in actor.audited_ids,
    }
    status = status_of(form) if form is not None else 200
    return render(request, "partners/connection/connection.html", context, status=status)


def _facts(found: Connection) -> list[tuple[str, Any]]:
    return [
        (_("Company"), named(found.company)),
        (_("State"), found.get_state_display()),
        (_("Client id"), found.application.client_id if found.application else "—"),
        (_("Called at"), found.base_url or "—"),
        (_("May call from"), "、".join(found.networks) if found.networks else _("anywhere")),
        (_("PACT version"), str(found.speaks)),
        (_("Requests"), found.get_answers_display()),
        (_("Last fetched"), _fetched(found)),
        *([(_("Fetched so far"), str(found.pull_found))] if found.pull_found else []),
        *([(_("Next attempt"), local_time(found.pull_due_at))] if found.pull_due_at else []),
    ]


def _fetched(found: Connection) -> str:
    """When, and how many came or why none did."""
    if found.pulled_at is None:
        return "—"
    told, count = sentence_of(found.pull_told), found.pull_told
    if count.isdigit():
        told = ngettext("%(count)s footprint", "%(count)s footprints", int(count)) % {"count": count}
    return f"{local_time(found.pulled_at)} · {told}"


def _companies(request: AskedRequest) -> list[Company]:
    """The companies a partner could be added for."""
    held = request.actor.companies_with(Permission.SHARE_PRODUCT)
    found = list(people.own_companies(request.actor).filter(pk__in=held).order_by("pk"))
    if not found:
        raise Http404
    return found


def _connection(request: AskedRequest, connection_uuid: UUID) -> Connection:
    return get_object_or_404(queries.connections(request.actor), uuid=connection_uuid)


def _shared(request: AskedRequest, connection_uuid: UUID) -> Connection:
    found = _connection(request, connection_uuid)
    gate(request.actor, Permission.SHARE_PRODUCT, company_id=found.company_id)
    return found


def _trail(*more: tuple[Any, str]) -> Trail:
    return [(_("Partners"), reverse("partners:connection_list")), *more]


def _form(
    request: AskedRequest, form: forms.Form, title: str, back: str, *, submit: str = ""
) -> HttpResponse:
    context = {
        "trail": _trail((title, "")),
        "title": title,
        "form": form,
        "submit": submit or _("Save"),
        "cancel_url": back,
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))
