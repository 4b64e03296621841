"""Every resource: listed, read, added, changed; versions; pages; figures."""

from __future__ import annotations

import base64
from itertools import zip_longest
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.inventory.models import Exchange, Product
from tests import builders as new
from tests.api.conftest import World


def test_companies_are_a_directory(world: World) -> None:
    found = world.erp.get("companies/?ordering=code").json()["results"]
    assert [company["code"] for company in found] == ["member", "supplier"]
    one = world.erp.get(f"companies/{world.supplier.uuid}/").json()
    assert one["group"]["code"] == "supplier-group"


def test_sites(world: World) -> None:
    shown = world.erp.get(f"sites/{world.site.uuid}/")
    assert shown.json()["code"] == "jinshan"
    assert world.erp.patch(f"sites/{world.site.uuid}/", {"province": "CN-SH"}, "x").status_code == 412
    answer = world.erp.patch(f"sites/{world.site.uuid}/", {"province": "CN-SH"}, shown.headers["ETag"])
    assert answer.status_code == 200
    assert answer.json()["province"] == "CN-SH"


def test_sites_by_their_owner(world: World, client: Any) -> None:
    client.force_login(new.person(world.company, new.Role.OWNER))
    body = {"code": "ningbo", "name_zh": "宁波", "province": "CN-ZJ"}
    added = client.post("/api/v1/sites/", body, content_type="application/json")
    assert added.status_code == 201
    path = added.headers["Location"]
    tag = added.headers["ETag"]
    assert client.get(path).headers["ETag"] == tag
    change = {"data": {"name_en": "Ningbo"}, "content_type": "application/json"}
    assert client.patch(path, **change).status_code == 428
    changed = client.patch(path, **change, headers={"If-Match": tag})
    assert changed.json()["name_en"] == "Ningbo"
    assert client.patch(path, **change, headers={"If-Match": tag}).status_code == 412


def test_product_added_and_changed(world: World) -> None:
    body = {
        "code": "LPG-1",
        "name_zh": "液化气",
        "unit": "t",
        "carbon_fraction": "0.8261538461538461538461538462",
        "lhv_mj_per_unit": 47300,
        "conversions": {"Nm3": "420.5"},
    }
    added = world.erp.post("products/", body)
    assert added.status_code == 201, added.content
    shown = added.json()
    assert shown["carbon_fraction"] == "0.8261538461538461538461538462"
    assert shown["lhv_mj_per_unit"] == "47300"
    assert shown["company"]["code"] == "member"
    assert shown["footprints"] == []
    assert added.headers["ETag"] == '"1"'
    path = added.headers["Location"]
    assert world.erp.get(path).json() == shown
    changed = world.erp.patch(path, {"name_en": "LPG"}, version=1)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert changed.json()["name_en"] == "LPG"


def test_what_a_line_a_product_and_a_process_say_of_themselves(world: World) -> None:
    erp = world.erp
    path = f"exchanges/{world.power.uuid}/"
    assert erp.get(path).json()["stage"] == ""
    assert erp.get(path).json()["stage_in_force"] == "energy"
    stated = {"stage": "production", "gsd2": "1.05", "pedigree_reliability": 2, "dqr_time": 1}
    told = erp.patch(path, stated, 1).json()
    assert {**told, **stated} == told
    assert told["stage_in_force"] == "production"
    emptied = erp.patch(path, {"stage": "", "gsd2": None, "pedigree_reliability": None}, 2).json()
    assert (emptied["stage_in_force"], emptied["gsd2"], emptied["dqr_time"]) == ("energy", None, 1)
    wrong = erp.patch(path, {"exempted_kg_co2e": "7.5"}, 3).json()
    assert wrong["errors"][0]["code"] == "estimate_and_provider"
    told = erp.patch(path, {"exempted_kg_co2e": "7.5", "factor_version": None}, 3).json()
    assert (told["exempted_kg_co2e"], told["factor_version"]) == ("7.5", None)
    product = {"carbon_fraction": "0.8563", "hydrogen_fraction": "0.1437", "molar_mass_g_per_mol": "28.05"}
    told = erp.patch(f"products/{world.ethylene.uuid}/", product, 1).json()
    assert {**told, **product} == told
    opened = erp.get(f"products/{world.offered.uuid}/").json()
    assert (opened["carbon_fraction"], opened["molar_mass_g_per_mol"]) == (None, None)
    process = {
        "mass_loss_kg": "12.5",
        "stock_change_kg": "-3",
        "energy_loss_mj": "7",
        "price_years": "average",
    }
    told = erp.patch(f"unit-processes/{world.cracker.uuid}/", process, 1).json()
    assert {**told, **process} == told


