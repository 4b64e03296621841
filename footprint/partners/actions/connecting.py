"""Connections: asked for, approved, given new secrets, revoked; and what each may see."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _
from oauth2_provider.models import AccessToken, Application

from accounts import checks, outgoing
from accounts.actions.membership import last_day
from accounts.actor import Actor
from accounts.addresses import Address, may_come_from, networks_in
from accounts.audit import Action, record
from accounts.errors import Refusal
from accounts.models import Company
from accounts.policy import require
from accounts.refusals import ENDED
from accounts.roles import Permission
from accounts.today import Today
from accounts.visibility import acting_as, rows
from footprint.inventory.models import Product
from footprint.partners.models import Connection, FootprintGrant, PartnerSecret
from footprint.partners.pact.levels import Level
from footprint.partners.sealing import seal

LIFETIMES = (90, 180, 365)
"""Days a secret may live."""
MARK = "pact_"
"""Begins every secret, so that programs which look for leaked ones know it."""


@dataclass(frozen=True)
class Credentials:
    """What the partner's system signs in with; the secret is shown this once, only its hash is kept."""

    connection: Connection
    client_id: str
    client_secret: str


@transaction.atomic
def request_connection(
    company: Company,
    *,
    by: Actor,
    name: str,
    partner: Company | None = None,
    base_url: str = "",
    auth_url: str = "",
    callback_id: str = "",
    callback_secret: str = "",
    speaks: int = 3,
    answers: str = Connection.Answers.PEOPLE,
) -> Connection:
    """A partner to be connected; it works once somebody who keeps the machines approves it.

    Raises:
        NotAllowed, Refusal.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=company.pk)
    if partner is not None and partner.pk == company.pk:
        raise Refusal(_("A company needs no connection to itself."), field="partner", code="own_company")
    connection = Connection(
        company=company, partner=partner, created_by_id=by.user_id, callback_secret=seal(callback_secret)
    )
    _state(connection, name, base_url, auth_url, callback_id, speaks, answers)
    with checks.refusing(_conflicts()):
        connection.save(force_insert=True)
    return connection


def _conflicts() -> dict[str, Refusal]:
    message = _("There is a connection of this name already. Choose another one.")
    return {"connection_name_in_company": Refusal(message, field="name", code="name_taken")}


@transaction.atomic
def change_connection(
    connection: Connection, *, by: Actor, version: int | None = None, callback_secret: str = "", **stated: Any
) -> None:
    """Where and as whom the partner is called, and who answers it; an empty secret keeps the one there is.

    A secret is kept for the hosts it was entered for: whoever names another one enters it again, or the one
    that is stored would be sent to whatever host is named.

    Raises:
        NotAllowed; Refusal: it was revoked, the name is taken, or the secret is wanted again; Stale: changed
        since ``version`` was read.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=connection.company_id)
    _refuse_revoked(connection)
    names = ("name", "base_url", "auth_url", "callback_id", "speaks", "answers")
    checks.known(stated, names)
    hosts = _hosts(connection)
    _state(connection, **{name: stated.get(name, getattr(connection, name)) for name in names})
    if callback_secret:
        connection.callback_secret = seal(callback_secret)
    elif connection.callback_secret and not _hosts(connection) <= hosts:
        message = _("Enter our client secret again: it was given for another host.")
        raise Refusal(message, field="callback_secret", code="secret_for_another_host")
    changes = {name: getattr(connection, name) for name in (*names, "callback_secret")}
    with checks.refusing(_conflicts()):
        checks.write(connection, version=version, changes=changes)


def _state(
    connection: Connection,
    name: str,
    base_url: str,
    auth_url: str,
    callback_id: str,
    speaks: int,
    answers: str,
) -> None:
    connection.name = checks.name(name, field="name", longest=120, required=True)
    connection.base_url = address_to_call(base_url, field="base_url")
    connection.auth_url = address_to_call(auth_url, field="auth_url")
    connection.callback_id = checks.text(callback_id, field="callback_id", longest=255)
    if speaks not in (2, 3):
        raise Refusal(_("PACT is spoken in version 2 or 3."), field="speaks", code="unknown_choice")
    connection.speaks = speaks
    connection.answers = checks.choice(answers, Connection.Answers.values, field="answers")


def _hosts(connection: Connection) -> set[tuple[str, str]]:
    """Scheme and host, with its port, of whatever is told our secret or a token got with it."""
    return {(each.scheme, each.netloc) for each in map(urlsplit, (connection.base_url, connection.auth_url))}


