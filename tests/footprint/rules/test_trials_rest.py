"""A draft is run on inventories over REST by those who may on its page; counts are for everybody."""

from __future__ import annotations

import pytest
from django.test import Client

from footprint.analysis.actions.try_rule import FEW, try_waiting
from footprint.rules.document.lifecycle import State
from footprint.rules.models import ProductRule
from tests.footprint.rules.makers import Alliance
from tests.footprint.rules.test_making_rest import send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
COUNTS = ("at", "groups", "products", "failed")


def test_a_draft_is_run_and_says_how_it_stands(alliance: Alliance) -> None:
    (told,) = send(alliance.owner, "trials", 200, "get")
    assert (told["number"], told["state"], told["rules"]) == (1, "untried", [])
    assert not any(told[name] for name in COUNTS)
    send(alliance.owner, "trials", 403, number=1)
    send(alliance.approvers[0], "trials", 403, number=1)
    send(alliance.steward, "trials", 422, number=9)
    assert send(alliance.steward, "trials", 202, number=1)["state"] == "waiting"
    assert try_waiting()
    (told,) = send(alliance.owner, "trials", 200, "get")
    assert (told["state"], told["groups"], told["rules"]) == ("hidden", None, [])
    assert send(alliance.verifier, "trials", 202, number=1)["state"] == "waiting"


def test_counts_are_those_of_the_document_as_it_is(alliance: Alliance) -> None:
    rule = alliance.rule
    counts = {"groups": 5, "products": 9, "failed": FEW}
    by_rule = {"cut_off": {"broken": FEW, "asked": 0, "is_idle": False}}
    found = {"digest": rule.digest, "at": "2026-01-01T00:00:00+00:00", "is_hidden": False, **counts}
    ProductRule.objects.filter(pk=rule.pk).update(trial={**found, "rules": by_rule})
    (told,) = send(alliance.owner, "trials", 200, "get")
    assert told["state"] == "told" and {name: told[name] for name in counts} == counts
    assert told["rules"] == [{"rule": "cut_off", **by_rule["cut_off"]}]
    ProductRule.objects.filter(pk=rule.pk).update(trial={**found, "rules": by_rule, "digest": "other"})
    (told,) = send(alliance.owner, "trials", 200, "get")
    assert told["state"] == "outdated" and told["groups"] is None and told["rules"] == []
    ProductRule.objects.filter(pk=rule.pk).update(trial={"digest": rule.digest, "is_broken": True})
    assert send(alliance.owner, "trials", 200, "get")[0]["state"] == "broken"


def test_contradictions_are_told_before_the_vote(alliance: Alliance) -> None:
    assert send(alliance.owner, "trials", 200, "get")[0]["conflicts"] == []
    document = {**alliance.rule.document}
    document["cut_off"] = {**document["cut_off"], "per_flow": "0.9"}
    ProductRule.objects.filter(pk=alliance.rule.pk).update(document=document)
    (conflict,) = send(alliance.owner, "trials", 200, "get")[0]["conflicts"]
    assert conflict["code"] == "more_than_all" and conflict["message"]


def test_what_is_no_draft_is_not_run(alliance: Alliance) -> None:
    alliance.to(State.PUBLISHED)
    send(alliance.steward, "trials", 422, number=1)


def test_who_is_not_signed_in_learns_nothing(alliance: Alliance) -> None:
    for answer in (Client().get, Client().post):
        assert answer("/api/v1/product-category-rules/ethylene/trials/").status_code == 401
    client = Client()
    client.force_login(alliance.owner)
    assert client.get("/api/v1/product-category-rules/nowhere/trials/").status_code == 404
