"""Shares of one process's burden among its co-products, by every method a rule can order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.equations import Floats
from footprint.engine.errors import (
    EngineError,
    MixedUnits,
    NegativeBasis,
    NoBasis,
    SharesDoNotSum,
    WrongShape,
)

SUM_TOLERANCE = 1e-9
"""How far declared shares may be from summing to one."""


class Basis(StrEnum):
    """What the burden of a process is divided by."""

    NONE = "none"
    MASS = "mass"
    VOLUME = "volume"
    ENERGY = "energy"
    ECONOMIC = "economic"
    MOLES = "moles"
    HYDROGEN = "hydrogen"
    EFFICIENCY = "efficiency"
    """Of heat and power: the fuel that separate production would need."""
    EXERGY = "exergy"
    """Of heat and power: the work they could do."""
    CUSTOM = "custom"
    DECLARED = "declared"
    CAUSAL = "causal"
    FULL = "full"


MEASURED = (
    Basis.MASS, Basis.VOLUME, Basis.ENERGY, Basis.ECONOMIC, Basis.MOLES, Basis.HYDROGEN, Basis.EFFICIENCY,
    Basis.EXERGY, Basis.CUSTOM,
)  # fmt: skip
"""Methods that divide by an amount each co-product carries; these make up the band."""


@dataclass(frozen=True, eq=False)
class Quantity:
    """An amount per co-product, and the unit of each.

    Shapes   amount: (n,), NaN where unknown; unit: n names, or one for all
    Units    mass kg, volume m3, energy MJ (LHV), economic one currency, moles mol, hydrogen kg H,
             efficiency MJ of fuel, exergy MJ of work; economic is price x quantity, never the price alone
    """

    amount: Floats
    unit: tuple[str, ...] = ()

    @classmethod
    def of(cls, amount: ArrayLike, unit: str | Sequence[str] = ()) -> Quantity:
        """From any sequence of numbers, all in one unit or each in its own."""
        names = (unit,) if isinstance(unit, str) else tuple(unit)
        return cls(np.array(amount, dtype=np.float64).reshape(-1), names)


@dataclass(frozen=True, eq=False)
class Outputs:
    """The co-products of one process, with all that is known about them.

    Shapes   quantities: (n,) each; declared: (n,) shares; causal: (exchanges, n) shares
    Units    quantities as in ``Quantity``; shares dimensionless
    """

    count: int
    quantities: Mapping[Basis, Quantity] = field(default_factory=dict)
    declared: Floats | None = None
    causal: Floats | None = None


@dataclass(frozen=True, eq=False)
class Band:
    """Shares under all methods that apply, and the range they leave.

    Shapes   methods: k; shares: (k, n); low, high: (n,)
    """

    methods: tuple[Basis, ...]
    shares: Floats
    low: Floats
    high: Floats


def allocate(outputs: Outputs, by: Basis) -> Floats:
    """Split one process's burden among its co-products.

    Shapes   (n,) shares, or (exchanges, n) for causal ones
    Units    dimensionless; they sum to 1, but for ``full``: each co-product carries everything, as in
             imported inventories without a declared method
    Errors   NoBasis when nothing is known to divide by, or all is zero; MixedUnits; NegativeBasis;
             SharesDoNotSum when declared shares miss 1 by more than 1e-9; WrongShape
    Source   ISO 14067:2018, allocation procedure; the product's own PCR prevails
    """
    if by is Basis.FULL or (by is Basis.NONE and outputs.count == 1):
        return np.ones(outputs.count)
    if by is Basis.DECLARED:
        return _declared(outputs.declared, (outputs.count,), by)
    if by is Basis.CAUSAL:
        return _declared(outputs.causal, (-1, outputs.count), by)
    quantity = outputs.quantities.get(by)
    if quantity is None:
        raise NoBasis(by)
    return _proportional(quantity, outputs.count, by)


def band(outputs: Outputs) -> Band:
    """Every share that a defensible method gives: a multi-output result is incomplete without it.

    Methods that cannot be applied are left out; declared shares take part where they are valid.

    Shapes   see ``Band``
    Units    dimensionless
    Errors   NoBasis when no method applies
    Source   spread between methods for one cracker: a factor of 1.7 (ethylene) to 14 (hydrogen)
    """
    found: dict[Basis, Floats] = {}
    for method in (*MEASURED, Basis.DECLARED):
        try:
            found[method] = allocate(outputs, method)
        except EngineError:
            continue
    if not found:
        raise NoBasis("any method", range(outputs.count))
    shares = np.array(list(found.values()))
    return Band(tuple(found), shares, shares.min(axis=0), shares.max(axis=0))


def _proportional(quantity: Quantity, count: int, by: Basis) -> Floats:
    if len(quantity.amount) != count or len(quantity.unit) not in (0, 1, count):
        raise WrongShape(f"There are {count} co-products and {len(quantity.amount)} amounts.")
    if len(set(quantity.unit)) > 1:
        raise MixedUnits(quantity.unit)
    amount = known(quantity.amount, by)
    shares: Floats = amount / amount.max()
    shares /= shares.sum()
    return shares


def known(amount: Floats, what: str) -> Floats:
    """The amounts, if all are finite and not negative, and one is positive.

    Shapes   (n,)
    Units    as given
    Errors   NoBasis, NegativeBasis
    """
    missing = ~np.isfinite(amount)
    if missing.any() or not amount.any():
        raise NoBasis(what, np.flatnonzero(missing if missing.any() else amount == 0.0))
    if (amount < 0.0).any():
        raise NegativeBasis(what, np.flatnonzero(amount < 0.0))
    return amount


def _declared(given: ArrayLike | None, shape: tuple[int, ...], by: Basis) -> Floats:
    """Declared shares as they are: within the tolerance they are not touched."""
    if given is None:
        raise NoBasis(by)
    shares = np.array(given, dtype=np.float64)
    if shares.ndim != len(shape) or shares.shape[-1] != shape[-1]:
        raise WrongShape(f"There must be one share for each of the {shape[-1]} co-products.")
    if not np.isfinite(shares).all():
        raise NoBasis(by)
    if (shares < 0.0).any():
        raise NegativeBasis(by, np.unique(np.nonzero(shares < 0.0)[-1]))
    totals = np.atleast_1d(shares.sum(axis=-1))
    off = np.abs(totals - 1.0) > SUM_TOLERANCE
    if off.any():
        raise SharesDoNotSum(float(totals[off][0]), range(shape[-1]))
    return shares
