"""Somebody who asks: a relation to a company and a role in it, as ``own.plant`` or ``nobody.anonymous``."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http.cookies import SimpleCookie

from django.test import Client

from accounts.models import User
from accounts.sessions import BEGAN, SEEN


@dataclass
class Asker:
    """Somebody with a relation to the company: a client that is signed in, or a token."""

    name: str
    client: Client
    token: str = ""
    reads_only: bool = False
    cookies: str = ""

    def __post_init__(self) -> None:
        self.cookies = self.client.cookies.output(header="", sep=";")

    def come_in(self) -> Client:
        """Signed in as at the start, whatever was asked before."""
        self.client.cookies = SimpleCookie(self.cookies)
        return self.client

    @property
    def is_machine(self) -> bool:
        return bool(self.token)

    @property
    def relation(self) -> str:
        return self.name.partition(".")[0]


def stranger() -> Client:
    """A client that is not signed in."""
    return Client(raise_request_exception=False, headers={"Accept-Language": "en"})


def signed_in(person: User) -> Client:
    """A client whose session counts as used a moment ago for as long as tests take.

    What a request notes of a session's use is rolled back with it, so every request would note it anew.
    """
    client = stranger()
    client.force_login(person)
    session = client.session
    session[BEGAN] = session[SEEN] = int(time.time()) + 3600
    session.save()
    return client
