"""Imports: hand in a package, watch it, read what was refused or cut off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.asked import AskedRequest
from accounts.errors import Refusal
from accounts.exports import table_answer
from accounts.forms import attempt, company_choices, named, refuse, status_of
from accounts.listing import Column, Listing
from footprint.exchange import queries, report
from footprint.exchange.actions import Period, last_full_year, queue_import
from footprint.exchange.confined.archive import MOST_BYTES
from footprint.exchange.models import ImportJob

COLUMNS = (
    Column("file_name", gettext_lazy("File"), ("file_name",), "words"),
    Column("company", gettext_lazy("Company"), ("company__name_zh",)),
    Column("period", gettext_lazy("Period"), ("period_start",), "tight"),
    Column("state", gettext_lazy("State"), ("state",), "tight"),
    Column("created_at", gettext_lazy("Handed in"), ("created_at",), "tight"),
    Column("created_by", gettext_lazy("By")),
)


class UploadForm(forms.Form):
    """A package and where it belongs."""

    package = forms.FileField(
        label=gettext_lazy("openLCA package"),
        help_text=gettext_lazy("The zip that openLCA exports as JSON-LD, at most 50 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )
    company = forms.ChoiceField(label=gettext_lazy("Company"))
    site = forms.ChoiceField(
        label=gettext_lazy("Site"),
        required=False,
        help_text=gettext_lazy("Without one, the inventory goes to a site made for openLCA imports."),
    )
    period_start = forms.DateField(
        label=gettext_lazy("First day of the period"), widget=forms.DateInput(attrs={"type": "date"})
    )
    period_end = forms.DateField(
        label=gettext_lazy("Last day of the period"), widget=forms.DateInput(attrs={"type": "date"})
    )
    replace = forms.BooleanField(
        label=gettext_lazy("Replace the inventory of this site and period, if there is one"), required=False
    )

    def __init__(self, request: AskedRequest) -> None:
        usual = last_full_year(timezone.localdate())
        super().__init__(
            request.POST or None,
            request.FILES or None,
            initial={"period_start": usual.start.isoformat(), "period_end": usual.end.isoformat()},
        )
        self.companies = {str(one.uuid): one for one in queries.importing_companies(request.actor)}
        self.sites = {str(one.uuid): one for one in queries.importing_sites(request.actor)}
        self._offer("company", company_choices(self.companies.values()))
        self._offer("site", [("", "—"), *((key, named(site)) for key, site in self.sites.items())])

    def _offer(self, field: str, choices: list[tuple[str, str]]) -> None:
        chosen = self.fields[field]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = choices


@login_required
@require_http_methods(["GET", "POST"])
def import_list(request: AskedRequest) -> HttpResponse:
    """The upload form and everything imported before."""
    form = UploadForm(request)
    if not form.companies:
        raise PermissionDenied(_("Your role does not include this. Ask your company's data owner."))
    if request.method == "POST" and form.is_valid():
        job = _hand_in(request, form)
        if job is not None:
            return redirect("exchange:import", job.uuid)
    rows = queries.jobs(request.actor)
    context = {
        "trail": [(_("Home"), "/"), (_("Imports"), "")],
        "form": form,
        "listing": Listing(request.GET, rows, columns=COLUMNS, caption=_("Imports so far")),
    }
    return render(request, "exchange/import/list.html", context, status=status_of(form))


def _hand_in(request: AskedRequest, form: UploadForm) -> ImportJob | None:
    given = form.cleaned_data
    company, site = form.companies[given["company"]], form.sites.get(given["site"])
    if site is not None and site.company_id != company.pk:
        refuse(form, [Refusal(_("This site belongs to another company."), field="site")])
        return None
    if given["package"].size > MOST_BYTES:
        words = _("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 2**20}
        refuse(form, [Refusal(words, field="package", code="too_large")])
        return None
    return attempt(
        form,
        lambda: queue_import(
            by=request.actor,
            company=company,
            file_name=given["package"].name,
            content=given["package"].read(),
            period=Period(given["period_start"], given["period_end"]),
            site=site,
            replace=given["replace"],
        ),
    )


@login_required
@require_GET
def import_job(request: AskedRequest, job_uuid: UUID) -> HttpResponse:
    """One import: how far it is, what it stored, or why it was refused."""
    job = get_object_or_404(queries.jobs(request.actor), uuid=job_uuid)
    site = job.inventory.site if job.inventory else job.site
    context = {
        "trail": [(_("Home"), "/"), (_("Imports"), "../"), (job.file_name, "")],
        "facts": [
            (_("Company"), named(job.company)),
            (_("Site"), named(site) if site else _("A site made for openLCA imports")),
            (_("Period"), f"{job.period_start} – {job.period_end}"),
            (_("Handed in by"), str(job.sender or "—")),
            (_("Checksum (SHA-256)"), job.sha256),
        ],
        **_state(job),
    }
    return render(request, "exchange/import/import.html", context)


@login_required
@require_GET
def import_state(request: AskedRequest, job_uuid: UUID) -> HttpResponse:
    """The part of the page that moves."""
    job = get_object_or_404(queries.jobs(request.actor), uuid=job_uuid)
    return render(request, "exchange/import/_live.html", _state(job))


@login_required
@require_GET
def import_report(request: AskedRequest, job_uuid: UUID) -> HttpResponseBase:
    """Cut-offs, unlinked wastes and notes of a finished import, as a table."""
    job = get_object_or_404(queries.jobs(request.actor).filter(state=ImportJob.State.DONE), uuid=job_uuid)
    return table_answer(request, f"import-{job.uuid}", report.HEADER, report.rows(job.summary, job.findings))


def _state(job: ImportJob) -> dict[str, Any]:
    return {
        "job": job,
        "problems": report.problem_rows(job.problems),
        "counts": report.counts(job.summary) if job.summary else [],
    }
