"""The seed of product categories."""

from __future__ import annotations

import csv

import pytest

from accounts.actor import Actor
from factors import units
from footprint.rules import queries
from footprint.rules.actions.seeding import SEED, load_categories
from footprint.rules.models import ProductCategory

pytestmark = pytest.mark.django_db

KEY_PRODUCTS = {
    "crude-oil", "natural-gas", "lng", "gasoline", "diesel", "jet-fuel", "naphtha", "lpg",
    "fuel-oil", "petroleum-coke", "ethylene", "propylene", "butadiene", "benzene", "p-xylene",
    "methanol",
    "ammonia", "urea", "hydrogen", "polyethylene", "polypropylene", "pvc", "pta", "mdi",
    "electricity", "steam",
}  # fmt: skip


def test_the_key_products_are_there_in_order() -> None:
    load_categories()
    codes = list(queries.categories(Actor.worker()).values_list("code", flat=True))
    assert set(codes) >= KEY_PRODUCTS
    assert codes.index("crude-oil") < codes.index("naphtha") < codes.index("ethylene")
    assert codes.index("ethylene") < codes.index("polyethylene")


def test_every_row_is_sound() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["code"] for row in rows}) == len(rows)
    for row in rows:
        assert units.canonical(row["unit"]) == row["unit"]
        assert row["name_zh"] and row["name_en"]


def test_loading_twice_changes_nothing_and_mends_names() -> None:
    load_categories()
    before = list(ProductCategory.objects.order_by("id").values_list("id", "uuid", "code"))
    ProductCategory.objects.filter(code="ethylene").update(name_en="Ethene", unit="t")
    load_categories()
    assert list(ProductCategory.objects.order_by("id").values_list("id", "uuid", "code")) == before
    ethylene = ProductCategory.objects.get(code="ethylene")
    assert (ethylene.name_en, ethylene.unit) == ("Ethylene", "t")


def test_nobody_sees_nothing() -> None:
    load_categories()
    assert not queries.categories(Actor.nobody()).exists()
