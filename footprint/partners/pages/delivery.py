"""The outbox, one delivery with its attempts, and who received which footprint."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.asked import AskedRequest, gate
from accounts.forms import press
from accounts.listing import Column, Listing
from accounts.policy import can
from accounts.roles import Permission
from accounts.templatetags.figures import local_time
from footprint.partners import actions, queries
from footprint.partners.answers import sentence_of
from footprint.partners.models import Delivery

OUTBOX = (
    Column("sent", gettext_lazy("Sent"), ("created_at",), "tight"),
    Column("to", pgettext_lazy("event", "To"), ("connection__name",)),
    Column("type", pgettext_lazy("event", "About"), ("type",)),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
    Column("attempts", gettext_lazy("Attempts"), ("attempts",), "number"),
    Column("told", gettext_lazy("Last answer"), ("told",)),
)
RECEIPTS = (
    Column("at", gettext_lazy("First received"), ("at",), "tight"),
    Column("partner", gettext_lazy("Partner"), ("connection__name",)),
    Column("product", gettext_lazy("Product"), ("footprint__product__code",)),
    Column("version", gettext_lazy("Version"), ("footprint__publication__number",), "number"),
    Column("status", gettext_lazy("Status"), ("footprint__status",), "tight"),
    Column("footprint", gettext_lazy("Id among partners"), ("footprint__uuid",)),
)


class OutboxFilter(forms.Form):
    """What became of them."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All")), *Delivery.State.choices],
    )


@login_required
@require_GET
def outbox(request: AskedRequest) -> HttpResponse:
    """Every event of ours for partners, a page at a time."""
    filters = OutboxFilter(request.GET)
    rows = queries.outbox(request.actor).defer("body", "log")
    if filters.is_valid() and filters.cleaned_data["state"]:
        rows = rows.filter(state=filters.cleaned_data["state"])
    context = {
        "trail": [*_trail(), (_("Outbox"), "")],
        "listing": Listing(request.GET, rows, columns=OUTBOX, filters=filters, caption=_("Outbox")),
    }
    return render(request, "partners/delivery/list.html", context)


@login_required
@require_GET
def receipt_list(request: AskedRequest) -> HttpResponse:
    """Which partner was sent which version of one's footprints, and when first."""
    context = {
        "trail": [*_trail(), (_("Who received what"), "")],
        "listing": Listing(
            request.GET, queries.receipts(request.actor), columns=RECEIPTS, caption=_("Who received what")
        ),
    }
    return render(request, "partners/delivery/receipts.html", context)


@login_required
@require_GET
def delivery(request: AskedRequest, delivery_uuid: UUID) -> HttpResponse:
    """One delivery: what was sent, each attempt with its answer, and the button that sends it again."""
    found = get_object_or_404(queries.deliveries(request.actor), uuid=delivery_uuid)
    context = {
        "trail": [*_trail(), (_("Outbox"), reverse("partners:outbox")), (found.get_type_display(), "")],
        "delivery": found,
        "facts": _facts(found),
        "log": [_attempt(each) for each in reversed(found.log)],
        "may_send": can(request.actor, found.permission, company_id=found.company_id),
        "again_url": reverse(
            f"partners:{'webhook_again' if found.webhook_id else 'again'}", args=[found.uuid]
        ),
    }
    return render(request, "partners/delivery/delivery.html", context)


def _facts(found: Delivery) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        (_("To"), found.receiver),
        (_("State"), found.get_state_display()),
        (_("Sent"), local_time(found.created_at)),
        (pgettext("event", "By"), found.created_by or "—"),
        (_("Attempts"), found.attempts),
        (_("Event"), found.event_id),
    ]
    if found.state == Delivery.State.QUEUED:
        facts.append((_("Next attempt"), local_time(found.due_at)))
        facts.append((_("Given up after"), local_time(found.gives_up_at)))
    if found.delivered_at:
        facts.append((pgettext("event", "Delivered"), local_time(found.delivered_at)))
    return facts


def _attempt(logged: dict[str, Any]) -> dict[str, Any]:
    return {**logged, "told": sentence_of(logged["told"]), "at": datetime.fromisoformat(logged["at"])}


@login_required
@require_POST
def again(request: AskedRequest, delivery_uuid: UUID) -> HttpResponse:
    """Send what was given up once more."""
    found = get_object_or_404(queries.outbox(request.actor), uuid=delivery_uuid)
    gate(request.actor, Permission.SHARE_PRODUCT, company_id=found.company_id)
    press(
        request,
        lambda: actions.replay(found, by=request.actor, at=timezone.now()),
        done=_("It is on its way again."),
    )
    return redirect("partners:delivery", found.uuid)


def _trail() -> list[tuple[str, str]]:
    return [
        (_("Partners"), reverse("partners:connection_list")),
        (_("Inbox and outbox"), reverse("partners:event_list")),
    ]
