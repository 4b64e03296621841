"""Questions about a company's people: who they are, what they may, who was asked in."""

from __future__ import annotations

from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import queries
from accounts.actor import Actor
from accounts.models import Company, Delegation, Invitation, Membership, User
from accounts.policy import may_manage_people
from accounts.roles import Role, is_privileged


@dataclass
class Member:
    """A person as the company's administrators see them."""

    person: User
    memberships: list[Membership] = field(default_factory=list)
    lent: list[Delegation] = field(default_factory=list)
    has_second_factor: bool = False

    @property
    def needs_second_factor(self) -> bool:
        """Whether a role waits for one."""
        held = [one.role for one in self.memberships] + [one.membership.role for one in self.lent]
        return not self.has_second_factor and any(is_privileged(Role(role)) for role in held)


def members(actor: Actor, company: Company) -> list[Member]:
    """Everybody with a role in the company, today or later, by name; for those who give roles."""
    if not may_manage_people(actor, company):
        return []
    today = timezone.localdate()
    found: dict[int, Member] = {}
    held = Membership.objects.filter(company=company).exclude(valid_to__lt=today)
    for one in held.select_related("user", "company").order_by("user__name", "user__email", "role"):
        found.setdefault(one.user_id, Member(one.user)).memberships.append(one)
    lent = queries.delegations_on(today).filter(membership__company=company)
    for each in lent.select_related("delegate", "membership__user", "membership__company"):
        found.setdefault(each.delegate_id, Member(each.delegate)).lent.append(each)
    factors = Authenticator.objects.filter(user__in=list(found))
    for person_id in factors.exclude(type="recovery_codes").values_list("user_id", flat=True):
        found[person_id].has_second_factor = True
    return list(found.values())


def of_company(actor: Actor, company: Company) -> QuerySet[User]:
    """Everybody who has or had a role in the company; for those who give roles."""
    known = User.objects.filter(pk__in=Membership.objects.filter(company=company).values("user"))
    return known if may_manage_people(actor, company) else known.none()


def open_invitations(actor: Actor, company: Company) -> QuerySet[Invitation]:
    """Those that wait for an answer, the latest first; for those who give roles."""
    waiting = Invitation.objects.filter(company=company, accepted_at=None, withdrawn_at=None)
    shown = waiting.select_related("invited_by", "company").order_by("-sent_at")
    return shown if may_manage_people(actor, company) else shown.none()


def invitations(actor: Actor) -> QuerySet[Invitation]:
    """All the actor may answer for."""
    everybody = Invitation.objects.select_related("company")
    return everybody.filter(company__in=_managed(actor))


def memberships(actor: Actor) -> QuerySet[Membership]:
    """All the actor may end or add to."""
    return Membership.objects.select_related("company", "user").filter(company__in=_managed(actor))


def _managed(actor: Actor) -> list[Company]:
    return [company for company in queries.companies(actor) if may_manage_people(actor, company)]


def lent_by(actor: Actor) -> QuerySet[Delegation]:
    """What the actor lends today."""
    return _lent().filter(membership__user_id=actor.user_id or 0)


def lent_to(actor: Actor) -> QuerySet[Delegation]:
    """What is lent to the actor today."""
    return _lent().filter(delegate_id=actor.user_id or 0)


def revocable(actor: Actor) -> QuerySet[Delegation]:
    """Delegations the actor may take back."""
    own = Q(membership__user_id=actor.user_id or 0) | Q(delegate_id=actor.user_id or 0)
    return _lent().filter(own | Q(membership__company__in=_managed(actor)))


def lendable(actor: Actor) -> list[Membership]:
    """The actor's own roles, which they may lend."""
    own = queries.memberships_on(timezone.localdate()).filter(user_id=actor.user_id or 0)
    held = own.select_related("company").order_by("company__code", "role")
    return [] if actor.awaits_second_factor else list(held.exclude(role=Role.PUBLIC))


def _lent() -> QuerySet[Delegation]:
    lent = queries.delegations_on(timezone.localdate())
    return lent.select_related("membership__company", "membership__user", "delegate").order_by("ends_on")
