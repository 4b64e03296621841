"""Ask somebody in: a one-time link by mail, which proves the address; accept, send again, withdraw."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import checks, queries
from accounts.actions.membership import first_people_only, grant, last_day, not_oneself, roles_for
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.forms import named
from accounts.models import Company, Invitation, Site, User
from accounts.policy import require_people
from accounts.visibility import acting_as

LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Sent:
    """An invitation and its link, which nobody can read again."""

    invitation: Invitation
    link: str


class Unusable(Refusal):
    """The link was used, withdrawn, replaced by a newer one, or is too old."""

    code = "unusable_link"
    status = 404


@transaction.atomic
def invite(
    company: Company,
    *,
    by: Actor,
    email: str,
    roles: Sequence[str],
    sites: Sequence[Site] = (),
    ends_on: date | None = None,
    locale: str = User.Locale.CHINESE,
) -> Sent:
    """Invite an address with roles, until a day if one is given.

    Raises:
        NotAllowed: no right to, or the address is one's own; Refusal: also where the company has people of
        its own who invite.
    """
    require_people(by, company)
    address = checks.mail_address(email, field="email")
    known = User.objects.filter(email=address).first()
    if known is not None:
        not_oneself(known, by=by)
    first_people_only(company, by=by)
    for role in roles:
        checks.choice(role, [str(one) for one in roles_for(company)], field="roles")
    if not roles:
        raise Refusal(_("Choose at least one role."), field="roles", code="required")
    last_day(ends_on)
    now, token = timezone.now(), secrets.token_urlsafe(32)
    open_already = _("This address was invited already. Send that invitation again, or withdraw it first.")
    with checks.refusing({"invitation_once": Refusal(open_already, field="email", code="duplicate")}):
        made = Invitation.objects.create(
            company=company,
            email=address,
            roles=list(dict.fromkeys(roles)),
            locale=checks.choice(locale, User.Locale.values, field="locale"),
            ends_on=ends_on,
            token_digest=digest_of(token),
            invited_by_id=by.user_id,
            sent_at=now,
            expires_at=now + LASTS,
        )
    made.sites.set([site for site in sites if site.company_id == company.pk])
    return _send(made, token)


@transaction.atomic
def send_again(invitation: Invitation, *, by: Actor) -> Sent:
    """A new link with a new time; the former link is worth nothing.

    Raises:
        NotAllowed: also where the company has people of its own who invite, for whoever sends it may see the
        link; Refusal: it was accepted or withdrawn.
    """
    require_people(by, invitation.company)
    first_people_only(invitation.company, by=by)
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _still_open(held)
    now, token = timezone.now(), secrets.token_urlsafe(32)
    held.token_digest, held.sent_at, held.expires_at = digest_of(token), now, now + LASTS
    held.save(update_fields=["token_digest", "sent_at", "expires_at"])
    return _send(held, token)


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Actor) -> Invitation:
    """The link is worth nothing any more.

    Raises:
        NotAllowed; Refusal: it was accepted or withdrawn.
    """
    require_people(by, invitation.company)
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _still_open(held)
    held.withdrawn_at = timezone.now()
    held.save(update_fields=["withdrawn_at"])
    return held


def invitation_of(token: str, *, at: datetime, hold: bool = False) -> Invitation:
    """The open invitation behind a link.

    Raises:
        Unusable.
    """
    rows = Invitation.objects.select_related("company")
    if hold:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(token_digest=digest_of(token)).first()
    if found is None or not found.is_open or found.expires_at <= at:
        raise Unusable(_("This link has been used or replaced, or it is too old. Ask for a new one."))
    return found


@transaction.atomic
def accept(token: str, *, by: Actor, name: str = "", password: str = "", locale: str = "") -> User:
    """Use the link: a new person is made, or whoever has the address and is signed in gets the roles.

    Raises:
        Unusable; NotAllowed: the address is somebody's who is not signed in; Refusal, Refusals.
    """
    invitation = invitation_of(token, at=timezone.now(), hold=True)
    person = User.objects.filter(email=invitation.email).first()
    if person is None:
        person = _new_person(invitation, name=name, password=password, locale=locale)
    elif by.user_id != person.pk:
        raise NotAllowed(_("There is an account of this address. Sign in with it, then open the link again."))
    with acting_as(Actor(name=str(person), user_id=person.pk, uuid=person.uuid)):
        sites = Invitation.sites.through.objects.filter(invitation=invitation)
        chosen = [Site(pk=site_id) for site_id in sites.values_list("site_id", flat=True)]
        valid = queries.memberships_on(timezone.localdate())
        held = set(valid.filter(user=person, company=invitation.company).values_list("role", flat=True))
        for role in (role for role in invitation.roles if role not in held):
            grant(person, company=invitation.company, role=role, sites=chosen, ends_on=invitation.ends_on)
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
    return person


def digest_of(token: str) -> str:
    """What is kept of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def _new_person(invitation: Invitation, *, name: str, password: str, locale: str) -> User:
    findings = checks.Findings()
    person = User(email=invitation.email)
    with findings.collecting():
        person.name = checks.name(name, field="name", longest=120, required=True)
    with findings.collecting():
        person.locale = checks.choice(locale, User.Locale.values, field="locale")
    try:
        password_validation.validate_password(password, person)
    except ValidationError as weak:
        for message in weak.messages:
            findings.add(message, field="password", code="weak_password")
    findings.settle()
    message = _("There is an account of this address. Sign in with it, then open the link again.")
    with checks.refusing({"accounts_user_email_key": Refusal(message, code="duplicate")}):
        return User.objects.create_user(invitation.email, password, name=person.name, locale=person.locale)


def _still_open(invitation: Invitation) -> None:
    if not invitation.is_open:
        raise Refusal(_("This invitation was accepted or withdrawn already."), code="closed")


def _send(invitation: Invitation, token: str) -> Sent:
    link = settings.PUBLIC_URL + reverse("accounts:accept_invitation", args=[token])
    with translation.override(invitation.locale):
        company = checks.one_line(named(invitation.company))
        subject = _("Invitation to the Footprint Alliance from %(company)s") % {"company": company}
        words = {"company": company, "link": link, "days": LASTS.days}
        text = _(
            "%(company)s invites you to its product carbon footprints.\n\n"
            "Open this link to set your name and password:\n%(link)s\n\n"
            "It works once and for %(days)d days. If you did not expect it, ignore this message."
        )
        body = text % words
    transaction.on_commit(lambda: _mail(subject, body, invitation.email), robust=True)
    return Sent(invitation, link)


def _mail(subject: str, body: str, address: str) -> None:
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])