def address_to_call(given: str, *, field: str) -> str:
    """Where a partner's system is said to be, by its form alone: nothing is looked up. Raises Refusal."""
    found = checks.text(given, field=field, longest=500).rstrip("/")
    if found:
        try:
            outgoing.may_be_called(found)
        except outgoing.Unreachable as refusal:
            raise Refusal(str(refusal), field=field, code=refusal.code) from refusal
    return found


@transaction.atomic
def approve_connection(
    connection: Connection, *, by: Actor, at: datetime, days: int = LIFETIMES[-1]
) -> Credentials:
    """Let the partner in: it gets an id and its first secret, and sees nothing before something is granted.

    Raises:
        NotAllowed; Refusal: it is approved or revoked already.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=connection.company_id)
    connection = Connection.objects.select_for_update().get(pk=connection.pk)
    if connection.state != Connection.State.REQUESTED:
        raise Refusal(_("This connection was decided on already."), code="decided")
    connection.application = Application.objects.create(
        name=connection.name,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    connection.state = Connection.State.ACTIVE
    connection.approved_by_id, connection.approved_at = by.user_id, at
    connection.version += 1
    connection.save(update_fields=["application", "state", "approved_by", "approved_at", "version"])
    return issue_partner_secret(connection, by=by, at=at, days=days)


@transaction.atomic
def issue_partner_secret(
    connection: Connection, *, by: Actor, at: datetime, days: int = LIFETIMES[-1]
) -> Credentials:
    """A further secret beside the one in use, so that the partner can move over.

    Raises:
        NotAllowed; Refusal: not active, two in use already, or the time is none of the choices.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=connection.company_id)
    connection = Connection.objects.select_for_update().get(pk=connection.pk)
    if not connection.is_active or connection.application is None:
        raise Refusal(_("This connection is not active."), code="not_active")
    if days not in LIFETIMES:
        raise Refusal(_("Choose one of the lifetimes."), field="days", code="unknown_choice")
    own = PartnerSecret.objects.filter(connection=connection, revoked_at__isnull=True)
    own.filter(expires_at__lte=at).update(revoked_at=at)
    taken = set(own.values_list("slot", flat=True))
    free = [slot for slot in PartnerSecret.SLOTS if slot not in taken]
    if not free:
        message = _("This partner has two secrets in use. Revoke the one that is no longer used first.")
        raise Refusal(message, code="two_secrets")
    secret = MARK + secrets.token_urlsafe(32)
    PartnerSecret.objects.create(
        company_id=connection.company_id,
        connection=connection,
        slot=free[0],
        hashed=make_password(secret),
        hint=secret[-4:],
        created_by_id=by.user_id,
        expires_at=at + timedelta(days=days),
    )
    return Credentials(connection, connection.application.client_id, secret)


@transaction.atomic
def revoke_partner_secret(partner_secret: PartnerSecret, *, by: Actor, at: datetime) -> None:
    """End a secret and the tokens that may have come from it.

    Raises:
        NotAllowed.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=partner_secret.company_id)
    if partner_secret.revoked_at is None:
        partner_secret.revoked_at = at
        partner_secret.save(update_fields=["revoked_at"])
        _end_tokens(partner_secret.connection)


@transaction.atomic
def narrow_networks(connection: Connection, *, by: Actor, networks: str) -> None:
    """Where the partner's system may call from; it holds at once, for tokens it has already, too.

    Raises:
        NotAllowed; Refusal: it was revoked, or a word is no network.
    """
    require(by, Permission.MANAGE_CLIENTS, company_id=connection.company_id)
    _refuse_revoked(connection)
    connection.networks = networks_in(networks)
    connection.version += 1
    connection.save(update_fields=["networks", "version"])


@transaction.atomic
def revoke_connection(connection: Connection, *, by: Actor, at: datetime) -> None:
    """Shut the partner out at once and for good.

    What it received it keeps, for PACT has no message that takes a copy back, and Deprecated would say that a
    footprint holds for nobody any more. The ended grants stay on its page, with how much it received.

    Raises:
        NotAllowed; Refusal: it was revoked before.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=connection.company_id)
    _refuse_revoked(connection)
    PartnerSecret.objects.filter(connection=connection, revoked_at__isnull=True).update(revoked_at=at)
    FootprintGrant.objects.filter(connection=connection, revoked_at__isnull=True).update(revoked_at=at)
    _end_tokens(connection)
    connection.state, connection.revoked_at = Connection.State.REVOKED, at
    connection.callback_secret = ""
    connection.version += 1
    connection.save(update_fields=["state", "revoked_at", "callback_secret", "version"])


