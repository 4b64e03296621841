"""What lines are as flows of an outgoing package."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid5

from accounts.figures import is_chinese, name
from factors import units
from factors.openlca import EMISSIONS, SPACE, gas_name
from footprint.calculation.inputs import Inputs, Thing
from footprint.exchange.openlca import gas_flows
from footprint.exchange.openlca.outgoing import OutFlow
from footprint.exchange.openlca.package import FlowType
from footprint.inventory.models import Exchange, Product


class Flows:
    """Every flow of the package by its identifier; each is made when a line first asks for it."""

    def __init__(self, language: str, inputs: Inputs) -> None:
        self.known: dict[str, OutFlow] = {}
        self._language = language
        self._inputs = inputs

    def of(self, line: Exchange) -> str:
        """The flow of a line."""
        if line.product_id and line.product:
            return self._product(line, line.product)
        if line.factor_version:
            return self._factor(line)
        return self.gas(line.gas, line.origin) if line.gas else self._elementary(line)

    def gas(self, gas: str, origin: str) -> str:
        """A gas let into the air, under an identifier that comes back as this gas and origin."""
        key = gas_flows.flow_of(gas, origin)
        flow = OutFlow(key, gas_name(gas, origin), FlowType.ELEMENTARY, "kg", category=EMISSIONS)
        self.known.setdefault(key, flow)
        return key

    def _product(self, line: Exchange, product: Product) -> str:
        """The product's own flow; one beside it for an amount the product cannot be converted to, and for a
        waste that is taken in without being treated: as a flow of its kind it would have no provider.
        """
        thing = self._inputs.products[product.pk]
        kind = FlowType.WASTE if line.kind == Exchange.Kind.WASTE else FlowType.PRODUCT
        if kind is FlowType.WASTE and line.direction == Exchange.Direction.INPUT and not line.is_reference:
            kind = FlowType.PRODUCT
        ways = _ways(thing)
        key = str(product.external_uuid or product.uuid)
        unit = thing.unit
        if not any(units.same_dimension(line.unit, way) for way in ways):
            unit, ways = line.unit, {}
            key = str(uuid5(SPACE, f"Flow/{key}/{units.dimension(unit).value}"))
        if (kind is FlowType.WASTE) != (product.kind == Product.Kind.WASTE):
            key = str(uuid5(SPACE, f"Flow/{key}/{kind.value}"))
        others = {way: amount for way, amount in ways.items() if way != unit}
        self._keep(OutFlow(key, self._named(product), kind, unit, others, "", self._other(product)))
        return key

    def _factor(self, line: Exchange) -> str:
        """A factor that a line names without a product."""
        version = line.factor_version
        assert version is not None
        key = str(uuid5(SPACE, f"Flow/{version.factor.uuid}/{units.dimension(line.unit).value}"))
        self._keep(OutFlow(key, self._named(version.factor), FlowType.PRODUCT, line.unit))
        return key

    def _elementary(self, line: Exchange) -> str:
        named = f"Flow/{line.compartment}/{line.flow_name}/{units.dimension(line.unit).value}"
        key = str(line.external_uuid or uuid5(SPACE, named))
        called = line.flow_name or "unnamed"
        self._keep(OutFlow(key, called, FlowType.ELEMENTARY, line.unit, category=line.compartment))
        return key

    def _keep(self, flow: OutFlow) -> None:
        self.known.setdefault(flow.id, flow)

    def _named(self, thing: object) -> str:
        return name(thing, self._language)

    def _other(self, thing: object) -> str:
        return name(thing, "en" if is_chinese(self._language) else "zh-hans")


def _ways(thing: Thing) -> dict[str, Decimal]:
    """What one declared unit is in others, as the calculation converts: the first of a dimension counts."""
    heat = {"MJ": thing.lhv_mj} if thing.lhv_mj is not None else {}
    stated = {unit: Decimal(str(amount)) for unit, amount in thing.conversions.items()}
    found: dict[str, Decimal] = {thing.unit: Decimal(1)}
    for unit, amount in (*stated.items(), *heat.items()):
        if not any(units.same_dimension(unit, known) for known in found):
            found[unit] = amount
    return found
