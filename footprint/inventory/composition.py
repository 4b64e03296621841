"""What a product is made of: figures that no substance can have are refused. No rows."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.checks import Findings
from accounts.errors import Refusal
from factors import units
from factors.units import Dimension
from footprint.inventory import measures
from footprint.inventory.models import Product

PLAUSIBLE_LHV = {
    Dimension.MASS: ("kg", Decimal("0.05"), Decimal("120.1")),
    Dimension.NORMAL_VOLUME: ("Nm3", Decimal("0.5"), Decimal(200)),
}
"""MJ per unit, from waste heat in water to hydrogen (119.96 MJ/kg); gases from blast-furnace gas to C5."""
LIGHTEST, HEAVIEST = 1, 10**7


def molar_mass(value: object, *, field: str) -> Decimal:
    """g/mol.

    Raises:
        Refusal: as ``measures.number``, or absurd_molar_mass.
    """
    found = measures.number(value, field=field)
    if not LIGHTEST <= found <= HEAVIEST:
        message = _("No substance weighs that. Enter grams per mole, for example 28.05 for ethylene.")
        raise Refusal(message, field=field, code="absurd_molar_mass")
    return found


def check(product: Product, given: Collection[str]) -> None:
    """Whether heating value and elements can be those of one substance; what was not touched stays.

    Raises:
        Refusal, Refusals.
    """
    findings = Findings()
    if {"lhv_mj_per_unit", "unit", "conversions"} & set(given):
        with findings.collecting():
            _check_heating_value(product)
    if {"carbon_fraction", "hydrogen_fraction"} & set(given):
        with findings.collecting():
            _check_elements(product)
    findings.settle()


def _check_heating_value(product: Product) -> None:
    if product.lhv_mj_per_unit is None:
        return
    ways = {product.unit: Decimal(1)} | {unit: Decimal(str(per)) for unit, per in product.conversions.items()}
    for unit, per_declared in ways.items():
        if units.dimension(unit) not in PLAUSIBLE_LHV:
            continue
        base, low, high = PLAUSIBLE_LHV[units.dimension(unit)]
        found = product.lhv_mj_per_unit / units.convert(per_declared, unit, base)
        if not low <= found <= high:
            message = _(
                "That would be %(found)s MJ per %(base)s; real values lie between %(low)s and %(high)s. "
                "Enter megajoules per %(unit)s, the declared unit."
            )
            words = {"found": f"{found:.3g}", "base": base, "low": low, "high": high, "unit": product.unit}
            raise Refusal(message % words, field="lhv_mj_per_unit", code="absurd_heating_value")


def _check_elements(product: Product) -> None:
    carbon, hydrogen = product.carbon_fraction, product.hydrogen_fraction
    if carbon is not None and hydrogen is not None and carbon + hydrogen > 1:
        message = _("Carbon and hydrogen together are %(total)s of the mass; they cannot be more than 1.")
        total = format(carbon + hydrogen, "f")
        raise Refusal(message % {"total": total}, field="hydrogen_fraction", code="more_than_all")
