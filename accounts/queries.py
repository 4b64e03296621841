"""Questions about who."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts import refusals
from accounts.actor import Actor, Holding
from accounts.addresses import Address, address_of, may_come_from
from accounts.models import (
    USUAL,
    ClientSecret,
    Company,
    CompanyGroup,
    Delegation,
    Kind,
    MailChoice,
    Membership,
    Notification,
    ServiceClient,
    Site,
    User,
)
from accounts.models.notification import NotificationQuerySet
from accounts.prepared import Prepared
from accounts.roles import Permission, Role


def actor_of(request: HttpRequest) -> Actor:
    """Who is asking: the bearer token's client, else the signed-in person, else nobody."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _actor_of_bearer(request, token.strip())
    return actor_awake(request.user if isinstance(request.user, User) else None)


def actor_awake(person: User | None) -> Actor:
    """The person as they may act and read now, at a door or when work that they left comes to its turn.

    Nobody once the account is closed; without any role while these wait for a second factor.
    """
    if person is None or not person.is_active:
        return Actor.nobody()
    actor = actor_of_user(person)
    return actor.asleep() if _lacks_second_factor(person, actor) else actor


def actor_behind(client: ServiceClient | None, person: User | None) -> Actor:
    """The machine or the person that left work, with the rights of today."""
    if client is not None:
        return actor_of_client(client) if client.is_active else Actor.nobody()
    return actor_awake(person)


def _actor_of_bearer(request: HttpRequest, token: str) -> Actor:
    """The client, or nobody; a token that is worth nothing, or came from a wrong place, is written down."""
    for client_id, uuid, name, networks, *of in ISSUED.rows(refusals.checksum_of(token), timezone.now()):
        if may_come_from(address_of(request), networks):
            return _machine(client_id, uuid, name, *of)
        client = ServiceClient.objects.get(pk=client_id)
        refusals.note_refusal(request, client, refusals.Reason.ELSEWHERE)
        return Actor.nobody()
    refusals.note_worthless(request, token)
    return Actor.nobody()


def _lacks_second_factor(person: User, actor: Actor) -> bool:
    is_asked = bool(settings.SECOND_FACTOR_REQUIRED) and actor.is_privileged
    return is_asked and not has_second_factor(person)


def has_second_factor(person: User, *, but: int | None = None) -> bool:
    """Whether the person has one, other than the one that is named; recovery codes alone are none."""
    own = Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(own.exclude(pk=but or 0).exists())


def may_call_from(client: ServiceClient, address: Address | None) -> bool:
    """Whether the client may call from there; one without networks may from anywhere."""
    return may_come_from(address, client.networks)


def usable_clients(at: datetime) -> QuerySet[ServiceClient]:
    """Clients that are not stopped and have a secret left: the tokens of all others are worth nothing."""
    return ServiceClient.objects.filter(
        Exists(live_secrets(at).filter(client=OuterRef("pk"))), is_active=True
    )


def live_secrets(at: datetime) -> QuerySet[ClientSecret]:
    """Secrets that are neither revoked nor over at that time."""
    unending = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
    return ClientSecret.objects.filter(unending, revoked_at__isnull=True)


def _issued(checksum: str, at: datetime) -> QuerySet[ServiceClient, tuple[Any, ...]]:
    """The machine client behind an access token that is not over at that time."""
    issued = {
        "application__accesstoken__token_checksum": checksum,
        "application__accesstoken__expires__gt": at,
    }
    asked = usable_clients(at).filter(**issued)
    return asked.values_list("pk", "uuid", "name", "networks", "company_id", "company__kind")


ISSUED = Prepared(_issued, "", datetime.min.replace(tzinfo=UTC))
"""By checksum of the token and time; every request of a machine asks it."""


def client_named(client_id: str) -> ServiceClient | None:
    """The machine client with this public id."""
    return ServiceClient.objects.filter(application__client_id=client_id).first() if client_id else None


def actor_of_client(client: ServiceClient) -> Actor:
    """A machine client acts for exactly one company."""
    return _machine(client.pk, client.uuid, client.name, client.company_id, client.company.kind)


def _machine(client_id: int, uuid: UUID, name: str, company_id: int, kind: str) -> Actor:
    holding = Holding(company_id, Role.ERP_CLIENT, in_sandbox=kind == Company.Kind.SANDBOX)
    return Actor(name=name, client_id=client_id, uuid=uuid, holdings=(holding,))


