"""The description by itself: names, networks, and that what is used is made."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from accounts.roles import Role
from alliance.demo import directory
from alliance.demo.balance import seller_of, settle_alliance
from alliance.demo.description import YEARS, goods, purchases, recipes
from alliance.demo.inventory import FactorOfYear, MemberProduct, OwnProcess, SiteInventory
from alliance.demo.lines import SiteLines
from alliance.demo.sites import PLANTS
from factors import units

REAL_NAMES = {
    "sinopec", "petrochina", "cnpc", "cnooc", "sinochem", "wanhua", "hengli", "rongsheng",
    "shenghong", "yanchang", "basf", "shell", "sabic",
    "中国石化", "中石化", "中国石油", "中石油", "中海油",
    "中化", "万华", "恒力", "荣盛", "盛虹", "延长石油", "宝丰", "国家能源", "国家管网", "巴斯夫",
    "裕龙", "卫星化学",
}  # fmt: skip
CONSERVES_MASS = {
    "cdu", "fcc", "hck", "coker", "nht", "reformer", "dht", "jet-ht", "gasoline-pool",
    "diesel-pool", "fuel-oil-pool", "lpg-plant", "cracker", "butadiene-unit", "benzene-unit",
    "px-complex",
    "ethane-cracker", "pdh", "pe", "pp",
}  # fmt: skip


@pytest.fixture(scope="module")
def described() -> list[SiteInventory]:
    grid = FactorOfYear("electricity-cn-footprint-average", 2024)
    return [
        SiteLines(settled, grid).inventory() for year in YEARS for settled in settle_alliance(year).values()
    ]


def test_the_promised_size() -> None:
    members = {code: company for code, company in directory.companies().items() if company.kind == "member"}
    sites = [site for site in directory.sites().values() if site.company in members]
    assert len({company.group for company in members.values()}) >= 9
    assert len(members) >= 16
    assert len(sites) >= 24
    assert len({site.province for site in sites}) >= 12
    assert {company.kind for company in directory.companies().values()} >= {"association", "verifier"}


def test_every_role_has_a_login_and_two_companies_a_machine() -> None:
    assert {person.role for person in directory.people()} == {role.value for role in Role}
    assert len({person.email for person in directory.people()}) == len(directory.people())
    assert all(person.email.endswith(".example") for person in directory.people())
    assert len(directory.PASSPHRASE) >= 12
    assert len({client.company for client in directory.clients()}) >= 2


def test_every_member_company_has_an_owner() -> None:
    owned = {person.company for person in directory.people() if person.role == "owner"}
    assert {code for code, company in directory.companies().items() if company.kind == "member"} <= owned


def test_no_real_company() -> None:
    names = " ".join(
        f"{company.name_zh} {company.name_en}".lower() for company in directory.companies().values()
    )
    names += " ".join(f"{zh} {en}".lower() for zh, en in directory.groups().values())
    assert not [real for real in REAL_NAMES if real in names]


def test_every_site_has_a_plant_and_every_recipe_a_site() -> None:
    assert set(PLANTS) == set(directory.sites())
    assert set(purchases()) <= set(PLANTS)
    used = {unit.recipe for plant in PLANTS.values() for unit in plant.units}
    used |= {f"net-{network.flow}" for plant in PLANTS.values() for network in plant.networks}
    assert used == set(recipes())


def test_purchases_cover_no_more_than_is_needed() -> None:
    shares: Counter[tuple[str, str]] = Counter()
    for site, flows in purchases().items():
        for flow, bought in flows.items():
            shares[site, flow] = sum(round(purchase.share, 6) for purchase in bought)
    assert all(share <= 1.000001 for share in shares.values())


def test_units_are_accepted(described: list[SiteInventory]) -> None:
    for good in goods().values():
        assert units.factor(good.line_unit, good.unit) == 1000
        assert units.canonical(good.unit) == good.unit
    for inventory in described:
        for process in inventory.processes:
            assert all(units.canonical(line.unit) == line.unit for line in process.lines)


def test_what_is_used_is_made(described: list[SiteInventory]) -> None:
    """No product of any site is taken more often than it is made, sales to other members included."""
    made: dict[tuple[int, str], float] = defaultdict(float)
    taken: dict[tuple[int, str], float] = defaultdict(float)
    for inventory in described:
        for line in (line for process in inventory.processes for line in process.lines):
            if line.direction == "output" and line.product:
                made[inventory.year, line.product] += float(line.amount)
            elif isinstance(line.provider, MemberProduct | OwnProcess):
                taken[inventory.year, line.product] += float(line.amount)
    short = {key: (amount, made[key]) for key, amount in taken.items() if amount > made[key] * 1.001}
    assert not short


def test_a_process_puts_out_what_it_takes_in(described: list[SiteInventory]) -> None:
    """Hydrocarbon processes keep their mass, fuels and utilities aside."""
    for inventory in described:
        for process in inventory.processes:
            if process.recipe in CONSERVES_MASS:
                feed = {row.flow for row in recipes()[process.recipe].rows if row.kind in ("in", "feed")}
                mass = [line for line in process.lines if line.unit == "t" and line.kind == "product"]
                into = sum(
                    float(line.amount)
                    for line in mass
                    if line.direction == "input"
                    and (line.flow in feed or "*" in feed)
                    and line.flow not in ("fuel-gas", "boiler-water", "cooling-water")
                )
                out = sum(float(line.amount) for line in mass if line.direction == "output")
                assert 0.9 * into <= out <= 1.002 * into, (inventory.site, process.recipe, into, out)


def test_amounts_are_positive_and_sellers_known(described: list[SiteInventory]) -> None:
    for inventory in described:
        for process in inventory.processes:
            assert sum(line.is_reference for line in process.lines) == 1
            for line in process.lines:
                assert line.amount > 0
                if isinstance(line.provider, MemberProduct):
                    assert seller_of(line.provider.product) in directory.sites()


def test_the_same_every_time() -> None:
    assert settle_alliance(2025)["donglan"].throughput == settle_alliance(2025)["donglan"].throughput
