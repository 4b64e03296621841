"""Close and open accounts, help somebody who lost every second factor, change one's own details."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oauth2_provider.models import AccessToken, RefreshToken

from accounts import checks, queries
from accounts.actions.membership import not_oneself
from accounts.actor import Actor
from accounts.audit import Action, record
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.policy import can, may_manage_people
from accounts.roles import Permission
from accounts.sessions import end_sessions


@transaction.atomic
def change_details(person: User, *, by: Actor, name: str, locale: str) -> User:
    """What the person is called and which language they read.

    Raises:
        NotAllowed, Refusal.
    """
    if by.user_id != person.pk:
        raise NotAllowed(_("Everybody changes their own details."))
    person.name = checks.name(name, field="name", longest=120, required=True)
    person.locale = checks.choice(locale, User.Locale.values, field="locale")
    person.save(update_fields=["name", "locale"])
    return person


@transaction.atomic
def close_account(person: User, *, by: Actor) -> User:
    """Nobody signs in with it any more; sessions and tokens end at once. What the person did stays.

    Raises:
        NotAllowed.
    """
    _require_account(person, by=by)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person)
    AccessToken.objects.filter(user=person).delete()
    RefreshToken.objects.filter(user=person).delete()
    return person


@transaction.atomic
def open_account(person: User, *, by: Actor) -> User:
    """The person signs in again, as before.

    Raises:
        NotAllowed.
    """
    _require_account(person, by=by)
    person.is_active = True
    person.save(update_fields=["is_active"])
    return person


@transaction.atomic
def reset_second_factor(person: User, *, by: Actor) -> None:
    """For somebody who lost telephone, keys and recovery codes: they sign in and add a new factor.

    The security administrator alone may: a company's own people could make the account theirs this way.

    Raises:
        NotAllowed.
    """
    if not can(by, Permission.SECURE_ACCOUNTS):
        raise NotAllowed(_("Only the alliance's security administrator resets a second factor."))
    not_oneself(person, by=by)
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    record(by, Action.SESSION_ENDED, person, reason="second factor reset")


def may_close(by: Actor, person: User) -> bool:
    """The security administrator everybody's account; a company's own the ones of nobody but their people."""
    if by.user_id == person.pk:
        return False
    if can(by, Permission.SECURE_ACCOUNTS):
        return True
    companies = queries.companies_of(person, timezone.localdate())
    return bool(companies) and all(may_manage_people(by, company) for company in companies)


def _require_account(person: User, *, by: Actor) -> None:
    not_oneself(person, by=by)
    if not may_close(by, person):
        raise NotAllowed(
            _("This person works for another company, too. Ask the alliance's security administrator.")
        )
