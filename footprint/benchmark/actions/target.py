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
STATED = ("base_year", "target_year", "percent")


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


class HasTarget(Refusal):
    """There is one already: whoever adds one did not know."""

    code = "has_target"
    status = 409


class NoTarget(Refusal):
    """There is none to change or to drop."""

    code = "no_target"
    status = 409


@transaction.atomic
def add_target(
    product: Product, *, by: Actor, at: datetime, base_year: object, target_year: object, percent: object
) -> ReductionTarget:
    """The first target of a product.

    Raises:
        HasTarget: there is one; otherwise as ``set_target``.
    """
    require(by, Permission.JOIN_BENCHMARK, company_id=product.company_id)
    if ReductionTarget.objects.filter(product=product).exists():
        raise HasTarget(_("This product has a target already. Change that one."))
    return set_target(product, by=by, at=at, base_year=base_year, target_year=target_year, percent=percent)


@transaction.atomic
def change_target(product: Product, *, by: Actor, at: datetime, **stated: object) -> ReductionTarget:
    """Some of a target's years and its reduction; what is not stated stays.

    Raises:
        NoTarget: there is none; otherwise as ``set_target``.
    """
    require(by, Permission.JOIN_BENCHMARK, company_id=product.company_id)
    found = ReductionTarget.objects.select_for_update().filter(product=product).first()
    if found is None:
        raise NoTarget(_("This product has no target. Set one first."))
    known: dict[str, object] = {name: getattr(found, name) for name in STATED}
    return set_target(product, by=by, at=at, **{**known, **stated})


@transaction.atomic
def drop_target(product: Product, *, by: Actor, must_exist: bool = False) -> None:
    """No target any more.

    Raises:
        NotAllowed. NoTarget: there is none, where one ``must_exist``.
    """
    require(by, Permission.JOIN_BENCHMARK, company_id=product.company_id)
    dropped, _by_table = ReductionTarget.objects.filter(
        product=product, company_id=product.company_id
    ).delete()
    if must_exist and not dropped:
        raise NoTarget(_("This product has no target. Set one first."))


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
