"""Frozen states of the database: their checksum, what differs, their files."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from openpyxl import load_workbook

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.roles import Role
from factors.actions.publish_version import publish_version
from factors.actions.release import difference, is_intact, release_factors
from factors.actions.withdraw_version import withdraw_version
from factors.content import Emission, VersionContent
from factors.models import Factor, FactorRelease, FactorVersion, ReleasedVersion, Source
from tests import builders
from tests.factors.conftest import ANOTHER, Contents


@pytest.fixture
def chief(db: None) -> Actor:
    return builders.actor(builders.company(), Role.CURATOR)


@pytest.fixture
def entered(db: None) -> Callable[..., Client]:
    def make(role: Role = Role.OWNER) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(builders.person(builders.company(), role))
        client.cookies["django_language"] = "en"
        return client

    return make


def test_what_differs_between_two(grid: Factor, chief: Actor, content: Contents) -> None:
    first = release_factors(by=chief, name="2026-1")
    corrected = publish_version(grid, by=chief, prepared_by=ANOTHER, content=content("0.5307"))
    fresh = publish_version(grid, by=chief, prepared_by=ANOTHER, content=content("0.51", reference_year=2024))
    gone = grid.versions.get(number=1)
    withdraw_version(gone, by=chief, reason="wrong table")
    second = release_factors(by=chief, name="2026-2", note="half a year later")
    assert (first.versions, second.versions) == (8, 8) and first.digest != second.digest
    found = difference(chief, first, second)
    assert [v.pk for v in found.added] == [fresh.pk]
    assert [(old.number, new.pk) for old, new in found.changed] == [(3, corrected.pk)]
    assert [v.pk for v in found.withdrawn] == [gone.pk]
    assert is_intact(first) and is_intact(second)


def test_only_curators_and_a_name_once(grid: Factor, chief: Actor, owner: Actor) -> None:
    with pytest.raises(NotAllowed):
        release_factors(by=owner, name="mine")
    release_factors(by=chief, name="once")
    with pytest.raises(Refusal, match="this name"):
        release_factors(by=chief, name="once")
    with pytest.raises(Refusal):
        release_factors(by=chief, name="not a name")


def test_an_empty_database_is_not_released(chief: Actor) -> None:
    with pytest.raises(Refusal, match="Nothing is published"):
        release_factors(by=chief, name="empty")


def test_a_release_stays(grid: Factor, chief: Actor, content: Contents) -> None:
    made = release_factors(by=chief, name="kept")
    later = publish_version(grid, by=chief, prepared_by=ANOTHER, content=content("0.51", reference_year=2024))
    for act in (
        lambda: FactorRelease.objects.update(digest="0" * 64),
        lambda: made.members.all().delete(),
        lambda: ReleasedVersion.objects.create(release=made, version=later),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert is_intact(made)


def test_files_leave_out_what_may_not_leave(
    grid: Factor, chief: Actor, entered: Callable[..., Client]
) -> None:
    Source.objects.filter(code="ndrc-petroleum-2014").update(redistribution="link-only")
    release_factors(by=chief, name="2026-1")
    reader = entered()
    lines = reader.get("/factors/releases/2026-1/factors.csv").content.decode().splitlines()
    assert len(lines) > 7 and any(",ndrc" in line or "石油" in line for line in lines)
    book = load_workbook(io.BytesIO(reader.get("/factors/releases/2026-1/factors.xlsx").content))
    rows = list(book.active.values)
    kg, licence = rows[0].index("kg_per_unit"), rows[0].index("version_uuid")
    kept = {str(v.uuid) for v in FactorVersion.objects.filter(source__code="ndrc-petroleum-2014")}
    assert {bool(row[kg]) for row in rows[1:] if row[licence] in kept} == {False}
    assert {bool(row[kg]) for row in rows[1:] if row[licence] not in kept} == {True}
    package = zipfile.ZipFile(io.BytesIO(reader.get("/factors/releases/2026-1/openlca.zip").content))
    processes = [json.loads(package.read(n)) for n in package.namelist() if n.startswith("processes/")]
    assert len(processes) == 8 - 1 and not kept & {each["@id"] for each in processes}
    names = {n.split("/")[1].removesuffix(".json") for n in package.namelist() if "/" in n}
    used = {e["flow"]["@id"] for p in processes for e in p["exchanges"]}
    assert used <= names


def test_a_process_says_what_its_figures_count(
    grid: Factor, chief: Actor, entered: Callable[..., Client]
) -> None:
    plain = grid.versions.get(number=3)
    total = VersionContent(
        emissions=(Emission("CO2e", "unspecified", Decimal("0.6")),),
        geography="CN", reference_year=2023, scope="co2e", boundary="cradle_to_gate", gwp_set="AR5",
        source="mee-grid-co2-2023", source_locator="table 9", transcription="confirmed",
    )  # fmt: skip
    whole = publish_version(grid, by=chief, prepared_by=ANOTHER, content=total)
    release_factors(by=chief, name="2026-1")
    sent = entered().get("/factors/releases/2026-1/openlca.zip").content
    package = zipfile.ZipFile(io.BytesIO(sent))
    said = {
        each.uuid: json.loads(package.read(f"processes/{each.uuid}.json"))["description"]
        for each in (plain, whole)
    }
    assert plain.get_scope_display() in said[plain.uuid] and "CO2e:" not in said[plain.uuid]
    assert said[whole.uuid].endswith(f"{whole.get_scope_display()}; CO2e: AR5")


def test_pages(grid: Factor, chief: Actor, content: Contents, entered: Callable[..., Client]) -> None:
    release_factors(by=chief, name="2026-1")
    publish_version(grid, by=chief, prepared_by=ANOTHER, content=content("0.51", reference_year=2024))
    curator = entered(Role.CURATOR)
    assert curator.post("/factors/releases/make/", {"name": "2026-2"}).status_code == 302
    page = curator.get("/factors/releases/2026-2/").content.decode()
    assert "2026-1" in page and "Added" in page and "0.51" in page
    reader = entered()
    assert reader.post("/factors/releases/make/", {"name": "x"}).status_code == 403
    assert "2026-2" in reader.get("/factors/releases/").content.decode()
    assert reader.get("/factors/releases/none/").status_code == 404
    assert reader.get("/factors/releases/2026-2/", {"against": "none"}).status_code == 404
    for path in ("", "2026-1/", "2026-1/factors.csv", "2026-1/factors.xlsx", "2026-1/openlca.zip"):
        assert Client().get(f"/factors/releases/{path}").status_code == 302