def test_heat_power_and_what_was_answered(world: World) -> None:
    erp, path = world.erp, f"unit-processes/{world.cracker.uuid}/"
    line = f"exchanges/{world.made.uuid}/"
    stated = {"carrier": "heat", "reference_efficiency": "0.9", "heat_celsius": "120.5"}
    assert {**(told := erp.patch(line, stated, 1).json()), **stated} == told
    wrong = erp.patch(line, {"carrier": "power"}, 2)
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "not_heat")
    wrong = erp.patch(path, {"allocation_method": "exergy"}, 1)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/ambient_celsius")
    assert erp.patch(path, {"ambient_celsius": "25"}, 1).json()["ambient_celsius"] == "25"
    told = erp.patch(path, {"allocation_method": "exergy"}, 2).json()
    assert (told["allocation_method"], told["version"]) == ("exergy", 3)
    answers = [{"question": "substitution", "answer": False, "source": "Rule 4"}]
    told = erp.put(f"{path}allocation-answers/", {"answers": answers}, 3).json()["allocation_answers"]
    assert [{**answers[0], "basis": "", "answered_by": None}] == [
        {key: value for key, value in each.items() if key != "answered_at"} for each in told
    ]
    wrong = erp.put(f"{path}allocation-answers/", {"answers": [{**answers[0], "answer": True}]}, 4)
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "no_credit")
    assert erp.put(f"{path}allocation-answers/", {"answers": []}, 4).json()["allocation_answers"] == []


def test_versions_guard_changes(world: World) -> None:
    path = f"exchanges/{world.feed.uuid}/"
    missing = world.erp.patch(path, {"amount": "901"})
    assert missing.status_code == 428
    assert missing.json()["type"] == "urn:problem-type:version-required"
    assert world.erp.patch(path, {"amount": "901"}, "*").status_code == 428
    assert world.erp.delete(path).status_code == 428
    assert world.erp.patch(path, {"amount": "901"}, 7).status_code == 412
    assert world.erp.patch(path, {"amount": "901"}, 'W/"1"').status_code == 412
    assert world.erp.patch(path, {"amount": "901"}, 1).status_code == 200
    stale = world.erp.patch(path, {"amount": "902"}, 1)
    assert stale.status_code == 412
    assert stale.json()["errors"][0]["code"] == "stale"
    world.feed.refresh_from_db()
    assert world.feed.amount == 901


def test_from_an_empty_inventory_to_a_figure(world: World) -> None:
    erp = world.erp
    body = {"site": str(world.site.uuid), "period_start": "2023-01-01", "period_end": "2023-12-31"}
    inventory = erp.post("inventories/", body).json()
    process = erp.post(
        "unit-processes/", {"inventory": inventory["uuid"], "code": "cracker", "name_en": "Cracker"}
    ).json()
    line = {"process": process["uuid"], "kind": "product"}
    made = erp.post(
        "exchanges/",
        {
            **line,
            "direction": "output",
            "product": str(world.ethylene.uuid),
            "amount": "200",
            "unit": "t",
            "is_reference": True,
        },
    )
    assert made.status_code == 201, made.content
    feed = erp.post(
        "exchanges/",
        {
            **line,
            "direction": "input",
            "product": str(world.naphtha.uuid),
            "amount": 300.25,
            "unit": "t",
            "provider_product": str(world.offered.uuid),
        },
    )
    assert feed.status_code == 201, feed.content
    assert feed.json()["amount"] == "300.25"
    figures = f"footprints/?inventory={inventory['uuid']}"
    drain()
    first = erp.get(figures).json()["results"][0]
    assert first["freshness"] == "current"
    assert first["kg_co2e_ar6"] == pytest.approx(300.25 / 200 * 400, rel=1e-12)
    assert float(first["exact"]["kg_co2e_ar6"]) == first["kg_co2e_ar6"]
    assert erp.patch(f"exchanges/{feed.json()['uuid']}/", {"amount": "150"}, 1).status_code == 200
    assert erp.get(figures).json()["results"][0]["freshness"] == "pending"
    waiting = erp.get(f"recompute/?product={world.ethylene.uuid}").json()
    assert (waiting["pending"], waiting["oldest"] is None) == (1, False)
    drain()
    assert erp.get(figures).json()["results"][0]["kg_co2e_ar6"] == pytest.approx(300.0)
    done = erp.get(f"recompute/?product={world.ethylene.uuid}").json()
    assert (done["pending"], done["oldest"], done["failed"]) == (0, None, [])
    assert done["products"] == [{"product": str(world.ethylene.uuid), "freshness": "current"}]
    assert erp.delete(f"exchanges/{feed.json()['uuid']}/", 2).status_code == 204
    assert erp.get(f"exchanges/{feed.json()['uuid']}/").status_code == 404


