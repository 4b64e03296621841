"""Whatever is wrong is refused with its place and a reason; nothing of it is stored."""

from __future__ import annotations

import gzip
import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from footprint.calculation.ledger import drain
from footprint.inventory.models import Exchange, Inventory
from tests import builders as new
from tests.api.conftest import World

EMISSION = {"direction": "output", "kind": "elementary", "gas": "CO2", "amount": "1", "unit": "t"}


def first(answer: Any) -> dict[str, Any]:
    """The only fault."""
    body = answer.json()
    assert len(body["errors"]) == 1, body
    return dict(body["errors"][0])


@pytest.mark.parametrize("turning", ["\u202e", "\u202a", "\u2066", "\u2069"])
def test_no_name_is_shown_turned_round(world: World, turning: str) -> None:
    name = {"name_en": f"Steel{turning}lateM"}
    given = {"company": str(world.company.uuid), "code": "x", "unit": "kg", **name}
    answer = world.erp.post("products/", given)
    assert (answer.status_code, first(answer)["code"]) == (422, "invalid_text")


@pytest.mark.parametrize(
    ("change", "status", "pointer", "code"),
    [
        ({"amount": "-1"}, 422, "/amount", "negative_amount"),
        ({"amount": "1e300"}, 422, "/amount", "absurd_amount"),
        ({"amount": 1e300}, 422, "/amount", "absurd_amount"),
        ({"amount": "NaN"}, 400, "/amount", "not_finite"),
        ({"amount": "-Infinity"}, 400, "/amount", "not_finite"),
        ({"amount": "1,5"}, 400, "/amount", "not_a_number"),
        ({"amount": "1\u0663"}, 400, "/amount", "not_a_number"),  # 3 as Arabic writes it
        ({"amount": "9" * 200}, 400, "/amount", "too_many_digits"),
        ({"amount": "1e-9999999999"}, 400, "/amount", "too_far"),
        ({"amount": True}, 400, "/amount", "not_a_number"),
        ({"amount": None}, 400, "/amount", "null"),
        ({"amount": [1]}, 400, "/amount", "not_a_number"),
        ({"unit": "kWh"}, 422, "/unit", "unit_mismatch"),
        ({"unit": "cubits"}, 422, "/unit", "unknown_unit"),
        ({"gas": "XYZ"}, 422, "/gas", "unknown_gas"),
        ({"direction": "sideways"}, 400, "/direction", "invalid_choice"),
        ({"origin": "lunar"}, 422, "/origin", "unknown_choice"),
        ({"is_reference": True}, 422, "/is_reference", "not_an_output"),
        ({"gsd2": "0.5"}, 422, "/gsd2", "not_a_spread"),
        ({"pedigree_reliability": 6}, 422, "/pedigree_reliability", "not_a_score"),
        ({"pedigree_temporal": "late"}, 400, "/pedigree_temporal", "invalid"),
        ({"dqr_geography": 0}, 422, "/dqr_geography", "not_a_score"),
        ({"dqr_time": 10**30}, 422, "/dqr_time", "absurd_amount"),
        ({"stage": "shopping"}, 400, "/stage", "invalid_choice"),
        ({"allocation_basis": "1", "allocation_basis_unit": "t"}, 422, "/allocation_basis", "not_an_output"),
        ({"ammount": "1"}, 400, "/ammount", "unknown_field"),
    ],
)
def test_lines(world: World, change: dict[str, Any], status: int, pointer: str, code: str) -> None:
    before = Exchange.objects.count()
    answer = world.erp.post("exchanges/", {"process": str(world.cracker.uuid), **EMISSION, **change})
    assert answer.status_code == status, answer.content
    fault = first(answer)
    assert (fault["pointer"], fault["code"]) == (pointer, code)
    assert fault["detail"]
    assert Exchange.objects.count() == before


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"carbon_fraction": "1.2"}, "/carbon_fraction", "not_a_fraction"),
        ({"hydrogen_fraction": -0.1}, "/hydrogen_fraction", "not_a_fraction"),
        ({"biogenic_carbon_fraction": "1.01"}, "/biogenic_carbon_fraction", "not_a_fraction"),
        ({"carbon_fraction": "0.9", "hydrogen_fraction": "0.2"}, "/hydrogen_fraction", "more_than_all"),
        ({"molar_mass_g_per_mol": "0.028"}, "/molar_mass_g_per_mol", "absurd_molar_mass"),
        ({"lhv_mj_per_unit": "47.2"}, "/lhv_mj_per_unit", "absurd_heating_value"),
    ],
)
def test_compositions(world: World, change: dict[str, Any], pointer: str, code: str) -> None:
    answer = world.erp.patch(f"products/{world.ethylene.uuid}/", change, 1)
    assert answer.status_code == 422, answer.content
    fault = first(answer)
    assert (fault["pointer"], fault["code"]) == (pointer, code)


