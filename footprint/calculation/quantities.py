"""Amounts in the unit the calculation works in. Units are normalised here and only here."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from factors import units
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Thing


def in_unit(amount: Decimal, unit: str, target: str, thing: Thing | None = None) -> Decimal:
    """``amount`` of a thing, stated in ``unit``, in ``target``.

    Across dimensions (litres to kilograms, tonnes to megajoules) the thing's own conversions and lower heating
    value are used.

    Raises:
        Fault: unknown_unit or dimension_mismatch.
    """
    try:
        if units.same_dimension(unit, target):
            return units.convert(amount, unit, target)
        declared = _via(amount, unit, thing, inwards=True)
        return _via(declared, target, thing, inwards=False)
    except units.UnknownUnit as error:
        raise Fault("unknown_unit", unit=unit) from error
    except units.UnitError as error:
        raise Fault("dimension_mismatch", unit=unit, target=target) from error


def _via(amount: Decimal, unit: str, thing: Thing | None, *, inwards: bool) -> Decimal:
    """From ``unit`` to the thing's declared unit, or back."""
    for known, per_declared in _ways(thing):
        if units.same_dimension(unit, known):
            if inwards:
                return units.convert(amount, unit, known) / per_declared
            return units.convert(amount * per_declared, known, unit)
    raise Fault("dimension_mismatch", unit=unit)


def _ways(thing: Thing | None) -> Iterator[tuple[str, Decimal]]:
    if thing is None:
        return
    yield thing.unit, Decimal(1)
    for unit, per_declared in thing.conversions.items():
        yield unit, Decimal(str(per_declared))
    if thing.lhv_mj is not None:
        yield "MJ", thing.lhv_mj
