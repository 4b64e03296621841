"""Add and change unit processes, and how they share their burden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.checks import Findings
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from factors import units
from footprint.inventory import measures
from footprint.inventory.measures import converts
from footprint.inventory.models import Exchange, Inventory, UnitProcess
from footprint.inventory.providers import MAKES, named, nature

Method = UnitProcess.Allocation
BY_QUANTITY = {
    Method.MASS: "kg",
    Method.ENERGY: "MJ",
    Method.MOLES: "kg",
    Method.HYDROGEN: "kg",
    Method.EFFICIENCY: "MJ",
    Method.EXERGY: "MJ",
}


@transaction.atomic
def add_process(inventory: Inventory, *, by: Actor, code: str, **details: Any) -> UnitProcess:
    """A unit process of an inventory.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    require(by, Permission.ADD_PROCESS, company_id=inventory.company_id, site_id=inventory.site_id)
    process = UnitProcess(company_id=inventory.company_id, inventory=inventory)
    _fill(process, {"code": code, **details})
    with checks.refusing(_conflicts()):
        process.save(force_insert=True)
    return process


@transaction.atomic
def change_process(process: UnitProcess, *, by: Actor, version: int | None, **changes: Any) -> UnitProcess:
    """Change names, technology, the allocation method, or what is lost or stored.

    Raises:
        NotAllowed, Refusal, Refusals, Stale.
    """
    site_id = process.inventory.site_id
    require(by, Permission.EDIT_INVENTORY, company_id=process.company_id, site_id=site_id)
    changed = _fill(process, changes)
    if {"allocation_method", "ambient_celsius"} & set(changed):
        check_method(process)
    with checks.refusing(_conflicts()):
        checks.write(process, version=version, changes=changed)
    return process


def coproducts(process: UnitProcess) -> list[Exchange]:
    """The lines among which a process shares its burden."""
    made = Exchange.objects.filter(MAKES, process=process).select_related("product")
    return list(made.order_by("position", "pk"))


def _conflicts() -> dict[str, Refusal]:
    message = _("Another process of this inventory has this code already.")
    return {"process_code_in_inventory": Refusal(message, field="code", code="duplicate_code")}


def _fill(process: UnitProcess, given: Mapping[str, Any]) -> dict[str, Any]:
    checks.known(given, FIELDS)
    before = {field: getattr(process, field) for field in FIELDS}
    findings = Findings()
    for field, read in FIELDS.items():
        if field in given:
            with findings.collecting():
                setattr(process, field, read(given[field]))
    checks.names(process, findings)
    findings.settle()
    return {field: getattr(process, field) for field in FIELDS if getattr(process, field) != before[field]}


def check_method(process: UnitProcess) -> None:
    """Whether everything is there that its method divides by.

    Raises:
        Refusal.
    """
    made = coproducts(process)
    if process.allocation_method == Method.NONE and len(made) > 1:
        message = _("This process makes %(count)d products. Choose how they share its burden.")
        raise Refusal(message % {"count": len(made)}, field="allocation_method", code="method_needed")
    declared = process.allocation_method in (Method.DECLARED, Method.CAUSAL)
    if declared and not process.allocation_shares.filter(method=process.allocation_set).exists():
        message = _("Enter the shares of the co-products first.")
        raise Refusal(message, field="allocation_method", code="shares_missing")
    if check := BASES.get(Method(process.allocation_method)):
        for line in made:
            check(process, line)


def _check_quantity(process: UnitProcess, line: Exchange) -> None:
    unit = BY_QUANTITY[Method(process.allocation_method)]
    if line.product and not converts(line.unit, unit, nature(line.product)):
        message = _("Nothing says how much %(unit)s one %(declared)s of %(product)s is. Enter it there.")
        words = {"unit": unit, "declared": line.product.unit, "product": named(line.product)}
        raise Refusal(message % words, field="allocation_method", code="no_basis")


def _check_molar_mass(process: UnitProcess, line: Exchange) -> None:
    _check_quantity(process, line)
    if line.product and line.product.molar_mass_g_per_mol is None:
        message = _("%(product)s has no molar mass. Enter it there.")
        raise Refusal(message % {"product": named(line.product)}, field="allocation_method", code="no_basis")


