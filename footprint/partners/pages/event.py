"""What partners asked and what was sent to them: inbox, outbox, and the answer to one request."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.asked import AskedRequest, gate
from accounts.errors import Refusal
from accounts.forms import attempt, status_of
from accounts.listing import Column, Listing
from accounts.policy import can
from accounts.roles import Permission
from accounts.templatetags.figures import local_time
from footprint.partners import actions, candidates, queries
from footprint.partners.models import OfferedFootprint, PartnerEvent
from footprint.partners.pages.forms import AnswerForm
from footprint.partners.words import CRITERIA, missing

INBOX = (
    Column("received", gettext_lazy("Received"), ("received_at",), "tight"),
    Column("partner", gettext_lazy("Partner"), ("connection__name",)),
    Column("type", pgettext_lazy("event", "About"), ("type",)),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
    Column("due", gettext_lazy("Answer due"), ("due_at",), "tight"),
)
LATEST = 10
"""Deliveries below the inbox; the outbox has all of them."""
LONGEST_SEARCH = 200
KEPT = {"level", "reason"}
"""What was filled in stays while one searches."""


@login_required
@require_GET
def event_list(request: AskedRequest) -> HttpResponse:
    """The inbox, and the latest deliveries below it."""
    context = {
        "trail": [*_trail(), (_("Inbox and outbox"), "")],
        "listing": Listing(request.GET, queries.inbox(request.actor), columns=INBOX, caption=_("Inbox")),
        "deliveries": queries.outbox(request.actor)[:LATEST],
        "may_share": bool(request.actor.companies_with(Permission.SHARE_PRODUCT)),
    }
    return render(request, "partners/event/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def event(request: AskedRequest, event_uuid: UUID) -> HttpResponse:
    """One event; a request is answered here."""
    found = get_object_or_404(queries.inbox(request.actor), uuid=event_uuid)
    search, chosen = _searched(request), request.POST.getlist("footprints")
    ranked = []
    if found.is_request:
        ranked = candidates.ranked(request.actor, found, search=search, chosen=chosen)
    choices = [(str(each.footprint.uuid), str(each.footprint.uuid)) for each in ranked]
    is_search = "search" in request.POST
    answer = request.POST if request.method == "POST" and not is_search else None
    form = AnswerForm(answer, choices, initial={name: request.POST[name] for name in KEPT & {*request.POST}})
    if request.method == "POST":
        gate(request.actor, Permission.SHARE_PRODUCT, company_id=found.company_id)
        if form.is_valid() and attempt(form, lambda: _answer(request, found, form)) is not None:
            messages.success(request, _("Answered. The answer is on its way."))
            return redirect("partners:event", found.uuid)
    context = {
        "trail": [*_trail(), (_("Inbox and outbox"), reverse("partners:event_list")), (found.event_id, "")],
        "event": found,
        "form": form,
        "candidates": [
            (each, [CRITERIA[name] for name in each.meets], [CRITERIA[name] for name in each.misses])
            for each in ranked
        ],
        "q": search,
        "most": candidates.MOST,
        "chosen": chosen,
        "may_answer": can(request.actor, Permission.SHARE_PRODUCT, company_id=found.company_id),
        "body": found.body,
        "facts": _facts(found),
    }
    return render(request, "partners/event/event.html", context, status=status_of(form))


def _searched(request: AskedRequest) -> str:
    return request.POST.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]


def _answer(request: AskedRequest, found: PartnerEvent, form: AnswerForm) -> object:
    given, now = form.cleaned_data, timezone.now()
    if "reject" in request.POST:
        return actions.reject(found, by=request.actor, at=now, reason=given["reason"])
    if not given["footprints"]:
        raise Refusal(_("Choose at least one footprint, or reject."), field="footprints", code="required")
    rows = OfferedFootprint.objects.visible_to(request.actor).filter(uuid__in=given["footprints"])
    return actions.fulfil(found, list(rows), by=request.actor, at=now, level=given["level"])


def _facts(found: PartnerEvent) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("Partner"), found.connection.name),
        (pgettext("event", "About"), found.get_type_display()),
        (_("State"), found.get_state_display()),
        *(_asked(found) if found.is_request else []),
        (_("Comment"), found.comment or "—"),
        (_("Reason"), found.reason or "—"),
        (_("Answered by"), found.decided_by or "—"),
    ]
    if found.missing:
        facts.append((_("Not fetched"), missing(found)))
        facts.append((_("Next attempt"), local_time(found.ask_at) if found.ask_at else _("Given up")))
    return facts


def _asked(found: PartnerEvent) -> list[tuple[str, object]]:
    """What a request asks for, and until when it can be answered."""
    wanted = candidates.asked(found)
    told: list[tuple[str, object]] = [
        (capfirst(str(CRITERIA[name])), ", ".join(value) if isinstance(value, tuple) else local_time(value))
        for name in CRITERIA
        if (value := getattr(wanted, name))
    ]
    return [*told, *([(_("Answer due"), local_time(found.due_at))] if found.decided_at is None else [])]


def _trail() -> list[tuple[str, str]]:
    return [(_("Partners"), reverse("partners:connection_list"))]
