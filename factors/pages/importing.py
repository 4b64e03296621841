"""A curator hands in a file of versions and watches it: all of it is published, or none with every fault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest, gate
from accounts.errors import Refusal
from accounts.exports import table_answer
from accounts.forms import attempt, status_of
from accounts.roles import Permission
from factors import queries
from factors.actions.import_job import MOST_BYTES, fault_of, queue_import
from factors.actions.import_table import refusal
from factors.bulk import COLUMNS, NEEDED
from factors.models import FactorImport

SHOWN = 100
BEFORE = 20
REPORT = ("line", "field", "code", "fault")


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
            (_("Lines"), str(job.lines_all)),
            (_("Checksum (SHA-256)"), job.sha256),
        ],
        **_state(job),
    }
    return render(request, "factors/import/import.html", context)


@login_required
@require_GET
def import_state(request: AskedRequest, import_uuid: UUID) -> HttpResponse:
    """The part of the page that moves."""
    return render(request, "factors/import/_live.html", _state(_asked(request, import_uuid)))


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


def _state(job: FactorImport) -> dict[str, Any]:
    return {"job": job, "faults": faults_of(job)[:SHOWN], "count": len(job.faults)}
