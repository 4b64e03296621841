"""Who may do what: the one place that decides.

``visible_to`` decides what a person may know of (a foreign thing does not exist for them, 404); this file
decides what they may do with a thing they can see.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.errors import NotAllowed, Text
from accounts.models import Company
from accounts.roles import OUTWARD, ROLES, Permission, Scope


@dataclass(frozen=True)
class Allowed:
    """Yes."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Denied:
    """No, and why, in words the person can read."""

    reason: Text

    def __bool__(self) -> bool:
        return False


def can(
    actor: Actor, permission: Permission, *, company_id: int | None = None, site_id: int | None = None
) -> Allowed | Denied:
    """Whether the actor holds a permission at a company, and at a site when the role is held at sites.

    ``company_id`` None asks for an alliance-wide permission (publishing a factor, releasing a benchmark);
    ``site_id`` None asks for the company as a whole, of which a role held at sites says nothing.
    """
    if actor.is_worker:
        return Allowed()
    in_sandbox = False
    for holding in actor.holdings_with(permission):
        if company_id is not None and holding.company_id != company_id:
            continue
        if holding.in_sandbox and permission in OUTWARD:
            in_sandbox = True
            continue
        narrowed = ROLES[holding.role].scope is Scope.SITE
        if narrowed and site_id not in holding.site_ids:
            continue
        return Allowed()
    if in_sandbox:
        return Denied(_("This is a sandbox: nothing of it reaches others. Do this in the real company."))
    if not actor.is_known:
        return Denied(_("Please sign in first."))
    return Denied(_("Your role does not include this. Ask your company's data owner."))


def require(
    actor: Actor, permission: Permission, *, company_id: int | None = None, site_id: int | None = None
) -> None:
    """Pass, or raise.

    Raises:
        NotAllowed: with the reason the person will read.
    """
    _insist(can(actor, permission, company_id=company_id, site_id=site_id))


def speaks_for(actor: Actor, permission: Permission) -> int | None:
    """The company in whose name the actor does what reaches others; never a sandbox."""
    held = actor.holdings_with(permission)
    return next((holding.company_id for holding in held if not holding.in_sandbox), None)


def may_manage_people(actor: Actor, company: Company) -> Allowed | Denied:
    """Whether the actor invites people to the company and gives them roles."""
    return can(actor, Permission.MANAGE_MEMBERS, company_id=company.pk) or can(
        actor, Permission.SECURE_ACCOUNTS
    )


def require_people(actor: Actor, company: Company) -> None:
    """Pass, or raise.

    Raises:
        NotAllowed: with the reason the person will read.
    """
    _insist(may_manage_people(actor, company))


def _insist(decision: Allowed | Denied) -> None:
    if isinstance(decision, Denied):
        raise NotAllowed(decision.reason)