def test_missing_fields_are_told_together(world: World) -> None:
    answer = world.erp.post("exchanges/", {"kind": "elementary"})
    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {
        "/process",
        "/direction",
        "/amount",
        "/unit",
    }


def test_provider_that_is_not_visible(world: World) -> None:
    secret = new.product(new.company("stranger"), "secret", "t")
    path = f"exchanges/{world.feed.uuid}/"
    fault = first(world.erp.patch(path, {"provider_product": str(secret.uuid)}, 1))
    unknown = "00000000-0000-4000-8000-000000000000"
    assert first(world.erp.patch(path, {"provider_product": unknown}, 1)) == fault
    assert (fault["pointer"], fault["code"]) == ("/provider_product", "not_found")


def test_provider_that_does_not_make_it(world: World) -> None:
    furnace = new.process(world.inventory, "furnace")
    path = f"exchanges/{world.feed.uuid}/"
    change = {"provider_product": None, "provider_process": str(furnace.uuid)}
    answer = world.erp.patch(path, change, 1)
    assert answer.status_code == 422
    assert first(answer)["code"] == "does_not_make"


def test_process_of_a_stranger(world: World) -> None:
    foreign = new.process(new.inventory(new.site(new.company("stranger"))))
    answer = world.erp.post("exchanges/", {"process": str(foreign.uuid), **EMISSION})
    assert answer.status_code == 400
    assert first(answer)["pointer"] == "/process"


def test_overlapping_periods(world: World) -> None:
    body = {"site": str(world.site.uuid), "period_start": "2025-06-01", "period_end": "2026-05-31"}
    answer = world.erp.post("inventories/", body)
    assert answer.status_code == 422
    assert first(answer)["code"] == "overlapping_period"
    assert Inventory.objects.filter(period_start=date(2025, 6, 1)).count() == 0


def test_period_that_runs_backwards(world: World) -> None:
    body = {"site": str(world.site.uuid), "period_start": "2024-12-31", "period_end": "2024-01-01"}
    assert world.erp.post("inventories/", body).status_code == 422


def test_code_that_is_taken(world: World) -> None:
    answer = world.erp.post("products/", {"code": "ethylene", "unit": "t", "name_en": "Again"})
    assert answer.status_code == 422
    assert first(answer)["code"] == "duplicate_code"
    assert world.erp.get("products/").status_code == 200


