"""From a definition to a signed release: who does what, what is refused, what never moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actor import Actor
from accounts.canonical import content_hash
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.models import Company
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.benchmark.actions import (
    ask_for_release,
    epoch_of,
    join,
    leave,
    move_definition,
    move_release,
    prepare_waiting,
    propose_definition,
)
from footprint.benchmark.models import (
    CohortMember,
    Contribution,
    Definition,
    Estimate,
    Participation,
    Position,
    Release,
)
from footprint.benchmark.queries import Hidden, may_see_figures, release, standings
from footprint.calculation.models import RecomputeMark
from footprint.engine.disclosure.statistics import Standing as Place
from footprint.publication.models import SigningKey
from footprint.publication.signing import verify
from footprint.rules.models import MethodProfileVersion, ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import SIGNING_KEY, WHY, Office, give, profile, spread

pytestmark = pytest.mark.django_db
VALUES = [1.1, 1.3, 1.52, 1.7, 1.9]


@pytest.fixture(autouse=True)
def signing(settings: Any) -> None:
    settings.PUBLICATION_SIGNING_KEY = SIGNING_KEY


@pytest.fixture
def method() -> MethodProfileVersion:
    return profile()


@pytest.fixture
def ethylene(method: MethodProfileVersion) -> ProductCategory:
    return ProductCategory.objects.get(code="ethylene")


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def cell(office: Office, ethylene: ProductCategory, method: MethodProfileVersion) -> Definition:
    return office.define(ethylene, method)


@pytest.fixture
def rivals() -> list[Company]:
    return [new.company() for _ in range(5)]


def code_of(act: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return str(caught.value.code)


def test_the_ordinary_way(office: Office, cell: Definition, rivals: list[Company]) -> None:
    give(cell, VALUES, rivals)
    found = office.release(cell)
    assert (found.state, found.figures, found.groups) == ("released", {"median": "1.5"}, "5-7")
    assert found.epoch == epoch_of(timezone.localdate())
    assert found.content is not None
    assert found.content_hash == content_hash(found.content)
    assert verify(found.jws, SigningKey.objects.get(key_id=found.key_id).public) == found.content
    assert (found.number, found.content["previous"]) == (1, "")
    for company, place in zip(
        rivals, (Place.BELOW, Place.BELOW, Place.NEAR, Place.ABOVE, Place.ABOVE), strict=True
    ):
        asking = new.actor(company)
        with acting_as(asking):
            (standing,) = standings(asking)
            assert may_see_figures(asking, found)
        assert (standing.median, standing.position) == (1.5, place)


def test_whoever_gave_nothing_is_shown_nothing(
    office: Office, cell: Definition, rivals: list[Company]
) -> None:
    give(cell, VALUES, rivals)
    found = office.release(cell)
    for asking in (new.actor(new.company()), office.steward, new.actor(new.company(group=rivals[0].group))):
        with acting_as(asking):
            (standing,) = standings(asking)
        assert (standing.median, standing.own, standing.hidden) == (None, None, Hidden.NOT_GIVEN)
    outsider = new.actor(new.company())
    with acting_as(outsider):
        assert not may_see_figures(outsider, found)
    assert found.content is not None
    known = {name: told for name, told in found.content.items() if name != "salt"}
    assert content_hash(known) != found.content_hash, "the hash that they see could be tried out"


def test_a_group_counts_once(office: Office, cell: Definition, rivals: list[Company]) -> None:
    sister = new.company(group=rivals[0].group)
    give(cell, VALUES, [*rivals[:4], sister])
    found = office.release(cell)
    assert (found.state, found.blocked, found.figures, found.groups) == ("blocked", "groups", {}, "")
    assert not Position.objects.exists()


def test_members_are_answered_alike_whatever_blocked_it(
    office: Office, cell: Definition, rivals: list[Company]
) -> None:
    asking = new.actor(rivals[0])
    answers = []
    for values, companies in (([], []), (VALUES[:4], rivals[:4]), ([5.0] * 5, rivals)):
        give(cell, values, companies)
        blocked = office.prepare(cell)
        assert blocked.state == "blocked"
        with acting_as(asking):
            assert release(asking, blocked.uuid) is None
            answers.append([(each.hidden, each.own, each.release) for each in standings(asking)])
    assert answers == [[(Hidden.NOT_RELEASED, None, None)]] * 3
    assert set(Release.objects.values_list("blocked", flat=True)) == {"groups", "self_attack"}


def test_a_released_figure_never_moves(office: Office, cell: Definition, rivals: list[Company]) -> None:
    give(cell, VALUES, rivals)
    found = office.release(cell)
    give(cell, [9.0] * 5, rivals)
    with acting_as(Actor.worker()):
        for change in (
            {"figures": {"median": "2"}},
            {"groups": "12+"},
            {"epoch": "2020Q1"},
            {"state": "asked"},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                Release.objects.filter(pk=found.pk).update(**change)
        for model, change in ((CohortMember, {"value": 1.0}), (Position, {"own": 1.0})):
            with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
                model.objects.filter(release=found).update(**change)
    later = office.release(cell, at=timezone.now() + timedelta(days=100))
    assert later.state == "blocked"
    with acting_as(asking := new.actor(rivals[0])):
        assert standings(asking)[0].median == 1.5


def test_three_have_to_change_before_the_next(
    office: Office, cell: Definition, rivals: list[Company]
) -> None:
    give(cell, VALUES, rivals)
    first, later = office.release(cell), timezone.now() + timedelta(days=100)
    for moved, state, gate in ((0, "blocked", "news"), (2, "blocked", "differencing"), (3, "released", "")):
        give(cell, [value * (1.5 if place < moved else 1) for place, value in enumerate(VALUES)], rivals)
        found = office.release(cell, at=later)
        assert (found.state, found.blocked) == (state, gate)
    assert found.content is not None
    assert (found.number, found.content["previous"]) == (2, first.content_hash)


def test_a_narrower_comparison_may_not_be_subtracted(
    office: Office, cell: Definition, ethylene: ProductCategory, method: MethodProfileVersion
) -> None:
    companies = [new.company() for _ in range(8)]
    values = spread(8)
    narrow = office.define(ethylene, method, technology="Steam cracking")
    give(cell, values, companies)
    assert office.release(cell).state == "released"
    for kept, gate in ((7, "differencing"), (6, "differencing"), (5, "")):
        give(narrow, values[:kept], companies[:kept])
        assert office.prepare(narrow).blocked == gate


def test_one_release_an_epoch(office: Office, cell: Definition, rivals: list[Company]) -> None:
    give(cell, VALUES, rivals)
    office.release(cell)
    assert code_of(lambda: office.prepare(cell)) == "released_already"


def test_what_was_discarded_was_seen(office: Office, cell: Definition, rivals: list[Company]) -> None:
    """Preparing again and again after single edits teaches those who sign nothing."""
    give(cell, VALUES, rivals)
    found = office.prepare(cell)
    with acting_as(office.steward):
        move_release(found, "discard", by=office.steward, at=timezone.now())
    give(cell, [2.4, *VALUES[1:]], rivals)
    assert office.prepare(cell).blocked == "differencing"
    give(cell, VALUES, rivals)
    assert office.prepare(cell).state == "cleared"


def test_nothing_is_frozen_while_a_figure_is_due(
    office: Office, cell: Definition, rivals: list[Company]
) -> None:
    give(cell, VALUES, rivals)
    RecomputeMark.objects.all().delete()
    with acting_as(office.steward):
        asked = ask_for_release(cell, by=office.steward, at=timezone.now())
    RecomputeMark.objects.create(kind="process", key=1)
    assert prepare_waiting() == 0
    RecomputeMark.objects.all().delete()
    assert prepare_waiting() == 1
    asked.refresh_from_db()
    assert asked.state == "cleared"


def test_definitions_that_are_refused(
    office: Office, ethylene: ProductCategory, method: MethodProfileVersion
) -> None:
    def asked(**more: Any) -> Any:
        stated = {"category": ethylene, "profile_version": method, "year": 2024, **WHY, **more}
        return lambda: propose_definition(by=office.steward, at=datetime(2026, 3, 31, tzinfo=UTC), **stated)

    with acting_as(office.steward):
        assert code_of(asked(year=2025)) == "year_not_closed"
        assert code_of(asked(boundary="installation")) == "mixed_methods"
        assert code_of(asked(region="moon")) == "unknown_choice"
        assert code_of(asked(necessity=" ")) == "required"
        with pytest.raises(Refusals):
            asked(purpose="", necessity="")()
        asked()()
        assert code_of(asked()) == "defined_already"
    member = new.actor(new.company())
    with pytest.raises(NotAllowed):
        propose_definition(
            by=member, at=timezone.now(), category=ethylene, profile_version=method, year=2024, **WHY
        )


def test_two_people_or_nothing(
    office: Office, ethylene: ProductCategory, method: MethodProfileVersion, rivals: list[Company]
) -> None:
    """Somebody who holds both roles neither approves their own proposal nor signs their own release."""
    both = actor_of_user(new.person(office.company, Role.STEWARD, Role.COMPLIANCE))
    with acting_as(both):
        made = propose_definition(
            by=both, at=timezone.now(), category=ethylene, profile_version=method, year=2024, **WHY
        )
        assert code_of(lambda: move_definition(made, "approve", by=both, at=timezone.now())) == "same_person"
    with acting_as(office.steward), pytest.raises(NotAllowed):
        move_definition(made, "approve", by=office.steward, at=timezone.now())
    with acting_as(office.compliance):
        move_definition(made, "approve", by=office.compliance, at=timezone.now())
    give(made, VALUES, rivals)
    found = office.prepare(made)
    with acting_as(office.steward):
        move_release(found, "sign", by=office.steward, at=timezone.now())
    with acting_as(both):
        assert code_of(lambda: move_release(found, "release", by=both, at=timezone.now())) == "same_person"
        with pytest.raises(IntegrityError), transaction.atomic():
            Release.objects.filter(pk=found.pk).update(released_by=found.signed_by)
    assert Release.objects.get(pk=found.pk).state == "signed"
    with acting_as(office.compliance):
        move_release(
            found, "send_back", by=office.compliance, at=timezone.now(), reason="Wait for the audit."
        )
    assert (found.state, found.signed_by) == ("cleared", None)


def test_a_page_of_the_ledger_asks_once_whose_figures_are_shown(
    office: Office, ethylene: ProductCategory, method: MethodProfileVersion, rivals: list[Company]
) -> None:
    for year, gave in ((2022, 5), (2023, 5), (2024, 4)):
        cell = office.define(ethylene, method, year=year)
        factor = 1.0 + 0.2 * (year - 2022)
        others = [*rivals[:gave], *(new.company() for _ in range(5 - gave))]
        give(cell, [value * factor for value in VALUES], others)
        office.release(cell)
    client = Client()
    client.force_login(new.person(rivals[4], Role.OWNER))

    def asked(limit: int) -> tuple[int, list[Any]]:
        with CaptureQueriesContext(connection) as queries:
            rows = client.get("/api/v1/benchmark-releases/", {"limit": limit}).json()["results"]
        return len(queries), rows

    asked(1)
    few, (_first,) = asked(1)
    many, rows = asked(3)
    assert few == many
    assert [row["content"] is None for row in rows] == [False, False, True]
    assert [row["jws"] is None for row in rows] == [False, False, True]


def test_an_older_epoch_never_takes_the_place_of_a_later_one(
    office: Office, cell: Definition, rivals: list[Company]
) -> None:
    """Left cleared, or signed, while the next quarter's is released: it would have the higher number."""
    give(cell, VALUES, rivals)
    older = office.prepare(cell)
    give(cell, [value * 1.5 for value in VALUES], rivals)
    later = office.release(cell, at=timezone.now() + timedelta(days=100))
    assert later.state == "released"
    with acting_as(office.steward):
        assert code_of(lambda: move_release(older, "sign", by=office.steward, at=timezone.now())) == (
            "not_latest"
        )
    Release.objects.filter(pk=older.pk).update(state="signed", signed_by=office.steward.user_id)
    older.refresh_from_db()
    with acting_as(office.compliance):
        refused = code_of(lambda: move_release(older, "release", by=office.compliance, at=timezone.now()))
    assert refused == "not_latest"
    with acting_as(asking := new.actor(rivals[0])):
        assert standings(asking)[0].release == later


