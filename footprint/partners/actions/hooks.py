"""Webhooks of a company's own systems: where they are, what they are told, and the secrets that sign it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.checks import Findings
from accounts.errors import Refusal
from accounts.models import Company
from accounts.outgoing import may_be_called
from accounts.policy import require
from accounts.roles import Permission
from footprint.partners.actions.telling import put_on_its_way
from footprint.partners.hook_signing import fresh_secret
from footprint.partners.models import Delivery, Webhook, WebhookSecret
from footprint.partners.sealing import seal

MOST = 10
"""So many webhooks one company may have."""


@dataclass(frozen=True)
class Made:
    """A webhook and a new secret of it, shown this once."""

    webhook: Webhook
    secret: str = field(repr=False)


@transaction.atomic
def add_webhook(
    company: Company,
    *,
    by: Actor,
    at: datetime,
    name: str,
    url: str,
    kinds: Iterable[str],
    is_active: bool = True,
) -> Made:
    """Tell an address of the company's own system what happens, from now on or once it is switched on.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=company.pk)
    if Webhook.objects.filter(company=company).count() >= MOST:
        message = _("A company has at most %(most)d webhooks. Remove one that is no longer used first.")
        raise Refusal(message % {"most": MOST}, code="too_many")
    webhook = Webhook(company=company, created_by_id=by.user_id)
    _fill(webhook, {"name": name, "url": url, "kinds": kinds, "is_active": is_active})
    with checks.refusing(_conflicts()):
        webhook.save(force_insert=True)
    return Made(webhook, _new_secret(webhook, by, at))


@transaction.atomic
def change_webhook(webhook: Webhook, *, by: Actor, version: int | None, **changes: Any) -> Webhook:
    """Change its name, address or kinds, or switch it on and off.

    Raises:
        NotAllowed, Refusal, Refusals, Stale.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=webhook.company_id)
    changed = _fill(webhook, changes)
    with checks.refusing(_conflicts()):
        checks.write(webhook, version=version, changes=changed)
    return webhook


@transaction.atomic
def remove_webhook(webhook: Webhook, *, by: Actor, version: int | None) -> None:
    """Take it away with its secrets and the record of what it was sent. Raises NotAllowed, Stale."""
    require(by, Permission.MANAGE_CLIENTS, company_id=webhook.company_id)
    checks.write(webhook, version=version, changes={})
    webhook.delete()


@transaction.atomic
def issue_webhook_secret(webhook: Webhook, *, by: Actor, at: datetime) -> Made:
    """A further secret beside the one in use: both sign until the older one is retired.

    Raises:
        NotAllowed; Refusal: two are in use already.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=webhook.company_id)
    return Made(webhook, _new_secret(webhook, by, at))


@transaction.atomic
def retire_webhook_secret(webhook: Webhook, *, by: Actor, at: datetime) -> None:
    """Only the newest secret signs from now on; where there is one, nothing changes. Raises NotAllowed."""
    require(by, Permission.MANAGE_CLIENTS, company_id=webhook.company_id)
    own = WebhookSecret.objects.select_for_update().filter(webhook=webhook, revoked_at__isnull=True)
    found = list(own.order_by("created_at", "pk"))
    older = [secret.pk for secret in found[:-1]]
    WebhookSecret.objects.filter(pk__in=older).update(revoked_at=at, sealed="")


@transaction.atomic
def ping_webhook(webhook: Webhook, *, by: Actor, at: datetime) -> Delivery:
    """Send something that says nothing, to see whether it arrives.

    Raises:
        NotAllowed; Refusal: it is switched off.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=webhook.company_id)
    if not webhook.is_active:
        raise Refusal(_("This webhook is switched off. Switch it on first."), code="not_active")
    return put_on_its_way(webhook, Webhook.PING, [], at=at, by_id=by.user_id)


def _new_secret(webhook: Webhook, by: Actor, at: datetime) -> str:
    Webhook.objects.select_for_update().get(pk=webhook.pk)
    own = WebhookSecret.objects.filter(webhook=webhook, revoked_at__isnull=True)
    taken = set(own.values_list("slot", flat=True))
    free = [slot for slot in WebhookSecret.SLOTS if slot not in taken]
    if not free:
        raise Refusal(_("Two secrets are in use. Retire the older one first."), code="two_secrets")
    secret = fresh_secret()
    WebhookSecret(
        company_id=webhook.company_id,
        webhook=webhook,
        slot=free[0],
        sealed=seal(secret),
        hint=secret.rstrip("=")[-4:],
        created_by_id=by.user_id,
    ).save(force_insert=True)
    return secret


def _conflicts() -> dict[str, Refusal]:
    message = _("Another webhook of this company has this name already.")
    return {"webhook_name_in_company": Refusal(message, field="name", code="duplicate_name")}


def _fill(webhook: Webhook, given: dict[str, Any]) -> dict[str, Any]:
    checks.known(given, FIELDS)
    before = {name: getattr(webhook, name) for name in FIELDS}
    findings = Findings()
    for name, read in FIELDS.items():
        if name in given:
            with findings.collecting():
                setattr(webhook, name, read(given[name]))
    findings.settle()
    return {name: getattr(webhook, name) for name in FIELDS if getattr(webhook, name) != before[name]}


def _address(given: object) -> str:
    url = checks.text(given, field="url", longest=500, required=True)
    may_be_called(url)
    return url


def _kinds(given: object) -> list[str]:
    several = list(given) if isinstance(given, list | tuple | set) else []
    if not several:
        raise Refusal(_("Choose at least one kind of news."), field="kinds", code="required")
    chosen = {checks.choice(kind, Webhook.Kind.values, field="kinds") for kind in several}
    return [kind for kind in Webhook.Kind.values if kind in chosen]


FIELDS: dict[str, Callable[[Any], Any]] = {
    "name": lambda given: checks.name(given, field="name", longest=120, required=True),
    "url": _address,
    "kinds": _kinds,
    "is_active": lambda given: checks.truth(given, field="is_active"),
}
