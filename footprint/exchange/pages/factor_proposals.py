"""Many factor proposals from one file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import queries as people
from accounts.asked import AskedRequest, gate
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.exports import ARCHIVE_TYPE, EXCEL_TYPE, book_answer
from accounts.figures import name as name_of
from accounts.forms import company_choices
from accounts.models import Company
from accounts.policy import can
from accounts.roles import Permission
from factors import queries as factors
from factors.actions.propose_table import Proposed
from factors.bulk import COLUMNS, NEEDED
from factors.geographies import place_choices
from factors.models import Factor, FactorVersion
from factors.models.source import Transcription
from footprint.exchange import actions
from footprint.exchange.factor_table.choices import choices
from footprint.exchange.factor_table.layout import HEADS, chinese_first
from footprint.exchange.factor_table.writing import write
from footprint.exchange.openlca.datasets import Where


class ProposingForm(forms.Form):
    """For whom, and why."""

    company = forms.ChoiceField(label=gettext_lazy("On behalf of"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why this figure, and an answer to whatever the screening finds unusual."),
    )
    leaves_out = forms.BooleanField(
        label=gettext_lazy("Leave out what is refused and propose the rest"), required=False
    )

    def __init__(self, request: AskedRequest) -> None:
        super().__init__(request.POST or None, request.FILES or None)
        actor = request.actor
        own = people.companies(actor).filter(pk__in=actor.companies_with(Permission.PROPOSE_FACTOR))
        self.companies = {str(one.uuid): one for one in own.exclude(kind=Company.Kind.ASSOCIATION)}
        office = [("", _("Alliance office"))] if can(actor, Permission.PUBLISH_FACTOR) else []
        chosen: Any = self.fields["company"]
        chosen.choices = [*office, *company_choices(self.companies.values())]
        chosen.required = not office

    def stated(self) -> dict[str, Any]:
        """What an action of proposing is told beside the file."""
        given = self.cleaned_data
        company = self.companies.get(given["company"])
        return {"company": company, "reason": given["reason"], "leaves_out": given["leaves_out"]}


class TableForm(ProposingForm):
    """A table of versions."""

    file = forms.FileField(
        label=gettext_lazy("Workbook or CSV file"),
        help_text=gettext_lazy("An .xlsx, or CSV in UTF-8; one line for each gas, at most 200 versions."),
        widget=forms.ClearableFileInput(attrs={"accept": f".xlsx,{EXCEL_TYPE},.csv,text/csv"}),
    )
    field_order = ("company", "file")


class PackageForm(ProposingForm):
    """An openLCA package, and what it does not say of itself."""

    file = forms.FileField(
        label=gettext_lazy("openLCA package"),
        help_text=gettext_lazy(
            "JSON-LD in a zip; each process with its emissions alone, as openLCA exports system processes."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": f".zip,{ARCHIVE_TYPE}"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Factor.Kind.choices)
    boundary = forms.ChoiceField(label=gettext_lazy("Boundary"), choices=FactorVersion.Boundary.choices)
    source = forms.ChoiceField(label=gettext_lazy("Source"))
    transcription = forms.ChoiceField(label=gettext_lazy("Transcription"), choices=Transcription.choices)
    geography = forms.ChoiceField(
        label=gettext_lazy("Place"),
        required=False,
        help_text=gettext_lazy("For processes that name none."),
    )
    reference_year = forms.IntegerField(
        label=gettext_lazy("Reference year"),
        required=False,
        min_value=1990,
        max_value=2100,
        help_text=gettext_lazy("For processes that do not say from when on they are valid."),
    )
    field_order = (
        *("company", "file", "kind", "boundary", "source", "transcription"),
        *("geography", "reference_year"),
    )

    def __init__(self, request: AskedRequest) -> None:
        super().__init__(request)
        language = get_language() or "zh-hans"
        listed: Any = self.fields["source"]
        listed.choices = [(each.code, name_of(each, language)) for each in factors.sources(request.actor)]
        places: Any = self.fields["geography"]
        places.choices = [("", ""), *place_choices(language)]

    def stated(self) -> dict[str, Any]:
        """With what counts of all processes, or of those that are silent."""
        given = self.cleaned_data
        named = {name: given[name] for name in ("kind", "boundary", "source", "transcription")}
        otherwise = Where(given["geography"], given["reference_year"])
        return {**super().stated(), "stated": actions.Stated(**named, otherwise=otherwise)}


@login_required
@require_http_methods(["GET", "POST"])
def propose_file(request: AskedRequest) -> HttpResponse:
    """The form, and after a refusal every fault by line or cell."""
    gate(request.actor, Permission.PROPOSE_FACTOR)
    form = TableForm(request)
    at = chinese_first(get_language() or "zh-hans")
    columns = [(name, HEADS[name][at], name in NEEDED) for name in COLUMNS]

    def act() -> Proposed:
        content = form.cleaned_data["file"].read()
        return actions.propose_file(content, by=request.actor, **form.stated())

    return answered(request, form, act, "exchange/factors/file.html", _("From a file"), {"columns": columns})


@login_required
@require_http_methods(["GET", "POST"])
def propose_package(request: AskedRequest) -> HttpResponse:
    """The form, and after a refusal every fault by file and field."""
    gate(request.actor, Permission.PROPOSE_FACTOR)
    form = PackageForm(request)

    def act() -> Proposed:
        content = form.cleaned_data["file"].read()
        return actions.propose_package(content, by=request.actor, **form.stated())

    here = _("From an openLCA package")
    return answered(request, form, act, "exchange/factors/package.html", here, {})


@login_required
@require_GET
def template(request: AskedRequest) -> HttpResponse:
    """The empty workbook, in the language of the reader."""
    gate(request.actor, Permission.PROPOSE_FACTOR)
    language = get_language() or "zh-hans"
    return book_answer(write(choices(request.actor, language), language), "factor-proposals.xlsx")


def answered(
    request: AskedRequest,
    form: ProposingForm,
    act: Callable[[], Proposed],
    page: str,
    here: str,
    more: dict[str, Any],
) -> HttpResponse:
    """The list of proposals after a success, else the form with every fault."""
    faults, done = list[Refusal](), None
    notes: tuple[Refusal, ...] = ()
    if request.method == "POST" and form.is_valid():
        done, faults = _tried(act)
        if done is not None:
            words = ngettext(
                "%(count)d version is proposed now.",
                "%(count)d versions are proposed now.",
                len(done.proposals),
            )
            if done.proposals:
                messages.success(request, words % {"count": len(done.proposals)})
            if not done.left_out and not done.notes:
                return redirect("factors:proposal_list")
            faults, notes = list(done.left_out), done.notes
    context = {
        "trail": [
            (_("Home"), "/"),
            (_("Factors"), reverse("factors:factor_list")),
            (_("Proposals"), reverse("factors:proposal_list")),
            (here, ""),
        ],
        "form": form,
        "faults": faults,
        "notes": notes,
        **more,
    }
    refused = request.method == "POST" and done is None
    return render(request, page, context, status=422 if refused else 200)


def _tried(act: Callable[[], Proposed]) -> tuple[Proposed | None, list[Refusal]]:
    """What came of it, or what is wrong."""
    try:
        with transaction.atomic():
            return act(), []
    except NotAllowed as denied:
        raise PermissionDenied(str(denied)) from denied
    except Refusals as several:
        return None, several.refusals
    except Refusal as one:
        return None, [one]
