"""Figures for the European border: one's own goods by CN code, each with the bridge from its footprint."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest
from accounts.charts import Step, WaterfallChart
from accounts.exports import Figure, table_answer
from accounts.forms import named
from footprint.analysis.changes import CAUSES
from footprint.analysis.pages.differences import KINDS
from footprint.engine.method_bridge import DECIDED
from footprint.engine.snapshot import Cause
from footprint.exchange.cbam.communication import Good, told
from footprint.exchange.cbam.goods import goods
from footprint.inventory.queries import own_products

UNIT = "t CO2e/t"
EXPORTED = (
    "cn_code", "product", "name_zh", "name_en", "installation_zh", "installation_en", "province", "year",
    "direct", "indirect", "total", "unit", "indirect_counts", "footprint",
    *(f"bridge_{cause.name.lower()}" for cause in DECIDED), "bridge_rest", "gwp_set", "profile",
    "profile_version", "profile_unverified", "why",
)  # fmt: skip


@login_required
@require_GET
def cbam(request: AskedRequest) -> HttpResponse:
    """Every good with a code."""
    context = {
        "trail": [(_("Home"), "/"), (_("Products"), reverse("inventory:product_list")), ("CBAM", "")],
        "goods": [
            (good, _text(good.direct), _text(good.indirect), _text(good.total))
            for good in goods(request.actor)
        ],
        "unit": UNIT,
    }
    return render(request, "exchange/cbam/list.html", context)


@login_required
@require_GET
def cbam_export(request: AskedRequest) -> HttpResponseBase:
    """The same as CSV or as a workbook."""
    return table_answer(request, "cbam", EXPORTED, _rows(goods(request.actor)))


@login_required
@require_GET
def cbam_product(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """One good, with what lies between its footprint and the figure at the border."""
    product = get_object_or_404(own_products(request.actor), uuid=product_uuid)
    found = goods(request.actor, product_uuid=product_uuid)
    context = {
        "trail": [
            (_("Products"), reverse("inventory:product_list")),
            (named(product), reverse("inventory:product", args=[product_uuid])),
            ("CBAM", ""),
        ],
        "product": product,
        "shown": [_shown(good) for good in found],
        "unit": UNIT,
    }
    return render(request, "exchange/cbam/product.html", context)


def _shown(good: Good) -> dict[str, object]:
    bridge = good.bridge
    left_out = bridge.left_out if bridge else {}
    return {
        "good": good,
        "facts": [
            (_("CN code"), good.cn_code),
            (_("Installation"), good.site_zh if named(good) == good.name_zh else good.site_en),
            (_("Year"), good.year),
            (_("Direct, t CO2e per t"), _text(good.direct)),
            (_("Indirect, t CO2e per t"), _text(good.indirect)),
            (_("Indirect emissions count for this good"), _("Yes") if good.counts_indirect else _("No")),
            (_("At the border, t CO2e per t"), _text(good.total)),
            (_("Method profile"), f"{good.profile} {good.version}, {good.gwp_set}"),
        ],
        "chart": _chart(good) if bridge else None,
        "left_out": [(KINDS.get(what, what), _text(kg)) for what, kg in left_out.items()],
        "closes": bridge.closes if bridge else True,
    }


def _chart(good: Good) -> WaterfallChart:
    bridge = good.bridge
    assert bridge is not None
    assert good.total is not None
    return WaterfallChart(
        id=f"cbam-{good.uuid}-{good.year}",
        title=_("%(product)s: from its footprint to the border") % {"product": named(good)},
        unit=UNIT,
        boundary=_("Installation and its precursors, without the supply of fuels"),
        period=str(good.year),
        origin=f"{good.profile} {good.version}",
        start=bridge.footprint,
        start_label=_("Footprint"),
        end=good.total,
        end_label="CBAM",
        steps=[Step(str(CAUSES[Cause[name.upper()]]), kg) for name, kg in bridge.causes.items()],
    )


def _text(value: float | None) -> str:
    number = told(value)
    return "—" if number is None else format(number, "f")


def _figure(value: float | None) -> Figure:
    number = told(value)
    return Figure("" if number is None else format(number, "f"))


def _rows(every: list[Good]) -> Iterator[list[str]]:
    for good in every:
        bridge = good.bridge
        causes = bridge.causes if bridge else {}
        yield [
            good.cn_code, good.code, good.name_zh, good.name_en, good.site_zh, good.site_en, good.province,
            str(good.year), _figure(good.direct), _figure(good.indirect), _figure(good.total), UNIT,
            "yes" if good.counts_indirect else "no", _exact(bridge.footprint if bridge else None),
            *(_exact(causes.get(cause.name.lower(), 0.0) if bridge else None) for cause in DECIDED),
            _exact(bridge.rest if bridge else None), good.gwp_set, good.profile, str(good.version),
            " ".join(good.unverified), good.why,
        ]  # fmt: skip


def _exact(value: float | None) -> Figure:
    return Figure("" if value is None else repr(value))