def test_inventory_changed(world: World) -> None:
    path = f"inventories/{world.inventory.uuid}/"
    changed = world.erp.patch(path, {"title": "Year 2025"}, 1)
    assert changed.json()["title"] == "Year 2025"
    assert world.erp.patch(path, {"site": str(world.site.uuid)}, 2).json()["errors"][0]["code"] == "fixed"


def test_contributions_sum_to_the_figure(world: World) -> None:
    own = world.erp.get(f"footprints/?product={world.ethylene.uuid}").json()["results"][0]
    parts = world.erp.get(f"footprints/{own['uuid']}/contributions/").json()
    assert sum(part["kg_co2e_ar6"] for part in parts["parts"]) == pytest.approx(own["kg_co2e_ar6"])
    assert parts["parts"][0]["provider_product"] == str(world.offered.uuid)
    assert {part["gas"] for part in parts["by_gas"]} == {"CO2"}


def test_product_tells_its_figures(world: World) -> None:
    shown = world.erp.get(f"products/{world.ethylene.uuid}/").json()
    assert [(figure["year"], figure["freshness"]) for figure in shown["footprints"]] == [(2025, "current")]
    assert shown["footprints"][0]["kg_co2e_ar6"] == pytest.approx((900 * 400 + 500 + 10500) / 500)


def test_failed_columns_are_told(world: World) -> None:
    Footprint.objects.filter(product=world.ethylene).update(
        state="failed", error={"code": "no_output"}, kg_co2e_ar5=None, kg_co2e_ar6=None
    )
    failed = world.erp.get("recompute/").json()["failed"]
    assert [(one["product_code"], one["code"]) for one in failed] == [("ethylene", "no_output")]
    assert world.erp.get(f"footprints/?product={world.ethylene.uuid}").json()["results"][0]["failure"]


def test_allocation_shares(world: World) -> None:
    propylene = new.product(world.company, "propylene", "t")
    new.output(world.cracker, propylene, "250")
    path = f"unit-processes/{world.cracker.uuid}/allocation-shares/"
    ethylene = {"product": str(world.ethylene.uuid), "share": "0.7"}
    wrong = world.erp.put(path, {"shares": [ethylene, {"product": str(propylene.uuid), "share": "0.2"}]}, 1)
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["code"] == "shares_do_not_sum"
    right = world.erp.put(path, {"shares": [ethylene, {"product": str(propylene.uuid), "share": 0.3}]}, 1)
    assert right.status_code == 200, right.content
    assert right.json()["allocation_method"] == "declared"
    assert [share["share"] for share in right.json()["allocation_shares"]] == ["0.7", "0.3"]


def test_bulk_adds_and_changes(world: World) -> None:
    path = f"inventories/{world.inventory.uuid}/exchanges/"
    lines: list[dict[str, Any]] = [
        {"uuid": str(world.feed.uuid), "version": 1, "amount": "905"},
        {
            "process": "cracker",
            "direction": "output",
            "kind": "elementary",
            "gas": "CH4",
            "origin": "fossil",
            "amount": "2",
            "unit": "t",
        },
    ]
    answer = world.erp.post(path, {"lines": lines})
    assert answer.status_code == 200, answer.content
    assert [line["amount"] for line in answer.json()] == ["905", "2"]


