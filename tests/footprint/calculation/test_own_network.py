"""The own network: solved, it gives the stored figures; of others it holds open totals and nothing else."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import Company
from accounts.visibility import acting_as
from footprint.calculation.ledger import drain
from footprint.calculation.models import CalculationRun, Footprint
from footprint.calculation.own_network import NodeKind, OwnNetwork, Stage, own_network
from footprint.engine.equations import Equations
from footprint.engine.solve import solve
from footprint.inventory.models import Exchange, Inventory, Product, ProductGrant, UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """A site with a loop of steam and power that cracks naphtha bought from a partner with two refineries."""

    company: Company
    owner: Actor
    inventory: Inventory
    boiler: UnitProcess
    cracker: UnitProcess
    steam: Product
    power: Product
    ethylene: Product
    propylene: Product
    partner: Company
    naphtha: Product
    refineries: list[UnitProcess]
    feed: Exchange
    flue: Exchange
    crude_burnt: Exchange


@pytest.fixture
def world() -> World:
    new.gwp(CH4=("28", "27.9"))
    partner, company = new.company("partner"), new.company("own")
    naphtha = new.product(partner, "naphtha-out", "t")
    refineries, burnt = [], []
    for amount, kg in (("300", "90000"), ("100", "50000")):
        refinery = new.process(new.inventory(new.site(partner)))
        new.output(refinery, naphtha, amount)
        burnt.append(new.emits(refinery, kg))
        refineries.append(refinery)
    new.grant(naphtha, company)
    inventory = new.inventory(new.site(company, "jinshan"))
    steam, power = new.product(company, "steam", "GJ"), new.product(company, "power", "kWh")
    ethylene, propylene = new.product(company, "ethylene", "t"), new.product(company, "propylene", "t")
    boiler, turbine = new.process(inventory, "boiler"), new.process(inventory, "turbine")
    cracker = new.process(inventory, "cracker", method="mass")
    new.output(boiler, steam, "900")
    flue = new.emits(boiler, "50400.5")
    new.emits(boiler, "3", "CH4")
    new.takes(boiler, power, "700", provider_process=turbine)
    new.output(turbine, power, "100000")
    new.takes(turbine, steam, "450", provider_process=boiler)
    new.takes(turbine, None, "20000", "kWh", factor_version=new.factor_version("0.5703"))
    new.output(cracker, ethylene, "70")
    new.output(cracker, propylene, "30")
    feed = new.takes(cracker, new.product(company, "naphtha", "t"), "140", provider_product=naphtha)
    new.takes(cracker, steam, "333.3", provider_process=boiler)
    new.takes(
        cracker, None, "1234", "kWh", factor_version=new.factor_version("0.61", gas="CO2e", gwp_set="AR5")
    )
    drain()
    owner = new.actor(company)
    return World(
        company, owner, inventory, boiler, cracker, steam, power, ethylene, propylene, partner, naphtha,
        refineries, feed, flue, burnt[0],
    )  # fmt: skip


def intensities(own: OwnNetwork) -> tuple[np.ndarray, np.ndarray]:
    """kg CO2e of the columns, by either view."""
    scalar = solve(own.network()).intensity[: own.columns]
    by_gas = own.characterise(solve(own.gas_network()).intensity[: own.columns])
    return scalar, by_gas


def assert_as_stored(
    own: OwnNetwork, stored: dict[tuple[int, int], tuple[float, float]] | None = None
) -> None:
    for found in intensities(own):
        np.testing.assert_allclose(found, own.stored[: own.columns], rtol=1e-9)
        if stored is not None:
            assert {key: tuple(found[at]) for key, at in own.index.items()} == {
                key: pytest.approx(value, rel=1e-9) for key, value in stored.items()
            }


def stored(company: Company) -> dict[tuple[int, int], tuple[float, float]]:
    rows = Footprint.objects.filter(company=company)
    return {(row.process_id, row.product_id): (row.kg_co2e_ar5, row.kg_co2e_ar6) for row in rows}


def kinds(own: OwnNetwork) -> list[NodeKind]:
    return [node.kind for node in own.nodes]


def test_it_gives_the_stored_figures(world: World) -> None:
    own = own_network(world.owner)
    assert kinds(own) == [NodeKind.COLUMN] * 4 + [NodeKind.SUPPLIER] + [NodeKind.FACTOR] * 2
    assert own.columns == 4
    assert_as_stored(own, stored(world.company))
    assert np.isnan(own.stored[own.columns :]).all()
    assert own.gases == (("CH4", "fossil"), ("CO2", "fossil"), ("CO2", "unspecified"), ("CO2e", "AR5"))


def test_every_line_is_told(world: World) -> None:
    own = own_network(world.owner)
    ethylene = own.index[world.cracker.pk, world.ethylene.pk]
    at = next(
        k
        for k in range(len(own.links.line))
        if own.links.consumer[k] == ethylene and own.links.line[k] == world.feed.pk
    )
    assert own.nodes[own.links.supplier[at]].kind is NodeKind.SUPPLIER
    assert (own.links.taken[at], own.links.made[at]) == (Decimal(140), Decimal(70))
    assert own.links.share[at] == pytest.approx(0.7)
    assert own.links.amount[at] == pytest.approx(1.4)
    assert own.links.data_type[at] == "measured"
    emission = own.emissions.line.tolist().index(world.flue.pk)
    assert own.gases[own.emissions.gas[emission]] == ("CO2", "fossil")
    assert own.emissions.amount[emission] == pytest.approx(50400.5 / 900)
    assert own.nodes[own.emissions.node[emission]].code == "steam"


def test_nodes_are_called_by_name(world: World) -> None:
    own = own_network(world.owner)
    node = own.nodes[own.index[world.boiler.pk, world.steam.pk]]
    assert (node.unit, node.code, node.site_en, node.year) == ("GJ", "steam", "jinshan site", 2025)
    assert (node.stage, node.production) == (Stage.PROCESS, 900.0)
    assert node.label("en") == "steam · boiler"
    supplier = own.nodes[own.columns]
    assert supplier.label("zh-hans") == "naphtha-out品 · partner公司"
    assert supplier.key == (world.naphtha.pk, 2025)
    assert own.nodes[-1].stage is Stage.ENERGY
    assert len(own.labels("en")) == len(own.nodes)


def test_of_a_partner_only_the_open_total_is_there(world: World) -> None:
    """Two refineries of unlike size are one leaf: how much each makes is the partner's business."""
    own = own_network(world.owner)
    leaf = own.nodes[own.columns]
    figures = [Footprint.objects.get(process=refinery) for refinery in world.refineries]
    mean = (figures[0].kg_co2e_ar6 * 300 + figures[1].kg_co2e_ar6 * 100) / 400
    assert own.direct[own.columns].tolist() == pytest.approx([mean, mean])
    assert own.mass[own.columns].tolist() == [0.0] * len(own.gases)
    assert leaf.production is None
    foreign = {refinery.pk for refinery in world.refineries}
    assert not foreign & {key[0] for key in own.index}
    assert sum(own.links.supplier == own.columns) == 2


