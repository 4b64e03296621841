"""Units and flow properties of a package in the product's own units. Pure.

A unit is recognised by its name or a synonym, and its conversion factor is compared with ours: a package that
calls something "kWh" and means another thing is refused, not converted.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

from factors import units
from footprint.exchange.confined.problems import Problems
from footprint.exchange.openlca.package import Flow, Package, PackageUnit, UnitGroup

REFUSED_FROM = Decimal("1e-6")
NOTED_FROM = Decimal("1e-9")


class Quantities:
    """The package's units, each looked up and compared once."""

    def __init__(self, package: Package, problems: Problems) -> None:
        self._package = package
        self._problems = problems
        self._codes: dict[tuple[str, str], str] = {}

    def code(self, quantity: str, unit: str, file: str, field: str) -> str:
        """Our code of a unit of a flow property; empty, with an error at the field, when we know none."""
        group = self._package.unit_groups[self._package.properties[quantity].unit_group]
        known = self._codes.get((group.id, unit))
        if known is None:
            known = self._codes[group.id, unit] = self._recognise(group, group.units[unit], file, field)
        return known

    def reference_code(self, quantity: str, file: str, field: str) -> str:
        """Our code of the reference unit of a flow property."""
        group = self._package.unit_groups[self._package.properties[quantity].unit_group]
        return self.code(quantity, group.reference.id, file, field)

    def per_declared(self, flow: Flow, declared: tuple[str, str], quantity: str) -> Decimal:
        """How many reference units of ``quantity`` one declared unit (property, our unit) of the flow is."""
        own, unit = declared
        own_reference = self.reference_code(own, flow.file, "flowProperties")
        with localcontext() as context:
            context.prec = units.PRECISION
            in_reference = units.convert(Decimal(1), unit, own_reference) / flow.properties[own]
            return in_reference * flow.properties[quantity]

    def in_kg(self, flow: Flow, measured: tuple[str, str], amount: Decimal) -> Decimal | None:
        """An amount that is measured in (property, our unit) as a mass; nothing where the flow has none."""
        if units.same_dimension(measured[1], "kg"):
            return units.convert(amount, measured[1], "kg")
        for quantity in flow.properties:
            reference = self.reference_code(quantity, flow.file, "flowProperties")
            if reference and units.same_dimension(reference, "kg"):
                return units.convert(amount * self.per_declared(flow, measured, quantity), reference, "kg")
        return None

    def conversions(self, flow: Flow, declared: tuple[str, str]) -> dict[str, str]:
        """What else one declared unit of the flow is: {"kg": "0.75"}; one entry for each dimension."""
        found: dict[str, str] = {}
        taken = {units.dimension(declared[1])}
        for place, quantity in enumerate(flow.properties):
            field = f"flowProperties[{place}].flowProperty"
            code = self.reference_code(quantity, flow.file, field)
            if not code or units.dimension(code) in taken:
                continue
            taken.add(units.dimension(code))
            found[code] = format(self.per_declared(flow, declared, quantity).normalize(), "f")
        return found

    def is_told_by_unit(self, flow: Flow, declared: tuple[str, str], quantity: str, unit: str) -> bool:
        """Whether an amount in ``unit`` can only mean this property: two of one dimension may differ.

        Net and gross calorific value are both energy; a product keeps one of them.
        """
        if quantity == declared[0]:
            return True
        rival = declared[0] if units.same_dimension(unit, declared[1]) else self._first(flow, unit)
        return flow.properties[rival] == flow.properties[quantity]

    def _first(self, flow: Flow, unit: str) -> str:
        for quantity in flow.properties:
            code = self.reference_code(quantity, flow.file, "flowProperties")
            if code and units.same_dimension(code, unit):
                return quantity
        raise AssertionError("the line's own property has this dimension")

    def _recognise(self, group: UnitGroup, unit: PackageUnit, file: str, field: str) -> str:
        code = _known(unit)
        reference = _known(group.reference)
        if not code or not reference:
            name = unit.name if not code else group.reference.name
            self._problems.error("unknown_unit", file, field, value=name)
            return ""
        if not units.same_dimension(code, reference):
            self._problems.error("unit_of_other_dimension", group.file, unit.field, value=unit.name)
            return ""
        self._compare(group, unit, units.convert(Decimal(1), code, reference))
        return code

    def _compare(self, group: UnitGroup, unit: PackageUnit, ours: Decimal) -> None:
        theirs = unit.factor / group.reference.factor
        deviation = abs(theirs / ours - 1)
        values = {"value": unit.name, "theirs": unit.factor, "ours": format(ours.normalize(), "f")}
        if deviation > REFUSED_FROM:
            self._problems.error("unit_factor_differs", group.file, unit.field, **values)
        elif deviation > NOTED_FROM:
            self._problems.warning("unit_factor_rounded", group.file, unit.field, **values)


def _known(unit: PackageUnit) -> str:
    for name in (unit.name, *unit.synonyms):
        try:
            return units.canonical(name)
        except units.UnknownUnit:
            continue
    return ""
