"""Everybody who takes part in making a rule, and the way from draft to publication."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company
from accounts.queries import actor_of_user
from accounts.roles import Role
from factors.models import GreenhouseGas
from footprint.analysis.actions.try_rule import ask_for_trial, try_waiting
from footprint.rules.actions.commenting import vote_on
from footprint.rules.actions.drafts import built_in, load_product_rules
from footprint.rules.actions.moving import move_rule
from footprint.rules.actions.publishing import load_profiles
from footprint.rules.actions.seeding import load_categories
from footprint.rules.document.lifecycle import RULE, State
from footprint.rules.models import ProductRule
from tests import builders as new


class Alliance:
    """Everybody who takes part, and the draft of ethylene."""

    def __init__(self) -> None:
        load_categories()
        load_profiles()
        load_product_rules({"ethylene": built_in()["ethylene"]})
        new.gwp()
        for gas in ("CH4", "N2O"):
            GreenhouseGas.objects.get_or_create(code=gas, defaults={"name_zh": gas, "name_en": gas})
        office = new.company("rule-office", kind=Company.Kind.ASSOCIATION)
        self.members = [new.company(f"rule-member-{at}") for at in range(2)]
        self.steward, self.second = (new.person(office, Role.STEWARD) for _each in range(2))
        self.verifier = new.person(office, Role.VERIFIER)
        self.owner = new.person(self.members[0], Role.OWNER)
        self.approvers = [new.person(member, Role.APPROVER) for member in self.members]
        self.rule = ProductRule.objects.get(category__code="ethylene")

    def actor(self, name: str) -> Actor:
        people = {"approver": self.approvers[0], "other": self.approvers[1]}
        return actor_of_user(people.get(name) or getattr(self, name))

    def move(self, name: str, who: str = "steward", **more: Any) -> ProductRule:
        self.rule.refresh_from_db()
        move = RULE.move(name)
        needed = {"reason": "because"} if move and move.needs_reason else {}
        return move_rule(self.rule, by=self.actor(who), name=name, version=None, **{**needed, **more})

    def to(self, state: State) -> None:
        """All the way, each step by somebody who may."""
        for wanted, step in WAY:
            if State(self.rule.state) is state:
                return
            if wanted == self.rule.state:
                step(self)
                self.rule.refresh_from_db()


def try_rule(rule: ProductRule, *, by: Actor) -> None:
    """Asked for at the web, run by the worker."""
    ask_for_trial(rule, by=by)
    try_waiting()
    rule.refresh_from_db()


def vote(alliance: Alliance, choice: str = "for") -> None:
    for name in ("approver", "other"):
        vote_on(alliance.rule, by=alliance.actor(name), choice=choice)


def _review(alliance: Alliance) -> None:
    try_rule(alliance.rule, by=alliance.actor("verifier"))
    alliance.move("find_fit", "verifier")


def _vote(alliance: Alliance) -> None:
    vote(alliance)
    alliance.move("adopt")


WAY: tuple[tuple[State, Callable[[Alliance], Any]], ...] = (
    (State.DRAFTING, lambda a: a.move("open_comments")),
    (State.COMMENTING, lambda a: a.move("close_comments")),
    (State.REVIEWING, _review),
    (State.VOTING, _vote),
    (State.ADOPTED, lambda a: a.move("publish", effective_on=timezone.localdate())),
)
