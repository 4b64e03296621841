"""The product list: own products, or what partners opened, with figures for the rows of the page only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.asked import AskedRequest
from accounts.exports import batches, number, table_answer
from accounts.figures import is_chinese
from accounts.forms import languages, named
from accounts.listing import Column, Listing
from accounts.policy import can
from accounts.roles import Permission
from footprint.calculation import overview
from footprint.calculation.overview import ProductRow
from footprint.calculation.pages.product_rows import drawn
from footprint.inventory import queries
from footprint.rules.models import ProductCategory

ANY = ("", gettext_lazy("All"))
EXPORTED = (
    *("code", "name_zh", "name_en", "category", "unit", "year", "state"),
    *("kg_co2e_per_unit_ar6", "kg_co2e_per_unit_ar5", "previous_year_ar6", "change", "uuid"),
)
READ = (
    *("uuid", "code", "name_zh", "name_en", "unit", "company__name_zh", "company__name_en"),
    *("category__code", "category__name_zh", "category__name_en"),
)
"""What the list and its export say of a product."""


class FilterForm(forms.Form):
    """What narrows the list."""

    search = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("Name or code")}),
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ANY,
            ("current", gettext_lazy("Current")),
            ("pending", gettext_lazy("Recomputing")),
            ("failed", gettext_lazy("Not computed")),
            ("none", gettext_lazy("Not calculated yet")),
        ],
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        categories = ProductCategory.objects.order_by("position")
        chosen = [(category.code, named(category)) for category in categories]
        years = [(year, str(year)) for year in overview.years(actor)]
        self.fields["category"].choices = [ANY, *chosen]  # type: ignore[attr-defined]
        self.fields["year"].choices = [("", gettext_lazy("Latest")), *years]  # type: ignore[attr-defined]

    def asked(self, name: str) -> Any:
        """What was chosen; what cannot be understood narrows nothing."""
        self.is_valid()
        return self.cleaned_data.get(name)


@login_required
def product_list(request: AskedRequest) -> HttpResponse:
    """The list."""
    filters = FilterForm(request.GET, actor=request.actor)
    listing = _listing(request, filters)
    page = list(listing.page.object_list)
    rows = overview.product_rows(request.actor, page, year=filters.asked("year"))
    listing.page.object_list = drawn(rows, with_company=_of_partners(request))
    context = {
        "trail": [(_("Home"), "/"), (_("Products"), "")],
        "listing": listing,
        "tabs": _tabs(request),
        "of_partners": _of_partners(request),
        "may_add": any(
            can(request.actor, Permission.EDIT_PRODUCT, company_id=company)
            for company in request.actor.company_ids
        ),
    }
    return render(request, "inventory/product/list.html", context)


@login_required
def export(request: AskedRequest) -> HttpResponseBase:
    """What the list shows, every page of it, as CSV."""
    filters = FilterForm(request.GET, actor=request.actor)
    year = filters.asked("year")
    found = batches(_listing(request, filters).rows)
    rows = (
        _cells(row) for products in found for row in overview.product_rows(request.actor, products, year=year)
    )
    return table_answer(request, "products", EXPORTED, rows)


def _listing(request: AskedRequest, filters: FilterForm, **more: Any) -> Listing:
    source = queries.opened_products if _of_partners(request) else queries.own_products
    products = source(
        request.actor, search=filters.asked("search") or "", category=filters.asked("category") or ""
    )
    products = overview.with_figures(
        request.actor, products, year=filters.asked("year"), state=filters.asked("state") or ""
    )
    name = "name_zh" if is_chinese(languages()) else "name_en"
    columns = (
        Column("name", gettext_lazy("Product"), (name,), "words"),
        Column("code", gettext_lazy("Code"), ("code",), "tight is-extra"),
        Column("category", gettext_lazy("Category"), ("category__position",), "extra"),
        Column("year", gettext_lazy("Year"), align="number"),
        Column("figure", gettext_lazy("Footprint, AR6"), align="number"),
        Column("change", gettext_lazy("Change on the year before"), align="number"),
        Column("state", gettext_lazy("State"), align="tight"),
    )
    export_url = reverse("inventory:product_export")
    caption = _("Products and their footprints")
    return Listing(
        request.GET,
        products.order_by(name, "pk").only(*READ),
        columns=columns,
        filters=filters,
        caption=caption,
        export_url=export_url,
        **more,
    )


def _of_partners(request: AskedRequest) -> bool:
    return request.GET.get("from") == "partners"


def _tabs(request: AskedRequest) -> list[dict[str, Any]]:
    partners = _of_partners(request)
    return [
        {"label": _("Own products"), "url": "?", "is_current": not partners},
        {"label": _("Opened by partners"), "url": "?from=partners", "is_current": partners},
    ]


def _cells(row: ProductRow) -> list[str]:
    product, figure = row.product, row.figure
    return [
        *(product.code, product.name_zh, product.name_en),
        *(product.category.code if product.category else "", product.unit),
        *(str(figure.year) if figure else "", figure.freshness.value if figure else "none"),
        *(number(figure.ar6 if figure else None), number(figure.ar5 if figure else None)),
        *(number(row.previous_value), number(row.change), str(product.uuid)),
    ]
