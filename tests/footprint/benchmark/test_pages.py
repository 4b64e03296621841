"""The pages: figures for those who gave, a general reason for the others, moves for the office."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Company
from accounts.roles import Role
from footprint.benchmark.actions import prepare_waiting
from footprint.benchmark.models import Definition, Participation, Release
from footprint.calculation.models import RecomputeMark
from footprint.rules.models import ProductCategory
from footprint.rules.models.profile import Boundary
from tests import builders as new
from tests.footprint.benchmark.cohorts import SIGNING_KEY, WHY, Office, give, profile, spread

pytestmark = pytest.mark.django_db
VALUES = [1.1, 1.3, 1.52, 1.7, 1.9]


@pytest.fixture(autouse=True)
def signing(settings: Any) -> Iterator[None]:
    settings.PUBLICATION_SIGNING_KEY = SIGNING_KEY
    with transaction.atomic():
        yield


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def cell(office: Office) -> Definition:
    method = profile()
    return office.define(ProductCategory.objects.get(code="ethylene"), method)


@pytest.fixture
def rivals() -> list[Company]:
    return [new.company() for _ in range(5)]


def signed_in(company: Company, role: Role = Role.OWNER) -> Client:
    client = Client()
    client.force_login(new.person(company, role))
    client.cookies["django_language"] = "en"
    return client


def text(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200, path
    return str(page.content.decode())


def test_figures_for_those_who_gave(office: Office, cell: Definition, rivals: list[Company]) -> None:
    give(cell, VALUES, rivals)
    found = office.release(cell)
    for company, shown in ((rivals[0], True), (new.company(), False)):
        client = signed_in(company)
        for path in ("/categories/", "/categories/ethylene/"):
            page = text(client, path)
            assert ("1.5" in page) is shown, (path, shown)
            assert "1.52" not in page
            assert ("below the median" in page) is shown
            assert ("that gave one themselves" in page) is not shown
        page = text(client, f"/benchmarks/releases/{found.uuid}/")
        assert ("readout-value" in page) is shown
        assert WHY["purpose"] in text(client, f"/benchmarks/{cell.uuid}/")
        assert found.content_hash[:16] in text(client, "/benchmarks/")


def test_a_blocked_cell_says_why_to_the_steward_alone(
    office: Office, cell: Definition, rivals: list[Company]
) -> None:
    give(cell, VALUES[:4], rivals[:4])
    found = office.prepare(cell)
    path = f"/benchmarks/releases/{found.uuid}/"
    steward, member = signed_in(office.company, Role.STEWARD), signed_in(rivals[0])
    assert "Merge technology routes or regions" in text(steward, path)
    assert member.get(path).status_code == 404
    assert "Not released" in text(member, "/categories/ethylene/")


def test_a_blocked_cell_names_what_to_merge(office: Office, cell: Definition, rivals: list[Company]) -> None:
    """What of it is narrow, and what is compared beside it."""
    narrow = office.define(cell.category, cell.profile_version, technology="Coal", region="east")
    steward = signed_in(office.company, Role.STEWARD)
    give(narrow, VALUES[:4], rivals[:4])
    page = text(steward, f"/benchmarks/releases/{office.prepare(narrow).uuid}/")
    assert "now it is “Coal”" in page and "now it is East China" in page
    assert f"/benchmarks/{cell.uuid}/" in page
    give(cell, VALUES[:4], rivals[:4])
    page = text(steward, f"/benchmarks/releases/{office.prepare(cell).uuid}/")
    assert "Every route and every region is in it already" in page
    assert f"/benchmarks/{narrow.uuid}/" in page


def test_which_gates_failed_is_for_the_office_alone(office: Office, cell: Definition) -> None:
    """One has nine tenths of the volume: members read neither that, nor that the other gates were passed."""
    companies = [new.company() for _ in range(9)]
    give(cell, spread(9), companies, [900.0, *[100.0] * 8])
    found = office.release(cell)
    assert {each["gate"] for each in found.outcomes if not each["passed"]} >= {"share"}
    path = f"/benchmarks/releases/{found.uuid}/"
    words = "Nobody has too large a share of the volume", "The two largest do not dominate"
    for company, role, told in (
        (office.company, Role.STEWARD, True),
        (office.company, Role.COMPLIANCE, True),
        (companies[0], Role.OWNER, False),
        (new.company(), Role.OWNER, False),
    ):
        page = text(signed_in(company, role), path)
        assert all((each in page) is told for each in words)
        assert "Enough company groups" in page
    assert found.content is not None
    assert {each["gate"] for each in found.content["gates"]} & {"share", "p_percent", "dominance"} == set()
    assert all(each["passed"] for each in found.content["gates"])
    assert found.content["gates"][0] == {"gate": "age", "passed": True, "on": ""}


def test_from_proposal_to_release_by_hand(office: Office, rivals: list[Company]) -> None:
    profile()
    steward, compliance = (signed_in(office.company, role) for role in (Role.STEWARD, Role.COMPLIANCE))
    stated = {"category": "ethylene", "year": "2024", "profile": "here", "technology": "", "region": ""}
    answer = steward.post("/benchmarks/propose/", {**stated, "purpose": "", "necessity": "x"})
    assert answer.status_code == 422
    assert steward.post("/benchmarks/propose/", {**stated, "year": "2026", **WHY}).status_code == 422
    assert steward.post("/benchmarks/propose/", {**stated, **WHY}).status_code == 302
    cell = Definition.objects.get()
    page = f"/benchmarks/{cell.uuid}/"
    assert "Prepare a release" not in text(steward, page)
    assert page in text(compliance, "/") and page not in text(steward, "/")
    assert compliance.post(f"{page}move/", {"move": "approve", "version": 1}).status_code == 302
    assert "Prepare a release" in text(steward, page)
    give(cell, VALUES, rivals)
    RecomputeMark.objects.all().delete()
    assert steward.post(f"{page}prepare/").status_code == 302
    assert steward.post(f"{page}prepare/").status_code == 422
    prepare_waiting()
    release = Release.objects.get()
    at = f"/benchmarks/releases/{release.uuid}/"
    assert at in text(steward, "/") and at not in text(compliance, "/")
    assert compliance.post(f"{at}move/", {"move": "release", "version": release.version}).status_code == 422
    assert steward.post(f"{at}move/", {"move": "sign", "version": release.version}).status_code == 302
    assert steward.post(f"{at}move/", {"move": "release", "version": 9}).status_code == 403
    release.refresh_from_db()
    assert at in text(compliance, "/") and at not in text(steward, "/")
    assert compliance.post(f"{at}move/", {"move": "release", "version": release.version}).status_code == 302
    assert Release.objects.get().state == "released"


def test_a_comparison_has_the_boundary_of_its_profile(office: Office) -> None:
    declared = profile(code="declared", boundary="as_declared")
    profile()
    steward = signed_in(office.company, Role.STEWARD)
    form = text(steward, "/benchmarks/propose/")
    assert all(words in form for words in ("As the method profile has it", *map(str, Boundary.labels)))
    stated = {"category": "ethylene", "year": "2024", "profile": "declared", **WHY}
    for wrong, said in (
        ("cradle_to_gate", "Choose the boundary of the profile (Full or partial, as declared)"),
        ("moon", "moon is not one of the available choices"),
    ):
        answer = steward.post("/benchmarks/propose/", {**stated, "boundary": wrong})
        assert answer.status_code == 422 and said in answer.content.decode()
    assert not Definition.objects.exists()
    for given in ({}, {"boundary": "as_declared", "region": "east"}):
        assert steward.post("/benchmarks/propose/", {**stated, **given}).status_code == 302
    assert steward.post("/benchmarks/propose/", {**stated, "profile": "here"}).status_code == 302
    made = Definition.objects.order_by("pk")
    assert [each.boundary for each in made] == ["as_declared", "as_declared", "cradle_to_gate"]
    assert made[0].profile_version == declared
    assert "Full or partial, as declared" in text(steward, f"/benchmarks/{made[0].uuid}/")


def test_members_neither_propose_nor_move(cell: Definition, rivals: list[Company]) -> None:
    member = signed_in(rivals[0])
    assert member.get("/benchmarks/propose/").status_code == 403
    for path in (f"/benchmarks/{cell.uuid}/move/", f"/benchmarks/{cell.uuid}/prepare/"):
        assert member.post(path, {"move": "retire", "reason": "x"}).status_code == 403
    assert Definition.objects.get().state == "approved"


def test_a_company_joins_and_leaves(cell: Definition, rivals: list[Company]) -> None:
    made = new.product(rivals[0], category=cell.category)
    path, owner = f"/products/{made.uuid}/benchmark/", signed_in(rivals[0])
    assert owner.post(path, {"move": "join"}).status_code == 302
    assert Participation.objects.get().product == made
    assert "Leave" in text(owner, "/categories/ethylene/")
    assert signed_in(rivals[0], Role.APPROVER).post(path, {"move": "leave"}).status_code == 403
    assert signed_in(rivals[1]).post(path, {"move": "leave"}).status_code == 404
    assert owner.post(path, {"move": "leave"}).status_code == 302
    assert not Participation.objects.exists()


def test_unknown_things_are_not_found_and_visitors_sign_in(client: Client, cell: Definition) -> None:
    member = signed_in(new.company())
    assert member.get("/categories/unobtainium/").status_code == 404
    assert client.get("/benchmarks/").status_code == 302
