"""The category pages: a median for those who give, a reason for those who do not."""

from __future__ import annotations

import pytest
from django.test import Client

from footprint.calculation import ledger
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.footprint.benchmark.test_cells import ethylene, plant

__all__ = ["ethylene"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_pages_show_the_median_or_why_not(client: Client, ethylene: ProductCategory) -> None:
    companies = [new.company() for _ in range(5)]
    for company, kg in zip(companies, ("1.1", "1.3", "1.52", "1.7", "1.9"), strict=True):
        plant(company, ethylene, kg)
    ledger.drain()
    for company, shown in ((companies[0], True), (new.company(), False)):
        client.force_login(new.person(company, new.Role.OWNER))
        for path in ("/categories/", "/categories/ethylene/"):
            client.cookies["django_language"] = "en"
            page = client.get(path).content.decode()
            assert ("1.5" in page) is shown, (path, company)
            assert "1.52" not in page
            assert ("below the median" in page) is shown
            assert ("report a figure themselves" in page) is not shown


def test_an_unknown_category_is_not_found(client: Client) -> None:
    client.force_login(new.person(new.company(), new.Role.OWNER))
    assert client.get("/categories/unobtainium/").status_code == 404


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    assert client.get("/categories/").status_code == 302
