"""Identifiers of products: read as people write them, checked, and found in any spelling."""

from __future__ import annotations

import pytest

from accounts.errors import Refusal, Refusals
from accounts.visibility import acting_as
from footprint.inventory import identifiers, queries
from footprint.inventory.actions import add_product, change_product
from footprint.inventory.actions.upsert_products import upsert_products
from footprint.inventory.models import Product
from tests import builders as new

GTIN, CAS = "urn:gtin:6901234567892", "urn:pact:cas.org:substance-number:74-85-1"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("GTIN 6901234567892", GTIN),
        ("ean: 6901234567892", GTIN),
        ("urn:pact:gs1.org:gtin:6901234567892", GTIN),
        ("CAS 74-85-1", CAS),
        ("urn:cas:74-85-1", CAS),
        ("CPC 34110", "urn:cpc:34110"),
        ("urn:pact:productclassification:un-cpc:34110", "urn:cpc:34110"),
        ("HS 2901.21", "urn:hs:290121"),
        ("urn:pact:buyer.example:buyer-id:4711", "urn:pact:buyer.example:buyer-id:4711"),
    ],
)
def test_each_way_of_writing_is_kept_as_one_urn(written: str, kept: str) -> None:
    assert identifiers.read(written) == kept


def test_numbers_of_ones_own_are_named_below_this_platforms_domain() -> None:
    assert identifiers.read("buyer A 1") == f"urn:pact:{identifiers.issuer()}:buyer-id:A%201"
    assert identifiers.read("supplier 7") == f"urn:pact:{identifiers.issuer()}:supplier-id:7"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("GTIN 6901234567893", "not_a_gtin"),
        ("urn:gtin:123", "not_a_gtin"),
        ("CAS 74-85-2", "not_a_cas"),
        ("CPC 3", "not_a_cpc"),
        ("HS ethylene", "not_a_hs"),
        ("ethylene", "not_an_identifier"),
        ("urn:x1:a#b", "unsafe_identifier"),
        ("urn:x1:" + "a" * 200, "too_long"),
    ],
)
def test_what_is_none_is_refused(written: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        identifiers.read(written)
    assert (refused.value.code, refused.value.field) == (code, "identifiers")


def test_spellings_of_one_identifier_have_one_key() -> None:
    assert identifiers.key("urn:gtin:06901234567892") == identifiers.key("URN:GTIN:6901234567892")
    assert identifiers.key("urn:cas:74-85-1") == identifiers.key(CAS)
    assert identifiers.key(CAS) != identifiers.key("urn:cas:7732-18-5")
    assert GTIN in identifiers.spellings("06901234567892")
    assert identifiers.spellings("ethylene") == []


@pytest.mark.django_db
def test_a_product_carries_each_once_and_is_found_by_any() -> None:
    company = new.company()
    owner = new.actor(company)
    with acting_as(owner):
        lines = "CAS 74-85-1\nurn:cas:74-85-1\n\nGTIN 06901234567892"
        product = add_product(company, by=owner, code="E", unit="kg", name_en="E", identifiers=lines)
        assert product.identifiers == [CAS, "urn:gtin:06901234567892"]
        for word in ("74-85-1", "6901234567892", GTIN):
            assert list(queries.own_products(owner, search=word)) == [product]
        assert not queries.own_products(owner, search="7732-18-5")
        with pytest.raises(Refusal, match="GTIN"):
            change_product(product, by=owner, version=None, identifiers=["GTIN 1"])


@pytest.mark.django_db
def test_an_upsert_replaces_them_or_names_the_row() -> None:
    company = new.company()
    owner = new.actor(company)
    with acting_as(owner):
        row = {"code": "E", "unit": "kg", "name_en": "E"}
        upsert_products(company, [row], by=owner)
        (done,) = upsert_products(company, [{"code": "E", "identifiers": ["CAS 74-85-1"]}], by=owner)
        assert (done.outcome, Product.objects.get(company=company).identifiers) == ("changed", [CAS])
        (again,) = upsert_products(company, [{"code": "E", "identifiers": ["urn:cas:74-85-1"]}], by=owner)
        assert again.outcome == "unchanged"
        with pytest.raises(Refusals) as refused:
            upsert_products(company, [{"code": "E", "identifiers": ["CAS 1"]}], by=owner)
        assert refused.value.refusals[0].field == "identifiers"