def test_bulk_is_all_or_nothing(world: World) -> None:
    path = f"inventories/{world.inventory.uuid}/exchanges/"
    before = Exchange.objects.count()
    good = {"process": "cracker", "direction": "output", "kind": "elementary", "gas": "CH4"}
    answer = world.erp.post(
        path,
        {
            "lines": [
                {**good, "amount": "2", "unit": "t"},
                {**good, "amount": "-2", "unit": "t"},
                {**good, "amount": "2", "unit": "kWh"},
                {**good, "process": "nowhere", "amount": "2", "unit": "t"},
            ]
        },
    )
    assert answer.status_code == 422
    found = [(fault["row"], fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]
    assert found == [
        (2, "/lines/1/amount", "negative_amount"),
        (3, "/lines/2/unit", "unit_mismatch"),
        (4, "/lines/3/process", "not_found"),
    ]
    assert Exchange.objects.count() == before


def test_pages_cover_everything_once(world: World) -> None:
    for _ in range(23):
        new.product(world.company)
    Product.objects.filter(company=world.company).update(name_en="same name")
    for ordering in ("id", "-id", "name_en", "-code"):
        seen: list[str] = []
        path: str | None = f"products/?limit=7&ordering={ordering}"
        while path:
            page = world.erp.get(path).json()
            seen += [product["uuid"] for product in page["results"]]
            path = page["next"]
        everything = world.erp.get(f"products/?limit=500&ordering={ordering}").json()["results"]
        assert seen == [product["uuid"] for product in everything]
        assert len(set(seen)) == 27


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("ordering=company", "ordering"),
        ("cursor=rubbish", "cursor"),
        ("categorie=ethylene", "categorie"),
        ("kind=fluid", "kind"),
        ("company=7", "company"),
    ],
)
def test_parameters_are_checked(world: World, query: str, field: str) -> None:
    answer = world.erp.get(f"products/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


def test_cursor_of_another_order(world: World) -> None:
    following = world.erp.get("products/?limit=1&ordering=code").json()["next"]
    assert world.erp.get(following.replace("ordering=code", "ordering=id")).status_code == 400


def test_a_cursor_tells_no_key(world: World) -> None:
    """A key counts the rows of all companies: from two of them one could read how many others added."""
    following = world.erp.get("products/?limit=1&ordering=code").json()["next"]
    cursor = parse_qs(urlsplit(following).query)["cursor"][0]
    for part in cursor.split(":"):
        assert b"code" not in base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_search_and_filters(world: World) -> None:
    def codes(query: str) -> list[str]:
        return [product["code"] for product in world.erp.get(f"products/?{query}").json()["results"]]

    assert codes("search=THYL") == ["ethylene"]
    assert codes(f"company={world.supplier.uuid}") == ["naphtha-out"]
    lines = world.erp.get(f"exchanges/?process={world.cracker.uuid}&direction=input").json()["results"]
    assert {line["product"]["code"] for line in lines} == {"naphtha", "power"}


def _queries(world: World, path: str) -> list[str]:
    assert world.erp.get(path).status_code == 200  # what is remembered for a while is asked now
    with CaptureQueriesContext(connection) as captured:
        assert world.erp.get(path).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("name", ["products", "exchanges", "footprints", "unit-processes", "inventories"])
def test_queries_do_not_grow_with_rows(world: World, name: str) -> None:
    def grow(number: int) -> None:
        for _ in range(number):
            inventory = new.inventory(new.site(world.company))
            process = new.process(inventory)
            new.output(process, new.product(world.company), is_reference=True)

    grow(10)
    drain()
    few = _queries(world, f"{name}/?limit=10")
    grow(60)
    drain()
    assert len(world.erp.get(f"{name}/?limit=60").json()["results"]) == 60
    many = _queries(world, f"{name}/?limit=60")
    assert len(many) == len(few), [
        (one[:300], other[:300]) for one, other in zip_longest(few, many, fillvalue="")
    ]


def test_factors(world: World) -> None:
    version = world.erp.get("factor-versions/").json()["results"][0]
    assert version["emissions"] == [{"gas": "CO2", "origin": "unspecified", "kg_per_unit": "0.5"}]
    assert version["source"]["redistribution"] == "yes"
    assert world.erp.get(f"factor-versions/{version['uuid']}/").json() == version
    factor = world.erp.get(f"factors/{version['factor']['uuid']}/").json()
    assert factor["unit"] == "kWh"
    assert world.erp.get("gases/CH4/").json()["code"] == "CH4"
    assert "Nm3" in {unit["code"] for unit in world.erp.get("units/").json()}


def test_a_product_is_found_by_any_spelling_of_its_identifiers(world: World) -> None:
    shown = world.erp.get(f"products/{world.ethylene.uuid}/")
    path, tag = f"products/{world.ethylene.uuid}/", shown.headers["ETag"]
    wrong = world.erp.patch(path, {"identifiers": ["CAS 74-85-2"]}, tag)
    assert wrong.status_code in (400, 422)
    done = world.erp.patch(path, {"identifiers": ["CAS 74-85-1", "GTIN 6901234567892"]}, tag)
    assert done.json()["identifiers"][0] == "urn:pact:cas.org:substance-number:74-85-1"
    for spelling in ("74-85-1", "urn:cas:74-85-1", "06901234567892"):
        (found,) = world.erp.get(f"products/?identifier={spelling}").json()["results"]
        assert found["uuid"] == str(world.ethylene.uuid)
    assert world.erp.get("products/?identifier=7732-18-5").json()["results"] == []
