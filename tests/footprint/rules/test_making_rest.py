"""A rule is made over REST by the same people as on its pages: new version, draft, comments, votes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from footprint.rules.document.lifecycle import State
from footprint.rules.models import ProductRule, RuleBallot
from tests.footprint.rules.makers import Alliance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
RULE = "/api/v1/product-category-rules/ethylene/"


def send(who: User, what: str, status: int, method: str = "post", tag: int | None = None, **body: Any) -> Any:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who)
    headers = {"If-Match": f'"{tag}"'} if tag is not None else {}
    answer: HttpResponse = client.generic(
        method.upper(), f"{RULE}{what}/", json.dumps(body), content_type="application/json", headers=headers
    )
    assert answer.status_code == status, answer.content
    return answer.json()  # type: ignore[attr-defined]  # the test client's answer


def test_a_further_version_is_proposed_by_those_who_may(alliance: Alliance) -> None:
    send(alliance.approvers[0], "versions", 403, reason="prices moved")
    send(alliance.owner, "versions", 422, reason="one draft at a time")
    alliance.to(State.PUBLISHED)
    told = send(alliance.owner, "versions", 201, reason="prices moved")
    assert [(each["number"], each["state"]) for each in told["versions"]] == [
        (1, "published"),
        (2, "proposed"),
    ]
    send(alliance.owner, "versions", 422, reason="again")


def test_the_draft_is_written_from_the_version_that_was_read(alliance: Alliance) -> None:
    document = {**alliance.rule.document, "scope_en": "Only ethylene."}
    version = alliance.rule.version
    given = {"number": 1, "document": document}
    send(alliance.owner, "document", 403, "put", version, **given)
    send(alliance.steward, "document", 428, "put", **given)
    broken = {**document, "unit": "no such unit"}
    assert send(alliance.steward, "document", 422, "put", version, number=1, document=broken)["errors"]
    send(alliance.steward, "document", 422, "put", version, number=9, document=document)
    told = send(alliance.steward, "document", 200, "put", version, **given)
    assert told["versions"][0]["document"]["scope_en"] == "Only ethylene."
    send(alliance.steward, "document", 412, "put", version, **given)
    alliance.rule.refresh_from_db()
    assert alliance.rule.version == version + 1


def test_every_comment_is_answered_by_somebody_else(alliance: Alliance) -> None:
    send(alliance.owner, "comments", 422, number=1, text="Why mass?")
    alliance.to(State.COMMENTING)
    made = send(alliance.owner, "comments", 201, number=1, text="Why mass?", address="allocation.mass")
    assert (made["round"], made["disposition"], made["company"]["code"]) == (1, "", "rule-member-0")
    answer = {"comment": made["uuid"], "disposition": "partly", "answer": "By energy, too."}
    send(alliance.owner, "answers", 403, **answer)
    nowhere = {**answer, "comment": "00000000-0000-4000-8000-000000000000"}
    send(alliance.steward, "answers", 422, **nowhere)
    assert send(alliance.steward, "answers", 200, **answer)["disposition"] == "partly"
    (told,) = send(alliance.verifier, "comments", 200, "get")
    assert (told["number"], told["answer"]) == (1, "By energy, too.")


def test_a_vote_is_told_in_numbers(alliance: Alliance) -> None:
    alliance.to(State.VOTING)
    send(alliance.owner, "votes", 403, number=1, choice="for")
    stands = send(alliance.approvers[0], "votes", 200, number=1, choice="for")
    assert (stands["for_it"], stands["is_open"]) == (1, True)
    assert send(alliance.approvers[0], "votes", 200, number=1, choice="against")["against"] == 1
    (told,) = send(alliance.owner, "votes", 200, "get")
    assert told["members"] == 2 and not {"company", "choice"} & set(told)
    assert RuleBallot.objects.get().choice == "against"


def test_who_is_not_signed_in_makes_nothing(alliance: Alliance) -> None:
    for what in ("versions", "comments", "answers", "votes"):
        assert Client().post(f"{RULE}{what}/").status_code == 401
    assert Client().put(f"{RULE}document/").status_code == 401
    assert ProductRule.objects.count() == 1
