"""Let a company's own system in, give it a new secret, and shut it out again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oauth2_provider.models import AccessToken, Application

from accounts import checks, queries
from accounts.actor import Actor
from accounts.addresses import networks_in
from accounts.errors import Refusal
from accounts.models import ClientSecret, Company, ServiceClient
from accounts.policy import require
from accounts.refusals import ENDED
from accounts.roles import Permission

LIFETIMES = (90, 180, 365)
"""Days a secret may live."""
MARK = "pcf_"
"""Begins every secret, so that programs which look for leaked ones know it."""


@dataclass(frozen=True)
class Credentials:
    """What the system signs in with; the secret is shown this once, only its hash is kept."""

    client: ServiceClient
    client_id: str
    client_secret: str


@transaction.atomic
def add_service_client(
    company: Company, *, by: Actor, name: str, networks: str = "", days: int = LIFETIMES[-1]
) -> Credentials:
    """A machine client that acts for one company by OAuth2 client credentials.

    Raises:
        NotAllowed, Refusal.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=company.pk)
    called = checks.name(name, field="name", longest=120, required=True)
    allowed = networks_in(networks)
    application = Application.objects.create(
        name=called,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    client = ServiceClient.objects.create(
        company=company, application=application, name=called, networks=allowed
    )
    return issue_secret(client, by=by, days=days)


@transaction.atomic
def issue_secret(client: ServiceClient, *, by: Actor, days: int = LIFETIMES[-1]) -> Credentials:
    """A further secret beside the one in use, so that the system can move over without standing still.

    Raises:
        NotAllowed; Refusal: the client is stopped, has two already, or the time is none of the choices.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=client.company_id)
    now = timezone.now()
    client = ServiceClient.objects.select_for_update().get(pk=client.pk)
    if not client.is_active:
        raise Refusal(_("This client is stopped for good. Add a new one."), code="stopped")
    if days not in LIFETIMES:
        raise Refusal(_("Choose one of the lifetimes."), field="days", code="unknown_choice")
    client.secrets.filter(revoked_at__isnull=True, expires_at__lte=now).update(revoked_at=now)
    taken = set(client.secrets.filter(revoked_at__isnull=True).values_list("slot", flat=True))
    free = [slot for slot in ClientSecret.SLOTS if slot not in taken]
    if not free:
        raise Refusal(
            _(
                "This client has two secrets in use. Revoke the one that is no longer used, "
                "then issue another."
            ),
            code="two_secrets",
        )
    secret = MARK + secrets.token_urlsafe(32)
    ClientSecret.objects.create(
        client=client,
        slot=free[0],
        hashed=make_password(secret),
        hint=secret[-4:],
        created_by_id=by.user_id,
        expires_at=now + timedelta(days=days),
    )
    return Credentials(client, client.application.client_id, secret)


@transaction.atomic
def revoke_secret(secret: ClientSecret, *, by: Actor) -> ClientSecret:
    """End a secret, and with it the client's access tokens: who has the other secret gets new ones.

    Raises:
        NotAllowed.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=secret.client.company_id)
    if secret.revoked_at is None:
        secret.revoked_at = timezone.now()
        secret.save(update_fields=["revoked_at"])
        _end_tokens(secret.client)
    return secret


@transaction.atomic
def change_service_client(client: ServiceClient, *, by: Actor, name: str, networks: str) -> ServiceClient:
    """What the client is called and where it may call from; the latter holds at once.

    Raises:
        NotAllowed, Refusal.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=client.company_id)
    client.name = checks.name(name, field="name", longest=120, required=True)
    client.networks = networks_in(networks)
    client.save(update_fields=["name", "networks"])
    return client


@transaction.atomic
def stop_service_client(client: ServiceClient, *, by: Actor) -> ServiceClient:
    """Shut a machine client out at once and for good: its secrets and tokens are worth nothing from here on.

    Raises:
        NotAllowed.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=client.company_id)
    client.is_active = False
    client.save(update_fields=["is_active"])
    client.secrets.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    _end_tokens(client)
    return client


def use_secret(client_id: str, given: str, *, at: datetime) -> bool:
    """Whether the text is a secret of this client that lasts; its use is noted.

    The note holds the secret: whoever revokes it waits, and then ends the token that came of it. One that was
    revoked while the text was compared is none.
    """
    usable = queries.usable_clients(at).filter(application__client_id=client_id)
    for secret in queries.live_secrets(at).filter(client__in=usable).order_by("-created_at"):
        if check_password(given, secret.hashed):
            return bool(queries.live_secrets(at).filter(pk=secret.pk).update(last_used_at=at))
    return False


def _end_tokens(client: ServiceClient) -> None:
    AccessToken.objects.filter(application=client.application).update(expires=ENDED)
