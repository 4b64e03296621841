"""Somebody outside asks to be connected; the company lets itself be asked, and takes it up or refuses."""

from __future__ import annotations

import json
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal, Text
from accounts.forms import named
from accounts.identifiers import READERS
from accounts.models import Company, User
from accounts.moving import checked, write_move
from accounts.policy import require
from accounts.roles import Permission
from accounts.visibility import rows
from footprint.partners import notices
from footprint.partners.actions.connecting import address_to_call, request_connection
from footprint.partners.introductions_sql import INTRODUCE, STATED
from footprint.partners.models import Connection, ConnectionRequest, Reception
from footprint.partners.procedure import CONNECTION_REQUEST

LONGEST_PURPOSE, LONGEST_REASON = 2000, 1000
TAKEN_UP = gettext_lazy(
    "%(company)s takes up your request to be connected to it. Its people will hand you the credentials.\n\n"
    "Reference: %(reference)s"
)
TURNED_DOWN = gettext_lazy(
    "%(company)s does not take up your request to be connected to it. The reason it gives:\n\n%(reason)s\n\n"
    "Reference: %(reference)s"
)
TEXTS = {"name": 120, "contact_name": 120, "purpose": LONGEST_PURPOSE}


@transaction.atomic
def open_reception(company: Company, *, by: Actor, is_open: bool, at: datetime) -> Reception:
    """Let the company be asked by anybody to connect them, which names it on a public page; or no longer.

    Raises:
        NotAllowed; Refusal: a company to try things out in meets nobody.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=company.pk)
    if is_open and company.kind == Company.Kind.SANDBOX:
        raise Refusal(_("A sandbox is for trying: nothing of it reaches others."), code="sandbox")
    stated = {"is_open": is_open, "changed_by_id": by.user_id, "changed_at": at}
    return Reception.objects.update_or_create(company=company, defaults=stated)[0]


@transaction.atomic
def ask_to_be_connected(
    company: Company | None,
    *,
    at: datetime,
    name: str,
    contact_name: str,
    contact_mail: str,
    purpose: str,
    lei: str = "",
    uscc: str = "",
    duns: str = "",
    base_url: str = "",
    language: str = User.Locale.CHINESE,
) -> ConnectionRequest:
    """What a visitor states, left for the company's people.

    Whether this is new to the company, and what it knows of the asker, is not told.

    Raises:
        Refusal, Refusals: something is missing or cannot be; the company takes no requests.
    """
    findings, unknown = checks.Findings(), _("Choose one of the companies that take requests.")
    if company is None:
        findings.add(unknown, field="company", code="unknown_choice")
    made = ConnectionRequest(company=company, received_at=at)
    made.language = checks.choice(language, User.Locale.values, field="language")
    for field, given in (("name", name), ("contact_name", contact_name)):
        with findings.collecting():
            setattr(made, field, checks.name(given, field=field, longest=TEXTS[field], required=True))
    with findings.collecting():
        made.purpose = checks.text(purpose, field="purpose", longest=TEXTS["purpose"], required=True)
    with findings.collecting():
        made.contact_mail = checks.mail_address(contact_mail, field="contact_mail")
    with findings.collecting():
        made.base_url = address_to_call(base_url, field="base_url")
    for field, given in (("lei", lei), ("uscc", uscc), ("duns", duns)):
        with findings.collecting():
            setattr(made, field, READERS[field](checks.text(given, field=field, longest=60)))
    findings.settle()
    stated = json.dumps({name: getattr(made, name) for name in STATED})
    ((is_taken,),) = rows(INTRODUCE, [made.company_id, made.uuid, at, stated])
    if not is_taken:
        raise Refusal(unknown, field="company", code="unknown_choice")
    notices.tell_introduced(made, at=at)
    return made


@transaction.atomic
def accept_request(
    request: ConnectionRequest,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    name: str = "",
    partner: Company | None = None,
) -> Connection:
    """Take it up: a connection like every other, which somebody who keeps the machines has to approve.

    Raises:
        NotAllowed; Refusal: it was decided on, or the name is taken; Stale.
    """
    move = checked(CONNECTION_REQUEST, "accept", request, by=by, deeds={})
    made = request_connection(
        request.company, by=by, name=name or request.name, partner=partner, base_url=request.base_url
    )
    write_move(request, move, version=version, decided_by_id=by.user_id, decided_at=at, connection=made)
    _answer(request, TAKEN_UP)
    return made


@transaction.atomic
def refuse_request(
    request: ConnectionRequest, *, by: Actor, at: datetime, reason: str, version: int | None = None
) -> None:
    """Say no, and why: the asker reads it.

    Raises:
        NotAllowed; Refusal: it was decided on, or there is no reason; Stale.
    """
    move = checked(CONNECTION_REQUEST, "refuse", request, by=by, deeds={}, reason=reason)
    said = checks.text(reason, field="reason", longest=LONGEST_REASON, required=True)
    write_move(request, move, version=version, decided_by_id=by.user_id, decided_at=at, reason=said)
    _answer(request, TURNED_DOWN, said)


def _answer(request: ConnectionRequest, said: Text, reason: str = "") -> None:
    """Tell the contact by mail, once the decision stands; a mail that cannot be sent undoes nothing."""
    with translation.override(request.language):
        subject = str(_("Your request to be connected"))
        words = {"company": named(request.company), "reference": request.uuid, "reason": reason}
        body = str(said) % words
    transaction.on_commit(lambda: _mail(subject, body, request.contact_mail), robust=True)


def _mail(subject: str, body: str, address: str) -> None:
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])
