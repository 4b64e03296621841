"""Say something about a verification, or about one of its findings."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from footprint.verification.actions.engagement import LONGEST, require_at_work
from footprint.verification.models import Engagement, EngagementRemark, VerificationFinding
from footprint.verification.notices import tell_remarked
from footprint.verification.procedure import AT_WORK


@transaction.atomic
def remark_on(
    engagement: Engagement,
    *,
    by: Actor,
    at: datetime,
    text: str,
    finding: VerificationFinding | None = None,
) -> EngagementRemark:
    """The verifier, or those of the company who engage one, while the work lasts; @ calls somebody by name.

    Raises:
        NotAllowed; Refusal: the work is over or has not begun, the finding is closed, or nothing was said.
    """
    if engagement.verifier_id == by.user_id:
        require_at_work(engagement, by, *AT_WORK)
    else:
        require(by, Permission.ENGAGE_VERIFIER, company_id=engagement.company_id)
    if engagement.state not in AT_WORK:
        raise Refusal(_("This is not possible in this state of the verification."), code="not_from_here")
    if finding is not None and finding.closed_at is not None:
        raise Refusal(_("This finding is closed."), code="finding_closed")
    said = EngagementRemark(
        company_id=engagement.company_id,
        engagement=engagement,
        finding=finding.uuid if finding else None,
        text=checks.text(text, field="text", longest=LONGEST, required=True),
        by_id=by.user_id,
        at=at,
    )
    said.save(force_insert=True)
    tell_remarked(engagement, said.text, by=by, at=at)
    return said
