"""Every page of the factor database in a real browser: no complaint, nothing grave, nothing sticks out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from accounts.queries import actor_of_user
from accounts.roles import Role
from factors.actions.load_seed import load_seed
from factors.actions.propose import move_proposal, propose
from factors.actions.publish_version import publish_version
from factors.actions.release import release_factors
from factors.content import Emission, VersionContent
from factors.models import Factor, FactorVersion
from factors.seed.reading import read
from footprint.calculation.ledger import drain
from tests import builders as new
from tests.factors.conftest import ANOTHER
from tests.pages.conftest import OpenWindow


def content(kg: str, **more: Any) -> VersionContent:
    stated = {
        "geography": "CN", "reference_year": 2023, "scope": "co2", "boundary": "direct",
        "source": "mee-grid-co2-2023", "source_locator": "table 9", "transcription": "single", **more,
    }  # fmt: skip
    return VersionContent(emissions=(Emission("CO2", "fossil", Decimal(kg)),), **stated)


@pytest.mark.parametrize(("language", "width", "theme"), [("en", 1440, "light"), ("zh-hans", 390, "dark")])
def test_pages(transactional_db: None, window: OpenWindow, language: str, width: int, theme: str) -> None:
    load_seed(read())
    company = new.company()
    chief, owner = new.person(new.company(), Role.CURATOR), new.person(company, Role.OWNER, Role.CURATOR)
    curator, member = actor_of_user(chief), actor_of_user(owner)
    grid = Factor.objects.get(code="grid-cn-national-average")
    old = grid.versions.get(number=3)
    process = new.process(new.inventory(new.site(company)))
    new.output(process, new.product(company), "100")
    new.takes(process, None, "50", "kWh", factor_version=old)
    drain()
    release_factors(by=curator, name="2026-1", note="first")
    publish_version(grid, by=curator, prepared_by=ANOTHER, content=content("0.5307"))
    release_factors(by=curator, name="2026-2")
    made = propose(
        grid, by=member, company=company, content=content("1.9", reference_year=2022), reason="islands"
    )
    move_proposal(made, by=curator, move="pass_on", version=None)
    alike = FactorVersion.objects.filter(factor=grid).values_list("uuid", flat=True)[:2]
    mixed = FactorVersion.objects.filter(factor__code="electricity-cn-footprint-average")[0].uuid
    base = f"/factors/{grid.uuid}"
    paths = (
        "/factors/?search=天然气", f"/factors/compare/?version={alike[0]}&version={alike[1]}",
        f"/factors/compare/?version={alike[0]}&version={mixed}", f"{base}/?version=3",
        "/factors/proposals/", f"/factors/proposals/{made.uuid}/", "/factors/proposals/new/",
        f"/factors/proposals/new/?factor={grid.uuid}", "/factors/releases/", "/factors/releases/2026-2/",
        "/factors/desk/", "/factors/import/", "/factors/adoptions/", f"{base}/impact/?old=3&new=4",
        f"{base}/lineage/?version=3",
    )  # fmt: skip
    opened = window(owner, language=language, width=width, theme=theme)
    faults = []
    for path in paths:
        opened.open(path)
        opened.fits()
        faults += [(path, fault) for fault in opened.grave_faults()]
    assert (faults, opened.complaints) == ([], [])
