"""The type of a request after the tenant middleware: it knows who is asking, and pages ask what they may."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.actor import Actor
from accounts.policy import Allowed, Denied, can
from accounts.roles import Permission


class AskedRequest(HttpRequest):
    """What every page takes: an ``HttpRequest`` with its ``actor``."""

    actor: Actor


def gate(
    actor: Actor, permission: Permission, *, company_id: int | None = None, site_id: int | None = None
) -> None:
    """Pass, or raise PermissionDenied with the reason the person reads."""
    admit(can(actor, permission, company_id=company_id, site_id=site_id))


def admit(decision: Allowed | Denied) -> None:
    """Pass, or raise PermissionDenied with the reason the person reads."""
    if isinstance(decision, Denied):
        raise PermissionDenied(str(decision.reason))
