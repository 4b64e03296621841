"""Comparisons, the alliance, open data in a real browser: no complaint, nothing grave, nothing sticks out."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Company, Site
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.benchmark.actions import set_target
from footprint.benchmark.actions.overview import count
from footprint.benchmark.models import Release
from footprint.inventory.models import Product
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import SIGNING_KEY, Office, apart, give, profile, spread
from tests.pages.conftest import OpenWindow

PLACES = ("CN-SD", "CN-SD", "CN-JS", "CN-SH", "CN-ZJ", "CN-LN", "CN-GD", "CN-XJ")


def chain(company: Company, place: str, ethylene: ProductCategory, naphtha: ProductCategory) -> Product:
    """A cracker that makes ethylene of naphtha."""
    site: Site = new.site(company)
    site.province = place
    site.save()
    process, made = new.process(new.inventory(site)), new.product(company, category=ethylene)
    new.output(process, made, 100)
    new.takes(process, new.product(company, category=naphtha), 300)
    return made


@pytest.mark.parametrize(("language", "width", "theme"), [("en", 1440, "light"), ("zh-hans", 390, "dark")])
def test_pages(
    transactional_db: None, settings: Any, window: OpenWindow, language: str, width: int, theme: str
) -> None:
    settings.PUBLICATION_SIGNING_KEY = SIGNING_KEY
    method, office, rivals = profile(), Office(), [new.company() for _ in PLACES]
    ethylene = ProductCategory.objects.get(code="ethylene")
    naphtha = ProductCategory.objects.create(code="naphtha", name_zh="石脑油", name_en="Naphtha", unit="kg")
    products = [chain(*each, ethylene, naphtha) for each in zip(rivals, PLACES, strict=True)]
    for year, factor in ((2023, 1.1), (2024, 1.0)):
        values = [each * factor for each in spread(8, seed=4)]
        cell = office.define(ethylene, method, year=year)
        give(cell, values, rivals, parts=apart(values))
        assert office.release(cell).state == "released"
    count(timezone.now())
    user = new.person(rivals[-1], Role.OWNER)
    owner = actor_of_user(user)
    with acting_as(owner):
        set_target(products[-1], by=owner, at=timezone.now(), base_year=2023, target_year=2030, percent=30)
    released = Release.objects.latest("number")
    opened = window(user, language=language, width=width, theme=theme)
    for path in (
        "/categories/",
        "/categories/ethylene/",
        f"/benchmarks/releases/{released.uuid}/",
        "/alliance/",
        "/open/",
    ):
        page = opened.open(path)
        page.wait_for_load_state("networkidle")
        opened.fits()
        assert opened.grave_faults() == [], path
    assert opened.complaints == []
