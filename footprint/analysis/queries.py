"""Questions about scenarios that were saved, and about the lines behind a figure."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from footprint.analysis.models import Scenario
from footprint.inventory import queries as inventory
from footprint.inventory.models import Exchange, Product

SHOWN = 12
SEARCHED = (
    "product__name_zh",
    "product__name_en",
    "product__code",
    "flow_name",
    "gas",
    "factor_version__factor__name_zh",
    "factor_version__factor__name_en",
    "process__name_zh",
    "process__name_en",
    "process__code",
)


def scenarios(actor: Actor, product: Product | None = None) -> QuerySet[Scenario]:
    """Own scenarios, those of one product by name."""
    found = Scenario.objects.visible_to(actor).select_related("company", "product", "created_by")
    return found if product is None else found.filter(product=product).order_by("name")


def scenario(actor: Actor, uuid: UUID) -> Scenario | None:
    """One scenario, if it exists for the actor."""
    return scenarios(actor).filter(uuid=uuid).first()


def lines_behind(actor: Actor, processes: Iterable[int], search: str) -> list[Exchange]:
    """Own lines of these processes; every word occurs in what flows, its factor or its process."""
    found = inventory.lines(actor).filter(process_id__in=list(processes))
    for word in search.split():
        found = found.filter(_any(word))
    return list(found[:SHOWN])


def _any(word: str) -> Q:
    condition = Q()
    for name in SEARCHED:
        condition |= Q(**{f"{name}__icontains": word})
    return condition
