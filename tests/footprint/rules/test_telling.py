"""Whose turn it is with a product category rule is told, listed at home, and said to whom it is not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Notification, User
from accounts.notices import told
from accounts.queries import actor_of_user
from footprint.rules.actions.commenting import answer_comment, comment_on, vote_on
from footprint.rules.actions.product_rules import edit_rule, propose_rule
from footprint.rules.document.lifecycle import State
from tests.footprint.rules.makers import Alliance, vote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def told_of(person: User) -> list[str]:
    """What a person is told of rules, in words, the latest first."""
    actor = actor_of_user(person)
    rows = (
        Notification.objects.visible_to(actor).filter(subject="product_rule").order_by("-created_at", "-pk")
    )
    return [each.words for _row, each in told(actor, rows) if each is not None]


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def at_home(person: User) -> str:
    return signed_in(person).get("/").content.decode()


def written_by_the_steward(alliance: Alliance) -> Actor:
    document = {**alliance.rule.document, "scope_en": "Only ethylene."}
    edit_rule(alliance.rule, by=alliance.actor("steward"), version=None, document=document)
    return alliance.actor("steward")


def test_each_step_tells_those_who_make_the_next(alliance: Alliance) -> None:
    written_by_the_steward(alliance)
    alliance.move("open_comments")
    for person in (alliance.owner, alliance.verifier):
        assert told_of(person) == ["A round of comments is open: say what your company thinks of the draft."]
    assert told_of(alliance.approvers[0]) == [] == told_of(alliance.second)
    alliance.to(State.REVIEWING)
    assert told_of(alliance.verifier)[0].startswith("It was handed to review")
    alliance.to(State.VOTING)
    assert [told_of(each) for each in alliance.approvers] == [
        ["It is put to the vote: each member company has one."]
    ] * 2
    vote(alliance)
    vote_on(alliance.rule, by=alliance.actor("other"), choice="for")
    carried = "The vote is carried so far; close it once the members had their time."
    assert told_of(alliance.second) == [carried] and told_of(alliance.steward) == [carried]
    alliance.move("adopt", "steward")
    assert told_of(alliance.second)[0] == "The members adopted it; it is to be published."
    assert told_of(alliance.steward) == [carried]  # who wrote it does not publish it
    alliance.move("publish", "second", effective_on=timezone.localdate())
    for person in (alliance.owner, alliance.steward, *alliance.approvers):
        assert told_of(person)[0].startswith("It is published.")


def test_a_version_tells_the_office_and_then_its_own_writers(alliance: Alliance) -> None:
    alliance.to(State.PUBLISHED)
    later = propose_rule(alliance.rule.category, by=alliance.actor("owner"), reason="prices moved")
    proposed = "A version was proposed; the project is to be approved."
    assert told_of(alliance.steward)[0] == proposed == told_of(alliance.second)[0]
    alliance.rule = later
    alliance.move("approve")
    alliance.move("begin")
    assert told_of(alliance.owner)[0] == "It is being drafted: write the rules."
    assert "Write the draft" in at_home(alliance.owner)
    assert "Write the draft" not in at_home(alliance.steward)


def test_home_lists_what_waits_for_whom(alliance: Alliance) -> None:
    written_by_the_steward(alliance)
    assert "Nothing waits for you." in at_home(alliance.steward)
    alliance.move("open_comments")
    assert "Comment on the draft" in at_home(alliance.owner)
    comment = comment_on(alliance.rule, by=alliance.actor("owner"), text="Why mass?")
    assert "Comment on the draft" not in at_home(alliance.owner)
    assert "Why mass?" in at_home(alliance.steward)
    answer_comment(comment, by=alliance.actor("steward"), disposition="adopted", answer="Energy, then.")
    alliance.to(State.REVIEWING)
    assert "Find it fit, put it to the vote" in at_home(alliance.verifier)
    alliance.to(State.VOTING)
    assert "Rules that wait for you" not in at_home(alliance.second)
    vote(alliance)
    assert "Rules that wait for you" in at_home(alliance.second)
    alliance.move("adopt")
    assert "Rules that wait for you" in at_home(alliance.second)
    assert "Rules that wait for you" not in at_home(alliance.steward)


def test_whoever_wrote_it_reads_why_they_cannot_publish_it(alliance: Alliance) -> None:
    written_by_the_steward(alliance)
    alliance.to(State.ADOPTED)
    client = signed_in(alliance.steward)
    address = "/product-rules/ethylene/"
    page = client.get(f"{address}?tab=making").content.decode()
    assert "somebody who had no hand in it before has to do this" in page
    given = {"move": "publish", "effective_on": timezone.localdate().isoformat()}
    refused = client.post(f"{address}move/", given)
    assert refused.status_code == 403
    assert "somebody who had no hand in it before has to do this" in refused.content.decode()
