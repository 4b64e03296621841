"""Rows that one's own systems sent: every job, how far it is, and what became of each row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.asked import AskedRequest
from accounts.exports import Figure, batches, table_answer
from accounts.forms import named, press
from accounts.listing import Column, Listing
from accounts.trails import Trail
from footprint.exchange import actions, queries
from footprint.exchange.models import UpsertJob, UpsertRow

COLUMNS = (
    Column("created_at", gettext_lazy("Sent"), ("created_at",), "tight"),
    Column("kind", gettext_lazy("Kind"), ("kind",)),
    Column("inventory", gettext_lazy("Inventory"), ("inventory__site__name_zh", "inventory__period_start")),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
    Column("rows", gettext_lazy("Rows"), ("rows",), "number"),
    Column("created", gettext_lazy("Added"), ("created",), "number"),
    Column("changed", gettext_lazy("Changed"), ("changed",), "number"),
    Column("unchanged", gettext_lazy("Unchanged"), ("unchanged",), "number"),
    Column("refused", gettext_lazy("Refused"), ("refused",), "number"),
    Column("sender", gettext_lazy("By")),
)
ROWS = (
    Column("number", gettext_lazy("Row"), ("number",), "number"),
    Column("key", gettext_lazy("Key"), ("key",)),
    Column("outcome", gettext_lazy("Outcome"), ("outcome",), "tight"),
    Column("field", gettext_lazy("Field"), ("pointer",), "tight"),
    Column("message", gettext_lazy("What is wrong")),
)
EXPORTED = ("row", "key", "outcome", "uuid", "field", "code", "message")


class FilterForm(forms.Form):
    """What the list of jobs can be narrowed by."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        _offer(self, "kind", UpsertJob.Kind.choices)
        _offer(self, "state", UpsertJob.State.choices)


class OutcomeForm(forms.Form):
    """What the rows can be narrowed by."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        _offer(self, "outcome", UpsertRow.Outcome.choices)


def _offer(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    chosen = form.fields[name]
    assert isinstance(chosen, forms.ChoiceField)
    chosen.choices = [("", _("All")), *choices]


@login_required
@require_GET
def upsert_list(request: AskedRequest) -> HttpResponse:
    """Every job of one's companies, and for whoever has none yet, how a system sends one."""
    return render(request, "exchange/upsert/list.html", {"trail": _trail(), **_jobs(request)})


@login_required
@require_GET
def upsert_table(request: AskedRequest) -> HttpResponse:
    """The part of the list that moves."""
    return render(request, "exchange/upsert/_table.html", _jobs(request))


@login_required
@require_GET
def upsert(request: AskedRequest, upsert_uuid: UUID) -> HttpResponse:
    """One job: how far it is, what it stored, row by row, or why it was refused."""
    job = _job(request, upsert_uuid)
    context = {
        "trail": [*_trail(reverse("exchange:upsert_list")), (job.get_kind_display(), "")],
        "facts": _facts(job),
        **_state(request, job),
    }
    return render(request, "exchange/upsert/upsert.html", context)


@login_required
@require_GET
def upsert_state(request: AskedRequest, upsert_uuid: UUID) -> HttpResponse:
    """The part of the page that moves."""
    return render(request, "exchange/upsert/_live.html", _state(request, _job(request, upsert_uuid)))


@login_required
@require_GET
def upsert_export(request: AskedRequest, upsert_uuid: UUID) -> HttpResponseBase:
    """The rows as the page shows them, every page of them."""
    job = _job(request, upsert_uuid)
    rows = (_exported(row) for batch in batches(_rows(request, job).rows) for row in batch)
    return table_answer(request, f"upsert-{job.uuid}", EXPORTED, rows)


@login_required
@require_POST
def cancel(request: AskedRequest, upsert_uuid: UUID) -> HttpResponse:
    """Take back what has not ended."""
    job = _job(request, upsert_uuid)
    press(
        request,
        lambda: actions.cancel_upsert(job, by=request.actor, at=timezone.now()),
        done=_("Cancelled; nothing of it is stored."),
    )
    return redirect("exchange:upsert", job.uuid)


def _trail(back: str = "") -> Trail:
    return [(_("Home"), "/"), (_("Bulk uploads"), back)]


def _job(request: AskedRequest, upsert_uuid: UUID) -> UpsertJob:
    return get_object_or_404(queries.upserts(request.actor), uuid=upsert_uuid)


def _jobs(request: AskedRequest) -> dict[str, Any]:
    filters = FilterForm(request.GET)
    rows = _narrowed(queries.upserts(request.actor), filters)
    caption = _("Bulk uploads")
    listing = Listing(request.GET, rows, columns=COLUMNS, filters=filters, caption=caption)
    is_pending = any(job.is_unfinished for job in listing.page)
    return {"listing": listing, "is_pending": is_pending, "query": request.GET.urlencode()}


def _rows(request: AskedRequest, job: UpsertJob) -> Listing:
    filters = OutcomeForm(request.GET)
    rows = _narrowed(queries.upsert_rows(request.actor, job), filters)
    export_url = reverse("exchange:upsert_export", args=[job.uuid])
    caption = _("Row by row")
    return Listing(request.GET, rows, columns=ROWS, filters=filters, caption=caption, export_url=export_url)


def _narrowed(rows: QuerySet[Any], filters: forms.Form) -> QuerySet[Any]:
    """A filter that is none of those offered is not one."""
    filters.is_valid()
    return rows.filter(**{name: value for name, value in filters.cleaned_data.items() if value})


def _state(request: AskedRequest, job: UpsertJob) -> dict[str, Any]:
    counts = (job.created, job.changed, job.unchanged, job.refused)
    return {
        "job": job,
        "counts": list(zip(UpsertRow.Outcome.labels, counts, strict=True)),
        "may_cancel": actions.may_cancel(job, by=request.actor),
        "is_forgotten": job.is_forgotten(at=timezone.now()),
        "listing": _rows(request, job),
        "page_of": "inventory:product" if job.kind == UpsertJob.Kind.PRODUCTS else "inventory:exchange",
    }


def _facts(job: UpsertJob) -> list[tuple[str, Any]]:
    return [
        (_("Company"), named(job.company)),
        (_("Sent by"), str(job.sender or "—")),
        (_("Identifier of the job"), str(job.uuid)),
    ]


def _exported(row: UpsertRow) -> list[str]:
    thing = str(row.thing) if row.thing else ""
    return [Figure(row.number), row.key, row.outcome, thing, row.field, row.code, row.detail]
