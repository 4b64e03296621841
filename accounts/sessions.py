"""How long a session lasts: it ends when nobody uses it, and in any case after a working day."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.audit import Action, record_afterwards
from accounts.errors import Text
from accounts.models import User
from accounts.queries import actor_of_user

BEGAN, SEEN, ENDED = "began", "seen", "ended"
BY_ITSELF = "X-By-Itself"
"""The header of what no person asked for; see static/js/page.js."""
GRAIN_SECONDS = 60
"""How exactly the last use is kept: writing a row for every request would be dear."""
WHY: dict[str, Text] = {
    "idle": _(
        "You were signed out because nothing was done for a while. Everything that was saved is there."
    ),
    "age": _(
        "You were signed out because the session had lasted its time. Everything that was saved is there."
    ),
}


def keep(request: HttpRequest) -> None:
    """Note that the session is used, or end it when its time is over.

    The reason stays in the new, empty session, so that the page for signing in can say it.
    """
    session = request.session
    if session.session_key is None or not isinstance(request.user, User):
        return
    now = int(time.time())
    began, seen = session.setdefault(BEGAN, now), session.get(SEEN, now)
    if reason := _over(now - began, now - seen):
        actor = actor_of_user(request.user)
        record_afterwards(request, actor, Action.SESSION_ENDED, request.user, reason=reason)
        UserSession.objects.filter(session_key=session.session_key).delete()
        logout(request)
        request.session[ENDED] = reason
    elif SEEN not in session or (now - seen >= GRAIN_SECONDS and not _is_by_itself(request)):
        session[SEEN] = now
        UserSession.objects.filter(session_key=session.session_key).update(
            last_seen_at=datetime.fromtimestamp(now, UTC)
        )


def _is_by_itself(request: HttpRequest) -> bool:
    """Whether an open page asks again for what it waits for: that is no use of the session."""
    return request.method == "GET" and BY_ITSELF in request.headers


def begin(request: HttpRequest) -> None:
    """A person has just signed in: the clock starts anew."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())
    request.session.pop(ENDED, None)


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person signed in a moment ago."""
    return time.time() - int(request.session.get(BEGAN, 0)) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def _over(age_seconds: int, idle_seconds: int) -> str:
    if age_seconds >= settings.SESSION_COOKIE_AGE:
        return "age"
    return "idle" if idle_seconds >= settings.SESSION_IDLE_SECONDS else ""


def end_sessions(person: User, *, request: HttpRequest | None = None) -> None:
    """End all sessions of the person at once; the one that asks goes on under a new key."""
    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
    for session in UserSession.objects.filter(user=person):
        if request is None or session.session_key != request.session.session_key:
            session.end()
    if request is not None:
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        update_session_auth_hash(request, person)
        UserSession.objects.create_from_request(request)


@dataclass(frozen=True)
class OpenSession:
    """A session as its owner sees it."""

    pk: int
    browser: str
    address: str
    began_at: datetime
    seen_at: datetime
    is_current: bool


def open_sessions(request: HttpRequest) -> list[OpenSession]:
    """The sessions of whoever asks, this one first, then the latest used; what has ended is forgotten."""
    found = UserSession.objects.purge_and_list(request.user)
    shown = [
        OpenSession(
            one.pk,
            browser_of(one.user_agent),
            "" if one.ip == "0.0.0.0" else one.ip,  # noqa: S104  (only compared)
            one.created_at,
            one.last_seen_at,
            one.session_key == request.session.session_key,
        )
        for one in found
    ]
    return sorted(shown, key=lambda one: (not one.is_current, -one.seen_at.timestamp()))


def end_session(request: HttpRequest, pk: int) -> bool:
    """End one of one's own other sessions; whether there was such a one."""
    own = UserSession.objects.filter(user_id=request.user.pk, pk=pk)
    session = own.exclude(session_key=request.session.session_key).first()
    if session is not None:
        session.end()
    return session is not None


def browser_of(agent: str) -> str:
    """Browser and system in two words; a browser claims to be all its forebears, so the order matters."""
    browsers = {
        "Edg/": "Edge",
        "OPR/": "Opera",
        "Firefox/": "Firefox",
        "Chrome/": "Chrome",
        "Safari/": "Safari",
    }
    systems = {"Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad"}
    systems |= {"Mac OS X": "macOS", "Linux": "Linux"}
    named = [
        next((name for mark, name in known.items() if mark in agent), "") for known in (browsers, systems)
    ]
    return " · ".join(one for one in named if one) or agent[:40]
