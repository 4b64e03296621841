"""Own targets: a straight path, what is refused, and that nobody else learns of one."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed, Refusal
from accounts.models import Company, Membership
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.benchmark.actions import drop_target, set_target
from footprint.benchmark.models import Definition, Position, ReductionTarget
from footprint.benchmark.paths import Path, path_of
from footprint.inventory.models import Product
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import SIGNING_KEY, Office, give, profile, spread

pytestmark = pytest.mark.django_db
ASKED = {"base_year": 2023, "target_year": 2033, "percent": "42"}


def test_a_straight_line_between_two_years() -> None:
    aim = ReductionTarget(base_year=2020, target_year=2030, percent=Decimal(50))
    path = Path(Product(), aim, {2020: 2.0, 2022: 1.9})
    planned = [path.planned(year) for year in (2019, 2020, 2022, 2025, 2030, 2040)]
    assert planned == pytest.approx([None, 2.0, 1.8, 1.5, 1.0, 1.0])
    assert path.years == list(range(2020, 2031))
    assert Path(Product(), None, {}).years == []
    assert (path.latest, path.ahead) == (2022, pytest.approx(1.9 / 1.8 - 1))
    lost = Path(Product(), aim, {2022: 1.9})
    assert (lost.planned(2025), lost.ahead) == (None, None)


@pytest.fixture
def here(settings: Any) -> Product:
    settings.PUBLICATION_SIGNING_KEY = SIGNING_KEY
    method, office, company = profile(), Office(), new.company()
    category = ProductCategory.objects.get(code="ethylene")
    others = [new.company() for _ in range(6)]
    for year, factor in ((2023, 1.0), (2024, 0.95)):
        cell = office.define(category, method, year=year)
        give(cell, [each * factor for each in spread(7)], [company, *others])
        assert office.release(cell).state == "released"
    return new.product(company, category=category)


def test_each_of_two_companies_of_one_person_stands_on_its_own_figures(here: Product) -> None:
    """Both gave to the same releases; the one with the lower key is no other's figure."""
    cell = Definition.objects.filter(year=2024).get()
    sister = Company.objects.get(pk=Position.objects.exclude(company=here.company).earliest("pk").company_id)
    theirs = Position.objects.get(company=sister, release__definition=cell).own
    other = new.product(sister, category=cell.category)
    person = new.person(here.company, Role.OWNER)
    Membership.objects.create(user=person, company=sister, role=Role.OWNER)
    both = actor_of_user(person)
    with acting_as(both):
        assert path_of(both, here).own[2024] == pytest.approx(spread(7)[0] * 0.95)
        assert path_of(both, other).own[2024] == pytest.approx(theirs)


def signed_in(company: Company, *roles: Role) -> Client:
    client = Client()
    client.force_login(new.person(company, *roles))
    client.cookies["django_language"] = "en"
    return client


def test_where_one_stands_on_the_path(here: Product) -> None:
    owner = new.actor(here.company)
    with acting_as(owner):
        set_target(here, by=owner, at=timezone.now(), **ASKED)
        path = path_of(owner, here)
    assert path.own == pytest.approx({2023: spread(7)[0], 2024: spread(7)[0] * 0.95})
    assert path.planned(2024) == pytest.approx(spread(7)[0] * (1 - 0.042))
    assert path.ahead == pytest.approx(0.95 / 0.958 - 1)
    stranger = new.actor(new.company())
    with acting_as(stranger):
        assert not ReductionTarget.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"base_year": "soon"}, "not_a_number"),
        ({"base_year": 1890}, "not_a_year"),
        ({"target_year": 2023}, "before_base"),
        ({"percent": 0}, "out_of_bounds"),
        ({"percent": "0.004"}, "out_of_bounds"),
        ({"percent": 101}, "out_of_bounds"),
    ],
)
def test_targets_that_are_none(change: dict[str, Any], code: str) -> None:
    product = new.product(new.company())
    owner = new.actor(product.company)
    with acting_as(owner), pytest.raises(Refusal) as caught:
        set_target(product, by=owner, at=timezone.now(), **{**ASKED, **change})
    assert caught.value.code == code
    assert not ReductionTarget.objects.exists()


