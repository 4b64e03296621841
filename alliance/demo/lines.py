"""From settled sites to inventory lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from alliance.demo import closing
from alliance.demo.balance import SiteYear, per_residual
from alliance.demo.description import (
    PER_LINE_UNIT,
    YEARS,
    Good,
    Recipe,
    Row,
    factor_references,
    goods,
    prices_until,
)
from alliance.demo.inventory import (
    FactorOfYear,
    Line,
    MemberProduct,
    OwnProcess,
    ProcessLines,
    ProductLine,
    Provider,
    SiteInventory,
    figure,
)
from alliance.demo.plants import Network, Unit

# reference efficiencies of separate heat and power production, for the efficiency method
HEAT_ALONE, POWER_ALONE = 0.90, 0.45
MWH_GJ = 3.6
PRICED = frozenset({"cdu", "fcc", "hck", "coker", "reformer", "cracker", "ethane-cracker", "pdh"})
"""Refinery and cracker units whose products have prices whatever method shares their burden."""
SLIP = ("wuling", 2024, "fcc")
LOSS_LEFT_OUT = ("minyi", 2025, "pe")
BY_DIFFERENCE = "燃烧的燃料、水、放空与余热，按差额计 Fuel burnt, water, vents and waste heat, by difference"

Source = tuple[float, str, Provider]


class SiteLines:
    """Writes one settled site down, process by process."""

    def __init__(self, settled: SiteYear, grid: FactorOfYear) -> None:
        self.settled = settled
        self.site = settled.site
        self.year = settled.year
        self.grid = grid

    def inventory(self) -> SiteInventory:
        """Everything the site reports for the year."""
        processes = [
            self._process(unit, recipe, throughput)
            for unit, recipe, throughput in self.settled.units()
            if throughput
        ]
        processes += [self._network(network) for network in self.settled.plant.networks]
        return SiteInventory(self.site, self.year, tuple(self._products()), tuple(processes))

    def _products(self) -> Iterator[ProductLine]:
        for _unit, recipe, throughput in self.settled.units():
            for row in recipe.rows if throughput else ():
                if row.kind == "waste":
                    yield ProductLine(self._waste_code(recipe, row), self.site, row.flow, recipe.code, True)
                if row.kind == "out":
                    code = self.product_of(recipe.code, row.flow)
                    yield ProductLine(code, self.site, row.flow, self._maker(recipe.code, row.flow))
        for network in self.settled.plant.networks:
            yield ProductLine(
                f"{self.site}-net-{network.flow}", self.site, network.flow, f"net-{network.flow}", False, True
            )

    def _maker(self, recipe: str, flow: str) -> str:
        return recipe if len(self.settled.makers(flow)) > 1 else ""

    def product_of(self, recipe: str, flow: str) -> str:
        """The code of what a process makes; names the process only where several make the same."""
        maker = self._maker(recipe, flow)
        return f"{self.site}-{maker}-{flow}" if maker else f"{self.site}-{flow}"

    def _waste_code(self, recipe: Recipe, row: Row) -> str:
        return f"{self.site}-{recipe.code}-{row.flow}"

    def _process(self, unit: Unit, recipe: Recipe, throughput: float) -> ProcessLines:
        allocation = unit.allocation or recipe.allocation
        lines: list[Line] = []
        for row in recipe.rows:
            lines += self._lines(unit, recipe, row, throughput, allocation)
        first = next(index for index, line in enumerate(lines) if line.direction == "output" and line.product)
        lines[first] = _as_reference(lines[first])
        shares = self._heat_and_power_shares(recipe) if allocation == "declared" else ()
        return self._closed(ProcessLines(recipe.code, allocation, tuple(lines), shares))

    def _closed(self, process: ProcessLines) -> ProcessLines:
        """With what is lost, by difference; two mistakes are left in for closure to find."""
        place = (self.site, self.year, process.recipe)
        lines = tuple(_slipped(line) for line in process.lines) if place == SLIP else process.lines
        loss, heat = closing.mass(lines), closing.energy(lines)
        is_told = place != LOSS_LEFT_OUT
        return replace(
            process,
            lines=lines,
            mass_loss_kg=_loss(loss) if is_told else None,
            energy_loss_mj=_loss(heat),
            balance_comment=BY_DIFFERENCE if is_told and loss.taken else "",
        )

    def _lines(
        self, unit: Unit, recipe: Recipe, row: Row, throughput: float, allocation: str
    ) -> Iterator[Line]:
        amount = self.settled.per_throughput(row) * throughput * PER_LINE_UNIT
        if row.kind in ("in", "burn"):
            yield from self._taken_in(unit, row, self.settled.intake(row) * throughput * PER_LINE_UNIT)
        if row.kind == "feed":
            yield from self._feed(unit, row)
        if row.kind in ("burn", "burnt"):
            yield self._from_factor(f"burnt-{row.flow}", amount, "calculated", row.comment)
        if row.kind == "air":
            origin_free = Line("output", "elementary", row.flow, figure(amount / PER_LINE_UNIT), "t")
            yield _noted(origin_free, row)
        if row.kind == "waste":
            code = self._waste_code(recipe, row)
            yield _noted(Line("output", "waste", row.flow, figure(amount), "t", code), row)
        if row.kind == "out":
            yield self._output(recipe, row, amount, allocation)

    def _output(self, recipe: Recipe, row: Row, amount: float, allocation: str) -> Line:
        """What comes out, with its price of some years where co-products could share by value."""
        good = goods()[row.flow]
        is_priced = allocation == "economic" or recipe.code in PRICED
        prices = tuple(prices_until(row.flow, self.year)) if is_priced else ()
        code = self.product_of(recipe.code, row.flow)
        line = Line("output", "product", row.flow, figure(amount), good.line_unit, code, prices=prices)
        return _noted(line, row)

    def _taken_in(self, unit: Unit, row: Row, amount: float) -> Iterator[Line]:
        only = next((flow for flow in unit.feed if flow.rpartition("/")[2] == row.flow), row.flow)
        quality = "estimated" if row.flow in self.settled.plant.estimates else row.quality
        yield from self._supplied(only, amount, quality, row.comment)

    def _feed(self, unit: Unit, row: Row) -> Iterator[Line]:
        for flow, share in unit.feed.items():
            if amount := self.settled.made(flow) * share * PER_LINE_UNIT:
                yield from self._supplied(flow, amount, row.quality, row.comment)

    def _supplied(self, flow: str, amount: float, quality: str, comment: str) -> Iterator[Line]:
        name = flow.rpartition("/")[2]
        good = goods()[name]
        for share, product, provider in self._sources(flow):
            if share * amount:
                yield Line(
                    direction="input",
                    kind="product",
                    flow=name,
                    amount=figure(share * amount),
                    unit=good.line_unit,
                    product=product,
                    provider=provider,
                    quality=quality,
                    comment=comment,
                )
        if not self.settled.network(name):
            yield from self._freight(good, amount)

    def _sources(self, flow: str) -> list[Source]:
        """Where a flow comes from: the site's network, or its own units and members, or nowhere known."""
        if self.settled.network(flow):
            return [(1.0, f"{self.site}-net-{flow}", OwnProcess(f"net-{flow}"))]
        bought = self._from_members(flow)
        own_share = 1 - sum(share for share, _product, _provider in bought)
        own = self._from_own_units(flow, own_share) if own_share > 0 else []
        return bought + own or [(1.0, flow, None)]

    def _from_members(self, flow: str) -> list[Source]:
        return [
            (purchase.share, purchase.product, MemberProduct(purchase.product))
            for purchase in self.settled.bought(flow)
        ]

    def _from_own_units(self, flow: str, share: float) -> list[Source]:
        makers = self.settled.makers(flow)
        total = sum(amount for _code, amount in makers)
        name = flow.rpartition("/")[2]
        return [
            (share * amount / total, self.product_of(code, name), OwnProcess(code)) for code, amount in makers
        ]

    def _freight(self, good: Good, amount: float) -> Iterator[Line]:
        tonnes = amount * (good.kg_per_unit or 1.0)
        for purchase in self.settled.bought(good.code):
            moved = tonnes * purchase.share * purchase.distance_km / PER_LINE_UNIT
            if not moved:
                continue
            if purchase.carrier in factor_references():
                yield self._from_factor(purchase.carrier, moved, "calculated", f"{purchase.distance_km:g} km")
            else:
                yield Line(
                    direction="input",
                    kind="product",
                    flow="pipeline",
                    amount=figure(moved),
                    unit="kt*km",
                    product=purchase.carrier,
                    provider=MemberProduct(purchase.carrier),
                    quality="calculated",
                    comment=f"{purchase.distance_km:g} km",
                )

    def _from_factor(self, flow: str, amount: float, quality: str, comment: str = "") -> Line:
        provider = self.grid if flow == "grid-power" else FactorOfYear(*factor_references()[flow][self.year])
        return Line(
            direction="input",
            kind="product",
            flow=flow,
            amount=figure(amount),
            unit=goods()[flow].line_unit,
            product=flow,
            provider=provider,
            quality=quality,
            comment=comment,
        )

    def _network(self, network: Network) -> ProcessLines:
        """A network takes what units make, members sell and the residual brings, and hands it on."""
        flow, settled = network.flow, self.settled
        good = goods()[flow]
        lines: list[Line] = []
        own = settled.intake_of_network(flow)
        for share, product, provider in self._from_own_units(flow, own * PER_LINE_UNIT) if own else []:
            lines.append(
                Line("input", "product", flow, figure(share), good.line_unit, product, provider, "measured")
            )
        for share, product, provider in self._from_members(flow):
            amount = share * settled.demand(flow) * PER_LINE_UNIT
            lines.append(Line("input", "product", flow, figure(amount), good.line_unit, product, provider))
        if network.residual and settled.residual(flow) > 1e-9:
            lines += self._residual(network, settled.residual(flow) * PER_LINE_UNIT)
        delivered = settled.demand(flow) / (1 + network.loss) * PER_LINE_UNIT
        code = f"{self.site}-net-{flow}"
        output = Line("output", "product", flow, figure(delivered), good.line_unit, code, is_reference=True)
        return self._closed(ProcessLines(f"net-{flow}", "none", (*lines, output)))

    def _residual(self, network: Network, amount: float) -> Iterator[Line]:
        if network.residual not in factor_references():
            yield from self._supplied(network.residual, amount * per_residual(network), "measured", "")
            return
        solar = self.settled.plant.solar[YEARS.index(self.year)] if network.residual == "grid-power" else 0.0
        if solar:
            yield self._from_factor("solar-power", amount * solar, "measured", "Direct line to the plant")
        quality = "proxy" if network.residual == "gas-power" else "measured"
        comment = "自备燃气轮机的替代数据 Proxy for own gas turbines" if quality == "proxy" else ""
        yield self._from_factor(network.residual, amount * (1 - solar), quality, comment)

    def _heat_and_power_shares(self, recipe: Recipe) -> tuple[tuple[str, Decimal], ...]:
        """Efficiency method: what each would have burnt alone."""
        heat = recipe.makes("steam") / HEAT_ALONE
        power = recipe.makes("power") * MWH_GJ / POWER_ALONE
        share = Decimal(f"{heat / (heat + power):.4f}")
        return (
            (self.product_of(recipe.code, "steam"), share),
            (self.product_of(recipe.code, "power"), 1 - share),
        )


def _loss(balance: closing.Balance) -> Decimal | None:
    """What is missing, to three digits; nothing where nothing went in or nothing is missing."""
    return Decimal(f"{balance.missing:.3g}") if balance.taken and balance.missing > 0 else None


def _slipped(line: Line) -> Line:
    """CO2 that was multiplied by 44/12 although it was CO2 already."""
    return replace(line, amount=figure(float(line.amount) * 44 / 12)) if line.flow == "CO2" else line


def _noted(line: Line, row: Row) -> Line:
    return Line(**{**vars(line), "quality": row.quality, "comment": row.comment})


def _as_reference(line: Line) -> Line:
    return Line(**{**vars(line), "is_reference": True})
