"""A partner's credentials hold from the networks that were named, at the token and at every use."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed, Refusal
from accounts.roles import Role
from footprint.partners import actions
from tests import builders as new
from tests.chains import entries
from tests.footprint.exchange.test_import_jobs import signed_in
from tests.footprint.partners.conftest import System, World

INSIDE, OUTSIDE = "203.0.113.9", "203.0.113.16"
NETWORK = "203.0.113.8/29"


def at(system: System, address: str) -> System:
    system.client = Client(REMOTE_ADDR=address)
    return system


def refusals(world: World) -> list[tuple[str, str]]:
    told = entries(world.company, action="token_refused")
    return [(each.facts["reason"], each.facts["address"]) for each in told]


def ask_token(world: World, address: str) -> Any:
    keys = f"{world.credentials.client_id}:{world.credentials.client_secret}".encode()
    return Client(REMOTE_ADDR=address).post(
        "/auth/token",
        "grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
        headers={"authorization": f"Basic {base64.b64encode(keys).decode()}"},
        secure=True,
    )


def test_networks_hold_at_the_token_and_at_every_use(world: World, system: System) -> None:
    actions.narrow_networks(world.connection, by=world.owner, networks=NETWORK)
    assert ask_token(world, INSIDE).status_code == 200
    refused = ask_token(world, OUTSIDE)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    assert at(system, INSIDE).get("/3/footprints").status_code == 200
    for version, status in ((3, 401), (2, 400)):
        answer = at(system, OUTSIDE).get(f"/{version}/footprints")
        assert (answer.status_code, answer.json()["code"]) == (status, "BadRequest")
    assert refusals(world) == [("elsewhere", OUTSIDE)], "once a minute"
    assert len(entries(world.company, action="read")) == 1


def test_from_elsewhere_a_good_token_is_answered_as_one_that_never_was(world: World, system: System) -> None:
    actions.narrow_networks(world.connection, by=world.owner, networks=NETWORK)
    known = at(system, OUTSIDE).get("/3/footprints")
    system.bearer = "never-issued"
    never = system.get("/3/footprints")
    assert (known.status_code, known.content) == (never.status_code, never.content)


def test_without_networks_it_may_come_from_anywhere(world: World, system: System) -> None:
    actions.narrow_networks(world.connection, by=world.owner, networks=NETWORK)
    actions.narrow_networks(world.connection, by=world.owner, networks="")
    assert at(system, OUTSIDE).get("/3/footprints").status_code == 200


def test_who_keeps_the_machines_says_so_on_the_page(world: World) -> None:
    base = f"/partners/{world.connection.uuid}/"
    owner = signed_in(new.person(world.company, Role.OWNER))
    assert f"{base}networks/" in owner.get(base).content.decode()
    assert owner.post(f"{base}networks/", {"networks": "203.0.113.9/29"}).status_code == 422
    assert owner.post(f"{base}networks/", {"networks": NETWORK}).status_code == 302
    assert NETWORK in owner.get(base).content.decode()
    assert NETWORK in owner.get(f"{base}networks/").content.decode()
    (told,) = entries(world.company, action="changed", subject="partners_connection")[-1:]
    assert told.facts["rows"][0]["after"]["networks"] == [NETWORK]
    sharing = new.person(world.company, Role.SHARING_MANAGER)
    assert signed_in(sharing).get(f"{base}networks/").status_code == 403
    outsider = signed_in(new.person(new.company(), Role.OWNER))
    assert outsider.get(f"{base}networks/").status_code == 404


def test_a_sharing_manager_and_a_revoked_connection_are_refused(world: World) -> None:
    with pytest.raises(NotAllowed):
        sharing = new.actor(world.company, Role.SHARING_MANAGER)
        actions.narrow_networks(world.connection, by=sharing, networks="")
    actions.revoke_connection(world.connection, by=world.owner, at=timezone.now())
    with pytest.raises(Refusal):
        actions.narrow_networks(world.connection, by=world.owner, networks="")
