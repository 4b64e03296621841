"""The pages: what they show, who may save, and that nobody else's exist."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from footprint.analysis.models import Scenario
from footprint.calculation.ledger import drain
from footprint.inventory.actions import change_exchange
from footprint.inventory.models import Exchange
from tests import builders as new
from tests.footprint.analysis.moves.conftest import Plant

pytestmark = pytest.mark.django_db


def signed_in(plant: Plant, role: Role = Role.OWNER, language: str = "en") -> Client:
    client = Client()
    client.force_login(new.person(plant.company, role))
    client.cookies["django_language"] = language
    return client


def place(plant: Plant, name: str, **query: str) -> str:
    return f"{reverse(f'analysis:{name}', args=[plant.ethylene.uuid])}?{urlencode(query)}"


def levered(plant: Plant, **more: str) -> dict[str, str]:
    return {"line": str(plant.feed.uuid), "amount": "", "percent": "-10", "provider": "", **more}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["What would move it", "Under the levers", "Now"]), ("zh-hans", ["情景", "敏感性", "当前"])],
)
def test_the_studio_in_both_languages(plant: Plant, language: str, words: list[str]) -> None:
    answer = signed_in(plant, language=language).get(place(plant, "scenario", **levered(plant)))
    assert answer.status_code == 200
    text = answer.content.decode()
    for word in words:
        assert word in text
    assert str(plant.feed.uuid) in text


def test_every_page_opens_without_a_question(plant: Plant) -> None:
    client = signed_in(plant)
    for name in ("scenario", "scenarios", "changes", "changes_export", "scenario_export", "scenario_lines"):
        assert client.get(place(plant, name)).status_code == 200, name


def test_a_picked_line_becomes_a_link(plant: Plant) -> None:
    client = signed_in(plant)
    answer = client.get(place(plant, "scenario", add=str(plant.feed.uuid)))
    assert answer.status_code == 302
    assert "add=" not in answer.headers["Location"]
    text = client.get(answer.headers["Location"]).content.decode()
    assert "New amount" in text


def test_htmx_gets_the_outcome_alone(plant: Plant) -> None:
    answer = signed_in(plant).get(
        place(plant, "scenario", **levered(plant)), headers={"HX-Request": "true", "HX-Target": "outcome"}
    )
    text = answer.content.decode()
    assert text.lstrip().startswith("<section")
    assert "<html" not in text
    assert "percent=-10" in answer.headers["HX-Replace-Url"]
    assert "propylene" in text


def test_what_is_wrong_stands_at_its_lever(plant: Plant) -> None:
    answer = signed_in(plant).get(place(plant, "scenario", **levered(plant, percent="many")))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="many"' in text
    assert "is-invalid" in text
    assert "Lever 1" in text


def test_providers_are_found_by_name(plant: Plant) -> None:
    found = signed_in(plant).get(
        place(plant, "scenario_providers", of=str(plant.feed.uuid), find="bio-naphtha")
    )
    assert f"product:{plant.greener.uuid}" in found.content.decode()


def test_saving_opening_renaming_deleting(plant: Plant) -> None:
    client = signed_in(plant)
    levers = json.dumps([{"exchange": str(plant.feed.uuid), "percent": "-10.50"}])
    saved = client.post(place(plant, "save_scenario"), {"name": "Less naphtha", "levers": levers})
    scenario = Scenario.objects.get()
    assert saved.headers["Location"] == reverse("analysis:open_scenario", args=[scenario.uuid])
    assert scenario.levers == [{"exchange": str(plant.feed.uuid), "percent": "-10.50"}]
    opened = client.get(saved.headers["Location"])
    assert "percent=-10.50" in opened.headers["Location"]
    listed = client.get(place(plant, "scenarios", **{"with": str(scenario.uuid)}))
    assert "Less naphtha" in listed.content.decode()
    client.post(reverse("analysis:rename_scenario", args=[scenario.uuid]), {"name": "Leaner", "version": "1"})
    scenario.refresh_from_db()
    assert (scenario.name, scenario.version) == ("Leaner", 2)
    delete = reverse("analysis:delete_scenario", args=[scenario.uuid])
    client.post(delete, {"version": "1"})
    assert Scenario.objects.count() == 1
    client.post(delete, {"version": "2"})
    assert Scenario.objects.count() == 0


def test_a_reader_plays_but_does_not_save(plant: Plant) -> None:
    client = signed_in(plant, Role.APPROVER)
    text = client.get(place(plant, "scenario", **levered(plant))).content.decode()
    assert "Save the scenario" not in text
    levers = json.dumps([{"exchange": str(plant.feed.uuid), "percent": "1"}])
    assert client.post(place(plant, "save_scenario"), {"name": "x", "levers": levers}).status_code == 403
    assert Scenario.objects.count() == 0


def test_nobody_else_sees_any_of_it(plant: Plant) -> None:
    scenario = Scenario.objects.create(
        company=plant.company, product=plant.ethylene, name="ours", year=2025, levers=[]
    )
    stranger = Client()
    stranger.force_login(new.person(plant.partner, Role.OWNER))
    for name in ("scenario", "scenarios", "changes", "changes_export", "scenario_export"):
        assert stranger.get(place(plant, name)).status_code == 404, name
    assert stranger.get(reverse("analysis:open_scenario", args=[scenario.uuid])).status_code == 404


def test_the_total_is_open_but_what_is_behind_it_is_not(plant: Plant) -> None:
    new.grant(plant.ethylene, plant.partner)
    partner = Client()
    partner.force_login(new.person(plant.partner, Role.OWNER))
    assert partner.get(place(plant, "changes")).status_code == 404


def test_the_bridge_page_and_its_export(plant: Plant) -> None:
    row = Exchange.objects.select_related("process__inventory").get(pk=plant.feed.pk)
    change_exchange(row, by=plant.owner, version=None, amount="150")
    drain()
    client = signed_in(plant)
    text = client.get(place(plant, "changes")).content.decode()
    assert "cause-activity" in text
    assert reverse("inventory:exchange", args=[plant.feed.uuid]) in text
    lines = client.get(place(plant, "changes_export")).content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in lines] == ["cause", "before", "activity", "after"]
    same = client.get(place(plant, "changes", **{"from": "2025", "to": "2025"})).content.decode()
    assert "differ in nothing" in same
    sets = client.get(place(plant, "changes", **{"from": "gwp", "to": "2025"})).content.decode()
    assert "cause-gwp" in sets
    unknown = client.get(place(plant, "changes", **{"from": "1999"})).content.decode()
    assert "There is no figure of this product under" in unknown


def test_questions_of_a_page_do_not_grow_with_the_network(plant: Plant) -> None:
    client = signed_in(plant)

    def counted(name: str, **query: str) -> int:
        client.get(place(plant, name, **query))
        with CaptureQueriesContext(connection) as found:
            assert client.get(place(plant, name, **query)).status_code == 200
        return len(found)

    asked = [("scenario", levered(plant)), ("changes", {"from": "gwp", "to": "2025"})]
    few = [counted(name, **query) for name, query in asked]
    for _ in range(4):
        more = new.process(plant.inventory)
        new.output(more, new.product(plant.company), "10")
        new.takes(more, plant.steam, "5", provider_process=plant.boiler)
        new.takes(plant.cracker, None, "7", "kWh", factor_version=new.factor_version("0.3"))
    drain()
    assert [counted(name, **query) for name, query in asked] == few
