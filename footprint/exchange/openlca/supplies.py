"""Who provides a line of an outgoing package: a process of it, or one that stands in for others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import uuid5

from accounts.figures import name
from factors import units
from factors.openlca import SPACE
from factors.origins import CO2E, Origin
from footprint.calculation.assemble import makers_of_year
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Inputs, Thing
from footprint.calculation.own_network.rows import Emitted
from footprint.calculation.quantities import in_unit
from footprint.calculation.queries import Freshness, ProductFigure
from footprint.exchange.openlca.flows_out import Flows
from footprint.exchange.openlca.outgoing import Note, OutLine, OutProcess
from footprint.exchange.openlca.package import FlowType
from footprint.inventory.models import Exchange

ONE = Decimal(1)


@dataclass
class Supplies:
    """Stand-ins by what they supply; each is made when a line first asks for it.

    ``ids`` and ``makers`` are the package's own processes by key, with the flows they make by product.
    """

    gwp: str
    language: str
    year: int
    inputs: Inputs
    flows: Flows
    ids: Mapping[int, str]
    makers: Mapping[int, Mapping[int, str]]
    factors: Mapping[int, Emitted]
    figures: Mapping[int, list[ProductFigure]]
    notes: list[Note] = field(default_factory=list)
    _made: dict[str, OutProcess] = field(default_factory=dict)

    @property
    def processes(self) -> Iterable[OutProcess]:
        """Every stand-in that was asked for."""
        return self._made.values()

    def provider(self, line: Exchange, flow: str) -> str:
        """The process that provides a line; empty when nobody does, noted when somebody should."""
        if line.factor_version_id:
            return self._factor(line, flow)
        if line.gas:
            return ""
        if line.provider_process_id:
            made = self.makers.get(line.provider_process_id, {})
            if flow not in made.values():
                return self._nobody("not_made", line, flow)
            return self.ids[line.provider_process_id]
        return self._product(line, flow) if line.provider_product_id else ""

    def _factor(self, line: Exchange, flow: str) -> str:
        version = line.factor_version
        assert version is not None
        if not version.source.may_be_passed_on:
            return self._nobody("licence", line, flow)
        own = self._thing(line.product_id)
        try:
            per_unit = self._per_unit(line, flow, in_unit(ONE, line.unit, version.factor.unit, own))
        except Fault:
            return self._nobody("units", line, flow)
        gases = [
            self._emission(gas, Origin.UNSPECIFIED.value if gas == CO2E else origin, kg * per_unit)
            for (gas, origin), kg in sorted(self.factors[version.pk].gases.items())
        ]
        named = f"{name(version.factor, self.language)} · {version.geography} {version.reference_year}"
        return self._stand_in(line, flow, f"factor/{version.uuid}", named, gases)

    def _product(self, line: Exchange, flow: str) -> str:
        """Makers of this inventory are linked to; of all others there is a total, or nothing."""
        key = line.provider_product_id
        assert key is not None
        thing = self._thing(key)
        makers = makers_of_year(self.inputs.makers.get(key, []), self.year)
        if thing is None:
            return self._nobody("no_total", line, flow)
        try:
            per_line_unit = self._to_supplier(line, thing, thing.unit)
            if makers and all(maker.process in self.ids for maker in makers):
                amounts: dict[int, Decimal] = {}
                for maker in makers:
                    made = in_unit(maker.amount, maker.unit, thing.unit, thing)
                    amounts[maker.process] = amounts.get(maker.process, Decimal(0)) + made
                return self._market(line, flow, amounts, thing.unit, per_line_unit)
            return self._total(line, flow, thing)
        except Fault:
            return self._nobody("units", line, flow)

    def _market(
        self, line: Exchange, flow: str, amounts: Mapping[int, Decimal], unit: str, per_line_unit: Decimal
    ) -> str:
        """What several processes of the package make of one product, by how much each made."""
        key = line.provider_product_id
        assert key is not None
        if len(amounts) == 1 and self.makers[next(iter(amounts))][key] == flow:
            return self.ids[next(iter(amounts))]
        total = sum(amounts.values(), Decimal(0))
        per_unit = self._per_unit(line, flow, per_line_unit)
        lines = [
            OutLine(self.makers[maker][key], per_unit * part / total, unit, True, provider=self.ids[maker])
            for maker, part in amounts.items()
        ]
        assert line.provider_product is not None
        named = name(line.provider_product, self.language)
        return self._stand_in(line, flow, f"market/{line.provider_product.uuid}", named, lines)

    def _total(self, line: Exchange, flow: str, thing: Thing) -> str:
        product = line.provider_product
        assert product is not None
        found = self.figures.get(product.pk, [])
        years = [figure.year for figure in found]
        before = [year for year in years if year <= self.year]
        figure = next((each for each in found if each.year == (max(before) if before else min(years))), None)
        value = figure.value(self.gwp) if figure and figure.freshness is Freshness.CURRENT else None
        if figure is None or value is None:
            return self._nobody("no_total", line, flow)
        per_unit = self._per_unit(line, flow, self._to_supplier(line, thing, figure.unit))
        total = self._emission(CO2E, Origin.UNSPECIFIED.value, Decimal(value) * per_unit)
        named = f"{name(product, self.language)} · {name(product.company, self.language)}"
        return self._stand_in(line, flow, f"total/{product.uuid}/{self.gwp}", named, [total])

    def _to_supplier(self, line: Exchange, thing: Thing, unit: str) -> Decimal:
        """By the supplier's conversions, else by one's own: as the calculation does."""
        try:
            return in_unit(ONE, line.unit, unit, thing)
        except Fault:
            return in_unit(ONE, line.unit, unit, self._thing(line.product_id))

    def _per_unit(self, line: Exchange, flow: str, per_line_unit: Decimal) -> Decimal:
        """Of the supplier's unit, per declared unit of the flow."""
        declared = self.flows.known[flow].unit
        return per_line_unit / in_unit(ONE, line.unit, declared, self._thing(line.product_id))

    def _emission(self, gas: str, origin: str, kg: Decimal) -> OutLine:
        return OutLine(self.flows.gas(gas, origin), kg, "kg", is_input=False)

    def _stand_in(self, line: Exchange, flow: str, of: str, named: str, lines: list[OutLine]) -> str:
        known = self.flows.known[flow]
        # one for each dimension: a product's own conversions need not be its supplier's
        key = str(uuid5(SPACE, f"Process/{flow}/{of}/{units.dimension(line.unit).value}"))
        is_waste = known.type is FlowType.WASTE
        supplied = OutLine(flow, ONE, known.unit, is_input=is_waste, is_reference=True)
        self._made.setdefault(
            key, OutProcess(key, f"{known.name} · {named}"[:300], (supplied, *lines), is_total=True)
        )
        return key

    def _nobody(self, code: str, line: Exchange, flow: str) -> str:
        process = name(line.process, self.language)
        self.notes.append(Note(code, process, self.flows.known[flow].name))
        return ""

    def _thing(self, product: int | None) -> Thing | None:
        return self.inputs.products.get(product) if product else None