def test_of_a_retired_comparison_nothing_is_frozen_signed_or_released(
    office: Office, ethylene: ProductCategory, method: MethodProfileVersion, rivals: list[Company]
) -> None:
    cells = [office.define(ethylene, method, technology=name) for name in ("asked", "cleared", "signed")]
    for each in cells[1:]:
        give(each, VALUES, rivals)
    cleared, signed = (office.prepare(each) for each in cells[1:])
    with acting_as(office.steward):
        move_release(signed, "sign", by=office.steward, at=timezone.now())
        asked = ask_for_release(cells[0], by=office.steward, at=timezone.now())
        for each in cells:
            move_definition(each, "retire", by=office.steward, at=timezone.now(), reason="Nobody asks.")
    RecomputeMark.objects.all().delete()
    give(cells[0], VALUES, rivals)
    assert prepare_waiting() == 1
    asked.refresh_from_db()
    assert (asked.state, asked.blocked, asked.groups) == ("blocked", "retired", "")
    assert not CohortMember.objects.filter(release=asked).exists()
    for release_of, move, by in ((cleared, "sign", office.steward), (signed, "release", office.compliance)):
        found = Release.objects.get(pk=release_of.pk)
        with acting_as(by):
            refused = code_of(
                lambda found=found, move=move, by=by: move_release(found, move, by=by, at=timezone.now())
            )
        assert refused == "not_approved"
    with acting_as(office.steward):
        move_release(asked, "discard", by=office.steward, at=timezone.now())


def test_who_signs_cannot_say_what_the_gates_found(
    office: Office, cell: Definition, rivals: list[Company]
) -> None:
    RecomputeMark.objects.all().delete()
    with acting_as(office.steward):
        asked = ask_for_release(cell, by=office.steward, at=timezone.now())
        own = Release.objects.filter(pk=asked.pk)
        for change in ({"state": "cleared"}, {"state": "cleared", "figures": {"median": "1"}}):
            with pytest.raises(DatabaseError, match="calculation alone"), transaction.atomic():
                own.update(**change)
        for model in (Contribution, Estimate, CohortMember):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                list(model.objects.all())


def test_taking_part_is_the_companys_decision(ethylene: ProductCategory) -> None:
    company = new.company()
    owner, plant = new.actor(company), new.actor(company, Role.PLANT_PROVIDER)
    made = new.product(company, category=ethylene)
    with acting_as(owner):
        assert join(made, by=owner) == join(made, by=owner)
        leave(made, by=owner)
        assert not Participation.objects.exists()
        assert code_of(lambda: join(new.product(company), by=owner)) == "no_category"
    with acting_as(plant), pytest.raises(NotAllowed):
        join(made, by=plant)