def _check_hydrogen(process: UnitProcess, line: Exchange) -> None:
    _check_quantity(process, line)
    if line.product and line.product.hydrogen_fraction is None:
        message = _("%(product)s has no hydrogen content. Enter it there.")
        raise Refusal(message % {"product": named(line.product)}, field="allocation_method", code="no_basis")


def _check_custom(process: UnitProcess, line: Exchange) -> None:
    if line.allocation_basis is None:
        message = _("%(product)s has no amount of its own to be weighed by. Enter it with its line.")
        raise Refusal(message % {"product": named(line.product)}, field="allocation_method", code="no_basis")
    others = [each.allocation_basis_unit for each in coproducts(process) if each.allocation_basis_unit]
    if not units.same_dimension(line.allocation_basis_unit, others[0]):
        message = _("%(unit)s and %(other)s do not measure the same. Use one unit for all products.")
        words = {"unit": line.allocation_basis_unit, "other": others[0]}
        raise Refusal(message % words, field="allocation_method", code="mixed_units")


def _check_carrier(process: UnitProcess, line: Exchange) -> None:
    _check_quantity(process, line)
    if not line.carrier:
        message = _(
            "Say of %(product)s whether it is heat or power. Other products do not share by this method."
        )
        raise Refusal(
            message % {"product": named(line.product)}, field="allocation_method", code="no_carrier"
        )


def _check_efficiency(process: UnitProcess, line: Exchange) -> None:
    _check_carrier(process, line)
    if line.reference_efficiency is None:
        message = _("%(product)s has no efficiency of separate production. Enter it with its line.")
        raise Refusal(message % {"product": named(line.product)}, field="allocation_method", code="no_basis")


def _check_exergy(process: UnitProcess, line: Exchange) -> None:
    _check_carrier(process, line)
    if line.carrier != Exchange.Carrier.HEAT:
        return
    if line.heat_celsius is None:
        message = _("%(product)s has no temperature. Enter the mean temperature at which it is delivered.")
        raise Refusal(message % {"product": named(line.product)}, field="allocation_method", code="no_basis")
    if process.ambient_celsius is None:
        message = _("Enter the temperature of the surroundings, which heat is measured against.")
        raise Refusal(message, field="ambient_celsius", code="required")
    if line.heat_celsius <= process.ambient_celsius:
        message = _("%(product)s is not warmer than the surroundings, so by exergy it carries nothing.")
        raise Refusal(message % {"product": named(line.product)}, field="ambient_celsius", code="no_exergy")


BASES: dict[Method, Callable[[UnitProcess, Exchange], None]] = {
    Method.MASS: _check_quantity,
    Method.ENERGY: _check_quantity,
    Method.MOLES: _check_molar_mass,
    Method.HYDROGEN: _check_hydrogen,
    Method.EFFICIENCY: _check_efficiency,
    Method.EXERGY: _check_exergy,
    Method.CUSTOM: _check_custom,
}


def _ambient(given: object, *, field: str) -> Decimal:
    return measures.celsius(given, field=field, lowest=-90, highest=100)


FIELDS: dict[str, Callable[[Any], Any]] = {
    "code": lambda given: checks.code(given, longest=80),
    "name_zh": lambda given: checks.name(given, field="name_zh", longest=300),
    "name_en": lambda given: checks.name(given, field="name_en", longest=300),
    "technology": lambda given: checks.text(given, field="technology", longest=300),
    "allocation_method": lambda given: checks.choice(given, Method.values, field="allocation_method"),
    "price_years": lambda given: checks.choice(given, UnitProcess.PriceYears.values, field="price_years"),
    "mass_loss_kg": lambda given: measures.maybe(measures.amount, given, field="mass_loss_kg"),
    "stock_change_kg": lambda given: measures.maybe(measures.number, given, field="stock_change_kg"),
    "energy_loss_mj": lambda given: measures.maybe(measures.amount, given, field="energy_loss_mj"),
    "ambient_celsius": lambda given: measures.maybe(_ambient, given, field="ambient_celsius"),
    "balance_comment": lambda given: checks.text(given, field="balance_comment", longest=300),
    "allocation_set": lambda given: checks.text(given, field="allocation_set", longest=20),
}
