"""What a line is checked against besides itself: asked for each line, or read once for many (``loaded``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from django.db.models import Model, Q, QuerySet

from accounts.actor import Actor
from factors.models import FactorVersion, GreenhouseGas
from footprint.inventory.models import Exchange, Product, ProductGrant, UnitProcess

MAKES = Q(direction="output", kind="product", is_avoided=False) | Q(
    direction="input", kind="waste", is_avoided=False, is_reference=True
)
"""The lines by which a process makes a product, or takes a waste for treatment."""


class Beside(Protocol):
    """Answers about other rows, as they will be when the line is stored."""

    def named(self, line: Exchange, field: str, key: Mapping[str, Any]) -> Model | None:
        """The product, process or factor version a line may point to in ``field``."""

    def knows_gas(self, code: str) -> bool:
        """Whether the gas is one of the list."""

    def other_reference(self, line: Exchange) -> Product | None:
        """The reference product of the line's process, if another line says it."""

    def makes(self, process: UnitProcess, product: Product | None) -> bool:
        """Whether the process makes the product."""

    def is_made(self, product: Product) -> bool:
        """Whether any process makes it."""


class Stored:
    """Answers of the database."""

    def __init__(self, by: Actor) -> None:
        self.by = by

    def named(self, line: Exchange, field: str, key: Mapping[str, Any]) -> Model | None:
        """By one query."""
        found: Model | None = nameable(field, line.company_id, self.by).filter(**key).first()
        return found

    def knows_gas(self, code: str) -> bool:
        """By one query."""
        return GreenhouseGas.objects.filter(code=code).exists()

    def other_reference(self, line: Exchange) -> Product | None:
        """By one query."""
        others = Exchange.objects.filter(process_id=line.process_id, is_reference=True).exclude(pk=line.pk)
        other = others.select_related("product").first()
        return other.product if other else None

    def makes(self, process: UnitProcess, product: Product | None) -> bool:
        """By one query."""
        return Exchange.objects.filter(MAKES, process=process, product=product).exists()

    def is_made(self, product: Product) -> bool:
        """By one query."""
        return Exchange.objects.filter(MAKES, product=product).exists()


def nameable(field: str, company_id: int, by: Actor) -> QuerySet[Any]:
    """What a line of the company may point to in a field, as the person may know of it."""
    if field == "product":
        return Product.objects.own(by).filter(company_id=company_id)
    if field == "provider_process":
        return UnitProcess.objects.visible_to(by).filter(company_id=company_id)
    if field == "provider_product":
        granted = ProductGrant.objects.in_force().filter(recipient_id=company_id)
        return Product.objects.visible_to(by).filter(
            Q(company_id=company_id) | Q(pk__in=granted.values("product_id"))
        )
    usable = Q(company=None) | Q(company_id=company_id)
    return FactorVersion.objects.visible_to(by).filter(usable).select_related("factor")
