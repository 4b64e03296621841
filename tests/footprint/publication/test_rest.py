"""Submissions and publications over REST: drafts, moves, versions, refusals by line and field."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.inventory.models import Exchange, Submission
from footprint.publication.actions import prepare_publication
from tests import builders as new
from tests.browsing import ask, browser
from tests.reviewing import Plant, carried, published, republished

pytestmark = pytest.mark.django_db


def caller(person: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


def call(client: Client, path: str, status: int, body: Any = None, tag: str = "") -> Any:
    headers = {"If-Match": tag} if tag else {}
    answer: Any = (
        client.get(f"/api/v1/{path}")
        if body is None
        else client.post(f"/api/v1/{path}", json.dumps(body), "application/json", headers=headers)
    )
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_submission_from_draft_to_review(here: Plant) -> None:
    owner, approver, steward = (caller(here.people[name]) for name in ("owner", "approver", "steward"))
    draft = call(owner, "submissions/", 201, {"inventory": str(here.inventory.uuid)})
    assert (draft["state"], draft["content_hash"], draft["findings"]) == ("draft", "", [])
    moves = f"submissions/{draft['uuid']}/moves/"
    call(owner, moves, 428, {"move": "hand_in"})
    call(owner, moves, 412, {"move": "hand_in"}, '"9"')
    call(owner, moves, 400, {"move": "fly"}, '"1"')
    handed = call(owner, moves, 200, {"move": "hand_in"}, '"1"')
    assert (handed["state"], handed["round"], len(handed["content_hash"])) == ("internal_review", 1, 64)
    call(owner, moves, 403, {"move": "submit"}, '"2"')
    call(steward, moves, 404, {"move": "take"}, '"2"')
    call(approver, moves, 200, {"move": "submit"}, '"2"')
    seen = call(steward, f"submissions/{draft['uuid']}/", 200)
    assert (seen["inventory"], seen["content_hash"]) == (None, handed["content_hash"])
    returned = call(steward, moves, 200, {"move": "take"}, '"3"')
    assert returned["state"] == "under_review"
    assert call(steward, moves, 422, {"move": "return"}, '"4"')["errors"][0]["code"] == "no_reason"


def test_what_blocks_is_told_by_line_and_field(here: Plant) -> None:
    line = new.takes(here.line.process, new.product(here.company), "1", "kWh")
    from footprint.calculation.ledger import drain

    drain()
    owner = caller(here.people["owner"])
    draft = call(owner, "submissions/", 201, {"inventory": str(here.inventory.uuid)})
    Exchange.objects.filter(pk=line.pk).update(amount=2)
    refused = call(owner, f"submissions/{draft['uuid']}/moves/", 422, {"move": "hand_in"}, '"1"')
    assert {each["code"] for each in refused["errors"]} == {"not_current"}
    assert Submission.objects.get(uuid=draft["uuid"]).state == "draft"


def test_a_publication_and_who_is_shown_it(here: Plant) -> None:
    owner, approver = caller(here.people["owner"]), caller(here.people["approver"])
    member = caller(new.person(new.company(), Role.OWNER))
    body = {"footprint": str(here.footprint.uuid), "visibility": "alliance"}
    call(member, "publications/", 400, body)
    made = call(owner, "publications/", 201, body)
    assert (made["state"], made["jws"], made["content"]["number"]) == ("calculated", "", 1)
    moves = f"publications/{made['uuid']}/moves/"
    call(owner, moves, 200, {"move": "self_check"}, '"1"')
    call(owner, moves, 403, {"move": "approve"}, '"2"')
    call(approver, moves, 200, {"move": "approve"}, '"2"')
    call(member, f"publications/{made['uuid']}/", 404)
    done = call(approver, moves, 200, {"move": "publish"}, '"3"')
    assert done["jws"].count(".") == 2
    assert call(member, f"publications/{made['uuid']}/", 200)["content_hash"] == made["content_hash"]
    call(member, moves, 403, {"move": "withdraw", "reason": "x"}, '"4"')


def test_lists_are_narrowed(here: Plant) -> None:
    carried(here, "submitted")
    published(here, "private")
    owner = caller(here.people["owner"])
    states = [each["state"] for each in call(owner, "submissions/?state=submitted", 200)["results"]]
    assert states == ["submitted"]
    assert len(call(owner, "publications/?year=2025&state=published", 200)["results"]) == 1
    assert call(owner, "publications/?year=2024", 200)["results"] == []
    outsider = caller(new.person(new.company(), Role.OWNER))
    assert call(outsider, "publications/", 200)["results"] == []
    assert call(outsider, "submissions/", 200)["results"] == []


def test_publications_of_several_years_are_linked(here: Plant) -> None:
    """By product and province, of each period what holds; nobody is told of what is not meant for them."""
    row = published(here, "public")
    inventory = new.inventory(here.inventory.site, 2024)
    process = new.process(inventory, here.line.process.code)
    new.output(process, here.product, "2", is_reference=True)
    year_before = replace(here, inventory=inventory, line=new.emits(process, "6"))
    drain()
    carried(year_before)
    figure = Footprint.objects.get(inventory=inventory)
    with acting_as(here.owner):
        made = prepare_publication(figure, by=here.owner, at=timezone.now(), visibility="private")
    for move in ("self_check", "approve", "publish"):
        republished(year_before, made, move)
    path = f"publications/{row.uuid}/years/"
    told = call(caller(here.people["owner"]), path, 200)
    assert [(each["period_end"], each["change"]) for each in told] == [
        ("2024-12-31", None),
        ("2025-12-31", pytest.approx(-0.5)),
    ]
    assert "From year to year" in ask(browser(here.people["owner"]), f"/publications/{row.uuid}/")
    stranger = caller(new.person(new.company(), Role.OWNER))
    assert [each["publication"] for each in call(stranger, path, 200)] == [str(row.uuid)]