def test_the_database_itself_lets_no_more_through(world: World) -> None:
    with acting_as(world.owner):
        own = own_network(world.owner)
    assert_as_stored(own, stored(world.company))
    assert kinds(own).count(NodeKind.SUPPLIER) == 1
    worker = own_network(Actor.worker())
    assert worker.columns == 6
    with acting_as(world.owner):
        # what lock 1 would let through as the worker, lock 2 does not
        assert own_network(Actor.worker()).columns == 4


def test_whoever_owns_none_of_it_sees_nothing(world: World) -> None:
    for company in (world.partner, new.company("stranger")):
        outsider = new.actor(company)
        with acting_as(outsider):
            own = own_network(outsider, product=world.ethylene)
        assert own.nodes == ()
        assert intensities(own)[0].shape == (0, 2)
    assert own_network(Actor.nobody()).nodes == ()


def test_a_product_with_all_that_is_upstream(world: World) -> None:
    own = own_network(world.owner, product=world.power)
    assert {node.code for node in own.nodes[: own.columns]} == {"steam", "power"}
    assert [own.nodes[root].code for root in own.roots] == ["power"]
    assert NodeKind.SUPPLIER not in kinds(own)
    assert_as_stored(own)
    assert own_network(world.owner, product=world.power, year=2020).nodes == ()


def test_an_inventory_or_a_year(world: World) -> None:
    other = new.inventory(new.site(world.company), 2024)
    mixer, blend = new.process(other), new.product(world.company, "blend", "t")
    new.output(mixer, blend, "10")
    new.takes(mixer, world.propylene, "5", provider_product=world.propylene)
    drain()
    own = own_network(world.owner, inventory=other)
    assert [own.nodes[root].code for root in own.roots] == ["blend"]
    assert {node.code for node in own.nodes[: own.columns]} == {"blend", "propylene", "steam", "power"}
    assert_as_stored(own)
    assert {own.nodes[root].code for root in own_network(world.owner, year=2024).roots} == {"blend"}
    assert len(own_network(world.owner, year=2025).roots) == 4
    assert own_network(world.owner, company=world.partner).nodes == ()


def test_as_of_a_run_the_figures_are_those_of_then(world: World) -> None:
    first, before = CalculationRun.objects.latest("pk"), stored(world.company)
    Exchange.objects.filter(pk=world.flue.pk).update(amount=Decimal("60000"))
    drain()
    second, between = CalculationRun.objects.latest("pk"), stored(world.company)
    Exchange.objects.filter(pk=world.crude_burnt.pk).update(amount=Decimal("99000"))
    drain()
    assert before != between != stored(world.company)
    then = own_network(world.owner, as_of_run=first)
    assert then.run_id == first.pk
    assert_as_stored(then, before)
    assert_as_stored(own_network(world.owner, as_of_run=second), between)
    assert_as_stored(own_network(world.owner), stored(world.company))
    # one refinery has moved since, so what the total was is known from the own figures alone
    assert NodeKind.UNSEEN in kinds(then)