@transaction.atomic
def grant_footprints(
    connection: Connection,
    *,
    by: Actor,
    at: datetime,
    product: Product | None = None,
    level: str = Level.TOTAL,
    purpose: str = "",
    may_pass_on: bool = False,
    ends_on: date | None = None,
) -> FootprintGrant:
    """Open the published footprints of one product, or of the whole company, to a partner.

    A grant whose last day is past makes room for the new one.

    Raises:
        NotAllowed; Refusal: revoked, granted already, the product of somebody else, or a last day gone by.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=connection.company_id)
    _refuse_revoked(connection)
    last_day(ends_on)
    if product is not None and product.company_id != connection.company_id:
        raise Refusal(_("There is no such product."), field="product", code="not_found")
    grant = FootprintGrant(
        company_id=connection.company_id,
        connection=connection,
        product=product,
        level=checks.choice(level, [one.value for one in Level], field="level"),
        purpose=checks.text(purpose, field="purpose", longest=200),
        may_pass_on=may_pass_on,
        ends_on=ends_on,
        created_by_id=by.user_id,
    )
    close_over(connection.pk, None if product is None else product.pk, at=at)
    message = _("This is granted to the partner already. End that grant first.")
    with checks.refusing({"one_grant_per_product": Refusal(message, field="product", code="granted")}):
        grant.save(force_insert=True)
    return grant


def close_over(connection_id: int, product_id: int | None, *, at: datetime) -> None:
    """Close a grant whose last day is past: it opens nothing, and would stand in the way of another one."""
    same = {"product__isnull": True} if product_id is None else {"product_id": product_id}
    standing = FootprintGrant.objects.filter(connection_id=connection_id, revoked_at__isnull=True, **same)
    standing.filter(ends_on__lt=Today()).update(revoked_at=at)


@transaction.atomic
def end_grant(grant: FootprintGrant, *, by: Actor, at: datetime) -> None:
    """Close what was opened; what the partner received meanwhile it keeps, and the page says how much it is.

    Raises:
        NotAllowed.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=grant.company_id)
    if grant.revoked_at is None:
        grant.revoked_at = at
        grant.save(update_fields=["revoked_at"])


def _used_secret(client_id: str, given: str, address: Address | None) -> str:
    """What is kept of the secret that the text is; nothing if it is none, or may not be used from there."""
    kept = [hashed for hashed, networks in rows(SECRETS, [client_id]) if may_come_from(address, networks)]
    return next((hashed for hashed in kept if check_password(given, hashed)), "")


def issue_token(
    client_id: str, given: str, *, scope: str, at: datetime, address: Address | None = None
) -> str | None:
    """An access token for a partner's system; None when id and secret do not belong together.

    It is worth something at the PACT addresses alone: the REST interface asks for a machine of a member.
    """
    used = "" if "\0" in client_id + given else _used_secret(client_id, given, address)
    if not used:
        return None
    token, application = secrets.token_urlsafe(32), Application.objects.get(client_id=client_id)
    made = AccessToken.objects.create(
        application=application,
        token=token,
        expires=at + timedelta(seconds=TOKEN_SECONDS),
        scope=scope,
    )
    if used not in [hashed for hashed, _networks in rows(SECRETS, [client_id])]:  # revoked while compared
        made.delete()
        return None
    (known,) = rows(KNOWN, [hashlib.sha256(token.encode()).hexdigest()])
    partner = Actor(name=application.name, partner_id=known[0], uuid=known[1])
    with acting_as(partner):
        record(partner, Action.TOKEN_ISSUED, "oauth_token", company_id=known[2], scope=scope)
    return token


KNOWN = "SELECT id, uuid, company_id FROM partners_caller(%s)"
TOKEN_SECONDS = 3600
SECRETS = "SELECT hashed, networks FROM partners_secrets(%s)"


def _refuse_revoked(connection: Connection) -> None:
    if connection.state == Connection.State.REVOKED:
        raise Refusal(_("This connection was revoked. Ask for a new one."), code="revoked")


def _end_tokens(connection: Connection) -> None:
    """Those that are there; one that is being issued waits for the lock, and finds its secret revoked."""
    Application.objects.select_for_update().filter(pk=connection.application_id).first()
    AccessToken.objects.filter(application_id=connection.application_id).update(expires=ENDED)
