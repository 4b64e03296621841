"""Run a draft rule on the inventories that exist: how many fail, which rules stop them. Counts alone leave.

Of plants that only their owners know, the drafters learn numbers: none at all below the five company groups a
benchmark needs, and of fewer than three only that there are few. Numbers that would add up to a hidden
one, of those that pass, are not told.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.analysis.conformity import Conformity, conformity_of
from footprint.engine.disclosure.statistics import MINIMUM_GROUPS
from footprint.inventory.models import Exchange, Inventory
from footprint.inventory.providers import MAKES
from footprint.rules.actions.product_rules import keep_trial
from footprint.rules.document.checking import Verdict
from footprint.rules.document.lifecycle import State
from footprint.rules.models import ProductRule

logger = logging.getLogger(__name__)

TRY_TASK = "footprint.analysis.try_rules"
FEW = 2
"""One and two are told apart from nothing, and from each other not."""
MOST_INVENTORIES = 200
WANTED_PLANTS = 3
"""A draft is run on every plant there is; that there were fewer than these is kept with the trial."""


@transaction.atomic
def ask_for_trial(rule: ProductRule, *, by: Actor, at: datetime | None = None) -> ProductRule:
    """Have the worker run the draft: whoever asks may not read the rows it is run on.

    Raises:
        NotAllowed, Refusal.
    """
    asked = {"digest": rule.digest, "asked_at": (at or timezone.now()).isoformat()}
    transaction.on_commit(_wake, robust=True)
    return keep_trial(rule, by=by, found=asked)


def try_waiting(at: datetime | None = None) -> bool:
    """Run the next draft that somebody asked for; whether there was one. One that breaks says so."""
    with acting_as(Actor.worker()):
        waiting = ProductRule.objects.filter(trial__has_key="asked_at")
        drafts = waiting.exclude(state__in=[State.PUBLISHED, State.WITHDRAWN])
        rule = drafts.select_for_update(skip_locked=True).order_by("pk").first()
        if rule is None:
            return False
        now = at or timezone.now()
        try:
            with transaction.atomic():
                found = _trial(rule, now)
        except Exception:
            logger.exception("trial of product category rule %s broke", rule.uuid)
            found = {"is_broken": True}
        trial = {"digest": rule.digest, "at": now.isoformat(), **found}
        ProductRule.objects.filter(pk=rule.pk).update(trial=trial)
    return True


def _wake() -> None:
    """Nothing depends on it: the clock makes good for a lost message."""
    current_app.send_task(TRY_TASK, ignore_result=True, retry=False)


def _trial(rule: ProductRule, at: datetime) -> dict[str, Any]:
    made = Exchange.objects.filter(MAKES, product__category_id=rule.category_id)
    inventories = Inventory.objects.filter(pk__in=made.values("process__inventory_id"))
    latest = list(
        inventories.select_related("site__company").order_by("-period_end", "pk")[:MOST_INVENTORIES]
    )
    rules, on = {rule.category_id: rule}, timezone.localdate(at)
    results = [each for one in latest for each in conformity_of(Actor.worker(), one, rules, on)]
    groups = {each.company.group_id for each in latest}
    reach = {"is_few": len({each.site_id for each in latest}) < WANTED_PLANTS}
    if len(groups) < MINIMUM_GROUPS:
        return {"is_hidden": True, **reach}
    return {"is_hidden": False, **reach, "groups": len(groups), **counted(results)}


def counted(results: list[Conformity]) -> dict[str, Any]:
    """How many there are and fail; by rule how many break it, are asked by it, and whether any meets it."""
    by_rule: dict[str, Counter[Verdict]] = {}
    for result in results:
        for outcome in result.outcomes:
            by_rule.setdefault(outcome.address, Counter())[outcome.verdict] += 1
    return {
        "products": len(results),
        "failed": clouded(sum(not result.passes for result in results)),
        "rules": {
            address: {
                "broken": clouded(counts[Verdict.BROKEN]),
                "asked": clouded(counts[Verdict.ASKED]),
                "is_idle": set(counts) == {Verdict.IDLE},
            }
            for address, counts in by_rule.items()
        },
    }


def clouded(count: int) -> int:
    """A count as it is told: few of them are ``FEW``."""
    return FEW if 0 < count <= FEW else count
