"""Set, change or drop what a product's footprint is to come down to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from footprint.benchmark.models import ReductionTarget
from footprint.inventory import measures
from footprint.inventory.models import Product

FIRST, LAST = 2000, 2100


@transaction.atomic
def set_target(
    product: Product, *, by: Actor, at: datetime, base_year: object, target_year: object, percent: object
) -> ReductionTarget:
    """So many per cent less than in the base year; replaces the one before.

    Raises:
        NotAllowed; Refusal, Refusals: no year, a target before its base, no reduction.
    """
    require(by, Permission.JOIN_BENCHMARK, company_id=product.company_id)
    findings = checks.Findings()
    base = aim = 0
    less = Decimal(0)
    with findings.collecting():
        base = _year(base_year, "base_year")
    with findings.collecting():
        aim = _year(target_year, "target_year")
    with findings.collecting():
        less = _percent(percent)
    findings.settle()
    if aim <= base:
        message = _("The target year comes after the base year. Choose a later one.")
        raise Refusal(message, field="target_year", code="before_base")
    made, _is_new = ReductionTarget.objects.update_or_create(
        product=product,
        company_id=product.company_id,
        defaults={"base_year": base, "target_year": aim, "percent": less, "set_at": at},
    )
    return made


@transaction.atomic
def drop_target(product: Product, *, by: Actor) -> None:
    """No target any more.

    Raises:
        NotAllowed.
    """
    require(by, Permission.JOIN_BENCHMARK, company_id=product.company_id)
    ReductionTarget.objects.filter(product=product, company_id=product.company_id).delete()


def _year(given: object, field: str) -> int:
    found = measures.number(given, field=field)
    if found != int(found) or not FIRST <= found <= LAST:
        message = _("Enter a year from %(first)d to %(last)d.") % {"first": FIRST, "last": LAST}
        raise Refusal(message, field=field, code="not_a_year")
    return int(found)


def _percent(given: object) -> Decimal:
    found = measures.number(given, field="percent")
    if not 0 < found <= 100 or not (kept := found.quantize(Decimal("0.01"))):
        message = _("Enter how many per cent less, from 0.01 up to 100.")
        raise Refusal(message, field="percent", code="out_of_bounds")
    return kept
