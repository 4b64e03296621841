"""From a proposal to a version: guards, four eyes, two reviewers, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import override

from accounts.actor import Actor, Holding
from accounts.errors import NotAllowed, Refusal, Refusals, Stale
from accounts.models import Company, Membership, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from factors import queries
from factors.actions.propose import (
    Target,
    comment_on,
    described,
    move_proposal,
    propose,
    review_proposal,
)
from factors.actions.publish_version import NothingNew, content_of
from factors.actions.withdraw_version import withdraw_version
from factors.content import Emission
from factors.models import Factor, FactorProposal, FactorVersion
from tests import builders
from tests.factors.conftest import Contents


@pytest.fixture
def people(db: None) -> Callable[..., Actor]:
    def make(role: Role, company: Company | None = None) -> Actor:
        home = company or builders.company()
        user: User = builders.person(home, role)
        return Actor(name=user.name, user_id=user.pk, holdings=(Holding(home.pk, role),))

    return make


People = Callable[..., Actor]


def reviewed(proposal: FactorProposal, people: People, *verdicts: str) -> None:
    for verdict in verdicts or ("fit", "fit"):
        review_proposal(proposal, by=people(Role.VERIFIER), verdict=verdict, comment="checked the table")


def proposed(grid: Factor, people: People, content: Contents, **more: object) -> tuple[FactorProposal, Actor]:
    company = builders.company()
    owner = people(Role.OWNER, company)
    made = propose(
        grid, by=owner, company=company, content=content("0.531"), reason="newer announcement", **more
    )
    return made, owner


def test_the_whole_way_to_a_version(grid: Factor, people: People, content: Contents) -> None:
    made, _owner = proposed(grid, people, content)
    curator, second = people(Role.CURATOR), people(Role.CURATOR)
    move_proposal(made, by=curator, move="pass_on", version=made.version)
    reviewed(made, people)
    comment_on(made, by=people(Role.OWNER), text="The table has moved to page 4.")
    move_proposal(made, by=curator, move="approve", version=made.version)
    move_proposal(made, by=second, move="publish", version=made.version)
    assert made.state == "published" and made.published is not None
    assert made.published.supersedes is not None
    assert made.published.emissions.get().kg_per_unit == Decimal("0.531")
    names = list(made.steps.order_by("pk").values_list("name", flat=True))
    assert names == ["propose", "pass_on", "comment", "approve", "publish"]


def test_two_reviewers_and_one_from_another_group(grid: Factor, people: People, content: Contents) -> None:
    made, _owner = proposed(grid, people, content)
    curator = people(Role.CURATOR)
    move_proposal(made, by=curator, move="pass_on", version=None)
    with pytest.raises(Refusal, match="Two reviewers"):
        move_proposal(made, by=curator, move="approve", version=None)
    sister = builders.company(group=made.company.group)  # type: ignore[union-attr]
    for _each in range(2):
        review_proposal(made, by=people(Role.APPROVER, sister), verdict="fit")
    with pytest.raises(Refusal, match="another company group"):
        move_proposal(made, by=curator, move="approve", version=None)
    review_proposal(made, by=people(Role.VERIFIER), verdict="fit")
    assert move_proposal(made, by=curator, move="approve", version=None).state == "approved"


def test_whoever_also_belongs_to_the_proposers_group_is_no_reviewer_from_another(
    grid: Factor, people: People, content: Contents
) -> None:
    elsewhere = builders.company()
    made, _owner = proposed(grid, people, content)
    curator = people(Role.CURATOR)
    move_proposal(made, by=curator, move="pass_on", version=None)
    own = made.company
    assert own is not None
    review_proposal(made, by=people(Role.APPROVER, own), verdict="fit")
    person = builders.person(elsewhere, Role.APPROVER)
    Membership.objects.create(user=person, company=own, role=Role.PLANT_PROVIDER)
    review_proposal(made, by=actor_of_user(person), verdict="fit")
    with pytest.raises(Refusal, match="another company group"):
        move_proposal(made, by=curator, move="approve", version=None)


def test_changes_asked_for_send_it_back_and_a_new_round_asks_anew(
    grid: Factor, people: People, content: Contents
) -> None:
    made, owner = proposed(grid, people, content)
    curator = people(Role.CURATOR)
    move_proposal(made, by=curator, move="pass_on", version=None)
    reviewed(made, people, "fit", "changes")
    with pytest.raises(Refusal, match="asks for changes"):
        move_proposal(made, by=curator, move="approve", version=None)
    move_proposal(made, by=curator, move="send_back", version=None, reason="see the review")
    mended = content("0.532", source_locator="table 10")
    move_proposal(made, by=owner, move="hand_in_again", version=None, content=mended)
    assert (made.state, made.round) == ("screening", 2)
    assert made.stated == mended


def test_nobody_decides_on_their_own(grid: Factor, people: People, content: Contents) -> None:
    curator = people(Role.CURATOR)
    made = propose(grid, by=curator, company=None, content=content("0.531"), reason="newer announcement")
    for move in ("pass_on", "reject"):
        with pytest.raises(NotAllowed):
            move_proposal(made, by=curator, move=move, version=None, reason="mine")
    move_proposal(made, by=people(Role.CURATOR), move="pass_on", version=None)
    with pytest.raises(NotAllowed):
        review_proposal(made, by=curator, verdict="fit")
    with pytest.raises(NotAllowed):
        review_proposal(made, by=people(Role.OWNER), verdict="fit")
    reviewer = people(Role.VERIFIER)
    review_proposal(made, by=reviewer, verdict="fit")
    with pytest.raises(Refusal, match="already"):
        review_proposal(made, by=reviewer, verdict="fit")


def test_a_correction_of_the_office_takes_another_curator(
    grid: Factor, people: People, content: Contents
) -> None:
    first, second, third = (people(Role.CURATOR) for _each in range(3))
    made = propose(grid, by=first, company=None, content=content("0.531"), reason="newer announcement")
    with pytest.raises(NotAllowed):
        move_proposal(made, by=first, move="confirm", version=None)
    move_proposal(made, by=second, move="send_back", version=None, reason="table 10")
    move_proposal(made, by=second, move="hand_in_again", version=None, content=content("0.532"))
    for each in (first, second):  # what it says now is the second one's
        with pytest.raises(NotAllowed):
            move_proposal(made, by=each, move="confirm", version=None)
        with pytest.raises(IntegrityError), acting_as(each):
            version = grid.versions.get(number=3)
            FactorProposal.objects.update(state="published", published=version, decided_by_id=each.user_id)
    assert [each.pk for each in queries.proposals_waiting(third)] == [made.pk]
    assert not queries.proposals_waiting(second)
    move_proposal(made, by=third, move="confirm", version=None)
    author = User.objects.get(pk=second.user_id)
    assert made.published is not None and made.published.prepared_by == author.signature
    assert made.decided_by_id == third.user_id


def test_only_the_office_has_the_short_way(grid: Factor, people: People, content: Contents) -> None:
    made, _owner = proposed(grid, people, content)
    curator = people(Role.CURATOR)
    with pytest.raises(Refusal, match="no such move"):
        move_proposal(made, by=curator, move="confirm", version=None)
    with pytest.raises(IntegrityError, match="without reviews"), acting_as(curator):
        version = grid.versions.get(number=3)
        FactorProposal.objects.update(state="published", published=version, decided_by_id=curator.user_id)


def test_another_company_does_not_move_it(grid: Factor, people: People, content: Contents) -> None:
    made, owner = proposed(grid, people, content)
    with pytest.raises(NotAllowed):
        move_proposal(made, by=people(Role.OWNER), move="retract", version=None)
    with pytest.raises(NotAllowed):
        move_proposal(made, by=owner, move="pass_on", version=None)
    with pytest.raises(Stale):
        move_proposal(made, by=owner, move="retract", version=made.version + 1)
    assert move_proposal(made, by=owner, move="retract", version=made.version).state == "retracted"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reference_year": 2999}, "year"),
        ({"geography": "ATLANTIS"}, "unknown_geography"),
        ({"source": "hearsay"}, "unknown_source"),
        ({"gwp_set": "AR99"}, "unknown_gwp_set"),
        ({"kg": "530", "reference_year": 2022}, "absurd"),
    ],
)
def test_bad_contents_are_refused_and_nothing_is_stored(
    grid: Factor, people: People, content: Contents, changes: dict[str, object], code: str
) -> None:
    company = builders.company()
    with pytest.raises(Refusals) as refused:
        propose(grid, by=people(Role.OWNER, company), company=company, content=content(**changes))  # type: ignore[arg-type]
    assert code in {each.code for each in refused.value.refusals}
    assert not FactorProposal.objects.exists()


def test_what_stands_out_needs_a_reason(grid: Factor, people: People, content: Contents) -> None:
    company = builders.company()
    owner = people(Role.OWNER, company)
    slipped = content(kg="1.95", reference_year=2022)
    with pytest.raises(Refusals) as refused:
        propose(grid, by=owner, company=company, content=slipped)
    assert {each.code for each in refused.value.refusals} <= {"slip_kwh_mj", "slip_carbon_co2"}
    made = propose(grid, by=owner, company=company, content=slipped, reason="diesel islands only")
    assert [one["severity"] for one in made.findings] == ["reason"]


def test_a_slip_in_a_table_of_many_kinds_is_seen(loaded: object, people: People, content: Contents) -> None:
    """Among wind, water and coal 3.6 times coal is no outlier; it is against coal itself."""
    coal = Factor.objects.get(code="electricity-cn-footprint-coal")
    old = coal.versions.get(reference_year=2024)
    assert old.emissions.get().kg_per_unit == Decimal("0.924")
    company = builders.company()
    owner = people(Role.OWNER, company)
    stated = replace(
        content_of(old, [Emission("CO2e", "unspecified", Decimal("3.3264"))]), reference_year=2025
    )
    with pytest.raises(Refusals) as refused:
        propose(coal, by=owner, company=company, content=stated)
    assert [each.code for each in refused.value.refusals] == ["slip_kwh_mj"]


def test_what_is_published_already_is_not_proposed(grid: Factor, people: People, content: Contents) -> None:
    company = builders.company()
    owner = people(Role.OWNER, company)
    there = grid.versions.get(number=3)
    emissions = tuple(Emission(e.gas, e.origin, e.kg_per_unit) for e in there.emissions.all())
    same = content(
        emissions=emissions, reference_year=there.reference_year, source=there.source.code,
        source_locator=there.source_locator, transcription=there.transcription, derivation=there.derivation,
        note_zh=there.note_zh, note_en=there.note_en,
    )  # fmt: skip
    with pytest.raises(NothingNew):
        propose(grid, by=owner, company=company, content=same)
    withdraw_version(there, by=people(Role.CURATOR), reason="Wrong table")
    with pytest.raises(NothingNew, match="does not stand any more"), override("en"):
        propose(grid, by=owner, company=company, content=same)


def test_a_new_factor_comes_to_be_when_it_is_published(
    grid: Factor, people: People, content: Contents
) -> None:
    stated = {"code": "steam-hp", "name_en": "High pressure steam", "kind": "heat", "unit": "GJ", "cas": ""}
    factor = described(stated)
    company = builders.company()
    made = propose(factor, by=people(Role.OWNER, company), company=company, content=content("60"))
    curator = people(Role.CURATOR)
    move_proposal(made, by=curator, move="pass_on", version=None)
    reviewed(made, people)
    move_proposal(made, by=curator, move="approve", version=None)
    assert not Factor.objects.filter(code="steam-hp").exists()
    move_proposal(made, by=curator, move="publish", version=None)
    assert Factor.objects.get(code="steam-hp").versions.count() == 1


def test_further_versions_join_the_new_factor_that_the_first_one_brought(
    grid: Factor, people: People, content: Contents
) -> None:
    stated = {"code": "steam-hp", "name_en": "High pressure steam", "kind": "heat", "unit": "GJ"}
    other = {**stated, "name_en": "Steam of another plant"}
    company, curator = builders.company(), people(Role.CURATOR)
    several = [
        propose(
            described(each), by=people(Role.OWNER, company), company=company, content=content("60", **more)
        )
        for each, more in (
            (stated, {}),
            (stated, {"reference_year": 2022}),
            (other, {"reference_year": 2021}),
        )
    ]
    for each in several:
        move_proposal(each, by=curator, move="pass_on", version=None)
        reviewed(each, people)
        move_proposal(each, by=curator, move="approve", version=None)
    for each in several[:2]:
        move_proposal(each, by=curator, move="publish", version=None)
    assert Factor.objects.get(code="steam-hp").versions.count() == 2
    with pytest.raises(Refusal) as refused:
        move_proposal(several[2], by=curator, move="publish", version=None)
    assert refused.value.code == "duplicate_code"


def test_codes_and_units_are_checked(grid: Factor) -> None:
    with pytest.raises(Refusals) as refused:
        described({"code": grid.code, "kind": "magic", "unit": "furlong"})
    assert {each.code for each in refused.value.refusals} == {
        "unknown_choice", "unknown_unit", "required", "duplicate_code",
    }  # fmt: skip


def test_burning_needs_its_gases(loaded: object, people: People, content: Contents) -> None:
    fuel = Factor.objects.get(code="fuel-natural-gas-nm3")
    company = builders.company()
    total = content(kg="21000", gas="CO2e", origin="unspecified", scope="co2e", boundary="combustion")
    with pytest.raises(Refusals) as refused:
        propose(fuel, by=people(Role.OWNER, company), company=company, content=total, reason="it is so")
    assert "gas_split" in {each.code for each in refused.value.refusals}


def test_the_database_keeps_a_proposal(grid: Factor, people: People, content: Contents) -> None:
    made, _owner = proposed(grid, people, content)
    rows = FactorProposal.objects.filter(pk=made.pk)
    for changes in ({"code": "other"}, {"content": {}}, {"state": "published"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**changes)
    with pytest.raises(DatabaseError), transaction.atomic():
        made.steps.update(reason="never said")
    assert FactorVersion.objects.filter(proposal=made).count() == 0
    assert replace(made.stated) == made.stated


def superseded_meanwhile(
    grid: Factor, people: People, content: Contents
) -> tuple[FactorProposal, Actor, FactorVersion]:
    """An approved correction whose target another one has superseded since."""
    old = grid.versions.get(number=3)
    first, second = people(Role.CURATOR), people(Role.CURATOR)
    made = propose(
        grid, by=first, company=None, content=content("0.6", geography="CN-SD"), replaces=old, reason="newer"
    )
    other = propose(grid, by=first, company=None, content=content("0.531"), replaces=old, reason="newer")
    move_proposal(other, by=second, move="confirm", version=None)
    old.refresh_from_db()
    made.refresh_from_db()
    assert old.status == "superseded"
    return made, second, old


def test_what_was_superseded_meanwhile_is_named_anew(grid: Factor, people: People, content: Contents) -> None:
    made, second, old = superseded_meanwhile(grid, people, content)
    with pytest.raises(Refusal, match=f"Version {old.number}, whose place") as refused:
        move_proposal(made, by=second, move="confirm", version=None)
    assert (refused.value.field, refused.value.code) == ("replaces", "superseded_meanwhile")
    move_proposal(made, by=second, move="send_back", version=None, reason="superseded")
    author = actor_of_user(User.objects.get(pk=made.proposed_by_id))
    with pytest.raises(Refusal, match="not superseded yet"):
        move_proposal(made, by=author, move="hand_in_again", version=None)
    newer = grid.versions.get(number=4)
    move_proposal(made, by=author, move="hand_in_again", version=None, target=Target(replaces=newer))
    step = made.steps.get(name="hand_in_again")
    assert step.former_target == {"replaces": str(old.uuid)} and made.replaces == newer
    move_proposal(made, by=second, move="confirm", version=None)
    newer.refresh_from_db()
    assert newer.status == "superseded" and made.published is not None
    assert made.published.supersedes == newer


def test_a_new_factor_can_take_another_code(small: object, people: People, content: Contents) -> None:
    company, curator = builders.company(), people(Role.CURATOR)
    owner = people(Role.OWNER, company)
    stated = {"code": "grid-new", "name_en": "New grid", "kind": "electricity", "unit": "kWh"}
    made = propose(described(stated), by=owner, company=company, content=content("0.55"), reason="new")
    Factor.objects.create(code="grid-new", name_zh="别的", name_en="Another", kind="heat", unit="GJ")
    move_proposal(made, by=curator, move="send_back", version=None, reason="It needs another code.")
    with pytest.raises(Refusal, match="already"):
        move_proposal(made, by=owner, move="hand_in_again", version=None)
    target = Target(named={"code": "grid-newer", "name_zh": "新电网"})
    move_proposal(made, by=owner, move="hand_in_again", version=None, target=target)
    assert (made.code, made.name_zh, made.name_en) == ("grid-newer", "新电网", "New grid")
    assert (made.steps.get(name="hand_in_again").former_target or {})["code"] == "grid-new"
    with pytest.raises(Refusal, match="mended when it is handed in again"):
        move_proposal(made, by=curator, move="pass_on", version=None, target=target)
    with pytest.raises(IntegrityError, match="mended when it was sent back"), transaction.atomic():
        FactorProposal.objects.filter(pk=made.pk).update(code="grid-newest")


def test_an_unknown_unit_is_told_in_the_language_of_the_reader(db: None) -> None:
    with override("zh-hans"), pytest.raises(Refusal, match="“stone”不在单位表中。"):
        described({"code": "a", "name_zh": "甲", "kind": "heat", "unit": "stone"})
