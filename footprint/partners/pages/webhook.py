"""Webhooks: where news go, what about, the secrets that sign them, and what became of each."""

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
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import queries as people
from accounts.asked import AskedRequest, gate
from accounts.forms import attempt, named, press, status_of
from accounts.listing import Column, Listing
from accounts.policy import can
from accounts.roles import Permission
from footprint.partners import actions, queries
from footprint.partners.actions.hooks import Made
from footprint.partners.models import Webhook

COLUMNS = (
    Column("name", gettext_lazy("Name"), ("name",)),
    Column("url", gettext_lazy("Address"), ("url",)),
    Column("kinds", gettext_lazy("Is told of")),
    Column("state", gettext_lazy("State"), ("is_active",), "tight"),
)
SENT = (
    Column("sent", gettext_lazy("Sent"), ("created_at",), "tight"),
    Column("type", gettext_lazy("About"), ("type",)),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
    Column("attempts", gettext_lazy("Attempts"), ("attempts",), "number"),
    Column("told", gettext_lazy("Last answer"), ("told",)),
    Column("again", gettext_lazy("What to do"), (), "tight"),
)


class WebhookForm(forms.Form):
    """Where to, and what about."""

    needed = ("name", "url", "kinds")

    name = forms.CharField(label=gettext_lazy("Name"), required=False)
    url = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        help_text=gettext_lazy("An https address of your own system, on a public host."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Is told of"),
        required=False,
        choices=Webhook.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )


class ChangeForm(WebhookForm):
    """The same, and whether it is told at all."""

    is_active = forms.BooleanField(label=gettext_lazy("Active"), required=False)


@login_required
@require_GET
def webhook_list(request: AskedRequest) -> HttpResponse:
    """Every webhook of one's companies."""
    rows = queries.webhooks(request.actor)
    context = {
        "trail": _trail(),
        "listing": Listing(request.GET, rows, columns=COLUMNS, caption=_("Webhooks")),
        "may_add": bool(request.actor.companies_with(Permission.MANAGE_CLIENTS)),
    }
    return render(request, "partners/webhook/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add_webhook(request: AskedRequest) -> HttpResponse:
    """Add one; its secret is shown this once."""
    gate(request.actor, Permission.MANAGE_CLIENTS)
    held = request.actor.companies_with(Permission.MANAGE_CLIENTS)
    own = people.own_companies(request.actor).filter(pk__in=held)
    company = get_object_or_404(own.order_by("pk")[:1])
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        add = actions.add_webhook
        made = attempt(form, lambda: add(company, by=request.actor, at=timezone.now(), **given))
        if made is not None:
            return _secret(request, made)
    return _form(request, form, _("Add a webhook"), reverse("partners:webhook_list"))


@login_required
@require_GET
def webhook(request: AskedRequest, webhook_uuid: UUID) -> HttpResponse:
    """One webhook and what it was sent."""
    found = get_object_or_404(queries.webhooks(request.actor), uuid=webhook_uuid)
    told = dict(Webhook.Kind.choices)
    sent = queries.hook_deliveries(request.actor).filter(webhook=found)
    context = {
        "trail": _trail((found.name, "")),
        "webhook": found,
        "facts": [
            (_("Company"), named(found.company)),
            (_("Address"), found.url),
            (_("Is told of"), "; ".join(str(told[kind]) for kind in found.kinds)),
            (_("State"), _("Active") if found.is_active else _("Switched off")),
        ],
        "secrets": queries.webhook_secrets(request.actor, found),
        "listing": Listing(request.GET, sent.defer("body", "log"), columns=SENT, caption=_("Outbox")),
        "may_share": can(request.actor, Permission.MANAGE_CLIENTS, company_id=found.company_id),
    }
    return render(request, "partners/webhook/webhook.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def change_webhook(request: AskedRequest, webhook_uuid: UUID) -> HttpResponse:
    """Change it, or switch it off and on."""
    found = _kept(request, webhook_uuid)
    known = {name: getattr(found, name) for name in ("name", "url", "kinds", "is_active")}
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        change = actions.change_webhook
        done = attempt(form, lambda: change(found, by=request.actor, version=None, **given) or True)
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("partners:webhook", found.uuid)
    return _form(request, form, found.name, reverse("partners:webhook", args=[found.uuid]))


@login_required
@require_POST
def new_webhook_secret(request: AskedRequest, webhook_uuid: UUID) -> HttpResponse:
    """A further secret, shown this once; both sign until the older one is retired."""
    found = _kept(request, webhook_uuid)
    made = press(
        request,
        lambda: actions.issue_webhook_secret(found, by=request.actor, at=timezone.now()),
        done="",
    )
    return _secret(request, made) if made else redirect("partners:webhook", found.uuid)


@login_required
@require_POST
def retire_webhook_secret(request: AskedRequest, webhook_uuid: UUID) -> HttpResponse:
    """Only the newest secret signs from now on."""
    found = _kept(request, webhook_uuid)
    actions.retire_webhook_secret(found, by=request.actor, at=timezone.now())
    messages.success(request, _("Only the newest secret signs from now on."))
    return redirect("partners:webhook", found.uuid)


@login_required
@require_POST
def ping_webhook(request: AskedRequest, webhook_uuid: UUID) -> HttpResponse:
    """See whether something arrives."""
    found = _kept(request, webhook_uuid)
    press(
        request,
        lambda: actions.ping_webhook(found, by=request.actor, at=timezone.now()),
        done=_("A trial is on its way."),
    )
    return redirect("partners:webhook", found.uuid)


@login_required
@require_POST
def remove_webhook(request: AskedRequest, webhook_uuid: UUID) -> HttpResponse:
    """Take it away."""
    found = _kept(request, webhook_uuid)
    actions.remove_webhook(found, by=request.actor, version=None)
    messages.success(request, _("%(name)s is told no more.") % {"name": found.name})
    return redirect("partners:webhook_list")


@login_required
@require_POST
def send_again(request: AskedRequest, hook_delivery_uuid: UUID) -> HttpResponse:
    """Send what was given up once more."""
    found = get_object_or_404(queries.hook_deliveries(request.actor), uuid=hook_delivery_uuid)
    gate(request.actor, Permission.MANAGE_CLIENTS, company_id=found.company_id)
    press(
        request,
        lambda: actions.replay(found, by=request.actor, at=timezone.now()),
        done=_("It is on its way again."),
    )
    assert found.webhook is not None
    return redirect("partners:webhook", found.webhook.uuid)


def _kept(request: AskedRequest, webhook_uuid: UUID) -> Webhook:
    found = get_object_or_404(queries.webhooks(request.actor), uuid=webhook_uuid)
    gate(request.actor, Permission.MANAGE_CLIENTS, company_id=found.company_id)
    return found


def _secret(request: AskedRequest, made: Made) -> HttpResponse:
    context = {"trail": _trail((made.webhook.name, "")), "made": made}
    return render(request, "partners/webhook/secret.html", context)


def _trail(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    here = [(_("Partners"), reverse("partners:connection_list"))]
    return [*here, (_("Webhooks"), reverse("partners:webhook_list") if more else ""), *more]


def _form(request: AskedRequest, form: forms.Form, title: str, back: str) -> HttpResponse:
    context = {
        "trail": _trail((title, "")),
        "title": title,
        "form": form,
        "submit": _("Save"),
        "cancel_url": back,
    }
    return render(request, "accounts/account/form.html", context, status=status_of(form))
