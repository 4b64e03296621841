"""A company says what it takes over without being asked; then it is taken over."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor, Holding
from accounts.errors import Refusal
from accounts.models import Company
from accounts.policy import require
from accounts.roles import Permission, Role
from accounts.visibility import acting_as
from factors import queries as factor_queries
from factors.models import FactorVersion
from footprint.analysis import queries
from footprint.analysis.actions.decide_adoption import decide_adoption
from footprint.analysis.impact import Change, change_between
from footprint.analysis.models import AdoptionDecision, AdoptionPolicy
from footprint.calculation import ledger
from footprint.inventory import measures

MOST_PERCENT = Decimal(100)


@transaction.atomic
def set_policy(
    company: Company, *, by: Actor, most_percent: Decimal, is_active: bool = True, at: datetime | None = None
) -> AdoptionPolicy:
    """Say up to which change newer versions are taken over; a later word replaces an earlier one.

    Raises:
        NotAllowed: the role does not include it.
        Refusal: no share of a hundred, or as ``measures.number``.
    """
    require(by, Permission.ADOPT_FACTOR, company_id=company.pk)
    if not 0 <= measures.number(most_percent, field="most_percent") <= MOST_PERCENT:
        message = _("Give the largest change in per cent, from 0 to 100.")
        raise Refusal(message, field="most_percent", code="out_of_range")
    said: dict[str, Any] = {
        "most_percent": most_percent, "is_active": is_active, "set_by_id": by.user_id,
        "set_at": at or timezone.now(),
    }  # fmt: skip
    found = AdoptionPolicy.objects.visible_to(by).filter(company=company).first()
    if found is None:
        return AdoptionPolicy.objects.create(company=company, **said)
    for name, value in said.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=[*said, "version"])
    return found


def adopt_waiting(at: datetime | None = None) -> int:
    """Take over what the policies of companies allow; how many versions were."""
    with acting_as(Actor.worker()):
        policies = list(AdoptionPolicy.objects.filter(is_active=True).select_related("company"))
    count = sum(_adopt(policy, at or timezone.now()) for policy in policies)
    if count:
        ledger.wake()
    return count


def _adopt(policy: AdoptionPolicy, at: datetime) -> int:
    company, count = policy.company, 0
    actor = Actor(name=f"adoption policy of {company.code}", holdings=(Holding(company.pk, Role.OWNER),))
    with acting_as(actor):
        for row in queries.outdated_versions(actor):
            if row.new is None or _was_decided(row.decision, row.new) or not _is_same(row.old, row.new):
                continue
            emissions = factor_queries.emissions_of(actor, [row.new.pk])[row.new.pk]
            change = change_between(actor, row.old, emissions, row.new.factor.unit)
            if is_small(change, policy.most_percent):
                decide_adoption(
                    row.old, row.new, by=actor, company=company, choice="accepted", by_policy=True, at=at
                )
                count += 1
    return count


def _was_decided(decision: AdoptionDecision | None, new: FactorVersion) -> bool:
    """Whether a person postponed this very version."""
    return decision is not None and decision.new_id == new.pk


def _is_same(old: FactorVersion, new: FactorVersion) -> bool:
    """A newer version of the same factor, that counts the same."""
    return (
        old.status == FactorVersion.Status.SUPERSEDED
        and old.factor_id == new.factor_id
        and (old.scope, old.boundary) == (new.scope, new.boundary)
    )


def is_small(change: Change, most_percent: Decimal) -> bool:
    """Whether a factor moves by no more than so much, with every GWP set."""
    limit = float(most_percent) / 100 * np.abs(change.before)
    return bool((np.abs(change.step) <= limit * (1 + 1e-12)).all())
