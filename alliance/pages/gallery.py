"""Every component in every state, on one page: for those who build pages, and for the tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.charts import measured
from accounts.listing import Column, Listing
from alliance.pages import gallery_charts
from alliance.pages.gallery_charts import UNIT

MOMENT = datetime(2026, 11, 24, 5, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Sample:
    """A product as a list shows it."""

    code: str
    name_zh: str
    name_en: str
    amount: Decimal
    intensity: float | None
    state: str


SAMPLES = [
    Sample("ETH-01", "乙烯", "Ethylene", Decimal("812345.60"), 1.2817, "current"),
    Sample("PRO-02", "丙烯（聚合级）", "Propylene, polymer grade", Decimal("405120"), 1.3054, "current"),
    Sample("PE-11", "高密度聚乙烯", "High-density polyethylene", Decimal("298000.125"), 1.7981, "pending"),
    Sample("MEO-03", "甲醇（煤制）", "Methanol from coal", Decimal("1250000"), 2.9312, "current"),
    Sample("H2-01", "氢气", "Hydrogen", Decimal("41200.5"), None, "failed"),
]
COLUMNS = [
    Column("code", gettext_lazy("Code"), ("code",), "tight"),
    Column("name", gettext_lazy("Product"), ("name_zh",), "words"),
    Column("amount", gettext_lazy("Amount produced"), ("amount",), "number"),
    Column("intensity", gettext_lazy("Footprint"), ("intensity",), "number"),
    Column("state", gettext_lazy("State")),
]


class FilterForm(forms.Form):
    """The filter above the sample list."""

    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All")), ("current", "current")],
    )


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("As on the invoice."))
    # A number box would throw away what it cannot read; a text box keeps everything that was typed.
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"), widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    method = forms.ChoiceField(
        label=gettext_lazy("Allocation"),
        choices=[("mass", gettext_lazy("By mass")), ("energy", gettext_lazy("By energy content"))],
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    agree = forms.BooleanField(label=gettext_lazy("Measured on site"), required=False)


@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    """The page."""
    refused = SampleForm({"name": "", "amount": "twelve", "method": "mass"}, auto_id="refused_%s")
    context: dict[str, Any] = {
        "trail": [(_("Home"), "/"), (_("Components"), "")],
        "moment": MOMENT,
        "unit": UNIT,
        "settled_url": reverse("gallery_settled"),
        "groups_of_charts": gallery_charts.groups(),
        "flows": gallery_charts.flows(request.GET.get("basis", "")),
        "tree": gallery_charts.tree(),
        "listing": Listing(
            request.GET, SAMPLES, columns=COLUMNS, filters=FilterForm(), export_url="/gallery/"
        ),
        "nothing": Listing(request.GET, [], columns=COLUMNS),
        "form": SampleForm(),
        "refused": refused,
        "tabs": [
            {"label": _("Overview"), "url": "?", "is_current": True},
            {"label": _("Inputs"), "url": "?tab=inputs", "count": 1234},
            {"label": _("History"), "url": "?tab=history", "count": 3},
        ],
        "facts": [
            (_("Period"), "2024"),
            (_("System boundary"), _("Cradle to gate")),
            (_("Allocation"), _("Mass")),
            (_("Run"), "2f9c1b7e"),
        ],
    }
    return render(request, "alliance/gallery.html", context)


@login_required
def settled(request: HttpRequest) -> HttpResponse:
    """What the pending sample becomes when it asks: current."""
    return render(request, "components/freshness.html", {"state": "current", "moment": MOMENT})


@login_required
def branches(request: HttpRequest) -> HttpResponse:
    """What a branch of the sample tree brings when it is opened."""
    later = measured(gallery_charts.providers(), gallery_charts.TREE_TOTAL)
    return render(request, "components/tree_branches.html", {"branches": later})