def test_by_hand_and_over_rest(here: Product) -> None:
    path, owner = f"/products/{here.uuid}/target/", signed_in(here.company, Role.OWNER)
    assert owner.post(path, {**ASKED, "move": "set"}).status_code == 302
    page = owner.get("/categories/ethylene/").content.decode()
    assert "42 % less by 2033 than in 2023" in page and "from the path" in page
    told = owner.get(f"/api/v1/products/{here.uuid}/target/").json()
    assert (told["base_year"], told["target_year"], told["percent"]) == (2023, 2033, "42.00")
    assert told["path_kg_co2e"]["2033"] == pytest.approx(spread(7)[0] * 0.58)
    owner.post(path, {**ASKED, "percent": "x", "move": "set"})
    assert ReductionTarget.objects.get().percent == 42
    approver, outsider = signed_in(here.company, Role.APPROVER), signed_in(new.company(), Role.OWNER)
    assert approver.post(path, {"move": "drop"}).status_code == 403
    assert outsider.post(path, {"move": "drop"}).status_code == 404
    assert outsider.get(f"/api/v1/products/{here.uuid}/target/").status_code == 404
    assert owner.post(path, {"move": "drop"}).status_code == 302
    assert not ReductionTarget.objects.exists()
    assert owner.get(f"/api/v1/products/{here.uuid}/target/").json()["target_year"] is None


def test_only_whoever_may_share_sets_one() -> None:
    product = new.product(new.company())
    plant = new.actor(product.company, Role.PLANT_PROVIDER)
    with acting_as(plant):
        with pytest.raises(NotAllowed):
            set_target(product, by=plant, at=timezone.now(), **ASKED)
        with pytest.raises(NotAllowed):
            drop_target(product, by=plant)


def test_a_target_is_set_changed_and_dropped_over_rest(here: Product) -> None:
    path = f"/api/v1/products/{here.uuid}/target/"
    owner, sharing = (signed_in(here.company, role) for role in (Role.OWNER, Role.SHARING_MANAGER))
    plant, outsider = signed_in(here.company, Role.PLANT_PROVIDER), signed_in(new.company(), Role.OWNER)

    def send(client: Client, method: str, body: dict[str, Any] | None = None, tag: str = "") -> Any:
        headers = {"If-Match": tag} if tag else {}
        content = json.dumps(body) if body is not None else ""
        return client.generic(method, path, content, content_type="application/json", headers=headers)

    nothing = owner.get(path)["ETag"]
    for method, body in (("POST", ASKED), ("PATCH", {"percent": "50"}), ("DELETE", None)):
        assert send(plant, method, body, nothing).status_code == 403
        assert send(outsider, method, body, nothing).status_code == 404
        assert send(Client(), method, body, nothing).status_code == 401
    assert send(owner, "PATCH", {"percent": "50"}, nothing).json()["errors"][0]["code"] == "no_target"
    assert send(owner, "POST", {**ASKED, "percent": "101"}).status_code == 422
    assert send(owner, "POST", {**ASKED, "aim": 1}).status_code in (400, 422)
    assert not ReductionTarget.objects.exists()
    made = send(sharing, "POST", ASKED)
    assert made.status_code == 201 and made.json()["path_kg_co2e"]["2033"] == pytest.approx(
        spread(7)[0] * 0.58
    )
    again = send(owner, "POST", ASKED)
    assert again.status_code == 409 and again.json()["errors"][0]["code"] == "has_target"
    tag = owner.get(path)["ETag"]
    assert tag == made["ETag"] != nothing
    assert send(owner, "PATCH", {"percent": "50"}).status_code == 428
    assert send(owner, "PATCH", {"target_year": 2020}, tag).status_code == 422
    changed = send(owner, "PATCH", {"percent": "50"}, tag)
    assert (changed.json()["percent"], changed.json()["base_year"]) == ("50.00", 2023)
    assert send(owner, "DELETE", tag=tag).status_code == send(owner, "PATCH", {}, tag).status_code == 412
    assert send(owner, "DELETE").status_code == 428
    assert send(sharing, "DELETE", tag=changed["ETag"]).status_code == 204
    assert not ReductionTarget.objects.exists()
    assert send(owner, "DELETE", tag=nothing).status_code == 409
