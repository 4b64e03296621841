"""Parts of a median and trends of the same groups: shown to those who gave, kept back from others."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.analysis.models import Practice
from footprint.benchmark import reports
from footprint.benchmark.models import CohortMember, Definition, Position, Release
from footprint.benchmark.queries import standings, trend
from footprint.benchmark.remedies import ACTS_ON, Target
from footprint.engine.disclosure.gap import Cause
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import SIGNING_KEY, Office, apart, give, profile, spread

pytestmark = pytest.mark.django_db
VALUES = spread(8, seed=4)
PARTS = apart(VALUES)


@pytest.fixture(autouse=True)
def signing(settings: Any) -> None:
    settings.PUBLICATION_SIGNING_KEY = SIGNING_KEY


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def rivals() -> list[Company]:
    return [new.company() for _ in range(8)]


def cell(office: Office, year: int = 2024, **more: Any) -> Definition:
    method = profile()
    return office.define(ProductCategory.objects.get(code="ethylene"), method, year=year, **more)


def signed_in(company: Company) -> Client:
    client = Client()
    client.force_login(new.person(company, Role.OWNER))
    client.cookies["django_language"] = "en"
    return client


def test_the_gap_closes_and_its_parts_are_signed(office: Office, rivals: list[Company]) -> None:
    here = cell(office)
    give(here, VALUES, rivals, parts=PARTS)
    found = office.release(here)
    told = {name: Decimal(figure) for name, figure in found.parts.items()}
    energy = told.pop("energy_mj")
    assert sum(told.values()) == Decimal(found.figures["median"])
    assert energy > 0
    assert found.content is not None
    assert found.content["parts"] == found.parts
    for company, value in zip(rivals, VALUES, strict=True):
        asking = new.actor(company)
        with acting_as(asking):
            (standing,) = standings(asking)
        assert standing.gap is not None
        assert sum(standing.gap.causes.values()) == pytest.approx(value - float(found.figures["median"]))
        assert standing.gap.causes[Cause.REMAINDER] == pytest.approx(0.0, abs=1e-9)
    with acting_as(asking := new.actor(new.company())):
        (standing,) = standings(asking)
    assert (standing.gap, standing.parts, standing.own_parts) == (None, {}, {})


def test_companies_of_a_group_are_taken_apart_together(office: Office, rivals: list[Company]) -> None:
    """By volume, as their figures: and one that was not taken apart leaves nothing to tell."""
    sister, here = new.company(group=rivals[0].group), cell(office)
    every = [*rivals, sister]
    volumes = [100.0] * 8 + [50.0]
    give(here, [*VALUES, 3.0], every, volumes, [*PARTS, *apart([3.0], seed=9)])
    assert office.prepare(here).parts
    there = cell(office, technology="other")
    give(there, [*VALUES, 3.0], every, volumes, [*PARTS, {}])
    found = office.prepare(there)
    assert (found.state, found.parts) == ("cleared", {})
    assert {"gate": "complete", "passed": False, "on": "parts"} in found.outcomes


def test_too_few_changes_of_one_part_keep_all_parts_back(office: Office, rivals: list[Company]) -> None:
    """Four figures changed, one of them by its energy: the median is told, its parts are not."""
    here = cell(office)
    give(here, VALUES, rivals, parts=PARTS)
    assert office.release(here).parts
    now = [dict(each) for each in PARTS]
    for place, part in ((0, "feed"), (1, "feed"), (2, "feed"), (3, "energy")):
        now[place][part] *= 1.4
    values = [sum(kg for name, kg in each.items() if name != "energy_mj") for each in now]
    give(here, values, rivals, parts=now)
    later = office.release(here, at=timezone.now() + timedelta(days=100))
    assert later.state == "released"
    assert later.parts == {}
    assert {"gate": "differencing", "passed": False, "on": "parts"} in later.outcomes


def test_a_trend_is_of_the_same_groups_and_for_those_among_them(
    office: Office, rivals: list[Company]
) -> None:
    before, now = cell(office, 2023), cell(office, 2024)
    give(before, VALUES, rivals)
    first = office.release(before)
    newcomers = [new.company() for _ in range(3)]
    give(now, [*(each * 0.9 for each in VALUES), 1.2, 1.5, 1.9], [*rivals, *newcomers])
    second = office.release(now)
    assert second.trend["release"] == str(first.uuid)
    assert second.trend["before"] == first.figures["median"]
    assert Decimal(second.trend["now"]) < Decimal(second.trend["before"])
    for company, seen in ((rivals[0], True), (newcomers[0], False)):
        asking = new.actor(company)
        with acting_as(asking):
            found = standings(asking)
            years = trend(found, found[0])
        assert years[-1].year == 2024
        assert (years[-1].change is not None) is seen
        assert len(years) == 1 + seen


def test_a_trend_that_would_single_out_who_left_is_not_told(office: Office, rivals: list[Company]) -> None:
    before, now = cell(office, 2023), cell(office, 2024)
    give(before, VALUES, rivals)
    office.release(before)
    give(now, [each * 0.9 for each in VALUES[1:]], rivals[1:])
    second = office.release(now)
    assert (second.state, second.trend) == ("released", {})
    assert {"gate": "differencing", "passed": False, "on": "trend"} in second.outcomes


def test_a_trend_is_a_cohort_that_later_releases_are_held_against(
    office: Office, rivals: list[Company]
) -> None:
    """Who gave in both years is told of as a group: all of them but one are not told of beside it."""
    before, now = cell(office, 2023), cell(office, 2024)
    give(before, VALUES[:7], rivals[:7])
    office.release(before)
    newcomers = [new.company() for _ in range(4)]
    later = [each * 0.9 for each in VALUES[:7]]
    give(now, [*later, 1.2, 1.5, 1.9, 2.2], [*rivals[:7], *newcomers])
    assert office.release(now).trend
    narrow = cell(office, 2024, technology="Steam cracking")
    give(narrow, later[:6], rivals[:6])
    assert office.prepare(narrow).blocked == "differencing"


def test_parts_and_trends_are_the_calculations_word(office: Office, rivals: list[Company]) -> None:
    here = cell(office)
    give(here, VALUES, rivals, parts=PARTS)
    found = office.release(here)
    with acting_as(Actor.worker()):
        for change in ({"parts": {"feed": "1"}}, {"trend": {"now": "1"}}):
            with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
                Release.objects.filter(pk=found.pk).update(**change)
        for model in (CohortMember, Position):
            with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
                model.objects.filter(release=found).update(parts={})


def test_the_page_and_the_interface_say_the_same(office: Office, rivals: list[Company]) -> None:
    before, here = cell(office, 2023), cell(office)
    give(before, [each * 1.1 for each in VALUES], rivals)
    office.release(before)
    give(here, VALUES, rivals, parts=PARTS)
    found = office.release(here)
    made = new.product(rivals[-1], category=here.category)
    member, outsider = signed_in(rivals[-1]), signed_in(new.company())
    page = member.get("/categories/ethylene/").content.decode()
    assert "Why the own figure is not the median" in page
    assert "Energy intensity" in page and "Over the years" in page
    assert f"/products/{made.uuid}/" in page
    assert f"{found.figures['median']}00" not in page, "no more digits than were released"
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "a place on the page is one place"
    row = member.get("/api/v1/benchmarks/").json()[0]
    assert sum(row["gap_kg_co2e"].values()) == pytest.approx(VALUES[-1] - row["figures_kg_co2e"]["median"])
    assert row["parts_kg_co2e"] == {name: float(figure) for name, figure in found.parts.items()}
    assert row["trend"]["since"] == 2023
    hidden = outsider.get("/api/v1/benchmarks/").json()[0]
    assert [hidden[name] for name in ("gap_kg_co2e", "parts_kg_co2e", "trend")] == [None] * 3
    assert "Why the own figure" not in outsider.get("/categories/ethylene/").content.decode()
    release = member.get(f"/benchmarks/releases/{found.uuid}/").content.decode()
    assert "What the median is made of" in release and "The same groups" in release
    withheld = outsider.get(f"/benchmarks/releases/{found.uuid}/").content.decode()
    assert "What the median is made of" not in withheld and "The same groups" not in withheld


def test_a_year_that_is_not_taken_apart_leaves_the_one_before(office: Office, rivals: list[Company]) -> None:
    before, here = cell(office, 2023), cell(office)
    give(before, [each * 1.1 for each in VALUES], rivals, parts=apart([each * 1.1 for each in VALUES]))
    assert office.release(before).parts
    give(here, VALUES, rivals)
    assert not office.release(here).parts
    asking = new.actor(rivals[-1])
    with acting_as(asking):
        found = reports.member_report(asking, language="en", on=timezone.localdate())
    assert found.content.startswith(b"%PDF-")
    page = signed_in(rivals[-1]).get("/categories/ethylene/").content.decode()
    assert "What the median is made of is not told" in page
    assert "Why the own figure is not the median · 2023" in page


def test_practices_that_act_on_the_largest_part(office: Office, rivals: list[Company]) -> None:
    here = cell(office)
    give(here, VALUES, rivals, parts=PARTS)
    office.release(here)
    company = next(
        each for each in rivals if (found := gap_of(each)) is not None and found.largest in ACTS_ON
    )
    largest = gap_of(company).largest
    targets, lever = ACTS_ON[largest]
    client = signed_in(company)
    empty = client.get("/categories/ethylene/").content.decode()
    assert "No practice acts on it yet" in empty and "Practices that act on it" in empty
    fits = published("fits", here.category, targets[0], lever)
    methanol = ProductCategory.objects.create(code="methanol", name_zh="甲醇", name_en="Methanol", unit="kg")
    elsewhere = published("of another product", methanol, targets[0], lever)
    other = next(target for target in (Target.FREIGHT, Target.HEAT) if target not in targets)
    another_part = published("on another part", None, other, lever)
    draft = published("draft", here.category, targets[0], lever, state="draft")
    page = client.get("/categories/ethylene/").content.decode()
    assert f"/practices/{fits.uuid}/" in page and "No practice acts on it yet" not in page
    for hidden in (elsewhere, another_part, draft):
        assert str(hidden.uuid) not in page
    (told,) = client.get("/api/v1/benchmarks/", {"category": "ethylene"}).json()
    assert told["practices"] == [str(fits.uuid)]
    outsider = signed_in(new.company()).get("/api/v1/benchmarks/", {"category": "ethylene"}).json()
    assert [each["practices"] for each in outsider] == [[]]


def test_each_cause_has_practices_or_none_can_act_on_it() -> None:
    none = {Cause.ALLOCATION, Cause.REMAINDER}
    assert set(ACTS_ON) == set(Cause) - none
    assert {target for targets, _lever in ACTS_ON.values() for target in targets} == set(Target)


def gap_of(company: Company) -> Any:
    asking = new.actor(company)
    with acting_as(asking):
        (standing,) = standings(asking)
        return standing.gap


def published(
    name: str, makes: ProductCategory | None, target: str, lever: str, state: str = "published"
) -> Practice:
    """A practice from the literature."""
    more: dict[str, Any] = {"product": {"category": ProductCategory.objects.first()}, "gas": {"gas": "CO2"}}
    levers = {"factor": new.factor_version("0.1").factor} if lever == "factor" else {"percent": -5}
    made = Practice.objects.create(
        name_zh=name, name_en=name, makes=makes, target=target, source="A handbook",
        **levers, **more.get(target, {}),
    )  # fmt: skip
    for step in ("in_review", "published") if state == "published" else ():
        Practice.objects.filter(pk=made.pk).update(state=step)
    return made
