"""The map of what the database covers: table by place by year, and as a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest, gate
from accounts.errors import Text
from accounts.exports import Figure, table_answer
from accounts.roles import Permission
from factors import queries
from factors.coverage import Coverage, coverage, last_years
from factors.geographies import place_name
from factors.models import Factor
from factors.pages.words import table_name

FIRST, LAST = 1990, 2100
STATES: dict[str, Text] = {
    "covered": gettext_lazy("Covered"),
    "other_year": gettext_lazy("Only of another year"),
    "lacks": gettext_lazy("Lacks a factor"),
}


class YearsForm(forms.Form):
    """Which table, from when till when; at most twenty years."""

    category = forms.ChoiceField(label=gettext_lazy("Table"), required=False)
    first = forms.IntegerField(
        label=gettext_lazy("From year"), required=False, min_value=FIRST, max_value=LAST
    )
    last = forms.IntegerField(label=gettext_lazy("To year"), required=False, min_value=FIRST, max_value=LAST)

    def __init__(self, *args: Any, tables: Iterable[str], **named: Any) -> None:
        super().__init__(*args, **named)
        known = [(code, table_name(code)) for code in tables]
        cast(forms.ChoiceField, self.fields["category"]).choices = [("", _("All tables")), *known]


@login_required
@require_GET
def coverage_page(request: AskedRequest) -> HttpResponse:
    """Tables by year; with ``?category=`` that table, place by year."""
    gate(request.actor, Permission.PUBLISH_FACTOR)
    form, category, found = _asked(request)
    language = get_language() or "zh-hans"
    factors, desk = reverse("factors:factor_list"), reverse("factors:desk")
    trail = [(_("Home"), "/"), (_("Factors"), factors), (_("Desk"), desk)]
    context = {
        "trail": [*trail, (_("Coverage"), "")],
        "form": form,
        "years": found.years,
        "category": category,
        "title": table_name(category),
        "tables": tables(found),
        "places": [
            (each, place_name(place, language), place, each.row(place, found.years))
            for each in found.categories
            for place in each.places
        ]
        if category
        else [],
        "query": f"first={found.years[0]}&last={found.years[-1]}" if found.years else "",
        "states": STATES,
    }
    return render(request, "factors/desk/coverage.html", context)


def tables(found: Coverage) -> list[dict[str, Any]]:
    """Each table with how many of its places have a figure of each year."""
    return [
        {
            "code": each.code,
            "name": table_name(each.code) or Factor.Kind(each.kind).label,
            "kind": Factor.Kind(each.kind).label,
            "places": len(each.places),
            "years": [(year, each.covered(year)) for year in found.years],
        }
        for each in found.categories
    ]


@login_required
@require_GET
def coverage_export(request: AskedRequest) -> HttpResponseBase:
    """Every table, place and year in a line; ``?format=xlsx`` as a workbook."""
    gate(request.actor, Permission.PUBLISH_FACTOR)
    _form, _category, found = _asked(request)
    language = get_language() or "zh-hans"
    heads = [
        _("Kind"), _("Table"), _("Place"), _("Code of the place"), _("Year"), _("Versions"), _("State"),
        _("Nearest year"),
    ]  # fmt: skip
    rows = (
        [
            str(Factor.Kind(each.kind).label), each.code, place_name(cell.place, language), cell.place,
            Figure(cell.year), Figure(cell.versions), str(STATES[cell.state]),
            Figure(cell.nearest) if cell.nearest else "",
        ]
        for each, cell in found.cells()
    )  # fmt: skip
    return table_answer(request, "coverage", heads, rows)


def _asked(request: AskedRequest) -> tuple[YearsForm, str, Coverage]:
    """What cannot be understood narrows nothing."""
    first, last = last_years(timezone.now().year)
    asked = {"first": first, "last": last, **request.GET.dict()}
    form = YearsForm(asked, tables=queries.tables(request.actor))
    form.is_valid()
    given = form.cleaned_data
    category, first, last = (
        given.get("category") or "",
        given.get("first") or first,
        given.get("last") or last,
    )
    return form, category, coverage(request.actor, min(first, last), last, category=category)
