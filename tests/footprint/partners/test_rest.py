"""The partner side over REST: let in, opened, asked, answered, sent again, and nothing for outsiders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from footprint.partners import actions
from footprint.partners.models import Connection, Delivery, FootprintGrant, PartnerEvent
from tests import builders as new
from tests.footprint.partners.conftest import BASE, System, World
from tests.footprint.partners.test_events import Elsewhere, elsewhere, event, work

__all__ = ["elsewhere"]
ROOT = "/api/v1"


class Door:
    """REST as a person uses it."""

    def __init__(self, person: User) -> None:
        self.client = Client(headers={"accept-language": "en"})
        self.client.force_login(person)

    def get(self, path: str) -> Any:
        return self.client.get(f"{ROOT}/{path}")

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(
            f"{ROOT}/{path}", body or {}, content_type="application/json", headers=headers
        )

    def patch(self, path: str, body: Any, tag: str = "") -> Any:
        headers = {"If-Match": tag} if tag else {}
        return self.client.patch(f"{ROOT}/{path}", body, content_type="application/json", headers=headers)


@pytest.fixture
def owner(world: World) -> Door:
    return Door(new.person(world.company, Role.OWNER))


@pytest.fixture
def outsider() -> Door:
    return Door(new.person(new.company("outside"), Role.OWNER))


def test_a_partner_is_asked_for_let_in_given_secrets_and_shut_out(world: World, owner: Door) -> None:
    asked = owner.post("partner-connections/", {"name": "SAP", "base_url": BASE}).json()
    path = f"partner-connections/{asked['uuid']}/"
    assert (asked["state"], asked["client_id"], asked["secrets"]) == ("requested", None, [])
    first = owner.post(f"{path}approve/", {"days": 90})
    assert (first.status_code, first.headers["Cache-Control"]) == (201, "no-store")
    assert first.json()["client_secret"].startswith("pact_")
    second = owner.post(f"{path}secrets/").json()
    assert second["client_secret"] != first.json()["client_secret"]
    older, newer = owner.get(path).json()["secrets"]
    left = owner.post(f"{path}secrets/{older['uuid']}/revoke/").json()
    assert [one["uuid"] for one in left["secrets"]] == [newer["uuid"]]
    assert first.json()["client_secret"] not in owner.get(path).content.decode()
    wrong = owner.post(f"{path}networks/", {"networks": ["10.0.0.0/8", "somewhere"]})
    assert wrong.status_code == 422 and "networks" in wrong.content.decode()
    bound = owner.post(f"{path}networks/", {"networks": ["10.0.0.0/8", "192.0.2.7"]}).json()
    assert bound["networks"] == ["10.0.0.0/8", "192.0.2.7/32"]
    assert owner.post(f"{path}revoke/").json()["state"] == "revoked"
    assert owner.post(f"{path}secrets/").status_code == 422


def test_a_change_is_made_from_a_version(world: World, owner: Door) -> None:
    path = f"{ROOT}/partner-connections/{world.connection.uuid}/"
    tag = owner.client.get(path).headers["ETag"]
    for status in (200, 412):
        done = owner.client.patch(
            path, {"answers": "people"}, content_type="application/json", headers={"if-match": tag}
        )
        assert done.status_code == status
    assert world.connection.answers == Connection.Answers.PEOPLE


def test_a_secret_is_in_no_kept_reply(world: World, owner: Door) -> None:
    """A repeated request gets no second secret, and the first one is nowhere stored."""
    path = f"partner-connections/{world.connection.uuid}/secrets/"
    first = owner.post(path, **{"Idempotency-Key": "once"})
    again = owner.post(path, **{"Idempotency-Key": "once"})
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert first.json()["client_secret"]
    assert again.content == b""


def test_a_grant_is_made_ended_and_made_again(world: World, owner: Door, system: System) -> None:
    body = {"connection": str(world.connection.uuid), "product": str(world.products[1].uuid)}
    made = owner.post("partner-grants/", {**body, "level": "total", "ends_on": "2099-12-31"}).json()
    assert made["is_in_force"]
    assert owner.post("partner-grants/", body).status_code in (409, 422)
    ended = owner.post(f"partner-grants/{made['uuid']}/end/").json()
    assert (ended["is_in_force"], bool(ended["revoked_at"])) == (False, True)
    assert owner.post("partner-grants/", body).status_code == 201
    FootprintGrant.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert owner.get("partner-grants/?in_force=true").json()["results"] == []
    assert system.get("/3/footprints").json()["data"] == []
    # what is over by its own last day stands in nobody's way
    assert owner.post("partner-grants/", body).status_code == 201
    assert len(system.get("/3/footprints").json()["data"]) == 1


def test_a_grant_whose_last_day_is_past_is_refused(world: World, owner: Door) -> None:
    body = {"connection": str(world.connection.uuid), "product": str(world.products[1].uuid)}
    today = timezone.localdate()
    past = {**body, "ends_on": (today - timedelta(days=1)).isoformat()}
    answer = owner.post("partner-grants/", past)
    (problem,) = answer.json()["errors"]
    assert answer.status_code == 422
    assert (problem["pointer"], problem["code"]) == ("/ends_on", "past")
    # the last day counts whole
    assert owner.post("partner-grants/", {**body, "ends_on": today.isoformat()}).json()["is_in_force"]


def test_a_request_is_read_answered_and_sent_again(
    world: World, owner: Door, system: System, elsewhere: Elsewhere
) -> None:
    actions.change_connection(world.connection, by=world.owner, answers=Connection.Answers.PEOPLE)
    FootprintGrant.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    system.post("/3/events", event())
    work()
    (waiting,) = owner.get("partner-events/?type=requested&state=new").json()["results"]
    assert waiting["content"]["productId"] == ["urn:gtin:4712345060507"]
    path = f"partner-events/{waiting['uuid']}/"
    ranked = {each["footprint"]: each for each in owner.get(f"{path}candidates/").json()}
    assert set(ranked) == {str(each.uuid) for each in world.footprints}
    best = ranked[str(world.footprints[0].uuid)]
    assert best["meets"] == ["product_ids"]
    unknown = {"footprints": [best["footprint"], str(uuid4())], "level": "total"}
    refused = owner.post(f"{path}answer/", unknown)
    assert refused.status_code == 400 and "footprints" in refused.content.decode()
    done = owner.post(f"{path}answer/", {"footprints": [best["footprint"]], "level": "total"}).json()
    assert done["state"] == "fulfilled"
    assert owner.post(f"{path}reject/", {"reason": "no"}).status_code == 422
    Delivery.objects.update(state="dead")
    (given_up,) = owner.get("partner-deliveries/?state=dead").json()["results"]
    assert given_up["answers"] == waiting["uuid"]
    assert owner.post(f"partner-deliveries/{given_up['uuid']}/again/").json()["state"] == "queued"
    work()
    sent = owner.get(f"partner-deliveries/{given_up['uuid']}/").json()
    assert sent["state"] == "delivered"
    assert '"requestEventId"' in sent["body"]
    (tried,) = sent["log"]
    assert (tried["url"], tried["status"], tried["told"]) == (f"{BASE}/3/events", 200, "HTTP 200")
    (receipt,) = owner.get("partner-receipts/").json()["results"]
    assert receipt["footprint"] == best["footprint"]


def test_nobody_else_learns_of_it(world: World, outsider: Door, system: System, elsewhere: Elsewhere) -> None:
    system.post("/3/events", event())
    work()
    found = {
        "partner-connections": world.connection.uuid,
        "partner-grants": FootprintGrant.objects.get().uuid,
        "partner-events": PartnerEvent.objects.get().uuid,
        "partner-deliveries": Delivery.objects.get().uuid,
    }
    assert outsider.get("partner-receipts/").json()["results"] == []
    for name, uuid in found.items():
        assert outsider.get(f"{name}/").json()["results"] == []
        assert outsider.get(f"{name}/{uuid}/").status_code == 404
    foreign = {"connection": str(world.connection.uuid), "level": "full"}
    assert outsider.post("partner-grants/", foreign).status_code in (400, 422)
