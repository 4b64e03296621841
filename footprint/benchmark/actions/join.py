"""Let a product count in benchmarks, or take it back for those that come."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.models import Company
from accounts.policy import require
from accounts.roles import Permission
from footprint.benchmark.models import Participation
from footprint.calculation import ledger
from footprint.inventory.models import Product


@transaction.atomic
def join(product: Product, *, by: Actor) -> Participation:
    """From the next cohort on. Joining twice changes nothing.

    Raises:
        NotAllowed; Refusal: no member's product, or in no category.
    """
    require(by, Permission.JOIN_BENCHMARK, company_id=product.company_id)
    if product.category_id is None or product.company.kind != Company.Kind.MEMBER:
        message = _("Benchmarks compare members' products of a category. Give the product a category first.")
        raise Refusal(message, field="category", code="no_category")
    joined, _is_new = Participation.objects.get_or_create(product=product, company_id=product.company_id)
    ledger.wake()
    return joined


@transaction.atomic
def leave(product: Product, *, by: Actor) -> None:
    """From the next cohort on; what was released stays.

    Raises:
        NotAllowed.
    """
    require(by, Permission.JOIN_BENCHMARK, company_id=product.company_id)
    Participation.objects.filter(product=product, company_id=product.company_id).delete()
    ledger.wake()
