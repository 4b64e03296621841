"""The type of a request after the tenant middleware: it knows who is asking."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.actor import Actor


class AskedRequest(HttpRequest):
    """What every page takes: an ``HttpRequest`` with its ``actor``."""

    actor: Actor
