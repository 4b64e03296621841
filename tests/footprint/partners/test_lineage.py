"""Versions of a partner's footprint: back to the first, what differs, on the page and over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from footprint.partners.actions import keep
from footprint.partners.lineage import versions
from footprint.partners.models import PartnerFootprint
from footprint.partners.pact import dialect
from footprint.partners.pact.texts import exact_json, exact_text
from tests import builders as new
from tests.api.conftest import machine_of
from tests.footprint.exchange.test_import_jobs import signed_in
from tests.footprint.partners.conftest import World
from tests.footprint.partners.documents import whole


def kept(world: World, *before: PartnerFootprint | UUID, **changes: Any) -> PartnerFootprint:
    named = [str(getattr(one, "pf_id", one)) for one in before]
    document = whole(precedingPfIds=named, **changes)
    keep(world.connection, document, at=timezone.now())
    return PartnerFootprint.objects.get(pf_id=document["id"])


def shown(client: Client, url: str, query: dict[str, str] | None = None) -> str:
    """The part of the page that compares."""
    _before, _at, part = client.get(url, query).content.decode().partition('id="differences"')
    return part.partition("</section>")[0]


@pytest.fixture
def owners(world: World) -> Client:
    return signed_in(User.objects.get(pk=world.owner.user_id))


def test_a_chain_goes_back_to_the_first_and_names_what_never_came(world: World) -> None:
    lost = uuid4()
    first = kept(world, lost)
    second = kept(world, first)
    third = kept(world, second, first)
    found = versions(world.owner, third)
    assert [(each.pf_id, each.steps, each.row) for each in found] == [
        (third.pf_id, 0, third),
        (second.pf_id, 1, second),
        (first.pf_id, 1, first),
        (lost, 2, None),
    ]


def test_a_circle_is_gone_round_once(world: World) -> None:
    first = kept(world, uuid4())
    second = kept(world, first)
    circle = exact_json(first.original) | {"precedingPfIds": [str(second.pf_id)]}
    keep(world.connection, circle, at=timezone.now())
    assert [each.row for each in versions(world.owner, second)] == [second, first]


@pytest.mark.parametrize("named", [None, "x", [1, "x", {}], {"a": 1}])
def test_what_is_no_list_of_ids_names_nothing(world: World, named: Any) -> None:
    document = whole(precedingPfIds=named)
    keep(world.connection, document, at=timezone.now())
    assert PartnerFootprint.objects.get().preceding == []


def test_the_page_compares_the_last_two_and_any_others(world: World, owners: Client) -> None:
    first = kept(world, pcf__fossilGhgEmissions="2.00")
    second = kept(world, first, pcf__fossilGhgEmissions="1.00")
    third = kept(world, second, pcf__fossilGhgEmissions="1.00", pcf__declaredUnitAmount="1000")
    url = reverse("partners:received", args=[third.uuid])
    page = owners.get(url).content.decode()
    assert str(first.pf_id) in page
    assert reverse("partners:received", args=[second.uuid]) in page
    differences = shown(owners, url)
    assert "/pcf/declaredUnitAmount" in differences and "another declared amount" in differences
    assert "/pcf/fossilGhgEmissions" not in differences
    differences = shown(owners, url, {"from": str(first.uuid), "to": str(second.uuid)})
    assert "<code>/pcf/fossilGhgEmissions</code>" in differences and "\u221250.0%" in differences
    assert "another declared amount" not in differences
    assert "They say the same." in shown(owners, url, {"from": str(third.uuid)})
    assert owners.get(url, {"from": str(uuid4())}).status_code == 404


def test_a_first_version_says_so(world: World, owners: Client) -> None:
    page = owners.get(reverse("partners:received", args=[kept(world).uuid])).content.decode()
    assert "It names no version before it." in page and 'id="differences"' not in page


def test_versions_of_either_dialect_are_compared(world: World, owners: Client) -> None:
    earlier = whole(precedingPfIds=[], pcf__aircraftGhgEmissions="0.5")
    text = exact_text(dialect.to_v2(earlier).document)
    keep(world.connection, exact_json(text), at=timezone.now(), speaks=2)
    later = kept(world, UUID(earlier["id"]), pcf__aircraftGhgEmissions="0.4")
    machine = machine_of(world.company)
    before = PartnerFootprint.objects.get(pf_id=earlier["id"])
    told = machine.get(f"partner-footprints/{later.uuid}/differences/?from={before.uuid}").json()
    found = {each["pointer"]: each for each in told["differences"]}
    assert found["/pcf/aircraftGhgEmissions"] | {"pointer": ""} == {
        "pointer": "", "before": "0.5", "after": "0.4", "change": pytest.approx(-0.2),
    }  # fmt: skip
    assert "/pcf/fossilGhgEmissions" not in found


def test_a_machine_mirrors_what_came_and_asks_what_differs(world: World) -> None:
    lost = uuid4()
    first = kept(world, lost)
    second = kept(world, first, pcf__primaryDataShare="80")
    machine = machine_of(world.company)
    path = f"partner-footprints/{second.uuid}/"
    listed = machine.get(
        f"partner-footprints/?since={first.received_at.isoformat().replace('+', '%2B')}"
    ).json()
    assert [each["uuid"] for each in listed["results"]] == [str(second.uuid)]
    assert machine.get(path).json()["pf_id"] == str(second.pf_id)
    document = machine.get(f"{path}document/")
    assert document["Content-Type"] == "application/json"
    assert document.content.decode() == second.original
    checks = machine.get(f"{path}checks/").json()
    assert (checks["id"], checks["usability"]) == (str(second.pf_id), second.level)
    assert [each["code"] for each in checks["findings"]] == [each["code"] for each in second.findings]
    told = machine.get(f"{path}versions/").json()
    assert [(each["uuid"], each["steps"]) for each in told] == [
        (str(second.uuid), 0), (str(first.uuid), 1), (None, 2),
    ]  # fmt: skip
    told = machine.get(f"{path}differences/?from={first.uuid}").json()
    assert (told["before"], told["after"]) == (str(first.uuid), str(second.uuid))
    share = next(each for each in told["differences"] if each["pointer"] == "/pcf/primaryDataShare")
    assert share["change"] == pytest.approx(80 / 56.12 - 1)
    for asked in ("", "?from=x", f"?from={kept(world).uuid}"):
        refused = machine.get(f"{path}differences/{asked}")
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "unknown_choice")


def test_an_outsider_finds_nothing(world: World) -> None:
    first = kept(world)
    second = kept(world, first)
    other = new.company()
    outsider = signed_in(new.person(other, Role.OWNER))
    assert outsider.get(reverse("partners:received", args=[second.uuid])).status_code == 404
    machine = machine_of(other)
    assert machine.get("partner-footprints/").json()["results"] == []
    for path in ("", "checks/", "document/", "versions/", f"differences/?from={first.uuid}"):
        assert machine.get(f"partner-footprints/{second.uuid}/{path}").status_code == 404
