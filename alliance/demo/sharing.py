"""Requests for footprints between members of the demo alliance: somebody has something to do."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company
from accounts.visibility import acting_as
from alliance.demo.people import actor_called
from footprint.inventory.models import Product
from footprint.publication.models import Publication
from footprint.sharing.actions import accept, ask_for_footprint, dispute, move_request, share
from footprint.sharing.models import SharingRequest

ANSWERS = "tan.moyan@cangyu.example"
"""Who shares for the refinery that is asked most."""
YEAR = 2024
PATIENCE = timedelta(days=45)
PURPOSE = "核算我方产品的碳足迹。 For the footprint of our own products."
DOUBTED = "pcfExcludingBiogenic"
IMPLAUSIBLE = (
    "比我们收到的其他供应商数值低得多，请说明蒸汽的来源。 "
    "Far below what other suppliers told us. Please say where the steam comes from."
)


def write_requests(*, at: datetime) -> int:
    """In the caller's transaction, once there are publications; how many."""
    shares = actor_called(ANSWERS)
    given = _publications(shares)
    polymers, chemistry, propylene, materials = (
        actor_called(email)
        for email in (
            "tao.ranzhi@hongdai.example",
            "cen.yuelan@danlin.example",
            "yu.shanshan@jingting.example",
            "ye.wanqing@liyuan.example",
        )
    )
    _ask(propylene, "cangyu-refining", "丙烯（聚合级） Propylene, polymer grade", at)
    prepared = _ask(chemistry, "cangyu-refining", "乙烯 Ethylene", at)
    for move in ("acknowledge", "prepare"):
        with acting_as(shares):
            move_request(prepared, move, by=shares, at=at)
    _bought(shares, at)
    for publication, asker in zip(given, (polymers, materials), strict=False):
        product = publication.product
        wanted = f"{product.name_zh} {product.name_en}"
        request = _ask(asker, "cangyu-refining", wanted, at, publication.unit)
        with acting_as(shares):
            move_request(request, "acknowledge", by=shares, at=at)
            share(request, by=shares, at=at, mode="pinned", publication=str(publication.uuid))
        with acting_as(asker):
            if asker is polymers:
                accept(request, by=asker, at=at, usability=1)
            else:
                dispute(
                    request,
                    by=asker,
                    at=at,
                    code="implausible",
                    line="pcf",
                    reason=IMPLAUSIBLE,
                )
    return SharingRequest.objects.count()


def _publications(shares: Actor) -> list[Publication]:
    with acting_as(shares):
        own = Publication.objects.visible_to(shares).filter(state="published", visibility="alliance")
        return list(own.order_by("pk")[:2])


def _bought(shares: Actor, at: datetime) -> None:
    """The refinery asks for its crude, and follows the field's figure from then on."""
    field = actor_called("fang.ruolin@cangyu.example")
    request = _ask(shares, "cangyu-upstream", "原油 Crude oil", at)
    crude = Product.objects.filter(company__code="cangyu-upstream", category__code="crude-oil").earliest("pk")
    with acting_as(field):
        move_request(request, "acknowledge", by=field, at=at)
        share(request, by=field, at=at, mode="live", product=str(crude.uuid))
    with acting_as(shares):
        move_request(request, "review", by=shares, at=at)


def _ask(by: Actor, supplier: str, wanted: str, at: datetime, unit: str = "kg") -> SharingRequest:
    asking = Company.objects.get(memberships__user=by.user_id)
    asked = Company.objects.get(code=supplier)
    with acting_as(by):
        return ask_for_footprint(
            asking,
            by=by,
            at=at,
            supplier=str(asked.uuid),
            wanted=wanted,
            unit=unit,
            period_start=date(YEAR, 1, 1),
            period_end=date(YEAR, 12, 31),
            level="total",
            purpose=PURPOSE,
            due_on=timezone.localdate(at) + PATIENCE,
        )
