"""A curator hands in a file of versions, another one confirms it: all of it is published, or none."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.asked import AskedRequest, gate
from accounts.errors import Refusal
from accounts.exports import table_answer
from accounts.forms import attempt, press, status_of
from accounts.roles import Permission
from factors import queries
from factors.actions.import_job import DECISIONS, MOST_BYTES, decide_import, fault_of, queue_import
from factors.actions.import_table import refusal
from factors.bulk import COLUMNS, NEEDED
from factors.models import FactorImport

SHOWN = 100
BEFORE = 20
REPORT = ("line", "field", "code", "fault")
PREVIEWED = 20
LONGEST_LINE = 2000


class ImportForm(forms.Form):
    """Which file."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("UTF-8, one line for each gas; at most 64 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )


@login_required
def import_page(request: AskedRequest) -> HttpResponse:
    """The form, and what was handed in before."""
    gate(request.actor, Permission.PUBLISH_FACTOR)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read(MOST_BYTES + 1)  # one more than is taken, so that the action can tell
        made = attempt(form, lambda: queue_import(by=request.actor, file_name=file.name, content=content))
        if made is not None:
            return redirect("factors:import_job", made.uuid)
    context = {
        "trail": [*_trail(), (_("Import"), "")],
        "form": form,
        "columns": [(name, name in NEEDED) for name in COLUMNS],
        "before": queries.imports(request.actor)[:BEFORE],
    }
    return render(request, "factors/import/list.html", context, status=status_of(form))


@login_required
@require_GET
def import_job(request: AskedRequest, import_uuid: UUID) -> HttpResponse:
    """One file: how far it is, what it brought, or why it was refused."""
    job = _asked(request, import_uuid)
    context = {
        "trail": [*_trail(), (_("Import"), reverse("factors:import")), (job.file_name, "")],
        "facts": [
            (_("Handed in by"), str(job.created_by or "—")),
            (_("Decided by"), str(job.decided_by or "—")),
            (_("Lines"), str(job.lines_all)),
            (_("Checksum (SHA-256)"), job.sha256),
        ],
        **_state(request, job),
    }
    return render(request, "factors/import/import.html", context)


@login_required
@require_POST
def decide(request: AskedRequest, import_uuid: UUID) -> HttpResponse:
    """Confirm or decline a file that another curator handed in."""
    job, decision = _asked(request, import_uuid), request.POST.get("decision", "")
    reason = request.POST.get("reason", "")
    if decision not in DECISIONS:
        raise Http404
    done = _("Confirmed. A worker publishes it.") if decision == "confirm" else _("Declined.")
    press(
        request,
        lambda: decide_import(job, by=request.actor, is_confirmed=decision == "confirm", reason=reason),
        done=done,
    )
    return redirect("factors:import_job", job.uuid)


@login_required
@require_GET
def import_file(request: AskedRequest, import_uuid: UUID) -> HttpResponseBase:
    """The file as it was handed in, while somebody has to look at it."""
    job = _asked(request, import_uuid)
    if not job.content:
        raise Http404
    unpacked = gzip.GzipFile(fileobj=io.BytesIO(job.content))
    return FileResponse(unpacked, as_attachment=True, filename=job.file_name, content_type="text/csv")


@login_required
@require_GET
def import_state(request: AskedRequest, import_uuid: UUID) -> HttpResponse:
    """The part of the page that moves."""
    return render(request, "factors/import/_live.html", _state(request, _asked(request, import_uuid)))


@login_required
@require_GET
def import_faults(request: AskedRequest, import_uuid: UUID) -> HttpResponseBase:
    """Every fault by line, to be mended in the file."""
    job = _asked(request, import_uuid)
    rows = ((str(each.row), each.field or "", each.code, str(each)) for each in faults_of(job))
    return table_answer(request, f"faults-{job.uuid}", REPORT, rows)


def faults_of(job: FactorImport) -> Sequence[Refusal]:
    """In words, in the order of the file."""
    found = [refusal(fault_of(each)) for each in job.faults]
    return sorted(found, key=lambda each: int(each.row or 0))


def _asked(request: AskedRequest, import_uuid: UUID) -> FactorImport:
    gate(request.actor, Permission.PUBLISH_FACTOR)
    job = queries.imports(request.actor).filter(uuid=import_uuid).first()
    if job is None:
        raise Http404
    return job


def _trail() -> list[tuple[str, str]]:
    return [(_("Home"), "/"), (_("Factors"), reverse("factors:factor_list"))]


def _state(request: AskedRequest, job: FactorImport) -> dict[str, Any]:
    waits = job.state == FactorImport.State.WAITING
    return {
        "job": job,
        "faults": faults_of(job)[:SHOWN],
        "count": len(job.faults),
        "is_own": job.created_by_id == request.actor.user_id,
        "preview": _first_lines(job) if waits else [],
    }


def _first_lines(job: FactorImport) -> list[list[str]]:
    """The head and the first lines; only as much of the file is unpacked."""
    with gzip.GzipFile(fileobj=io.BytesIO(job.content)) as packed:
        lines = islice(io.TextIOWrapper(packed, "utf-8-sig", newline=""), PREVIEWED + 1)
        return list(csv.reader([line[:LONGEST_LINE] for line in lines]))
