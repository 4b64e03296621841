"""Questions about who."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from oauth2_provider.models import AccessToken

from accounts.actor import Actor, Holding
from accounts.models import Company, Membership, ServiceClient, Site, User
from accounts.roles import Role


def actor_of(request: HttpRequest) -> Actor:
    """Who is asking: the bearer token's client, else the signed-in person, else nobody."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return actor_of_token(token.strip())
    if isinstance(request.user, User) and request.user.is_active:
        return actor_of_user(request.user)
    return Actor.nobody()


def actor_of_token(token: str) -> Actor:
    """The machine client behind an unexpired access token, else nobody."""
    checksum = hashlib.sha256(token.encode()).hexdigest()
    found = (
        AccessToken.objects.filter(token_checksum=checksum, expires__gt=timezone.now())
        .filter(application__service_client__is_active=True)
        .select_related("application__service_client")
        .first()
    )
    if found is None:
        return Actor.nobody()
    return actor_of_client(found.application.service_client)


def client_named(client_id: str) -> ServiceClient | None:
    """The machine client with this public id."""
    return ServiceClient.objects.filter(application__client_id=client_id).first() if client_id else None


def actor_of_client(client: ServiceClient) -> Actor:
    """A machine client acts for exactly one company."""
    return Actor(
        name=client.name,
        client_id=client.pk,
        uuid=client.uuid,
        holdings=(Holding(client.company_id, Role.ERP_CLIENT),),
    )


def actor_of_user(user: User, on: date | None = None) -> Actor:
    """The person with the roles that are valid today."""
    today = on or timezone.localdate()
    memberships = (
        Membership.objects.filter(user=user)
        .filter(Q(valid_from__isnull=True) | Q(valid_from__lte=today))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
        .select_related("company")
    )
    # the link table, not Site: sites are tenant rows and no tenant is set yet
    assigned: dict[int, set[int]] = defaultdict(set)
    links = Membership.sites.through.objects.filter(membership__user=user)
    for membership_id, site_id in links.values_list("membership_id", "site_id"):
        assigned[membership_id].add(site_id)
    holdings = tuple(
        Holding(
            m.company_id,
            Role(m.role),
            frozenset(assigned[m.pk]),
            at_alliance=m.company.kind == Company.Kind.ASSOCIATION,
        )
        for m in memberships
    )
    return Actor(name=str(user), user_id=user.pk, uuid=user.uuid, holdings=holdings)


def actor_for_company(company: Company) -> Actor:
    """The company's own data owner, for a command line that acts on the company's behalf."""
    return Actor(name=f"command line for {company.code}", holdings=(Holding(company.pk, Role.OWNER),))


def companies(actor: Actor) -> QuerySet[Company]:
    """The directory: open to everybody who signed in."""
    directory = Company.objects.select_related("group").order_by("group__code", "code")
    return directory if actor.is_known or actor.is_worker else directory.none()


def own_companies(actor: Actor) -> QuerySet[Company]:
    """The companies whose business rows the actor reads."""
    return companies(actor).filter(pk__in=actor.company_ids)


def audited_companies(actor: Actor) -> QuerySet[Company]:
    """The companies whose audit log is open to the actor."""
    return companies(actor).filter(pk__in=actor.audited_ids)


def known_in(actor: Actor, company: Company | None) -> list[tuple[str, str]]:
    """Who acts for a company, by signature and name; of the alliance, whom the actor may know: itself."""
    if company is None or company.pk not in actor.audited_ids:
        return [(actor.signature, actor.name)]
    people = User.objects.filter(memberships__company=company).distinct().order_by("email")
    machines = ServiceClient.objects.filter(company=company).order_by("name")
    named = [(f"person:{one.uuid}", str(one)) for one in people]
    return [*named, *((f"client:{one.uuid}", one.name) for one in machines)]


def sites(actor: Actor) -> QuerySet[Site]:
    """The sites of the actor's own companies."""
    return Site.objects.visible_to(actor).select_related("company").order_by("company__code", "code")
