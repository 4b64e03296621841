"""A company takes a newer version of a factor over, or says why not yet."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
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
    by_policy: bool = False,
    at: datetime | None = None,
) -> AdoptionDecision:
    """Adopt the new version in every line of the company that uses the old one, or postpone it.

    Raises:
        NotAllowed, Refusal: as ``adopt_version`` says; a postponement without a reason; other gases counted,
        or another part of the life cycle: that is no newer version of the same.
    """
    require(by, Permission.ADOPT_FACTOR, company_id=company.pk)
    chosen = checks.choice(choice, AdoptionDecision.Choice.values, field="choice")
    postpones = chosen == AdoptionDecision.Choice.POSTPONED
    said = checks.text(reason, field="reason", longest=2000, required=postpones)
    if not postpones:
        _check(old, new)
    lines = 0 if postpones else adopt_version(old, new, by=by, company=company)
    decision = AdoptionDecision(
        company=company, old=old, new=new, choice=chosen, reason=said, lines=lines, by_id=by.user_id,
        at=at or timezone.now(), by_policy=by_policy,
    )  # fmt: skip
    decision.save(force_insert=True)
    return decision


def _check(old: FactorVersion, new: FactorVersion) -> None:
    if new.scope != old.scope:
        message = _(
            "The versions count different gases: %(old)s and %(new)s. Choose another factor line by line."
        )
        words = {"old": old.get_scope_display(), "new": new.get_scope_display()}
        raise Refusal(message % words, field="new", code="other_scope")
    if new.boundary != old.boundary:
        message = _(
            "The versions count different parts of the life cycle: %(old)s and %(new)s. Choose another "
            "factor line by line."
        )
        words = {"old": old.get_boundary_display(), "new": new.get_boundary_display()}
        raise Refusal(message % words, field="new", code="other_boundary")
