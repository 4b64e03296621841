"""The demo alliance in the database: loaded once for the module, calculated for real."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count, F, Q
from django.test import Client
from django.utils import timezone
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from accounts.actor import Actor
from accounts.models import Company, CompanyGroup, Membership, ServiceClient, User
from accounts.queries import actor_for_company
from accounts.visibility import acting_as
from alliance.demo import directory
from footprint.calculation import inputs, shares
from footprint.calculation.bundles import bundle
from footprint.calculation.models import Footprint, RecomputeMark
from footprint.calculation.own_network import own_network
from footprint.engine.allocation import Basis, band
from footprint.engine.bundle import unpack
from footprint.engine.pact_allocation import PRICE_RATIO, price_ratio
from footprint.engine.replay import replay
from footprint.engine.solve import solve
from footprint.inventory.models import (
    AllocationShare,
    Exchange,
    Inventory,
    OutputPrice,
    Product,
    ProductGrant,
    UnitProcess,
)
from footprint.partners.models import OfferedFootprint
from footprint.partners.pact.checking import is_valid
from footprint.rules.models import ProductCategory
from footprint.rules.queries import footprint_bands


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("load_demo", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched:
        from django.conf import settings
        from django.db import transaction

        patched.setattr(settings, "PUBLICATION_SIGNING_KEY", b64encode(bytes(32)).decode())
        with transaction.atomic():
            yield run()
            transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def in_the_loaded_database(loaded: str, db: None) -> None:
    """Every test of this module sees the demo alliance and leaves it as it was."""


def footprints(category: str) -> list[Footprint]:
    return list(Footprint.objects.filter(product__category__code=category).select_related("product"))


def groups_by_category() -> dict[str, int]:
    counted = (
        Footprint.objects.filter(product__category__isnull=False, company__kind=Company.Kind.MEMBER)
        .values("product__category__code")
        .annotate(groups=Count("company__group", distinct=True))
    )
    return {row["product__category__code"]: row["groups"] for row in counted}


def test_it_says_what_it_did(loaded: str) -> None:
    assert "exchanges" in loaded
    assert "0 broken" in loaded


def test_counts() -> None:
    members = Company.objects.filter(kind=Company.Kind.MEMBER)
    assert CompanyGroup.objects.filter(companies__in=members).distinct().count() >= 9
    assert members.count() >= 16
    assert not Company.objects.filter(is_demonstration=False).exists()
    assert {inventory.year for inventory in Inventory.objects.all()} == {2024, 2025}
    assert 1500 <= Exchange.objects.count() <= 4000


def test_partners_find_footprints_that_the_official_suite_needs() -> None:
    """Several, the first with all that is searched for, expressible in both versions; one at its end."""
    said = StringIO()
    call_command("pact_connect", name="Suite", json=True, stdout=said)
    assert json.loads(said.getvalue())["company"] == "cangyu-refining"
    offered = list(OfferedFootprint.objects.order_by("pk"))
    assert [(each.lacks, each.reasons_v2) for each in offered] == [([], [])] * len(offered)
    assert [each.status for each in offered] == ["Active", "Active", "Deprecated", "Active"]
    assert offered[0].geography.startswith("cn-")
    assert offered[0].classifications
    assert all(is_valid(json.loads(each.document)) for each in offered)


def test_categories_are_made_by_enough_groups() -> None:
    groups = groups_by_category()
    assert sum(count >= 5 for count in groups.values()) >= 4
    assert max(groups.values()) >= 8
    assert set(groups) == set(ProductCategory.objects.values_list("code", flat=True))


def test_every_column_has_a_figure_within_its_range() -> None:
    assert not Footprint.objects.filter(~Q(state=Footprint.State.CURRENT)).exists()
    assert not RecomputeMark.objects.exists()
    bands = footprint_bands(Actor.worker(), timezone.localdate())
    usual = {category: each.band for category, each in bands.items() if each.source.key == "orientation"}
    assert len(usual) > 20
    rows = Footprint.objects.filter(product__category__in=usual).select_related("product")
    outside = [
        (found.product.code, found.year, found.kg_co2e_ar6)
        for found in rows
        for band in [usual[found.product.category_id]]
        if found.kg_co2e_ar6 is None or not band.low <= found.kg_co2e_ar6 <= band.high
    ]
    assert not outside


ROUTES = [
    ("ethylene", ("cracker", "ethane-cracker"), 1.0, 2.0),
    ("ethylene", ("mto",), 5.0, 11.0),
    ("naphtha", ("nht",), 0.3, 0.6),
    ("hydrogen", ("smr",), 9.0, 12.0),
    ("hydrogen", ("coal-hydrogen",), 18.0, 27.0),
    ("methanol", ("coal-methanol",), 2.5, 3.6),
    ("methanol", ("gas-methanol",), 0.5, 1.2),
    ("ammonia", ("coal-ammonia",), 3.0, 4.5),
    ("ammonia", ("gas-ammonia",), 1.6, 2.4),
    ("urea", ("urea",), 1.2, 3.0),
    ("electricity", ("chp-coal", "chp-coke"), 0.6, 1.1),
    ("electricity", ("chp-gas",), 0.3, 0.6),
    ("steam", ("chp-coal",), 0.08, 0.13),
]


@pytest.mark.parametrize(("category", "processes", "low", "high"), ROUTES)
def test_routes_lie_in_their_own_range(
    category: str, processes: tuple[str, ...], low: float, high: float
) -> None:
    found = Footprint.objects.filter(product__category__code=category, process__code__in=processes)
    assert found.exists()
    assert not found.exclude(kg_co2e_ar6__gte=low, kg_co2e_ar6__lte=high).exists()


def test_polymers_of_the_cracker_route() -> None:
    for found in footprints("polyethylene"):
        if found.product.code.split("-")[0] not in ("hongdang", "yuzhi"):
            assert 1.2 <= (found.kg_co2e_ar6 or 0) <= 2.6


def test_the_second_year_is_better() -> None:
    years: dict[int, dict[int, float]] = defaultdict(dict)
    for found in Footprint.objects.filter(product__category__isnull=False):
        years[found.product_id][found.year] = found.kg_co2e_ar6 or 0
    assert all(figures[2025] < figures[2024] for figures in years.values())


def loops() -> list[list[int]]:
    """The processes of 2025 that need each other, by their ids."""
    lines = Exchange.objects.filter(process__inventory__period_end__year=2025)
    made = lines.filter(direction="output", product__isnull=False)
    makers = dict(made.values_list("product_id", "process_id"))
    links = list(lines.exclude(provider_process=None).values_list("process_id", "provider_process_id"))
    links += [
        (process, makers[product])
        for process, product in lines.exclude(provider_product=None).values_list(
            "process_id", "provider_product_id"
        )
    ]
    ids, ends = np.unique(np.array(links), return_inverse=True)
    ends = ends.reshape(-1, 2)
    graph = coo_array((np.ones(len(links)), (ends[:, 0], ends[:, 1])), shape=(len(ids), len(ids)))
    count, label = connected_components(graph, connection="strong")
    found = [[int(ids[at]) for at in np.flatnonzero(label == loop)] for loop in range(count)]
    return [loop for loop in found if len(loop) > 1]


def test_loops_within_sites_and_across_companies() -> None:
    company = dict(UnitProcess.objects.values_list("id", "company_id"))
    found = loops()
    assert len(found) >= 10
    assert sum(len({company[process] for process in loop}) > 1 for loop in found) >= 2


def test_every_provider_is_granted() -> None:
    taken = Exchange.objects.exclude(provider_product=None).exclude(provider_product__company=F("company"))
    granted = set(ProductGrant.objects.values_list("product_id", "recipient_id"))
    assert set(taken.values_list("provider_product_id", "company_id")) <= granted
    assert taken.exists()


def test_a_cut_off_is_the_exception() -> None:
    bare = Exchange.objects.filter(
        direction="input", provider_process=None, provider_product=None, factor_version=None
    )
    assert set(bare.values_list("product__code", flat=True)) == {
        "salt",
        "acetic-acid",
        "recovered-co2",
        "air-oxygen",
    }


def test_every_method_of_allocation_and_kind_of_data() -> None:
    methods = set(UnitProcess.objects.values_list("allocation_method", flat=True))
    assert methods >= {"none", "mass", "energy", "economic", "declared"}
    assert set(Exchange.objects.values_list("data_type", flat=True)) == {
        "measured", "calculated", "estimated", "proxy",
    }  # fmt: skip
    assert OutputPrice.objects.exists()
    for process in UnitProcess.objects.filter(allocation_method="declared"):
        assert sum(AllocationShare.objects.filter(process=process).values_list("share", flat=True)) == 1


def test_lines_say_how_sure_they_are() -> None:
    spreads = set(Exchange.objects.values_list("gsd2", flat=True))
    assert len(spreads) >= 5
    assert None in spreads
    assert Exchange.objects.filter(pedigree_reliability__gte=3).exists()
    assert Exchange.objects.filter(pedigree_reliability=None).exists()


def test_products_know_what_they_are_made_of() -> None:
    ethylene = Product.objects.filter(category__code="ethylene").first()
    assert ethylene is not None
    assert float(ethylene.carbon_fraction) == pytest.approx(2 * 12.011 / 28.054, abs=1e-4)
    assert float(ethylene.hydrogen_fraction) == pytest.approx(4 * 1.008 / 28.054, abs=1e-4)
    assert ethylene.biogenic_carbon_fraction == 0


def test_crackers_have_prices_of_several_years_around_the_knife_edge() -> None:
    """Hydrogen over fuel gas: above five in one of the years, so the method would flip."""
    cracker = UnitProcess.objects.filter(code="cracker", inventory__period_end__year=2025).first()
    assert cracker is not None
    read = inputs.read([cracker.pk])
    outputs = [line for line in read.lines[cracker.pk] if line.direction == "output" and line.product]
    products = [line.product for line in outputs if line.product]
    prices = shares.prices_per_kg(products, outputs, read)
    assert list(prices) == [2022, 2023, 2024, 2025]
    assert [price_ratio(prices[year]) > PRICE_RATIO for year in prices] == [False, False, True, False]
    methods = set(band(shares.known(read.processes[cracker.pk], products, outputs, read)).methods)
    assert methods == {Basis.MASS, Basis.ENERGY, Basis.ECONOMIC, Basis.MOLES, Basis.HYDROGEN}


def test_people_can_sign_in_and_machines_have_hashed_secrets() -> None:
    person = User.objects.get(email="lin.zhiyuan@cangyu.example")
    assert check_password(directory.PASSPHRASE, person.password)
    assert Membership.objects.filter(role="plant_provider", sites__isnull=False).exists()
    for client in ServiceClient.objects.select_related("application"):
        described = next(c for c in directory.clients() if c.client_id == client.application.client_id)
        kept = client.secrets.get().hashed
        assert described.client_secret not in kept
        assert check_password(described.client_secret, kept)


def test_a_machine_gets_a_token(client: Client) -> None:
    described = directory.clients()[0]
    secret = f"{described.client_id}:{described.client_secret}".encode()
    answer = client.post(
        "/oauth/token/",
        {"grant_type": "client_credentials", "scope": "read"},
        headers={"authorization": f"Basic {b64encode(secret).decode()}"},
    )
    assert answer.status_code == 200, answer.content
    assert answer.json()["access_token"]


def test_loading_twice_changes_nothing() -> None:
    before = set(Product.objects.values_list("id", "uuid"))
    assert "already loaded" in run()
    assert set(Product.objects.values_list("id", "uuid")) == before


def test_replacing_builds_the_same_anew() -> None:
    def content() -> dict[tuple[str, int], float]:
        figures = Footprint.objects.values_list("product__code", "year", "kg_co2e_ar6")
        return {(product, year): figure or 0 for product, year, figure in figures}

    before, ids = content(), set(Product.objects.values_list("id", flat=True))
    run("--replace")
    assert content() == pytest.approx(before, rel=1e-12)
    assert not ids & set(Product.objects.values_list("id", flat=True))
    assert User.objects.count() == len(directory.people())


def test_it_stays_out_of_a_database_with_real_members() -> None:
    group = CompanyGroup.objects.create(code="real", name_zh="真", name_en="Real")
    Company.objects.create(code="real", group=group, name_zh="真", name_en="Real")
    with pytest.raises(CommandError, match="real member companies"):
        run()
    assert "already loaded" in run("--beside-real-data")


def test_logins_are_printed() -> None:
    said = StringIO()
    call_command("demo_logins", stdout=said)
    assert directory.PASSPHRASE in said.getvalue()
    for person in directory.people():
        assert person.email in said.getvalue()
    for client in directory.clients():
        assert client.client_id in said.getvalue()
        assert client.client_secret in said.getvalue()


def test_every_own_network_gives_the_stored_figures() -> None:
    for company in Company.objects.filter(pk__in=Footprint.objects.values("company_id")):
        actor = actor_for_company(company)
        with acting_as(actor):
            own = own_network(actor)
        assert own.columns == Footprint.objects.filter(company=company).count()
        stored = own.stored[: own.columns]
        np.testing.assert_allclose(solve(own.network()).intensity[: own.columns], stored, rtol=1e-9)
        by_gas = solve(own.gas_network()).intensity[: own.columns]
        np.testing.assert_allclose(own.characterise(by_gas), stored, rtol=1e-9)


def test_bundles_of_the_demo_come_back_to_the_stored_bits() -> None:
    """Within a company gas by gas; where suppliers count as totals, kg CO2e to 1e-9."""
    chosen = Product.objects.filter(category__isnull=False, footprints__isnull=False).distinct()
    for product in chosen.order_by("code", "pk")[::12]:
        actor = actor_for_company(product.company)
        with acting_as(actor):
            content = bundle(actor, product).content
        verdict = replay(content)
        assert verdict.is_same
        assert verdict.same_bits == verdict.columns
        told = unpack(content)
        alone = [row for row in told.results if set(row["outside"].values()) == {"0.0"}]
        assert told.manifest["agreement"]["same_gases"] >= len(alone)
