"""A plant that makes heat and power, and what is answered before its burden is shared: actions and pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.models import Company, User
from accounts.roles import Role
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint, RecomputeMark
from footprint.inventory import actions
from footprint.inventory.actions import Carried
from footprint.inventory.models import AllocationAnswer, Exchange, UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db
WORK = 45 * (1 - 298.15 / 500)
"""GJ that the heat could do."""
PLANT_SHARES = [("efficiency", 50 / (50 + 28 / 0.45)), ("exergy", WORK / (WORK + 28))]
AT = datetime(2026, 1, 2, tzinfo=UTC)
D = Decimal


@dataclass
class Plant:
    """100 GJ of coal, 28 GJ of power, 45 GJ of heat."""

    company: Company
    process: UnitProcess
    heat: Exchange
    power: Exchange
    owner: User
    actor: Actor
    address: str

    def said(self, **more: Any) -> list[Carried]:
        """What is true of both, but for what is said otherwise of the heat."""
        heat = {"carrier": "heat", "reference_efficiency": "0.9", "heat_celsius": "226.85", **more}
        return [Carried(self.heat, **heat), Carried(self.power, "power", "0.45")]

    def share(self, method: str, **more: Any) -> None:
        """Put a method in force."""
        actions.set_cogeneration(
            self.process, by=self.actor, version=None, method=method, carriers=self.said(),
            **{"ambient_celsius": "25", **more},
        )  # fmt: skip


@pytest.fixture
def plant() -> Iterator[Plant]:
    new.gwp()
    company = new.company("north")
    process = new.process(new.inventory(new.site(company)), "chp", "energy")
    heat = new.output(process, new.product(company, "steam", "GJ"), "45", is_reference=True)
    power = new.output(process, new.product(company, "power", "kWh"), "28", "GJ")
    new.emits(process, "9460")
    owner = new.person(company, Role.OWNER)
    yield Plant(company, process, heat, power, owner, new.actor(company), f"/processes/{process.uuid}/")
    translation.activate("zh-hans")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize(("method", "share"), PLANT_SHARES)
def test_a_figure_by_the_method_of_a_plant(plant: Plant, method: str, share: float) -> None:
    """63 to 130 kg per GJ of heat, by domain knowledge: 9,460 kg x share / 45 GJ."""
    plant.share(method)
    drain()
    found = Footprint.objects.get(product=plant.heat.product)
    assert found.kg_co2e_ar6 == pytest.approx(9460 * share / 45, rel=1e-9)
    assert found.share == pytest.approx(share, rel=1e-9)


@pytest.mark.parametrize(
    ("method", "heat", "ambient", "field", "code"),
    [
        ("efficiency", {"reference_efficiency": ""}, "25", "allocation_method", "no_basis"),
        ("efficiency", {"carrier": "", "reference_efficiency": "", "heat_celsius": ""}, "25",
         "allocation_method", "no_carrier"),
        ("efficiency", {"reference_efficiency": "90"}, "25", "reference_efficiency_1", "not_an_efficiency"),
        ("efficiency", {"carrier": "power"}, "25", "heat_celsius_1", "not_heat"),
        ("efficiency", {"carrier": "", "heat_celsius": ""}, "25", "carrier_1", "required"),
        ("efficiency", {"carrier": "light"}, "25", "carrier_1", "unknown_choice"),
        ("exergy", {"heat_celsius": ""}, "25", "allocation_method", "no_basis"),
        ("exergy", {"heat_celsius": "9000"}, "25", "heat_celsius_1", "absurd_temperature"),
        ("exergy", {}, "", "ambient_celsius", "required"),
        ("exergy", {"heat_celsius": "20"}, "25", "ambient_celsius", "no_exergy"),
        ("exergy", {}, "400", "ambient_celsius", "absurd_temperature"),
        ("cheapest", {}, "25", "allocation_method", "unknown_choice"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(
    plant: Plant, method: str, heat: dict[str, Any], ambient: str, field: str, code: str
) -> None:
    with pytest.raises((Refusal, Refusals)) as refused:
        actions.set_cogeneration(
            plant.process, by=plant.actor, version=1, method=method, ambient_celsius=ambient,
            carriers=plant.said(**heat),
        )  # fmt: skip
    found = refused.value
    first = found.refusals[0] if isinstance(found, Refusals) else found
    assert (first.field, first.code) == (field, code)
    assert str(first.message)
    stored = UnitProcess.objects.get(pk=plant.process.pk)
    assert (stored.allocation_method, stored.version) == ("energy", 1)
    assert Exchange.objects.get(pk=plant.heat.pk).carrier == ""


def test_a_product_that_is_no_energy_does_not_share_so(plant: Plant) -> None:
    ash = new.output(plant.process, new.product(plant.company, "ash", "t"), "3")
    with pytest.raises(Refusal) as refused:
        actions.set_cogeneration(
            plant.process, by=plant.actor, version=None, method="efficiency",
            carriers=[*plant.said(), Carried(ash, "")],
        )  # fmt: skip
    assert refused.value.code == "no_basis"


def test_heat_and_power_in_the_browser(plant: Plant) -> None:
    client = browser(plant.owner)
    stated = {
        "what": "energy", "version": "1", "method": "exergy", "ambient_celsius": "25",
        "carrier_1": "heat", "reference_efficiency_1": "", "heat_celsius_1": "226.85", "carrier_2": "power",
        "reference_efficiency_2": "", "heat_celsius_2": "80",
    }  # fmt: skip
    wrong = client.post(plant.address, stated)
    assert wrong.status_code == 422
    assert 'id="id_heat_celsius_2_error"' in wrong.content.decode()
    assert client.post(plant.address, {**stated, "heat_celsius_2": ""}).status_code == 302
    assert 'value="226.85"' in client.get(plant.address).content.decode()
    assert UnitProcess.objects.get(pk=plant.process.pk).allocation_method == "exergy"
    approver = browser(new.person(plant.company, Role.APPROVER))
    assert approver.post(plant.address, stated).status_code == 403
    outsider = browser(new.person(new.company("south"), Role.OWNER))
    assert outsider.post(plant.address, stated).status_code == 404


def answer(plant: Plant, **answers: dict[str, Any]) -> dict[str, AllocationAnswer]:
    actions.answer_questions(plant.process, by=plant.actor, at=AT, answers=answers)
    return {row.question: row for row in plant.process.allocation_answers.all()}


NO = {"answer": False, "source": "Sector rule 4.2"}


def test_answers_are_kept_with_who_when_and_why(plant: Plant) -> None:
    drain()
    physical = {"answer": True, "basis": "energy", "source": "Plant balance 2025"}
    found = answer(plant, substitution=NO, physical=physical)
    assert {name: (row.answer, row.basis, row.source) for name, row in found.items()} == {
        "substitution": (False, "", "Sector rule 4.2"),
        "physical": (True, "energy", "Plant balance 2025"),
    }
    assert {(row.answered_by_id, row.answered_at) for row in found.values()} == {(plant.actor.user_id, AT)}
    assert set(RecomputeMark.objects.values_list("kind", "key")) == {("assessment", plant.process.pk)}
    later = datetime(2026, 5, 5, tzinfo=UTC)
    actions.answer_questions(
        plant.process, by=plant.actor, at=later, answers={"physical": {**physical, "source": "Audit"}}
    )
    (kept,) = AllocationAnswer.objects.all()
    assert (kept.question, kept.source, kept.answered_at) == ("physical", "Audit", later)
    actions.answer_questions(
        plant.process, by=plant.actor, at=AT, answers={"physical": {**physical, "source": "Audit"}}
    )
    assert AllocationAnswer.objects.get().answered_at == later


@pytest.mark.parametrize(
    ("question", "said", "field", "code"),
    [
        ("substitution", {"answer": True, "source": "x"}, "answer_substitution", "no_credit"),
        ("subdivision", {"answer": True, "source": "x"}, "answer_subdivision", "not_divided"),
        ("substitution", {"answer": False, "source": " "}, "source_substitution", "required"),
        ("substitution", {"answer": "no", "source": "x"}, "answer_substitution", "not_yes_or_no"),
        ("substitution", {"answer": False, "source": "x", "basis": "mass"}, "basis_substitution",
         "not_physical"),
        ("physical", {"answer": True, "source": "x"}, "basis_physical", "required"),
        ("physical", {"answer": True, "source": "x", "basis": "mass"}, "basis_physical", "no_basis"),
        ("weather", {"answer": True, "source": "x"}, "question_weather", "unknown_choice"),
    ],
)  # fmt: skip
def test_an_answer_must_be_borne_out(
    plant: Plant, question: str, said: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        answer(plant, **{question: said})
    assert (refused.value.field, refused.value.code) == (field, code)
    assert not AllocationAnswer.objects.exists()


def test_a_yes_that_the_rows_show(plant: Plant) -> None:
    new.output(plant.process, new.product(plant.company, "old-heat", "GJ"), "1", is_avoided=True)
    assert answer(plant, substitution={"answer": True, "source": "Sector consensus"})["substitution"].answer


def test_who_may_answer(plant: Plant) -> None:
    for actor in (new.actor(plant.company, Role.APPROVER), new.actor(new.company("south"), Role.OWNER)):
        with pytest.raises(NotAllowed):
            actions.answer_questions(plant.process, by=actor, at=AT, answers={"substitution": NO})


def test_answers_in_the_browser(plant: Plant) -> None:
    client = browser(plant.owner)
    stated = {"what": "answers", "answer_substitution": "no", "answer_physical": "yes"}
    wrong = client.post(plant.address, stated)
    assert wrong.status_code == 422
    assert 'id="id_source_substitution_error"' in wrong.content.decode()
    sources = {"source_substitution": "Rule 7", "source_physical": "Rule 8"}
    right = {**stated, **sources, "basis_physical": "energy"}
    assert client.post(plant.address, right).status_code == 302
    text = client.get(plant.address).content.decode()
    assert "Rule 7" in text
    assert str(plant.owner) in text
    assert set(AllocationAnswer.objects.values_list("answered_by_id", flat=True)) == {plant.owner.pk}
    assert client.post(plant.address, {"what": "answers"}).status_code == 302
    assert not AllocationAnswer.objects.exists()
