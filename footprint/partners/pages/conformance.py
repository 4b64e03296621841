"""Whether a partner's endpoint speaks PACT: have it tried, watch, read case by case, take it along."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.asked import AskedRequest
from accounts.exports import table_answer
from accounts.forms import attempt, status_of
from accounts.listing import Column, Listing
from accounts.policy import can
from accounts.roles import Permission
from footprint.partners import actions, queries
from footprint.partners.conformance import report
from footprint.partners.models import ConformanceRun, Connection

COLUMNS = (
    Column("created_at", gettext_lazy("Begun"), ("created_at",), "tight"),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
    Column("passed", gettext_lazy("Passed"), ("passed",), "number"),
    Column("failed", gettext_lazy("Failed"), ("failed",), "number"),
    Column("skipped", gettext_lazy("Not tried"), ("skipped",), "number"),
    Column("speaks", gettext_lazy("PACT version"), ("speaks",), "number"),
    Column("created_by", gettext_lazy("By")),
)


class TryForm(forms.Form):
    """How much is tried."""

    is_strict = forms.BooleanField(
        label=gettext_lazy("Also what the official suite does not look at"), required=False, initial=True
    )


@login_required
@require_http_methods(["GET", "POST"])
def conformance(request: AskedRequest, connection_uuid: UUID) -> HttpResponse:
    """All runs against one partner's endpoint, and the button for the next."""
    found = get_object_or_404(queries.connections(request.actor), uuid=connection_uuid)
    form = TryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        is_strict = form.cleaned_data["is_strict"]
        made = attempt(form, lambda: actions.ask_to_try(found, by=request.actor, is_strict=is_strict))
        if made is not None:
            return redirect("partners:conformance_run", found.uuid, made.uuid)
    rows = queries.conformance_runs(request.actor).filter(connection=found)
    may_share = can(request.actor, Permission.SHARE_PRODUCT, company_id=found.company_id)
    context = {
        "trail": _trail(found, (_("Conformance"), "")),
        "connection": found,
        "form": form if may_share and found.is_active and found.can_be_called else None,
        "listing": Listing(request.GET, rows, columns=COLUMNS, caption=_("Runs so far")),
    }
    return render(request, "partners/conformance/list.html", context, status=status_of(form))


@login_required
@require_GET
def conformance_run(request: AskedRequest, connection_uuid: UUID, conformance_uuid: UUID) -> HttpResponse:
    """One run: how far it is, or its report."""
    found = _run(request, connection_uuid, conformance_uuid)
    back = reverse("partners:conformance", args=[found.connection.uuid])
    when = f"{found.created_at:%Y-%m-%d}"
    context = {
        "trail": _trail(found.connection, (_("Conformance"), back), (when, "")),
        "facts": [
            (_("Called at"), found.base_url),
            (_("PACT version"), str(found.speaks)),
            (_("Started by"), str(found.created_by or "—")),
        ],
        **_state(found),
    }
    return render(request, "partners/conformance/run.html", context)


@login_required
@require_GET
def conformance_state(request: AskedRequest, connection_uuid: UUID, conformance_uuid: UUID) -> HttpResponse:
    """The part of the page that moves."""
    found = _run(request, connection_uuid, conformance_uuid)
    return render(request, "partners/conformance/_live.html", _state(found))


@login_required
@require_GET
def conformance_json(request: AskedRequest, connection_uuid: UUID, conformance_uuid: UUID) -> HttpResponse:
    """The whole report with every exchange, in both languages."""
    found = _run(request, connection_uuid, conformance_uuid)
    told = {
        "run": str(found.uuid),
        "endpoint": found.base_url,
        "pact": found.speaks,
        "begun": found.created_at.isoformat(),
        "verdict": found.verdict,
        "cases": report.told(found.results),
    }
    content = json.dumps(told, ensure_ascii=False, indent=1)
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="conformance-{found.uuid}.json"'
    return response


@login_required
@require_GET
def conformance_table(
    request: AskedRequest, connection_uuid: UUID, conformance_uuid: UUID
) -> HttpResponseBase:
    """The report as a table, a row for every exchange, in the language of the moment."""
    found = _run(request, connection_uuid, conformance_uuid)
    heads = [str(each) for each in report.HEADS]
    return table_answer(request, f"conformance-{found.uuid}", heads, report.table(found.results))


def _run(request: AskedRequest, connection_uuid: UUID, conformance_uuid: UUID) -> ConformanceRun:
    own = queries.conformance_runs(request.actor).filter(connection__uuid=connection_uuid)
    return get_object_or_404(own, uuid=conformance_uuid)


def _state(found: ConformanceRun) -> dict[str, Any]:
    return {"run": found, "lines": report.lines(found.results)}


def _trail(found: Connection, *more: tuple[str, str]) -> list[tuple[Any, str]]:
    return [
        (_("Partners"), reverse("partners:connection_list")),
        (found.name, reverse("partners:connection", args=[found.uuid])),
        *more,
    ]
