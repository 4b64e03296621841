"""Amounts in the unit the calculation works in. Units are normalised here and only here."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from factors import units
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Thing


def in_unit(amount: Decimal, unit: str, target: str, thing: Thing | None = None) -> Decimal:
    """``amount`` of a thing, stated in ``unit``, in ``target``.

    Across dimensions (litres to kilograms, tonnes to megajoules) the thing's own conversions and lower
    heating value are used.

    Raises:
        Fault: unknown_unit or dimension_mismatch.
    """
    try:
        if units.same_dimension(unit, target):
            return units.convert(amount, unit, target)
        declared = _to_declared(amount, unit, thing)
        found = None if declared is None else _from_declared(declared, target, thing)
    except units.UnknownUnit as error:
        raise Fault("unknown_unit", unit=unit) from error
    if found is None:
        raise Fault("dimension_mismatch", unit=unit, target=target)
    return found


def figure_per(figure: Decimal, unit: str, target: str, thing: Thing) -> Decimal:
    """``figure``, stated per ``unit`` of a thing, per ``target``.

    Raises:
        Fault: unknown_unit or dimension_mismatch.
    """
    return figure / in_unit(Decimal(1), unit, target, thing)


def _to_declared(amount: Decimal, unit: str, thing: Thing | None) -> Decimal | None:
    for known, per_declared in _ways(thing):
        if units.same_dimension(unit, known):
            return units.convert(amount, unit, known) / per_declared
    return None


def _from_declared(declared: Decimal, target: str, thing: Thing | None) -> Decimal | None:
    for known, per_declared in _ways(thing):
        if units.same_dimension(target, known):
            return units.convert(declared * per_declared, known, target)
    return None


def _ways(thing: Thing | None) -> Iterator[tuple[str, Decimal]]:
    if thing is None:
        return
    yield thing.unit, Decimal(1)
    for unit, per_declared in thing.conversions.items():
        yield unit, Decimal(str(per_declared))
    if thing.lhv_mj is not None:
        yield "MJ", thing.lhv_mj