def test_where_a_total_is_closed_the_rest_of_the_own_figure_stands(world: World) -> None:
    ProductGrant.objects.filter(product=world.naphtha).update(ends_on=date(2020, 1, 1))
    with acting_as(world.owner):
        own = own_network(world.owner)
    assert kinds(own).count(NodeKind.UNSEEN) == 2
    assert NodeKind.SUPPLIER not in kinds(own)
    assert_as_stored(own, stored(world.company))
    unseen = next(at for at, node in enumerate(own.nodes) if node.kind is NodeKind.UNSEEN)
    link = own.links.supplier.tolist().index(unseen)
    assert own.links.line[link] == world.feed.pk
    assert "naphtha" not in "".join(own.labels("en") + own.labels("zh-hans"))
    assert own.labels("en")[unseen] == "Suppliers whose totals are not open"


def test_several_closed_suppliers_of_a_column_are_one_sum(world: World) -> None:
    aromatics = new.product(world.partner, "aromatics", "t")
    reformer = new.process(new.inventory(new.site(world.partner)))
    new.output(reformer, aromatics, "10")
    new.emits(reformer, "777")
    new.takes(world.cracker, new.product(world.company, "btx", "t"), "3", provider_product=aromatics)
    drain()
    ProductGrant.objects.filter(product=world.naphtha).update(ends_on=date(2020, 1, 1))
    own = own_network(world.owner)
    assert_as_stored(own, stored(world.company))
    sums = [at for at, line in enumerate(own.links.line) if line == 0]
    assert len(sums) == 2
    assert own.links.amount[sums].tolist() == [1.0, 1.0]


def test_a_column_without_a_figure_is_left_out(world: World) -> None:
    Exchange.objects.filter(process=world.boiler, direction="output", kind="product").update(amount=0)
    drain()
    assert own_network(world.owner).nodes == ()


def random_plants(draw: random.Random, companies: list[Company]) -> list[tuple[UnitProcess, Product]]:
    """Processes with one or two products each, at two sites of every company."""
    inventories = [new.inventory(new.site(company)) for company in companies for _ in range(2)]
    made = []
    for _ in range(14):
        process = new.process(draw.choice(inventories), method="mass")
        for _ in range(draw.randint(1, 2)):
            product = new.product(process.company)
            new.output(process, product, str(draw.randint(100, 900)))
            made.append((process, product))
        new.emits(process, str(draw.randint(1, 5000)), draw.choice(["CO2", "CH4"]))
    return made


def link(process: UnitProcess, maker: UnitProcess, product: Product, amount: str) -> None:
    """However the maker may be reached: as a process, as a product, as a granted product."""
    if maker == process:
        return
    if maker.inventory_id == process.inventory_id:
        new.takes(process, product, amount, provider_process=maker)
        return
    if maker.company_id != process.company_id:
        ProductGrant.objects.get_or_create(company=maker.company, product=product, recipient=process.company)
    new.takes(process, new.product(process.company), amount, provider_product=product)


@pytest.mark.parametrize("seed", range(4))
def test_random_networks_of_two_companies(seed: int) -> None:
    draw = random.Random(seed)
    new.gwp(CH4=("28", "27.9"))
    companies = [new.company(), new.company()]
    made = random_plants(draw, companies)
    factors = [new.factor_version(f"0.{draw.randint(1, 99)}") for _ in range(3)]
    for process in dict.fromkeys(process for process, _ in made):
        for maker, product in draw.sample(made, 4):
            link(process, maker, product, str(draw.randint(1, 25)))
        new.takes(process, None, str(draw.randint(1, 500)), "kWh", factor_version=draw.choice(factors))
    drain()
    for company in companies:
        actor = new.actor(company)
        with acting_as(actor):
            assert_as_stored(own_network(actor), stored(company))


def test_the_number_of_queries_is_fixed(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            own_network(world.owner)
        return len(queries)

    few = asked()
    for _ in range(5):
        process, product = new.process(world.inventory), new.product(world.company)
        new.output(process, product, "5")
        new.takes(process, world.steam, "1", provider_process=world.boiler)
        new.takes(process, None, "1", "kWh", factor_version=new.factor_version("0.1"))
        new.takes(process, new.product(world.company, unit="t"), "1", provider_product=world.naphtha)
    drain()
    assert asked() == few <= 10


def test_both_views_are_networks_of_all_nodes(world: World) -> None:
    own = own_network(world.owner)
    scalar, gases = own.network(), own.gas_network()
    assert isinstance(scalar, Equations)
    assert (scalar.n, scalar.columns) == (len(own.nodes), 2)
    assert (gases.n, gases.columns) == (len(own.nodes), len(own.gases) + 2)
    np.testing.assert_allclose(own.characterise(gases.direct), scalar.direct, rtol=1e-12)
