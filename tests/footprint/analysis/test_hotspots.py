"""Hotspots: every answer sums to the figure, and only its owner gets one."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from footprint.analysis.hotspots import Hotspots
from footprint.analysis.upstream import behind_product
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.calculation.own_network import NodeKind
from footprint.calculation.queries import product_figures
from footprint.inventory.models import Exchange, Product
from tests import builders as new
from tests.footprint.analysis.conftest import Plant, signed_in


def found(plant: Plant, product: Product, gwp: str = "AR6", cut: float = 0.01) -> Hotspots:
    upstream = behind_product(plant.actor, product, 2025, gwp)
    assert upstream is not None
    return Hotspots(upstream, cut)


def figure(plant: Plant, product: Product, gwp: str = "AR6") -> float:
    value = product_figures(plant.actor, [product.pk])[product.pk][0].value(gwp)
    assert value is not None
    return value


@pytest.mark.parametrize("gwp", ["AR5", "AR6"])
@pytest.mark.parametrize("code", ["steam", "power", "ethylene", "propylene"])
def test_everything_sums_to_the_figure(plant: Plant, code: str, gwp: str) -> None:
    product = Product.objects.get(code=code, company=plant.company)
    hot, whole = found(plant, product, gwp), figure(plant, product, gwp)
    assert hot.total == pytest.approx(whole, rel=1e-9)
    assert sum(source.value for source in hot.sources) == pytest.approx(whole, rel=1e-9)
    assert sum(value for _, value in hot.stages) == pytest.approx(whole, rel=1e-9)
    assert sum(part.value for part in hot.gases) == pytest.approx(whole, rel=1e-9)
    assert hot.boundary.own + hot.boundary.purchased == pytest.approx(whole, rel=1e-9)


def test_the_tree_sums_to_the_figure_at_every_node(plant: Plant) -> None:
    tree = found(plant, plant.ethylene).tree
    below = np.bincount(tree.parent[1:], weights=tree.score[1:], minlength=len(tree))
    np.testing.assert_allclose(tree.direct + below + tree.cut, tree.score, rtol=1e-9)
    assert tree.score[0] == pytest.approx(figure(plant, plant.ethylene), rel=1e-9)


def test_two_makers_are_one_figure(plant: Plant) -> None:
    """70 t come from the cracker and 30 t from the far one, which emits 2 t CO2 per tonne."""
    hot = found(plant, plant.ethylene)
    far = next(s for s in hot.sources if hot.upstream.own.nodes[s.node].key[0] == plant.far_cracker.pk)
    assert far.value == pytest.approx(0.3 * 2000)
    rows = {row.process_id: row.kg_co2e_ar6 for row in Footprint.objects.filter(product=plant.ethylene)}
    mean = 0.7 * rows[plant.cracker.pk] + 0.3 * rows[plant.far_cracker.pk]
    assert hot.total == pytest.approx(mean, rel=1e-12)


def test_burnt_fuel_is_the_companys_own(plant: Plant) -> None:
    """Of steam, only the grid power of the loop is bought."""
    hot = found(plant, plant.steam)
    upstream = hot.upstream
    kinds = [upstream.own.nodes[leaf].code for leaf, _ in hot.boundary.bought]
    assert len(kinds) == 1
    boiler = 1 / (1 - 700 / 900 * 450 / 100_000)
    assert hot.boundary.burnt == pytest.approx(56_100 / 900 * boiler)
    assert hot.boundary.purchased == pytest.approx(0.5703 * 20_000 / 100_000 * 700 / 900 * boiler)


def test_the_purchase_is_what_the_partner_opened(plant: Plant) -> None:
    hot = found(plant, plant.ethylene)
    leaf, value = hot.boundary.bought[0]
    node = hot.upstream.own.nodes[leaf]
    assert (node.kind, node.code) == (NodeKind.SUPPLIER, "naphtha-out")
    assert value == pytest.approx(0.7 * 1.4 * 400)


def test_paths_end_where_it_is_emitted(plant: Plant) -> None:
    hot = found(plant, plant.ethylene)
    first = hot.paths.products[0]
    assert hot.upstream.own.nodes[first[-1]].key[0] == plant.far_cracker.pk
    assert hot.paths.emitted[0] == pytest.approx(600.0)
    assert 0.5 < hot.paths.covered <= 1.0 + 1e-9
    assert len(found(plant, plant.ethylene, cut=0.3).paths.products) < len(hot.paths.products)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_shows_charts_tree_and_paths(plant: Plant, language: str) -> None:
    client = signed_in(plant.owner)
    client.cookies["django_language"] = language
    page = client.get(reverse("analysis:hotspots", args=[plant.ethylene.uuid]))
    assert page.status_code == 200
    text = page.content.decode()
    for part in ("sources", "stages", "gases", "gate", "providers", "paths"):
        assert f'id="{part}"' in text, part
    assert "chart-origin" in text
    assert reverse("inventory:product", args=[plant.naphtha.uuid]) in text
    assert reverse("inventory:product", args=[plant.steam.uuid]) in text
    assert "note-bad" not in text


def test_only_its_owner_has_it(plant: Plant) -> None:
    for name in ("analysis:hotspots", "analysis:hotspots_export"):
        place = reverse(name, args=[plant.ethylene.uuid])
        assert signed_in(plant.operator).get(place).status_code == 200
        assert signed_in(plant.buyer).get(place).status_code == 404
        assert signed_in(plant.stranger).get(place).status_code == 404
    assert (
        signed_in(plant.buyer).get(reverse("inventory:product", args=[plant.ethylene.uuid])).status_code
        == 200
    )


def test_the_product_page_leads_there_for_own_products_only(plant: Plant) -> None:
    place, page = (reverse(n, args=[plant.ethylene.uuid]) for n in ("analysis:hotspots", "inventory:product"))
    assert place in signed_in(plant.owner).get(page).content.decode()
    assert place not in signed_in(plant.buyer).get(page).content.decode()


def test_a_pending_figure_says_so_and_asks_again(plant: Plant) -> None:
    Exchange.objects.filter(pk=plant.gas_burnt.pk).update(amount="1100")
    text = signed_in(plant.owner).get(reverse("analysis:hotspots", args=[plant.steam.uuid])).content.decode()
    assert 'hx-trigger="every 1s"' in text
    assert 'hx-trigger="figure-settled from:body"' in text


def test_without_a_figure_the_page_says_why_and_what_to_do(plant: Plant) -> None:
    client = signed_in(plant.owner)
    client.cookies["django_language"] = "en"
    idle = new.product(plant.company, "idle")
    text = client.get(reverse("analysis:hotspots", args=[idle.uuid])).content.decode()
    assert "No process makes this product" in text
    plant.gas_burnt.unit = "m3"
    plant.gas_burnt.save()
    drain()
    text = client.get(reverse("analysis:hotspots", args=[plant.steam.uuid])).content.decode()
    assert "There is no figure to take apart" in text
    assert reverse("inventory:exchange", args=[plant.gas_burnt.uuid]) in text
    assert client.get(reverse("analysis:hotspots_export", args=[plant.steam.uuid])).status_code == 404


def test_the_file_holds_what_the_page_shows(plant: Plant) -> None:
    Product.objects.filter(pk=plant.naphtha.pk).update(name_en="=cmd()", name_zh="=cmd()")
    answer = signed_in(plant.owner).get(reverse("analysis:hotspots_export", args=[plant.ethylene.uuid]))
    assert "hotspots.csv" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    whole = figure(plant, plant.ethylene)
    for part in ("source", "stage", "gas", "gate"):
        values = [float(row["kg_co2e_per_unit"]) for row in rows if row["part"] == part]
        assert sum(values) == pytest.approx(whole, rel=1e-9), part
    assert {"path", "tree", "total"} < {row["part"] for row in rows}
    assert not [row for row in rows if row["name"].startswith("=")]
    assert [row for row in rows if row["name"].startswith("'=cmd()")]


def test_as_many_queries_however_many_suppliers(plant: Plant) -> None:
    client = signed_in(plant.owner)
    place = reverse("analysis:hotspots", args=[plant.ethylene.uuid])
    client.get(place)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(place)
    for number in range(8):
        more = new.process(plant.inventory, f"more-{number}")
        made = new.product(plant.company, f"made-{number}", "t")
        new.output(more, made, "10", is_reference=True)
        new.takes(more, None, "20", "kWh", factor_version=new.factor_version("0.3"))
        new.takes(plant.cracker, made, "5", provider_process=more)
    drain()
    with CaptureQueriesContext(connection) as many:
        client.get(place)
    assert len(many) == len(few)
