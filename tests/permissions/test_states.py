"""Whoever may do something is refused where a thing's state forbids it: docs/permissions.yaml says where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from footprint.inventory.procedure import SUBMISSION
from footprint.partners import actions
from footprint.publication.models import Publication
from footprint.publication.procedure import PUBLICATION
from tests import builders as new
from tests.permissions.asker import signed_in
from tests.permissions.asking import _watched
from tests.permissions.policy import stated
from tests.permissions.world import SIGNING_KEY
from tests.reviewing import Plant, carried, moved, plant, published, republished

pytestmark = pytest.mark.django_db
TABLE: dict[str, dict[str, Any]] = stated()["states"]
REVIEWERS = ("take", "return", "accept", "reject")
LAST = {"returned": "return", "rejected": "reject", "withdrawn": "withdraw", "discarded": "discard"}
"""States beside the ordinary way, and the move that leads there."""
BODIES = {
    "secret": {"days": "90"},
    "change": {"name": "Renamed", "speaks": "3", "answers": "people", "base_url": "https://partner.example"},
    "networks": {"networks": ""},
    "grant": {"product": "", "level": "total"},
    "ask": {"product_ids": "urn:gtin:1"},
}


@pytest.fixture(scope="module")
def here(kept_rows: None) -> Plant:
    call_command("load_rules", verbosity=0)
    return plant()


def outcome(answer: Any, written: list[str]) -> str:
    """What an answer comes to."""
    if answer.status_code < 400:
        return "done" if written else "done, but nothing was written"
    if answer.status_code == 404:
        return "hidden"
    said = answer.content.decode()
    refused = answer.status_code == 422 and ("not_from_here" in said or "text/html" in answer["Content-Type"])
    return "refused" if refused else f"{answer.status_code} {said[:200]}"


def asked(person: User, path: str, body: dict[str, Any], *, is_page: bool = False) -> str:
    """The answer to a person who may, taken back afterwards."""
    client: Client = signed_in(person)
    with transaction.atomic(), _watched() as written:
        if is_page:
            answer = client.post(path, body)
        else:
            seen = client.get(path.removesuffix("moves/"))
            tag = seen.headers.get("ETag", '"1"')
            written.clear()
            answer = client.post(path, body, content_type="application/json", headers={"If-Match": tag})
        transaction.set_rollback(True)
    return outcome(answer, written)


def wrong(kind: str, state: str, answers: dict[str, str]) -> Iterator[str]:
    """The moves that were answered otherwise than the table says."""
    for move, got in answers.items():
        unseen = state in TABLE[kind].get("unseen", ()) and move in REVIEWERS
        owed = "done" if state in TABLE[kind]["moves"][move] else "hidden" if unseen else "refused"
        if got != owed:
            yield f"{move} of a {kind} that is {state}: {owed}, but {got}"


def person_for(here: Plant, move: str, kind: str) -> User:
    if kind == "submission":
        name = {here.steward: "steward", here.approver: "approver"}.get(here.actor_for(move), "owner")
    else:
        name = "owner" if move in ("self_check", "discard") else "approver"
    return here.people[name]


def moves_of(kind: str) -> list[str]:
    return list(TABLE[kind]["moves"])


@pytest.mark.parametrize("state", TABLE["submission"]["states"])
def test_submissions(here: Plant, state: str) -> None:
    before = {"returned": "under_review", "rejected": "under_review", "withdrawn": "draft"}.get(state, state)
    submission = carried(here, before)
    if state in LAST:
        moved(here, submission, LAST[state], reason="x")
    assert submission.state == state
    path = f"/api/v1/submissions/{submission.uuid}/moves/"
    told = {
        move: asked(person_for(here, move, "submission"), path, {"move": move, "reason": "x"})
        for move in moves_of("submission")
    }
    assert list(wrong("submission", state, told)) == []


@pytest.fixture
def signing(settings: Any) -> None:
    settings.PUBLICATION_SIGNING_KEY = SIGNING_KEY


@pytest.mark.parametrize("state", TABLE["publication"]["states"])
def test_publications(here: Plant, signing: None, state: str) -> None:
    carried(here)
    before = {"discarded": "calculated", "withdrawn": "published"}.get(state, state)
    publication: Publication = published(here, "private", until=before)
    if state in LAST:
        republished(here, publication, LAST[state], reason="x")
    assert publication.state == state
    path = f"/api/v1/publications/{publication.uuid}/moves/"
    told = {
        move: asked(person_for(here, move, "publication"), path, {"move": move, "reason": "x"})
        for move in moves_of("publication")
    }
    assert list(wrong("publication", state, told)) == []


@pytest.mark.parametrize("state", TABLE["connection"]["states"])
def test_connections(here: Plant, state: str) -> None:
    owner = new.actor(here.company, Role.OWNER)
    made = actions.request_connection(
        here.company, by=owner, name=str(uuid4()), base_url="https://partner.example",
        callback_id="us", callback_secret="theirs",
    )  # fmt: skip
    if state != "requested":
        actions.approve_connection(made, by=owner, at=timezone.now())
        made.refresh_from_db()
    if state == "revoked":
        actions.revoke_connection(made, by=owner, at=timezone.now())
    person, page = here.people["owner"], f"/partners/{made.uuid}/"
    told = {
        move: asked(person, f"{page}{move}/", BODIES.get(move, {}), is_page=True)
        for move in moves_of("connection")
    }
    assert list(wrong("connection", state, told)) == []


def test_the_table_knows_every_state_and_move_that_people_make() -> None:
    """A state or a move that is new needs a line."""
    for kind, procedure in (("submission", SUBMISSION), ("publication", PUBLICATION)):
        sources = {move.name: set(move.sources) for move in procedure.moves if move.permission is not None}
        assert {name: set(states) for name, states in TABLE[kind]["moves"].items()} == sources
