"""How people come in: by invitation of their company, never by signing themselves up; and it is recorded."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.http import HttpRequest

from accounts import sessions
from accounts.actor import Actor
from accounts.addresses import address_of
from accounts.audit import Action, record
from accounts.models import User
from accounts.queries import actor_of_user

UNKNOWN = "0.0.0.0"  # noqa: S104  (an address nobody has, for a socket without one)


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest | Any) -> bool:
        return False

    def login(self, request: HttpRequest | Any, user: User) -> None:
        super().login(request, user)
        sessions.begin(request)
        methods = [one.get("method", "") for one in request.session.get("account_authentication_methods", [])]
        record(actor_of_user(user), Action.SIGNED_IN, user, methods=methods, address=str(address_of(request)))

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Whoever has just signed in has shown who they are."""
        return not sessions.is_fresh(context.request) and bool(
            super().is_reauthentication_required(app=app, **more)
        )

    def get_client_ip(self, request: HttpRequest | Any) -> str:
        """For rate limits and the list of sessions; counted from our own proxies, never as claimed."""
        return str(address_of(request) or UNKNOWN)

    def logout(self, request: HttpRequest | Any) -> None:
        actor: Actor = getattr(request, "actor", Actor.nobody())
        if actor.is_known:
            record(actor, Action.SIGNED_OUT, cast(User, request.user))
        super().logout(request)

    def authentication_failed(self, request: HttpRequest | Any, **credentials: Any) -> None:
        """In the chains of the person's companies; a mistyped address is nobody's and is not kept."""
        address = str(credentials.get("email") or credentials.get("username") or "").lower()
        person = User.objects.filter(email=address).first()
        if person is None:
            record(Actor.nobody(), Action.SIGN_IN_FAILED, "account_login")
            return
        companies: set[int | None] = {holding.company_id for holding in actor_of_user(person).holdings}
        for company_id in companies or {None}:
            record(Actor.nobody(), Action.SIGN_IN_FAILED, person, company_id=company_id)
