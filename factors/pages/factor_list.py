"""The factor browser and its export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.exports import batches, table_answer
from accounts.figures import is_chinese
from accounts.listing import Column, Listing
from accounts.policy import can
from accounts.roles import Permission
from factors import queries
from factors.models import FactorVersion
from factors.pages import facets
from factors.pages.showing import shown
from factors.released import EXPORTED, lines
from factors.search import FACETS, MOST_FACTORS, is_cut
from factors.search_words import LONGEST_QUESTION

COMPARE = Column("compare", gettext_lazy("Compare"), align="tight")
COLUMNS = (
    Column("kind", gettext_lazy("Kind"), ("factor__kind",), "tight"),
    Column("place", gettext_lazy("Place"), ("geography",), "tight"),
    Column("year", gettext_lazy("Year"), ("reference_year",), "number"),
    Column("value", gettext_lazy("Value"), align="number"),
    Column("counts", gettext_lazy("Counts"), align="words"),
    Column("source", gettext_lazy("Source"), ("source__code",), "words"),
    Column("checked", gettext_lazy("Checked"), ("transcription",), "tight"),
)


class FilterForm(forms.Form):
    """What narrows the list; the facets beside it stay chosen."""

    search = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=LONGEST_QUESTION,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("Name, code or source")}),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[
            ("", FactorVersion.Status.PUBLISHED.label),
            (FactorVersion.Status.SUPERSEDED.value, FactorVersion.Status.SUPERSEDED.label),
            (FactorVersion.Status.WITHDRAWN.value, FactorVersion.Status.WITHDRAWN.label),
        ],
    )

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        for name in FACETS:
            if query.get(name):
                self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)

    def wanted(self) -> dict[str, str]:
        """Words and status; what cannot be understood narrows nothing."""
        self.is_valid()
        asked = {name: self.cleaned_data.get(name) for name in ("search", "status")}
        status = asked["status"] or FactorVersion.Status.PUBLISHED.value
        return {"search": asked["search"] or "", "status": status}


@login_required
def factor_list(request: AskedRequest) -> HttpResponse:
    """The browser."""
    filters = FilterForm(request.GET)
    rows = _rows(request, filters)
    listing = _listing(request, filters, rows, caption=_("Emission factors"))
    listing.page.object_list = shown(request.actor, listing.page.object_list)
    context = {
        "trail": [(_("Home"), "/"), (_("Factors"), "")],
        "listing": listing,
        "facets": facets.shown(request.actor, rows, filters.wanted(), request.GET),
        "latest": "AR6",
        "most": MOST_FACTORS if filters.wanted()["search"] and is_cut(rows) else 0,
        "may_publish": bool(can(request.actor, Permission.PUBLISH_FACTOR)),
    }
    return render(request, "factors/factor/list.html", context)


@login_required
def export(request: AskedRequest) -> HttpResponseBase:
    """What the list shows, every page of it, one line per gas; numbers that may not leave stay here."""
    filters = FilterForm(request.GET)
    found = batches(_listing(request, filters, _rows(request, filters)).rows)
    rows = (row for versions in found for row in lines(request.actor, versions))
    return table_answer(request, "factors", EXPORTED, rows)


def _rows(request: AskedRequest, filters: FilterForm) -> QuerySet[FactorVersion]:
    wanted: dict[str, Any] = {**filters.wanted(), **facets.chosen_in(request.GET)}
    return queries.factors_for(request.actor, **wanted)


def _listing(
    request: AskedRequest, filters: FilterForm, rows: QuerySet[FactorVersion], **more: Any
) -> Listing:
    export_url = reverse("factors:factor_export")
    name = "factor__name_zh" if is_chinese(get_language() or "zh-hans") else "factor__name_en"
    columns = (COMPARE, Column("name", gettext_lazy("Factor"), (name,)), *COLUMNS)
    return Listing(request.GET, rows, columns=columns, filters=filters, export_url=export_url, **more)
