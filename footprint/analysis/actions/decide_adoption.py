"""A company takes a newer version of a factor over, or says why not yet."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import checks
from accounts.actor import Actor
from accounts.models import Company
from accounts.policy import require
from accounts.roles import Permission
from factors.models import FactorVersion
from footprint.analysis.models import AdoptionDecision
from footprint.inventory.actions import adopt_version


@transaction.atomic
def decide_adoption(
    old: FactorVersion,
    new: FactorVersion,
    *,
    by: Actor,
    company: Company,
    choice: str,
    reason: str = "",
    at: datetime | None = None,
) -> AdoptionDecision:
    """Adopt the new version in every line of the company that uses the old one, or postpone it.

    Raises:
        NotAllowed, Refusal: as ``adopt_version`` says; a postponement without a reason.
    """
    require(by, Permission.ADOPT_FACTOR, company_id=company.pk)
    chosen = checks.choice(choice, AdoptionDecision.Choice.values, field="choice")
    postpones = chosen == AdoptionDecision.Choice.POSTPONED
    said = checks.text(reason, field="reason", longest=2000, required=postpones)
    lines = 0 if postpones else adopt_version(old, new, by=by, company=company)
    decision = AdoptionDecision(
        company=company, old=old, new=new, choice=chosen, reason=said, lines=lines, by_id=by.user_id,
        at=at or timezone.now(),
    )  # fmt: skip
    decision.save(force_insert=True)
    return decision
