"""Who is told what of a proposal, and what waits on whose first page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.actor import Actor
from accounts.models import Company, Kind, Notification
from accounts.notices import told
from accounts.queries import actor_of_user
from accounts.roles import Role
from factors import queries
from factors.actions.propose import comment_on, move_proposal, propose, review_proposal
from factors.models import Factor
from tests import builders
from tests.factors.conftest import Contents

People = Callable[[Role], Actor]


@pytest.fixture
def someone(db: None) -> People:
    def make(role: Role) -> Actor:
        return actor_of_user(builders.person(builders.company(), role))

    return make


def events(actor: Actor) -> list[tuple[str, str]]:
    rows = Notification.objects.filter(recipient_id=actor.user_id).order_by("pk")
    return [(row.kind, row.event) for row in rows]


def test_each_step_tells_whose_turn_it_is(grid: Factor, someone: People, content: Contents) -> None:
    curator, second, reviewer, bystander = map(
        someone, (Role.CURATOR, Role.CURATOR, Role.VERIFIER, Role.SHARING_MANAGER)
    )
    owner = someone(Role.OWNER)
    company = Company.objects.get(memberships__user_id=owner.user_id)
    made = propose(grid, by=owner, company=company, content=content("0.531"), reason="newer")
    assert [each.pk for each in queries.proposals_waiting(curator)] == [made.pk]
    move_proposal(made, by=curator, move="pass_on", version=None)
    assert [each.pk for each in queries.proposals_waiting(reviewer)] == [made.pk]
    review_proposal(made, by=reviewer, verdict="changes", comment="The unit is wrong.")
    assert queries.proposals_waiting(reviewer) == []
    move_proposal(made, by=curator, move="send_back", version=None, reason="see the review")
    assert [each.pk for each in queries.proposals_waiting(owner)] == [made.pk]
    assert events(curator) == [(Kind.MOVE_WAITS, "propose")]
    assert events(second)[0] == (Kind.MOVE_WAITS, "propose")
    assert events(reviewer) == [(Kind.MOVE_WAITS, "pass_on")]
    assert events(owner) == [(Kind.MOVED, "pass_on"), (Kind.MOVE_WAITS, "send_back")]
    assert events(bystander) == []
    assert queries.proposals_waiting(bystander) == []


def test_a_comment_reaches_the_proposer_and_whom_it_calls(
    grid: Factor, someone: People, content: Contents
) -> None:
    curator, owner = someone(Role.CURATOR), someone(Role.OWNER)
    called = builders.person(builders.company(), Role.VERIFIER, email="called@example.com")
    company = Company.objects.get(memberships__user_id=owner.user_id)
    made = propose(grid, by=owner, company=company, content=content("0.531"), reason="newer")
    move_proposal(made, by=curator, move="pass_on", version=None)
    comment_on(made, by=curator, text="@called@example.com knows the table.")
    row = Notification.objects.get(recipient=called, event="comment")
    assert row.kind == Kind.MENTION
    assert events(owner)[-1] == (Kind.QUESTION, "comment")
    ((_row, words),) = told(actor_of_user(called), [row])
    assert words is not None
    assert words.words == "@called@example.com knows the table."