def memberships_on(day: date) -> QuerySet[Membership]:
    """The memberships that are valid on a day."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return Membership.objects.filter(begun, Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def delegations_on(day: date) -> QuerySet[Delegation]:
    """What is lent on a day, as long as its holder still has it and is still there."""
    return _lent_on(day).filter(membership__in=memberships_on(day))


def _lent_on(day: date) -> QuerySet[Delegation]:
    """What is lent on a day by somebody who is still there, whether or not the membership is valid."""
    lent = Delegation.objects.filter(revoked_at__isnull=True, ends_on__gte=day)
    return lent.filter(membership__user__is_active=True)


def _held(user_id: int, day: date) -> QuerySet[Membership, tuple[Any, ...]]:
    """What a person has on a day: of what is lent, the membership's own days are asked for once.

    Of sites the link table is asked, for they are tenant rows and no tenant is set yet.
    """
    lent = _lent_on(day).filter(delegate=user_id)
    own = memberships_on(day).filter(Q(user=user_id) | Q(pk__in=lent.values("membership")))
    return own.order_by("pk").values_list("pk", "company_id", "role", "company__kind", "sites")


HELD = Prepared(_held, -1, date.min)
"""By person and day; every request asks it."""


def actor_of_user(user: User, on: date | None = None) -> Actor:
    """The person with the roles that are valid today, own ones and lent ones."""
    sites: dict[tuple[int, int, str, str], set[int]] = defaultdict(set)
    for pk, company_id, role, kind, site_id in HELD.rows(user.pk, on or timezone.localdate()):
        sites[pk, company_id, role, kind] |= {site_id} - {None}
    holdings = tuple(
        Holding(
            company_id,
            Role(role),
            frozenset(assigned),
            at_alliance=kind == Company.Kind.ASSOCIATION,
            in_sandbox=kind == Company.Kind.SANDBOX,
        )
        for (_pk, company_id, role, kind), assigned in sites.items()
    )
    return Actor(name=str(user), user_id=user.pk, uuid=user.uuid, holdings=holdings)


def actor_for_company(company: Company) -> Actor:
    """The company's own data owner, for a command line that acts on the company's behalf."""
    holding = Holding(company.pk, Role.OWNER, in_sandbox=company.kind == Company.Kind.SANDBOX)
    return Actor(name=f"command line for {company.code}", holdings=(holding,))


def companies(actor: Actor) -> QuerySet[Company]:
    """The directory: open to everybody who signed in; sandboxes only to those who work in them."""
    directory = Company.objects.select_related("group").order_by("group__code", "code")
    if actor.is_worker:
        return directory
    held = [holding.company_id for holding in actor.holdings]
    listed = directory.filter(~Q(kind=Company.Kind.SANDBOX) | Q(pk__in=held))
    return listed if actor.is_known else directory.none()


def groups(actor: Actor) -> QuerySet[CompanyGroup]:
    """The ultimate parents of the companies that the directory shows the actor."""
    listed = companies(actor).order_by().values("group")
    return CompanyGroup.objects.filter(pk__in=listed).order_by("code")


def own_companies(actor: Actor) -> QuerySet[Company]:
    """The companies whose business rows the actor reads."""
    return companies(actor).filter(pk__in=actor.company_ids)


def home_company(actor: Actor) -> Company | None:
    """The first of them by group and code: every page names it, so no more is read than is shown."""
    own = Company.objects.filter(pk__in=actor.company_ids).order_by("group__code", "code")
    return own.only("name_zh", "name_en", "is_demonstration").first()


def audited_companies(actor: Actor) -> QuerySet[Company]:
    """The companies whose audit log is open to the actor."""
    return companies(actor).filter(pk__in=actor.audited_ids)


def known_in(actor: Actor, company: Company | None) -> list[tuple[str, str]]:
    """Who acts for a company, by signature and name; of the alliance, whom the actor may know: itself."""
    if company is None or company.pk not in actor.audited_ids:
        return [(actor.signature, actor.name)]
    people = User.objects.filter(memberships__company=company).distinct().order_by("email")
    machines = ServiceClient.objects.filter(company=company).order_by("name")
    named = [(one.signature, str(one)) for one in people]
    return [*named, *((f"client:{one.uuid}", one.name) for one in machines)]


def companies_of(person: User, day: date) -> list[Company]:
    """The companies a person has a role in on a day."""
    held = memberships_on(day).filter(user=person)
    return list(Company.objects.filter(pk__in=held.values("company")).order_by("code"))


def colleagues(actor: Actor, company: Company) -> QuerySet[User]:
    """Everybody else who has a role in one of the actor's own companies today, by name."""
    everybody = User.objects.filter(
        is_active=True, memberships__in=memberships_on(timezone.localdate()).filter(company=company)
    )
    mine = any(holding.company_id == company.pk for holding in actor.holdings)
    others = everybody.exclude(pk=actor.user_id or 0).distinct().order_by("name", "email")
    return others if mine else others.none()


def all_service_clients(actor: Actor) -> QuerySet[ServiceClient]:
    """The machine clients of every company the actor lets machines in for, the active ones first."""
    lets_in = actor.companies_with(Permission.MANAGE_CLIENTS)
    own = ServiceClient.objects.filter(company_id__in=lets_in)
    return own.select_related("company", "application").order_by("-is_active", "name", "pk")


def service_clients(actor: Actor, company: Company) -> QuerySet[ServiceClient]:
    """Those of one company."""
    return all_service_clients(actor).filter(company=company)


def sites(actor: Actor) -> QuerySet[Site]:
    """The sites of the actor's own companies."""
    return Site.objects.visible_to(actor).select_related("company").order_by("company__code", "code")


def notifications(actor: Actor) -> NotificationQuerySet:
    """What the actor was told, the latest first."""
    own = Notification.objects.visible_to(actor).select_related("company")
    return own.order_by("-created_at", "-pk")


def unread_count(actor: Actor) -> int:
    """How many of them wait to be read."""
    return notifications(actor).unread().count() if actor.user_id is not None else 0


def mail_choices(actor: Actor) -> dict[str, str]:
    """When the actor wants mail, by kind: what was chosen, else what is usual."""
    chosen = dict(MailChoice.objects.visible_to(actor).values_list("kind", "mail"))
    return {kind.value: chosen.get(kind.value, USUAL[kind].value) for kind in Kind}
