"""Let a company's own system in, and shut it out again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import transaction
from oauth2_provider.models import AccessToken, Application

from accounts import checks
from accounts.actor import Actor
from accounts.models import Company, ServiceClient
from accounts.policy import require
from accounts.roles import Permission


@dataclass(frozen=True)
class Credentials:
    """What the system signs in with; the secret is shown this once, only its hash is kept."""

    client: ServiceClient
    client_id: str
    client_secret: str


@transaction.atomic
def add_service_client(company: Company, *, by: Actor, name: str) -> Credentials:
    """A machine client that acts for one company by OAuth2 client credentials.

    Raises:
        NotAllowed, Refusal.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=company.pk)
    called = checks.text(name, field="name", longest=120, required=True)
    secret = secrets.token_urlsafe(32)
    application = Application.objects.create(
        name=called,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
    )
    client = ServiceClient.objects.create(company=company, application=application, name=called)
    return Credentials(client, application.client_id, secret)


@transaction.atomic
def stop_service_client(client: ServiceClient, *, by: Actor) -> ServiceClient:
    """Shut a machine client out at once: its tokens are worth nothing from here on.

    Raises:
        NotAllowed.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=client.company_id)
    client.is_active = False
    client.save(update_fields=["is_active"])
    AccessToken.objects.filter(application=client.application).delete()
    return client
