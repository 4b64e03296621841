"""Which table lacks a figure for which place and year."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.roles import Role
from factors.coverage import MOST_YEARS, PROVINCES, coverage, wanted_places
from factors.seed.reading import Seed
from tests import builders


def signed_in(role: Role) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(builders.person(builders.company(), role))
    client.cookies["django_language"] = "en"
    return client


def test_who_has_one_province_should_have_them_all() -> None:
    assert wanted_places({"GLO"}) == ("CN", "GLO")
    assert set(wanted_places({"CN-SD"})) == {"CN", *PROVINCES}
    assert len(PROVINCES) == 31


def test_cells_say_what_is_there_and_what_is_nearest(loaded: Seed, curator: Actor) -> None:
    found = coverage(curator, 2021, 2024, category="grid-co2")
    (grids,) = found.categories
    assert found.years == (2021, 2022, 2023, 2024) and (grids.kind, grids.covered(2024)) == ("electricity", 0)
    cells = {cell.year: cell for cell in grids.row("CN-SD", found.years)}
    assert cells[2023].state == "covered" and cells[2023].versions > 0
    assert (cells[2024].state, cells[2024].nearest) == ("other_year", 2023)
    assert len(coverage(curator, 1990, 2024).years) == MOST_YEARS


@pytest.mark.parametrize("path", ["/factors/desk/coverage/", "/factors/desk/coverage.csv"])
def test_only_curators(loaded: Seed, path: str) -> None:
    assert signed_in(Role.OWNER).get(path).status_code == 403 and Client().get(path).status_code == 302


def test_the_map_its_file_and_rest_say_the_same(loaded: Seed) -> None:
    curator, asked = signed_in(Role.CURATOR), {"category": "grid-co2", "first": "2023", "last": "2024"}
    page = curator.get("/factors/desk/coverage/", asked).content.decode()
    assert "Shandong" in page and "only 2023" in page and "lacks" in page
    assert "grid-co2" in curator.get("/factors/desk/").content.decode()
    assert "fuel-desnz" in curator.get("/factors/desk/coverage/", {"first": "soon"}).content.decode()
    unknown = curator.get("/factors/desk/coverage/", {"category": "x"}).content.decode()
    assert "Select a valid choice" in unknown and "Grid electricity, CO2 of generation" in unknown
    text = curator.get("/factors/desk/coverage.csv", asked).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    told = curator.get("/api/v1/factor-desk/coverage/", asked).json()
    assert len(rows) == len(told) > 60
    assert [int(row["Versions"]) for row in rows] == [each["versions"] for each in told]
    lacking = curator.get("/api/v1/factor-desk/coverage/", {**asked, "state": "lacks"}).json()
    assert lacking == [each for each in told if each["state"] == "lacks"]
    assert curator.get("/api/v1/factor-desk/coverage/", {"first": "soon"}).status_code == 400
    assert signed_in(Role.OWNER).get("/api/v1/factor-desk/coverage/").status_code == 403
    assert Client().get("/api/v1/factor-desk/coverage/").status_code == 401
