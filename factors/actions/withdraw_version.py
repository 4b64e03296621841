"""Withdraw a version that should not be used any more. It stays readable, with the reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from factors.models import FactorVersion

LONGEST_REASON = 400


@transaction.atomic
def withdraw_version(
    version: FactorVersion, *, by: Actor, reason: str, at: datetime | None = None
) -> FactorVersion:
    """Mark a version as withdrawn. What was computed with it stays pinned to it.

    Raises:
        NotAllowed: only factor curators withdraw.
        Refusal: no reason given, or one that cannot be read; withdrawn before.
    """
    require(by, Permission.PUBLISH_FACTOR)
    now = at or timezone.now()
    words = checks.text(reason, field="reason", longest=LONGEST_REASON)
    if not words:
        raise Refusal(
            _("Say why the version is withdrawn: everybody who uses it will read this."),
            field="reason",
            code="no_reason",
        )
    moved = (
        FactorVersion.objects.filter(pk=version.pk)
        .exclude(status=FactorVersion.Status.WITHDRAWN)
        .update(
            status=FactorVersion.Status.WITHDRAWN, status_changed_at=now, status_reason=f"{words} ({by.name})"
        )
    )
    if not moved:
        raise Refusal(_("This version has been withdrawn already."), code="withdrawn_already")
    version.refresh_from_db()
    return version
