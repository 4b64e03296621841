"""Give somebody a role in a company, and take it away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks, queries
from accounts.actor import Actor
from accounts.duties_sql import CONSTRAINT
from accounts.errors import NotAllowed, Refusal
from accounts.models import Company, Membership, Site, User
from accounts.policy import can, require_people
from accounts.roles import Permission, Role, grantable


def roles_for(company: Company) -> tuple[Role, ...]:
    """The roles that can be given to the company's people."""
    kind = Company.Kind(company.kind)
    return grantable(at_alliance=kind is kind.ASSOCIATION, verifies=kind is kind.VERIFIER)


@transaction.atomic
def add_role(
    person: User,
    *,
    by: Actor,
    company: Company,
    role: str,
    sites: Sequence[Site] = (),
    ends_on: date | None = None,
) -> Membership:
    """A further role of somebody who belongs to the company already.

    Raises:
        NotAllowed; Refusal: the role is not to be had there, stands against another of the person's, or the
        company has people of its own who give it.
    """
    require_people(by, company)
    not_oneself(person, by=by)
    first_people_only(company, by=by)
    if not Membership.objects.filter(user=person, company=company).exists():
        raise Refusal(_("This person does not belong to the company. Invite them first."), code="stranger")
    return grant(person, company=company, role=role, sites=sites, ends_on=ends_on)


def grant(
    person: User, *, company: Company, role: str, sites: Sequence[Site] = (), ends_on: date | None = None
) -> Membership:
    """The row itself, as an invitation or a colleague gives it; asks nobody.

    Raises:
        Refusal: the role is not to be had there, or stands against another of the person's.
    """
    checks.choice(role, [str(one) for one in roles_for(company)], field="role")
    last_day(ends_on)
    with checks.refusing(conflicts()):
        Membership.objects.filter(user=person, company=company, role=role).exclude(
            pk__in=queries.memberships_on(timezone.localdate())
        ).delete()
        made = Membership.objects.create(user=person, company=company, role=role, valid_to=ends_on)
        made.sites.through.objects.bulk_create(
            [made.sites.through(membership_id=made.pk, site_id=site.pk) for site in sites]
        )
    return made


@transaction.atomic
def end_role(membership: Membership, *, by: Actor) -> None:
    """Take a role away at once, with everything its holder lent of it; the audit log keeps what was.

    Raises:
        NotAllowed; Refusal: it is the last of the people who could give roles.
    """
    require_people(by, membership.company)
    not_oneself(membership.user, by=by)
    if membership.role == Role.OWNER and not _others_own(membership):
        message = _(
            "A company needs somebody who answers for its data. Give that role to another person first."
        )
        raise Refusal(message, code="last_owner")
    membership.delete()


def not_oneself(person: User, *, by: Actor) -> None:
    """Nobody changes what they may do themselves.

    Raises:
        NotAllowed.
    """
    if by.user_id == person.pk:
        raise NotAllowed(_("Nobody changes their own roles. Ask somebody else who may."))


def first_people_only(company: Company, *, by: Actor) -> None:
    """Whoever opens accounts for the alliance brings in the first people of a company, and no others.

    Else they could make somebody of their own the company's data owner, and read what they may not; also by
    closing its owner's account first. An owner whose account is closed, or whose role is over, is still one.

    Raises:
        NotAllowed: the company has a data owner, or had one.
    """
    if company.kind == Company.Kind.ASSOCIATION or can(by, Permission.MANAGE_MEMBERS, company_id=company.pk):
        return
    if _owners(company).exists():
        message = _("This company has a data owner, who invites its people and gives them roles.")
        raise NotAllowed(message, code="has_owner")
    if Membership.objects.filter(company=company, role=Role.OWNER).exists():
        message = _(
            "This company had a data owner. Open that account again, or let whoever runs the platform's "
            "servers invite another."
        )
        raise NotAllowed(message, code="had_owner")


def last_day(ends_on: date | None, *, field: str = "ends_on") -> None:
    """A last day lies ahead. Raises Refusal."""
    if ends_on is not None and ends_on < timezone.localdate():
        raise Refusal(_("The last day lies in the past."), field=field, code="past")


def conflicts() -> dict[str, Refusal]:
    """What the database refuses, in words."""
    return {
        "membership_once": Refusal(_("This person has the role already."), field="role", code="duplicate"),
        CONSTRAINT: Refusal(
            _(
                "System administrator, security administrator and auditor must be three people, so that "
                "nobody can cover up what they did. This person has, or is lent, another of these roles."
            ),
            field="role",
            code="duties_apart",
        ),
    }


def _others_own(membership: Membership) -> bool:
    """Whether others answer for the company's data; held, so that two owners cannot end each other's role."""
    held = Membership.objects.filter(company=membership.company, role=Role.OWNER)
    list(held.order_by("pk").select_for_update(of=("self",)))
    return _owners(membership.company).exclude(pk=membership.pk).exists()


def _owners(company: Company) -> QuerySet[Membership]:
    valid = queries.memberships_on(timezone.localdate())
    return valid.filter(company=company, role=Role.OWNER, user__is_active=True)
