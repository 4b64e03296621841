"""Who was refused an access token, or came with one that is worth nothing: in the company's own log.

What is written is the client and why, never what it sent; the first of its kind in a minute, so that nobody
fills the log by trying.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.addresses import address_of
from accounts.audit import Action, record_afterwards
from accounts.limits import Limit, count
from accounts.models import ServiceClient

ENDED = datetime(1970, 1, 1, tzinfo=UTC)
"""When a token is said to have expired that was ended before its time; who still sends it is known by it."""
ONCE_A_MINUTE = Limit("refused-token", 1, 60)
MOST_SECRETS = 2


class Reason(models.TextChoices):
    """Why."""

    WRONG_SECRET = "wrong_secret", _("Wrong secret")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")
    ELSEWHERE = "elsewhere", _("Address not allowed")
    MALFORMED = "malformed", _("Request not understood")


def is_told(client: UUID, reason: str) -> bool:
    """Whether this refusal is written down, or one like it was within a minute."""
    return count(ONCE_A_MINUTE, f"{client}:{reason}").is_admitted


def note_refusal(request: HttpRequest, client: ServiceClient, reason: Reason, *, status: int = 401) -> None:
    """Have it written down after the request, which is rolled back."""
    if is_told(client.uuid, reason):
        facts = {"reason": reason.value, "status": status, "address": str(address_of(request))}
        more = {"company_id": client.company_id, **facts}
        record_afterwards(request, Actor.nobody(), Action.TOKEN_REFUSED, client, **more)


def note_worthless(request: HttpRequest, token: str) -> None:
    """The same of an access token that expired or was ended; of one that never was, nobody is to be told."""
    issued = ServiceClient.objects.filter(application__accesstoken__token_checksum=checksum_of(token))
    client = issued.annotate(ends_at=F("application__accesstoken__expires")).first()
    if client is not None:
        is_ended = not client.is_active or vars(client)["ends_at"] == ENDED
        note_refusal(request, client, Reason.REVOKED if is_ended else Reason.EXPIRED)


def checksum_of(token: str) -> str:
    """By what a token is found."""
    return hashlib.sha256(token.encode()).hexdigest()


def why_refused(client: ServiceClient, given: str) -> Reason:
    """Why a secret did not open: it was one of this client's lately, or never."""
    if not client.is_active:
        return Reason.REVOKED
    now = timezone.now()
    ended = client.secrets.filter(Q(revoked_at__isnull=False) | Q(expires_at__lte=now))
    for secret in ended.order_by("-created_at")[:MOST_SECRETS]:
        if check_password(given, secret.hashed):
            is_over = secret.expires_at is not None and secret.expires_at <= (secret.revoked_at or now)
            return Reason.EXPIRED if is_over else Reason.REVOKED
    return Reason.WRONG_SECRET
