"""Move a product category rule along its life cycle: who may, what has to hold, who may not do both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import checks
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Text
from accounts.models import Company
from accounts.moving import checked, write_move
from accounts.review import Move
from footprint.rules.actions.product_rules import remember
from footprint.rules.document.conflicts import conflicts
from footprint.rules.document.lifecycle import GUARDS, RULE, Guard, Tally
from footprint.rules.models import ProductRule, RuleBallot

UNMET: dict[Guard, Text] = {
    Guard.TRIED: gettext_lazy(
        "Run this draft on the inventories first: it changed since, or nobody did yet."
    ),
    Guard.NO_CONFLICT: gettext_lazy("Some rules of this draft contradict each other. Send it back."),
    Guard.ALL_ANSWERED: gettext_lazy("Every comment of this round needs an answer first."),
    Guard.CARRIED: gettext_lazy(
        "The vote is not carried: half of the members have to vote, two thirds of them for it."
    ),
    Guard.NOT_CARRIED: gettext_lazy("The vote is carried. Adopt the rule."),
}


@transaction.atomic
def move_rule(
    rule: ProductRule,
    *,
    by: Actor,
    name: str,
    version: int | None,
    reason: str = "",
    effective_on: date | None = None,
    at: datetime | None = None,
) -> ProductRule:
    """Make one move; publishing says from which day on the version is in force.

    Raises:
        NotAllowed: another role, or the same person did what this has to be apart from.
        Refusal: no such move from here, a guard that does not hold, a reason or day that is missing.
        Stale.
    """
    if by.user_id is None:
        raise NotAllowed(_("People decide on rules, not machines."))
    move = checked(RULE, name, rule, by=by, deeds=_deeds(rule), reason=reason)
    for guard in GUARDS.get(name, ()):
        if not HOLDS[guard](rule):
            raise Refusal(UNMET[guard], code=str(guard))
    said = checks.text(reason, field="reason", longest=500)
    before = write_move(rule, move, version=version, **_changes(rule, move, effective_on, at))
    remember(rule, move.name, by=by, before=before, reason=said, at=at)
    return rule


def unmet(rule: ProductRule, move: Move) -> list[Text]:
    """What is still missing for a move, in words."""
    return [UNMET[guard] for guard in GUARDS.get(move.name, ()) if not HOLDS[guard](rule)]


def tally(rule: ProductRule) -> Tally:
    """How the vote of this round stands."""
    members = Company.objects.filter(kind=Company.Kind.MEMBER).count()
    chosen = list(rule.ballots.filter(round=rule.vote_round).values_list("choice", flat=True))
    choices = RuleBallot.Choice
    return Tally(members, *(chosen.count(each) for each in (choices.FOR, choices.AGAINST, choices.ABSTAIN)))


def _deeds(rule: ProductRule) -> dict[str, list[int | None]]:
    """Who did what so far: nobody approves, reviews or publishes what they proposed or wrote."""
    done: dict[str, list[int | None]] = defaultdict(list)
    for name, person in rule.moves.values_list("name", "by_id"):
        done[name].append(person)
    return done


def _changes(rule: ProductRule, move: Move, effective_on: date | None, at: datetime | None) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if move.name == "open_comments":
        changes["comment_round"] = rule.comment_round + 1
    if move.name == "find_fit":
        changes["vote_round"] = rule.vote_round + 1
    if move.name == "publish":
        today = timezone.localdate(at)
        if effective_on is None or effective_on < today:
            message = _("Say from which day on the rule is in force; not before today.")
            raise Refusal(message, field="effective_on", code="required")
        changes["effective_on"] = effective_on
    return changes


HOLDS: dict[Guard, Callable[[ProductRule], bool]] = {
    Guard.TRIED: lambda rule: rule.is_tried,
    Guard.NO_CONFLICT: lambda rule: not conflicts(rule.content),
    Guard.ALL_ANSWERED: lambda rule: not rule.comments.filter(disposition="").exists(),
    Guard.CARRIED: lambda rule: tally(rule).is_carried,
    Guard.NOT_CARRIED: lambda rule: not tally(rule).is_carried,
}
