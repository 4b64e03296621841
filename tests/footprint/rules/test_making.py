"""How a product category rule comes to be: who may take which step, what has to hold, what never changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals, Stale
from accounts.models import Company
from accounts.roles import Role
from footprint.rules.actions.commenting import answer_comment, comment_on, vote_on
from footprint.rules.actions.drafts import load_product_rules
from footprint.rules.actions.moving import move_rule
from footprint.rules.actions.product_rules import edit_rule, propose_rule
from footprint.rules.document.lifecycle import State, Tally
from footprint.rules.models import ProductRule, RuleMove
from footprint.rules.queries import applicable_rules, rules_in_force
from tests import builders as new
from tests.footprint.rules.makers import Alliance, try_rule, vote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = date(2026, 1, 1)


def test_from_draft_to_publication_and_the_next_version(alliance: Alliance) -> None:
    today = timezone.localdate()
    assert rules_in_force(Actor.worker(), today) == {}
    assert applicable_rules(Actor.worker(), today)[alliance.rule.category_id] == alliance.rule
    alliance.to(State.PUBLISHED)
    assert rules_in_force(Actor.worker(), today) == {alliance.rule.category_id: alliance.rule}
    steps = list(alliance.rule.moves.order_by("pk").values_list("name", flat=True))
    assert steps == [
        "propose", "approve", "begin", "open_comments", "close_comments", "find_fit", "adopt", "publish",
    ]  # fmt: skip
    later = propose_rule(alliance.rule.category, by=alliance.actor("owner"), reason="prices moved")
    assert (later.number, later.state, later.company) == (2, State.PROPOSED, alliance.members[0])
    assert later.document == alliance.rule.document
    with pytest.raises(Refusal, match="in the making already"):
        propose_rule(alliance.rule.category, by=alliance.actor("owner"), reason="again")
    assert rules_in_force(Actor.worker(), today)[later.category_id] == alliance.rule


def test_nobody_decides_on_what_they_proposed_or_wrote(alliance: Alliance) -> None:
    document = {**alliance.rule.document, "scope_en": "Only ethylene."}
    edit_rule(alliance.rule, by=alliance.actor("steward"), version=None, document=document)
    alliance.to(State.ADOPTED)
    with pytest.raises(NotAllowed, match="had no hand in it"):
        alliance.move("publish", "steward", effective_on=timezone.localdate())
    alliance.move("publish", "second", effective_on=timezone.localdate())
    later = propose_rule(alliance.rule.category, by=alliance.actor("steward"), reason="new data")
    with pytest.raises(NotAllowed, match="had no hand in it"):
        move_rule(later, by=alliance.actor("steward"), name="approve", version=None)
    move_rule(later, by=alliance.actor("second"), name="approve", version=None)


def test_guards_name_what_is_missing(alliance: Alliance) -> None:
    alliance.to(State.COMMENTING)
    comment = comment_on(
        alliance.rule, by=alliance.actor("owner"), text="Why mass?", address="allocation.mass"
    )
    with pytest.raises(Refusal, match="needs an answer"):
        alliance.move("close_comments")
    with pytest.raises(NotAllowed):
        answer_comment(comment, by=alliance.actor("owner"), disposition="adopted", answer="Yes.")
    with pytest.raises(Refusal, match="must not be empty"):
        answer_comment(comment, by=alliance.actor("steward"), disposition="rejected", answer=" ")
    answer_comment(comment, by=alliance.actor("steward"), disposition="partly", answer="By energy, too.")
    alliance.move("close_comments")
    with pytest.raises(Refusal, match="Run this draft"):
        alliance.move("find_fit", "verifier")
    try_rule(alliance.rule, by=alliance.actor("verifier"))
    with pytest.raises(Refusal, match="Say why"):
        alliance.move("find_fit", "verifier", reason="")
    alliance.move("find_fit", "verifier")
    vote_on(alliance.rule, by=alliance.actor("approver"), choice="against")
    with pytest.raises(Refusal, match="not carried"):
        alliance.move("adopt")
    vote(alliance)
    with pytest.raises(Refusal, match="carried"):
        alliance.move("decline")
    alliance.move("adopt")
    with pytest.raises(Refusal, match="from which day"):
        alliance.move("publish")
    with pytest.raises(Refusal, match="not before today"):
        alliance.move("publish", effective_on=timezone.localdate() - timedelta(days=1))


def test_a_contradiction_stops_the_vote(alliance: Alliance) -> None:
    document = alliance.rule.document
    first = document["exchanges"][0]
    ban = {**first, "code": "ban", "presence": "forbidden", "within": "site"}
    edited = {**document, "exchanges": [*document["exchanges"], ban]}
    edit_rule(alliance.rule, by=alliance.actor("steward"), version=None, document=edited)
    alliance.to(State.REVIEWING)
    try_rule(alliance.rule, by=alliance.actor("verifier"))
    with pytest.raises(Refusal, match="contradict"):
        alliance.move("find_fit", "verifier")
    alliance.move("send_back", "verifier")


def test_a_vote_that_fails_goes_back_and_counts_anew(alliance: Alliance) -> None:
    alliance.to(State.VOTING)
    vote(alliance, "against")
    alliance.move("decline")
    alliance.rule.refresh_from_db()
    alliance.to(State.VOTING)
    assert alliance.rule.vote_round == 2
    with pytest.raises(Refusal, match="not carried"):
        alliance.move("adopt")


@pytest.mark.parametrize(
    ("tally", "carried"),
    [
        (Tally(0, 0, 0, 0), False),
        (Tally(10, 4, 0, 0), False),
        (Tally(10, 5, 0, 0), True),
        (Tally(10, 4, 2, 0), True),
        (Tally(10, 3, 2, 0), False),
        (Tally(10, 0, 0, 10), False),
        (Tally(10, 2, 1, 2), True),
    ],
)
def test_quorum_and_majority(tally: Tally, carried: bool) -> None:
    assert tally.is_carried is carried


def test_two_at_once_one_takes_effect(alliance: Alliance) -> None:
    seen = alliance.rule.version
    move_rule(alliance.rule, by=alliance.actor("steward"), name="open_comments", version=seen)
    stale = ProductRule.objects.get(pk=alliance.rule.pk)
    stale.state = State.DRAFTING
    with pytest.raises(Stale):
        move_rule(stale, by=alliance.actor("second"), name="open_comments", version=seen)
    assert alliance.rule.moves.filter(name="open_comments").count() == 1


def refused(change: Callable[[], object], words: str) -> None:
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        change()


def test_published_never_changes_in_the_database(alliance: Alliance) -> None:
    alliance.to(State.PUBLISHED)
    rows = ProductRule.objects.filter(pk=alliance.rule.pk)
    for change in ({"document": {}}, {"digest": "x"}, {"effective_on": DAY}, {"trial": {}}, {"number": 9}):
        refused(lambda change=change: rows.update(**change), "never changes")  # type: ignore[misc]
    refused(lambda: rows._raw_delete("default"), "never removed")
    refused(lambda: rows.update(state="drafting"), "does not go from")
    moves = RuleMove.objects.filter(rule=alliance.rule)
    refused(lambda: moves.update(reason="other"), "keeps what was said")
    refused(lambda: moves._raw_delete("default"), "keeps what was said")
    move_rule(alliance.rule, by=alliance.actor("steward"), name="withdraw", version=None, reason="wrong")
    assert rules_in_force(Actor.worker(), timezone.localdate()) == {}


def test_a_draft_is_written_only_while_it_is_drafted(alliance: Alliance) -> None:
    alliance.to(State.COMMENTING)
    rows = ProductRule.objects.filter(pk=alliance.rule.pk)
    refused(lambda: rows.update(document={}), "written while it is drafted")
    with pytest.raises(Refusal, match="being drafted"):
        edit_rule(alliance.rule, by=alliance.actor("steward"), version=None, document=alliance.rule.document)


def test_serving_roles_cannot_remove(alliance: Alliance) -> None:
    with connection.cursor() as cursor:
        for table in ("productrule", "rulemove", "rulecomment", "ruleballot"):
            cursor.execute("SELECT has_table_privilege('pcf_app', %s, 'DELETE')", [f"rules_{table}"])
            assert cursor.fetchone() == (False,)


def test_what_is_wrong_with_a_document_is_refused_in_words(alliance: Alliance) -> None:
    edited = {**alliance.rule.document, "unit": "cup", "profile": "nobody"}
    with pytest.raises(Exception, match="not known here") as caught:
        edit_rule(alliance.rule, by=alliance.actor("steward"), version=None, document=edited)
    assert {each.field for each in caught.value.refusals} == {"unit", "profile"}  # type: ignore[attr-defined]


def test_loading_again_changes_nothing(alliance: Alliance) -> None:
    assert load_product_rules() == 28
    before = list(ProductRule.objects.order_by("pk").values_list("pk", "digest", "version"))
    assert load_product_rules() == len(before) == 28
    assert list(ProductRule.objects.order_by("pk").values_list("pk", "digest", "version")) == before


POSTS = ("propose", "move", "comment", "answer", "vote", "try", "edit")
MAY = {
    "propose": {"owner", "steward", "second"},
    "move": {"steward", "second"},
    "comment": {"owner", "verifier"},
    "answer": {"steward", "second"},
    "vote": {"approver", "other"},
    "try": {"steward", "second", "verifier"},
    "edit": {"steward", "second"},
}
EVERYBODY = ("owner", "steward", "second", "verifier", "approver", "other", "outsider")


@pytest.mark.parametrize("what", POSTS)
def test_the_doors_ask_for_the_part(alliance: Alliance, what: str) -> None:
    """Those of other parts are told that they may not; who is not signed in is sent away."""
    alliance.outsider = new.person(
        new.company("rule-supplier", kind=Company.Kind.SUPPLIER), Role.PLANT_PROVIDER
    )  # type: ignore[attr-defined]
    address = f"/product-rules/ethylene/{what}/"
    assert Client().post(address).headers["Location"].startswith("/accounts/login/")
    alliance.to(State.COMMENTING)
    comment = comment_on(alliance.rule, by=alliance.actor("verifier"), text="Why?")
    given = {"move": "revise", "reason": "x", "comment": str(comment.uuid)}
    for name in EVERYBODY:
        client = Client()
        client.force_login({"approver": alliance.approvers[0], "other": alliance.approvers[1]}.get(name)
                           or getattr(alliance, name))  # fmt: skip
        answer = client.post(address, given)
        assert (answer.status_code == 403) is (name not in MAY[what]), (name, answer.status_code)
    assert Client().get(address).status_code in (302, 405)


def test_what_is_refused_stays_as_it_was_typed(alliance: Alliance) -> None:
    alliance.to(State.COMMENTING)
    comment = comment_on(alliance.rule, by=alliance.actor("verifier"), text="Why?")
    typed = "Steam is missing. " * 300
    sent_back(alliance, "owner", "comment", {"text": typed, "address": ""}, typed.strip())
    answer = {"comment": str(comment.uuid), "disposition": "nothing", "answer": "We kept it."}
    sent_back(alliance, "steward", "answer", answer, ">We kept it.<")
    sent_back(alliance, "steward", "move", {"move": "close_comments", "version": "0"}, "close_comments")
    answer_comment(comment, by=alliance.actor("steward"), disposition="rejected", answer="Kept.")
    alliance.move("close_comments")
    sent_back(alliance, "owner", "comment", {"text": "Too late?"}, ">Too late?<")


def sent_back(alliance: Alliance, who: str, what: str, given: dict[str, str], kept: str) -> None:
    """The page comes back with the words in it, and why."""
    client = Client()
    client.force_login(getattr(alliance, who))
    answer = client.post(f"/product-rules/ethylene/{what}/", given)
    assert answer.status_code == 422
    assert kept in answer.content.decode()


def test_moves_over_rest(alliance: Alliance) -> None:
    def send(name: str, tag: str | None, **body: object) -> int:
        client = Client()
        client.force_login(getattr(alliance, name))
        headers = {"If-Match": tag} if tag else {}
        path = "/api/v1/product-category-rules/ethylene/moves/"
        answer = client.post(path, body, content_type="application/json", headers=headers)
        return answer.status_code

    reader = Client()
    reader.force_login(alliance.owner)
    told = reader.get("/api/v1/product-category-rules/ethylene/").json()["versions"][0]
    tag = f'"{told["version"]}"'
    move = {"number": told["number"], "move": "open_comments"}
    assert Client().post("/api/v1/product-category-rules/ethylene/moves/", move).status_code == 401
    assert send("steward", None, **move) == 428
    assert send("owner", tag, **move) == 403
    assert send("steward", tag, **{**move, "number": 9}) == 422
    assert send("steward", tag, **{**move, "move": "adopt"}) == 422
    assert send("steward", tag, **move) == 200
    assert send("steward", tag, **move) in (412, 422), "once"
    alliance.rule.refresh_from_db()
    assert alliance.rule.state == State.COMMENTING


def test_a_text_that_reads_otherwise_than_it_is_written_is_refused(alliance: Alliance) -> None:
    """Who votes on a rule sees what it says: no sign in it turns the direction of writing."""
    edited = {**alliance.rule.document, "scope_en": "Only \u202eenelyhte\u202c."}
    with pytest.raises(Refusals) as refused:
        edit_rule(alliance.rule, by=alliance.actor("steward"), version=None, document=edited)
    assert [(each.field, each.code) for each in refused.value.refusals] == [("scope_en", "invisible")]
