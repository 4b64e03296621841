"""By which methods an output can share a burden: what is entered decides. No rows are read here."""

from __future__ import annotations

from collections.abc import Callable, Collection

from footprint.inventory.measures import converts
from footprint.inventory.models import AllocationShare, Exchange, Product
from footprint.inventory.providers import nature
from footprint.rules.document.content import Method


def possible_methods(
    line: Exchange, *, has_price: bool, shares: Collection[AllocationShare] = ()
) -> frozenset[Method]:
    """The methods for which everything is there that this output is weighed by.

    ``shares`` are those of the process; its own set in force counts.
    """
    product = line.product
    if product is None:
        return frozenset()
    found = {method for method, fits in FITS.items() if fits(line, product)}
    if has_price:
        found.add(Method.ECONOMIC)
    for share in shares:
        if share.product_id == product.pk and share.method == line.process.allocation_set:
            found.add(Method.DECLARED if share.exchange_id is None else Method.CAUSAL)
    return frozenset(found)


def _by_mass(line: Exchange, product: Product) -> bool:
    return converts(line.unit, "kg", nature(product))


def _by_energy(line: Exchange, product: Product) -> bool:
    return converts(line.unit, "MJ", nature(product))


def _by_efficiency(line: Exchange, product: Product) -> bool:
    return bool(line.carrier) and line.reference_efficiency is not None and _by_energy(line, product)


def _by_exergy(line: Exchange, product: Product) -> bool:
    if not line.carrier or not _by_energy(line, product):
        return False
    is_heat = line.carrier == Exchange.Carrier.HEAT
    return not is_heat or None not in (line.heat_celsius, line.process.ambient_celsius)


FITS: dict[Method, Callable[[Exchange, Product], bool]] = {
    Method.MASS: _by_mass,
    Method.ENERGY: _by_energy,
    Method.MOLES: lambda line, product: product.molar_mass_g_per_mol is not None and _by_mass(line, product),
    Method.HYDROGEN: lambda line, product: product.hydrogen_fraction is not None and _by_mass(line, product),
    Method.EFFICIENCY: _by_efficiency,
    Method.EXERGY: _by_exergy,
    Method.CUSTOM: lambda line, product: line.allocation_basis is not None,
}