def test_loop_that_cannot_be_solved(world: World) -> None:
    boiler = new.process(world.inventory, "boiler")
    steam = new.product(world.company, "steam", "t")
    new.output(boiler, steam, "10", is_reference=True)
    new.takes(world.cracker, steam, "100", provider_process=boiler)
    drain()
    body = {
        "process": str(boiler.uuid),
        "direction": "input",
        "kind": "product",
        "product": str(world.ethylene.uuid),
        "provider_process": str(world.cracker.uuid),
        "amount": "500",
        "unit": "t",
    }
    before = Exchange.objects.count()
    answer = world.erp.post("exchanges/", body)
    assert answer.status_code == 422, answer.content
    fault = first(answer)
    assert fault["code"] == "unsolvable_loop"
    assert "boiler" in fault["detail"]
    assert "cracker" in fault["detail"]
    assert Exchange.objects.count() == before
    more = new.output(boiler, steam, "10000")
    assert world.erp.post("exchanges/", body).status_code == 201
    gas = {"kind": "elementary", "gas": "CO2", "product": None, "is_reference": False, "unit": "t"}
    answer = world.erp.patch(f"exchanges/{more.uuid}/", gas, more.version)
    assert (answer.status_code, first(answer)["code"]) == (422, "unsolvable_loop"), "no longer an output"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (b'{"code": NaN}', "/code", "not_finite"),
        (b'{"code": {"a": [1, -Infinity]}}', "/code/a/1", "not_finite"),
        (b'{"carbon_fraction": 1e999}', "/carbon_fraction", "not_finite"),
        (b'{"carbon_fraction": 1e-999}', "/carbon_fraction", "not_finite"),
        (b'{"code": "a", "unit": "t", "code": "b"}', "/code", "duplicate_key"),
        (b'{"conversions": {"kg": "1", "kg": "2"}}', "/conversions/kg", "duplicate_key"),
        (b'{"lhv_mj_per_unit": ' + b"9" * 4001 + b"}", "/lhv_mj_per_unit", "too_many_digits"),
        (b'{"lhv_mj_per_unit": 0.' + b"9" * 4001 + b"}", "/lhv_mj_per_unit", "too_many_digits"),
        (b"[" * 51 + b"]" * 51, "", "too_deep"),
        (b"[" * 1_000_000, "", "too_deep"),
        (b'{"code": "' + b"x" * (5 * 1024 * 1024) + b'"}', "", "too_large"),
        (b'{"code": "\\u0000"}', "/code", "nul"),
        (b'{"code": "\\ud800"}', "", "lone_surrogate"),
        (b'{"code": "\xff"}', "", "not_utf8"),
        (b'{"code": "x",}', "", "not_json"),
        (b'{"code": "x', "", "not_json"),
        (b'"' + b'\\"' * 100_000, "", "not_json"),
        (b"\xef\xbb\xbf{}", "", "not_json"),
    ],
)
def test_json_that_is_not_strict(world: World, body: bytes, pointer: str, code: str) -> None:
    answer = world.erp.post("products/", body)
    assert answer.status_code == 400
    fault = first(answer)
    assert (fault["pointer"], fault["code"]) == (pointer, code)


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'"text"', b"7", b'{"code": {}}', b'{"conversions": [1]}']
)
def test_bodies_of_another_shape(world: World, body: bytes) -> None:
    answer = world.erp.post("products/", body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_body_beyond_what_django_reads(world: World) -> None:
    answer = world.erp.post("products/", b'{"code": "' + b"x" * (11 * 1024 * 1024) + b'"}')
    assert answer.status_code == 400


def test_exact_digits_survive(world: World) -> None:
    amount = "0.000000000000000000001234567890123456789"
    body = {"process": str(world.cracker.uuid), **EMISSION, "amount": amount}
    assert world.erp.post("exchanges/", body).json()["amount"] == amount
    as_number = json.dumps(body).replace(f'"{amount}"', amount).encode()
    assert world.erp.post("exchanges/", as_number).json()["amount"] == amount


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("DELETE", "products/", 405),
        ("PUT", "exchanges/", 405),
        ("POST", "factors/", 405),
        ("GET", "nowhere/", 404),
        ("POST", "nowhere/", 404),
        ("GET", "products/not-a-uuid/", 404),
        ("GET", "products", 404),
        ("POST", "products", 404),
        ("GET", "products/?search=%00", 400),
        ("GET", "footprints/?year=99999999999999999999", 400),
        ("GET", "inventories/?year=0", 400),
        ("GET", "footprints/?year=1e400", 400),
    ],
)
def test_addresses_and_methods(world: World, method: str, path: str, status: int) -> None:
    answer = world.erp.call(method, path, {} if method in ("POST", "PUT") else None)
    assert answer.status_code == status, answer.content
    if status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert set(answer.json()) == {"type", "title", "status", "detail", "instance", "errors"}
        assert answer.json()["status"] == status
    if status == 405:
        assert "GET" in answer.headers["Allow"]


def test_other_media_types(world: World) -> None:
    answer = Client().post(
        "/api/v1/products/", {"code": "x"}, headers={"Authorization": f"Bearer {world.erp.token}"}
    )
    assert answer.status_code == 415
    assert answer.json()["type"] == "urn:problem-type:unsupported-media-type"


@pytest.mark.parametrize("path", ["products/", "upserts/products/"])
def test_a_packed_body_is_said_to_be_packed(world: World, path: str) -> None:
    answer = world.erp.post(path, gzip.compress(b'{"code": "x"}'), Content_Encoding="gzip")
    assert answer.status_code == 415
    assert answer.json()["detail"] == "The body is packed (gzip); send it as it is."


def test_unexpected_error_is_a_clean_500(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from footprint.calculation.api import products

    def broken(*args: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr(products, "product_figures", broken)
    answer = world.erp.get("products/")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "content_language", "required"),
    [("en", "en", "This field is required."), ("zh-CN,zh;q=0.9", "zh-hans", "该字段是必填项。")],
)
def test_language(world: World, language: str, content_language: str, required: str) -> None:
    world.erp.language = language
    answer = world.erp.post("products/", {"code": "x"})
    assert answer.headers["Content-Language"] == content_language
    assert first(answer)["detail"] == required
