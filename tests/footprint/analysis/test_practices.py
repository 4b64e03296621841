"""The library of reduction practices: what is refused, who reads what, what one click sets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.models import Company, Kind, Notification, User
from accounts.notices import told
from accounts.queries import actor_of_user
from accounts.review import faults
from accounts.roles import Role
from accounts.visibility import acting_as
from factors.models import Factor, GreenhouseGas
from footprint.analysis.actions import change_practice, move_practice, write_practice
from footprint.analysis.actions.seeding import load_practices
from footprint.analysis.levers import Lever
from footprint.analysis.models import Practice, PracticeEvidence
from footprint.analysis.practices import fitting, levers, lines_of
from footprint.analysis.procedure import PRACTICE
from footprint.calculation.ledger import drain
from footprint.inventory.models import Exchange, UnitProcess
from footprint.rules.actions.seeding import load_categories
from tests import builders as new

STATED: dict[str, Any] = {
    "name_zh": "优化蒸汽疏水", "target": "heat", "percent": "-8", "before": "10", "after": "9.2",
    "effect_of": "GJ/t", "evidence": "Two meters over a year, one process, same load.",
}  # fmt: skip


@dataclass
class Scene:
    company: Company
    owner: Actor
    steward: Actor
    stranger: Actor
    people: dict[str, User]

    def written(self, **more: Any) -> Practice:
        with acting_as(self.owner):
            return write_practice(self.company, by=self.owner, **{**STATED, **more})

    def moved(self, practice: Practice, move: str, by: Actor | None = None, reason: str = "") -> Practice:
        actor = by or self.owner
        with acting_as(actor):
            return move_practice(
                practice, by=actor, at=timezone.now(), move=move, version=None, reason=reason
            )

    def published(self, **more: Any) -> Practice:
        return self.moved(self.moved(self.written(**more), "hand_in"), "publish", self.steward)


@pytest.fixture
def scene(db: None) -> Scene:
    new.gwp()
    load_categories()
    for gas in ("CH4", "N2O"):
        GreenhouseGas.objects.get_or_create(code=gas, defaults={"name_zh": gas, "name_en": gas})
    company, other = new.company("writer"), new.company("reader")
    office = new.company("office", kind=Company.Kind.ASSOCIATION)
    people = {
        "owner": new.person(company, Role.OWNER),
        "steward": new.person(office, Role.STEWARD),
        "stranger": new.person(other, Role.OWNER),
    }
    actors = {name: actor_of_user(person) for name, person in people.items()}
    return Scene(company, actors["owner"], actors["steward"], actors["stranger"], people)


def test_the_procedure_is_sound() -> None:
    assert faults(PRACTICE) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name_zh": ""}, "name_zh"),
        ({"evidence": " "}, "evidence"),
        ({"percent": "-9"}, "percent"),
        ({"percent": "3"}, "percent"),
        ({"percent": ""}, "percent"),
        ({"factor": "nowhere"}, "factor"),
        ({"after": "11"}, "after"),
        ({"before": ""}, "before"),
        ({"target": "product"}, "category"),
        ({"category": "ethylene"}, "category"),
        ({"target": "gas"}, "gas"),
        ({"target": "gas", "gas": "XX"}, "gas"),
        ({"makes": "gold"}, "makes"),
        ({"before": "1e-20", "after": "1e10"}, "after"),
        ({"source_year": "soon"}, "source_year"),
        ({"source_year": "9" * 5000}, "source_year"),
    ],
)
def test_what_is_refused(scene: Scene, changed: dict[str, Any], field: str) -> None:
    with pytest.raises((Refusal, Refusals)) as refused:
        scene.written(**changed)
    several = getattr(refused.value, "refusals", [refused.value])
    assert field in [each.field for each in several]


def test_the_effect_is_what_was_measured(scene: Scene) -> None:
    practice = scene.written()
    assert (practice.effect_low, practice.effect_high) == (Decimal("-8.00"), Decimal("-8.00"))
    assert practice.name_en == practice.name_zh
    with acting_as(scene.owner):
        change_practice(practice, by=scene.owner, version=1, after="5", percent="-50")
    practice.refresh_from_db()
    assert (practice.effect_low, practice.version) == (Decimal("-50.00"), 2)
    scene.moved(practice, "hand_in")
    with acting_as(scene.owner), pytest.raises(Refusal):
        change_practice(practice, by=scene.owner, version=None, percent="-1")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE analysis_practice SET percent = -99 WHERE id = %s", [practice.pk])


def test_who_reads_what_by_both_locks(scene: Scene) -> None:
    practice = scene.written()

    def seen(actor: Actor) -> tuple[bool, bool, bool]:
        with acting_as(actor):
            first = Practice.objects.visible_to(actor).filter(pk=practice.pk).exists()
            second = Practice.objects.filter(pk=practice.pk).exists()
            evidence = PracticeEvidence.objects.visible_to(actor).filter(practice=practice).exists()
            assert evidence == PracticeEvidence.objects.filter(practice=practice).exists()
            return first, second, evidence

    nobody, whole, words = (False, False, False), (True, True, True), (True, True, False)
    assert (seen(scene.owner), seen(scene.steward), seen(scene.stranger)) == (whole, nobody, nobody)
    scene.moved(practice, "hand_in")
    assert (seen(scene.owner), seen(scene.steward), seen(scene.stranger)) == (whole, whole, nobody)
    scene.moved(practice, "publish", scene.steward)
    assert (seen(scene.owner), seen(scene.steward), seen(scene.stranger)) == (whole, whole, words)
    assert seen(Actor.nobody()) == nobody


def test_four_eyes(scene: Scene) -> None:
    practice = scene.moved(scene.written(), "hand_in")
    for by in (scene.owner, scene.stranger):
        with pytest.raises(NotAllowed):
            scene.moved(practice, "publish", by)
    with pytest.raises(Refusal):
        scene.moved(practice, "send_back", scene.steward)
    scene.moved(practice, "send_back", scene.steward, "Which meter?")
    practice.refresh_from_db()
    assert (practice.state, practice.remark) == ("draft", "Which meter?")
    with pytest.raises(NotAllowed), acting_as(scene.stranger):
        write_practice(scene.company, by=scene.stranger, **STATED)


def plant(company: Company) -> tuple[UnitProcess, dict[str, Exchange]]:
    process = new.process(new.inventory(new.site(company)))
    out = new.product(company, "ethylene", "t")
    new.output(process, out, "10", is_reference=True)
    steam = Factor.objects.create(code="bought-steam", name_zh="x", name_en="x", kind="heat", unit="GJ")
    heat, power = new.factor_version("0.11", factor=steam), new.factor_version("0.5")
    return process, {
        "steam": new.takes(process, new.product(company, "lp-steam", "GJ"), "40", factor_version=heat),
        "power": new.takes(process, new.product(company, "power", "kWh"), "500", factor_version=power),
        "methane": new.emits(process, "3", "CH4"),
    }


def test_which_lines_it_acts_on(scene: Scene) -> None:
    with acting_as(Actor.worker()):
        process, lines = plant(new.company("plant"))
        owner = new.actor(process.company)
    heat = scene.published()
    gas = scene.published(name_zh="x", target="gas", gas="CH4")
    other = scene.published(name_zh="y", makes="urea")
    cheap = new.factor_version("0.01")
    swap = scene.published(name_zh="z", target="electricity", percent="", factor=cheap.factor.code)
    with acting_as(owner):
        found = {each.practice.pk: list(each.lines) for each in fitting(owner, [process.pk])}
        assert found == {heat.pk: [lines["steam"]], gas.pk: [lines["methane"]], swap.pk: [lines["power"]]}
        assert lines_of(owner, other, [process.pk]) == []
        (moved,) = levers(swap, [lines["power"]])
        assert moved == Lever(lines["power"].uuid, provider=("factor_version", cheap.uuid))


def test_levers_join(scene: Scene) -> None:
    practice = Practice(percent=Decimal(-20))
    line = Exchange()
    kept = Lever(line.uuid, amount=Decimal(5))
    assert levers(practice, [line], [kept]) == [kept], "what somebody set stays"
    (lever,) = levers(practice, [line], [Lever(line.uuid, percent=Decimal(-10))])
    assert lever.percent == -28


@given(st.lists(st.integers(-99, -1), max_size=6))
def test_one_after_the_other_never_takes_more_than_all(cuts: list[int]) -> None:
    line = Exchange()
    present: list[Lever] = []
    left = Decimal(100)
    for cut in cuts:
        present = levers(Practice(percent=Decimal(cut)), [line], present)
        left *= (100 + Decimal(cut)) / 100
    assert not cuts or abs((present[0].percent or 0) - (left - 100)) < Decimal("1e-9")
    assert all(-100 <= (each.percent or 0) < 0 for each in present)


def test_the_library_of_the_literature(scene: Scene) -> None:
    call_command("load_factors", verbosity=0)
    assert load_practices() == load_practices() == Practice.objects.filter(company=None).count() == 4
    assert all(each.source and each.state == "published" for each in Practice.objects.filter(company=None))


def test_by_pages_and_rest(scene: Scene) -> None:
    clients = {name: Client() for name in scene.people}
    for name, client in clients.items():
        client.force_login(scene.people[name])
    owner, steward, stranger = (clients[name] for name in ("owner", "steward", "stranger"))
    assert owner.post("/practices/add/", {**STATED, "percent": "-80"}).status_code == 422
    made = owner.post("/practices/add/", STATED)
    assert made.status_code == 302
    page = made["Location"]
    assert (stranger.get(page).status_code, steward.get(page).status_code) == (404, 404)
    assert stranger.post(f"{page}move/", {"move": "hand_in"}).status_code == 404
    assert (
        owner.post(f"{page}change/", {**STATED, "name_en": "Steam traps", "version": "1"}).status_code == 302
    )
    owner.post(f"{page}move/", {"move": "hand_in"})
    assert page in steward.get("/").content.decode()
    assert page not in owner.get("/").content.decode()
    assert "Two meters over a year" in steward.get(page).content.decode()
    uuid = page.rstrip("/").rpartition("/")[2]
    address = f"/api/v1/practices/{uuid}/"
    told = steward.get(address)
    moved = steward.post(
        f"{address}moves/", {"move": "publish"}, content_type="application/json",
        headers={"If-Match": told["ETag"]},
    )  # fmt: skip
    assert (moved.status_code, moved.json()["state"]) == (200, "published")
    read = stranger.get(page).content.decode()
    assert "Steam traps" in read or "优化蒸汽疏水" in read
    assert "Two meters" not in read
    assert "Two meters" not in stranger.get(address).content.decode()
    listed = stranger.get("/api/v1/practices/?state=published").json()["results"]
    assert [each["uuid"] for each in listed] == [uuid]
    process, lines = plant(new.company("plant-of-rest"))
    reader = Client()
    reader.force_login(new.person(process.company, Role.OWNER))
    product = process.exchanges.get(is_reference=True).product
    assert product is not None
    told_levers = reader.get(f"{address}levers/?product={product.uuid}").json()
    assert told_levers == [{"exchange": str(lines["steam"].uuid), "percent": "-8"}]
    assert stranger.get(f"{address}levers/?product={product.uuid}").status_code == 400
    apply = f"/products/{product.uuid}/scenario/apply/{uuid}/"
    drain()
    there = reader.get(apply)["Location"]
    assert f"line={lines['steam'].uuid}" in there and "percent=-8" in there
    assert "优化蒸汽疏水" in reader.get(there, follow=True).content.decode()
    assert stranger.get(apply).status_code == 404


def words_for(scene: Scene, name: str) -> list[tuple[str, str]]:
    """What a person is told, latest last: why, and in which words."""
    rows = Notification.objects.filter(recipient=scene.people[name]).order_by("pk")
    actor = actor_of_user(scene.people[name])
    with acting_as(actor), translation.override("en"):
        return [(row.kind, str(one.words) if one else "") for row, one in told(actor, rows)]


def test_the_author_is_told_what_the_office_decided(scene: Scene) -> None:
    practice = scene.moved(scene.written(), "hand_in")
    assert words_for(scene, "steward") == [
        (Kind.MOVE_WAITS, "A practice was handed in; its evidence is to be read.")
    ]
    scene.moved(practice, "send_back", scene.steward, "Which meter?")
    assert words_for(scene, "owner") == [(Kind.MOVE_WAITS, "The office sent it back. Which meter?")]
    scene.moved(scene.moved(practice, "hand_in"), "publish", scene.steward)
    assert words_for(scene, "owner") == [
        (Kind.MOVE_WAITS, "The office sent it back."),
        (Kind.MOVED, "It is published: all members can apply it."),
    ]
    scene.moved(practice, "withdraw", scene.steward, "A later reading says otherwise.")
    assert words_for(scene, "owner")[-1] == (
        Kind.MOVED, "The office withdrew it. A later reading says otherwise.",
    )  # fmt: skip


def test_nobody_else_is_told_of_a_practice(scene: Scene) -> None:
    """Not a member who waits for nothing; and what is not to be seen any more is told in no words."""
    draft = scene.moved(scene.moved(scene.written(), "hand_in"), "send_back", scene.steward, "why")
    assert not Notification.objects.filter(recipient=scene.people["stranger"]).exists()
    Notification.objects.filter(subject_uuid=draft.uuid).update(recipient=scene.people["stranger"])
    assert [words for _kind, words in words_for(scene, "stranger")] == ["", ""]
