"""What is refused before and after anything is given: the reason is said, and nothing is released."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from accounts.errors import Refusal
from accounts.models import Company
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import BENCHMARK_ROLE, acting_as, narrowed_to, rows
from footprint.benchmark.actions import move_release, propose_definition
from footprint.benchmark.models import Definition, Release
from footprint.benchmark.queries import standings
from footprint.rules.models import MethodProfileVersion, ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import SIGNING_KEY, WHY, Office, give, profile, spread

pytestmark = pytest.mark.django_db
VALUES = [1.1, 1.3, 1.52, 1.7, 1.9]
AT = datetime(2026, 4, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def signing(settings: Any) -> None:
    settings.PUBLICATION_SIGNING_KEY = SIGNING_KEY


@pytest.fixture
def method() -> MethodProfileVersion:
    return profile()


@pytest.fixture
def ethylene(method: MethodProfileVersion) -> ProductCategory:
    return ProductCategory.objects.get(code="ethylene")


def make(category: ProductCategory, company: Company, technology: str, province: str = "CN-SD") -> None:
    """A plant of the company that makes it in 2024."""
    site = new.site(company)
    site.province = province
    site.save()
    process = new.process(new.inventory(site, 2024), technology=technology)
    new.output(process, new.product(company, category=category), 100)


def test_a_comparison_that_would_single_out_is_refused_when_it_is_proposed(
    ethylene: ProductCategory, method: MethodProfileVersion
) -> None:
    """Six groups by naphtha, two by ethane, one of the six far away."""
    office = Office()
    for number in range(6):
        make(ethylene, new.company(), "Naphtha", "CN-XJ" if number == 5 else "CN-SD")
    for _ in range(2):
        make(ethylene, new.company(), "Ethane")

    def asked(**more: Any) -> str:
        stated = {"category": ethylene, "profile_version": method, "year": 2024, **WHY, **more}
        with acting_as(office.steward), transaction.atomic():
            try:
                propose_definition(by=office.steward, at=AT, **stated)
            except Refusal as refusal:
                return str(refusal.code)
        return ""

    assert asked(technology="Ethane") == "too_few_groups"
    assert asked(region="northwest") == "too_few_groups"
    assert asked(technology="Nobody's") == "", "nobody to single out"
    assert asked() == ""
    assert asked(technology="Naphtha") == "singles_out", "all less it are the two by ethane"
    assert asked(year=2023) == ""
    assert set(Definition.objects.values_list("technology", "year")) == {
        ("Nobody's", 2024),
        ("", 2024),
        ("", 2023),
    }
    for _ in range(2):
        make(ethylene, new.company(), "Ethane")
    assert asked(technology="Naphtha") == ""
    assert asked(technology="Naphtha", region="east") == "singles_out", "one of the six is not in the east"


def test_companies_of_one_group_are_one_maker(
    ethylene: ProductCategory, method: MethodProfileVersion
) -> None:
    office, first = Office(), new.company()
    for _ in range(5):
        make(ethylene, new.company(group=first.group), "Naphtha")
    with acting_as(office.steward), pytest.raises(Refusal) as caught:
        propose_definition(
            by=office.steward, at=AT, category=ethylene, profile_version=method, year=2024, **WHY
        )
    assert caught.value.code == "too_few_groups"
    assert first.name_en not in str(caught.value)


def test_the_calculation_may_not_ask_who_makes_what(ethylene: ProductCategory) -> None:
    for asked in (
        "SELECT benchmark_makers(1, 2024, '', '{}')",
        "SELECT benchmark_singles_out(1, 2024, '', '{}', '', '{}')",
    ):
        with (
            narrowed_to(BENCHMARK_ROLE),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            rows(asked, [])
    held = (
        "SELECT has_function_privilege('pcf_app', 'benchmark_makers(bigint, int, text, text[])', 'EXECUTE')"
    )
    assert rows(held, []) == [(False,)]


def test_a_cohort_that_is_too_small_after_withdrawals_releases_nothing(
    ethylene: ProductCategory, method: MethodProfileVersion
) -> None:
    office, rivals = Office(), [new.company() for _ in range(5)]
    cell = office.define(ethylene, method)
    give(cell, VALUES, rivals)
    first = office.release(cell)
    give(cell, VALUES[1:], rivals[1:])
    second = office.release(cell, at=timezone.now() + timedelta(days=100))
    assert (second.state, second.blocked, second.figures, second.groups) == ("blocked", "groups", {}, "")
    assert (second.parts, second.trend, second.number, second.jws) == ({}, {}, None, "")
    with acting_as(asking := new.actor(rivals[0])):
        (standing,) = standings(asking)
    assert standing.release is not None
    assert standing.release.uuid == first.uuid, "what was released stays"


def test_whoever_proposed_a_comparison_does_not_release_it(
    ethylene: ProductCategory, method: MethodProfileVersion
) -> None:
    """Nor whoever prepared or signed it: the figures stay unsigned by a second person and unreleased."""
    office, rivals = Office(), [new.company() for _ in range(8)]
    both = actor_of_user(new.person(office.company, Role.STEWARD, Role.COMPLIANCE))
    office.steward = both
    cell = office.define(ethylene, method)
    give(cell, spread(8), rivals)
    found = office.prepare(cell)
    with acting_as(both):
        move_release(found, "sign", by=both, at=timezone.now())
        with pytest.raises(Refusal) as caught:
            move_release(found, "release", by=both, at=timezone.now())
    assert caught.value.code == "same_person"
    assert not Release.objects.filter(state="released").exists()
    assert not Release.objects.exclude(number=None).exists()
