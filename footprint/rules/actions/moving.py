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
from accounts.moving import ELSEWHERE, WORDS, checked, obstacle, write_move
from accounts.review import Move
from footprint.rules.actions.product_rules import remember
from footprint.rules.document.conflicts import conflicts
from footprint.rules.document.lifecycle import EDIT, GUARDS, OPEN_COMMENTS, PROPOSE, RULE, Guard, Tally
from footprint.rules.models import ProductRule, RuleBallot
from footprint.rules.notices import tell_moved

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
    ProductRule.objects.select_for_update().get(pk=rule.pk)  # no comment and no vote slips past a guard
    for guard in GUARDS.get(name, ()):
        if not HOLDS[guard](rule):
            raise Refusal(UNMET[guard], code=str(guard))
    said = checks.text(reason, field="reason", longest=500)
    before = write_move(rule, move, version=version, **_changes(rule, move, effective_on, at))
    moved_at = at or timezone.now()
    remember(rule, move.name, by=by, before=before, reason=said, at=moved_at)
    tell_moved(rule, move.name, by=by, at=moved_at, barred=_authors(rule))
    return rule


def unmet(rule: ProductRule, move: Move, *, by: Actor) -> list[Text]:
    """What is still missing for a move, in words: guards, and a person who had no hand in it."""
    barred = obstacle(move, rule, by=by, deeds=_deeds(rule), reason="")
    others = [WORDS[barred]] if barred in ELSEWHERE else []
    return others + [UNMET[guard] for guard in GUARDS.get(move.name, ()) if not HOLDS[guard](rule)]


def is_turn_of(rule: ProductRule, move: Move, *, by: Actor) -> bool:
    """Whether a move waits for this person: they had no hand in it before, and a vote is decided."""
    is_decided = Guard.CARRIED not in GUARDS.get(move.name, ()) or tally(rule).is_carried
    return is_decided and obstacle(move, rule, by=by, deeds=_deeds(rule), reason="") not in ELSEWHERE


def tally(rule: ProductRule) -> Tally:
    """How the vote of this round stands."""
    members = Company.objects.filter(kind=Company.Kind.MEMBER).count()
    chosen = list(rule.ballots.filter(round=rule.vote_round).values_list("choice", flat=True))
    choices = RuleBallot.Choice
    return Tally(members, *(chosen.count(each) for each in (choices.FOR, choices.AGAINST, choices.ABSTAIN)))


def _authors(rule: ProductRule) -> set[int | None]:
    done = _deeds(rule)
    return {*done[PROPOSE], *done[EDIT]}


def _deeds(rule: ProductRule) -> dict[str, list[int | None]]:
    """Who did what so far: nobody approves, reviews or publishes what they proposed or wrote."""
    done: dict[str, list[int | None]] = defaultdict(list)
    for name, person in rule.moves.values_list("name", "by_id"):
        done[name].append(person)
    return done


def _changes(rule: ProductRule, move: Move, effective_on: date | None, at: datetime | None) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if move.name == OPEN_COMMENTS:
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
