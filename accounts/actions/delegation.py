"""Lend a role to a colleague until a day, and take it back."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks, queries
from accounts.actions.membership import conflicts, last_day
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.models import Delegation, Membership, User
from accounts.policy import may_manage_people

LONGEST_DAYS = 92
"""A role that is needed for longer is given, not lent."""


@transaction.atomic
def delegate(membership: Membership, *, by: Actor, to: User, ends_on: date) -> Delegation:
    """Lend one's own role, as it is, for as long as one has it oneself.

    Raises:
        NotAllowed: the role is not one's own; Refusal: to whom, or for how long.
    """
    today = timezone.localdate()
    own = queries.memberships_on(today).filter(pk=membership.pk, user_id=by.user_id or 0)
    if by.awaits_second_factor or not own.exists():
        raise NotAllowed(_("Nobody lends a role that they do not hold themselves."))
    last_day(ends_on)
    latest = min(today + timedelta(days=LONGEST_DAYS), membership.valid_to or date.max)
    if ends_on > latest:
        message = _("The last day can be %(latest)s at the latest. For longer, have the role given.")
        raise Refusal(message % {"latest": latest.isoformat()}, field="ends_on", code="too_long")
    if not queries.colleagues(by, membership.company).filter(pk=to.pk).exists():
        message = _("Choose a colleague of the same company whose account is open.")
        raise Refusal(message, field="to", code="no_colleague")
    if (
        queries.memberships_on(today)
        .filter(user=to, company=membership.company, role=membership.role)
        .exists()
    ):
        raise Refusal(_("This person has the role already."), field="to", code="duplicate")
    refusals = {
        **conflicts(),
        "delegation_once": Refusal(
            _("You lend this role to this person already."), field="to", code="duplicate"
        ),
    }
    over = Delegation.objects.filter(membership=membership, delegate=to, revoked_at__isnull=True)
    over.filter(ends_on__lt=today).update(revoked_at=timezone.now())
    with checks.refusing(refusals):
        return Delegation.objects.create(membership=membership, delegate=to, ends_on=ends_on)


@transaction.atomic
def revoke_delegation(delegation: Delegation, *, by: Actor) -> Delegation:
    """Take a lent role back, at once; its holder may, the delegate, and whoever gives roles in the company.

    Raises:
        NotAllowed.
    """
    concerned = {delegation.membership.user_id, delegation.delegate_id}
    if by.user_id not in concerned and not may_manage_people(by, delegation.membership.company):
        raise NotAllowed(_("Only who lent the role, who has it, or who gives roles may take it back."))
    if delegation.revoked_at is None:
        delegation.revoked_at = timezone.now()
        delegation.save(update_fields=["revoked_at"])
    return delegation
