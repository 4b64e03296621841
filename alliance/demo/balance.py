"""How much each unit runs, so that what is consumed is made or bought somewhere. Pure and deterministic.

Amounts are in thousands of line units (kt, million Nm3, GWh, TJ). All sites of a year are settled together
by iteration, because one site's purchase is another site's demand and utilities feed each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from alliance.demo.description import YEARS, Purchase, Recipe, Row, goods, purchases, recipes
from alliance.demo.plants import Network, Plant, Unit
from alliance.demo.sites import PLANTS

TOLERANCE = 1e-10
ROUNDS = 500


@dataclass
class SiteYear:
    """One site in one year: throughput by unit, and what others buy of it by product."""

    site: str
    year: int
    plant: Plant
    throughput: dict[str, float] = field(default_factory=dict)
    sold: dict[str, float] = field(default_factory=dict)

    @property
    def is_later(self) -> bool:
        """Whether growth and savings have come about."""
        return self.year > YEARS[0]

    def units(self) -> Iterator[tuple[Unit, Recipe, float]]:
        """The site's units with their recipes and throughputs."""
        for unit in self.plant.units:
            yield unit, recipes()[unit.recipe], self.throughput.get(unit.recipe, 0.0)

    def per_throughput(self, row: Row) -> float:
        """The recipe's amount as this site runs it in this year."""
        if not row.index:
            return row.amount
        plant = self.plant
        index = {"energy": plant.energy, "methane": plant.methane, "syngas": plant.syngas}[row.index]
        return row.amount * index * (1 - plant.saving if self.is_later else 1)

    def network(self, flow: str) -> Network | None:
        """The site network for a flow, if there is one."""
        return next((network for network in self.plant.networks if network.flow == flow), None)

    def bought(self, flow: str) -> tuple[Purchase, ...]:
        """From whom the site buys a flow."""
        return purchases().get(self.site, {}).get(flow, ())

    def bought_share(self, flow: str) -> float:
        """The part of its consumption the site buys from members."""
        return sum(purchase.share for purchase in self.bought(flow))

    def used(self, flow: str) -> float:
        """What the site's units consume."""
        return sum(
            throughput * self.intake(row)
            for _unit, recipe, throughput in self.units()
            for row in recipe.rows
            if row.flow == flow and row.kind in ("in", "burn")
        )

    def intake(self, row: Row) -> float:
        """Line units of the flow taken in per throughput; a fuel's amount is GJ."""
        amount = self.per_throughput(row)
        return amount / lower_heating_value(row.flow) if row.kind == "burn" else amount

    def makers(self, flow: str) -> list[tuple[str, float]]:
        """The units that put a flow out, with the amounts; "unit/flow" names one of them."""
        only, _, name = flow.rpartition("/")
        found = [(recipe.code, throughput * recipe.makes(name)) for _unit, recipe, throughput in self.units()]
        return [(code, amount) for code, amount in found if amount and only in ("", code)]

    def made(self, flow: str) -> float:
        """What the site's units put out."""
        return sum(amount for _code, amount in self.makers(flow))

    def demand(self, flow: str) -> float:
        """What has to be made, bought or filled in: own use and sales; losses where there is a network."""
        network = self.network(flow)
        if network is None:
            return self.used(flow) * (1 - self.bought_share(flow)) + self.sold.get(f"{self.site}-{flow}", 0)
        return (self.used(flow) + self.sold.get(f"{self.site}-net-{flow}", 0)) * (1 + network.loss)

    def intake_of_network(self, flow: str) -> float:
        """What a network takes from the site's own units: all they make and do not sell, up to its demand."""
        own = self.made(flow) - self.sold.get(f"{self.site}-{flow}", 0)
        return min(own, self.demand(flow) * (1 - self.bought_share(flow)))

    def residual(self, flow: str) -> float:
        """What neither units nor members supply to a network."""
        return self.demand(flow) * (1 - self.bought_share(flow)) - self.intake_of_network(flow)

    def settle(self) -> None:
        """One round: every throughput by its rule."""
        growth = self.plant.growth if self.is_later else 1.0
        for unit, recipe, _throughput in self.units():
            self.throughput[unit.recipe] = self._by_rule(unit, recipe, growth)

    def _by_rule(self, unit: Unit, recipe: Recipe, growth: float) -> float:
        if unit.given is not None:
            return unit.given * growth
        if unit.meets:
            return self._to_meet(unit.meets, recipe)
        taken = sum(share * self.made(flow) for flow, share in unit.feed.items())
        only = [row.amount for row in recipe.rows if row.kind == "in" and row.flow in _names(unit.feed)]
        return taken / (only[0] if only else 1.0)

    def _to_meet(self, flow: str, recipe: Recipe) -> float:
        wanted = self.demand(flow)
        if self.network(flow):
            others = sum(amount for code, amount in self.makers(flow) if code != recipe.code)
            wanted = wanted * (1 - self.bought_share(flow)) - others
        return max(wanted, 0.0) / recipe.makes(flow)

    def purchased(self) -> Iterator[tuple[Purchase, float]]:
        """Every purchase with its amount."""
        for flow, bought in purchases().get(self.site, {}).items():
            total = self.demand(flow) if self.network(flow) else self.used(flow)
            if residual := self._fills_networks(flow):
                total += residual
            for purchase in bought:
                yield purchase, purchase.share * total

    def _fills_networks(self, flow: str) -> float:
        """Line units of a flow that fill up networks, for example natural gas in the fuel gas network."""
        return sum(
            self.residual(network.flow) * per_residual(network)
            for network in self.plant.networks
            if network.residual == flow
        )


def _names(feed: Mapping[str, float]) -> set[str]:
    return {flow.rpartition("/")[2] for flow in feed}


def lower_heating_value(flow: str) -> float:
    """GJ per line unit."""
    value = goods()[flow].lhv_mj
    if value is None:
        raise ValueError(f"{flow} has no heating value")
    return value


def per_residual(network: Network) -> float:
    """Line units of the residual per line unit of the network's flow: equal energy."""
    return lower_heating_value(network.flow) / lower_heating_value(network.residual)


def settle_alliance(year: int) -> dict[str, SiteYear]:
    """Every site of a year, settled."""
    sites = {code: SiteYear(code, year, plant) for code, plant in PLANTS.items()}
    for _round in range(ROUNDS):
        before = [amount for site in sites.values() for amount in site.throughput.values()]
        for site in sites.values():
            site.settle()
        _record_sales(sites)
        after = [amount for site in sites.values() for amount in site.throughput.values()]
        if len(before) == len(after) and _close(before, after):
            return sites
    raise ValueError(f"the demo alliance of {year} does not settle")


def _record_sales(sites: Mapping[str, SiteYear]) -> None:
    sold: dict[str, dict[str, float]] = {code: {} for code in sites}
    for site in sites.values():
        for purchase, amount in site.purchased():
            seller = seller_of(purchase.product)
            sold[seller][purchase.product] = sold[seller].get(purchase.product, 0.0) + amount
    for code, site in sites.items():
        site.sold = sold[code]


def seller_of(product: str) -> str:
    """The site whose product this is: the longest site code the product's code begins with."""
    return max((code for code in PLANTS if product.startswith(f"{code}-")), key=len)


def _close(before: list[float], after: list[float]) -> bool:
    return all(abs(a - b) <= TOLERANCE * max(abs(a), 1.0) for a, b in zip(before, after, strict=True))
