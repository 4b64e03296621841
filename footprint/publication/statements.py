"""What others stated about a publication: known further up, asked for here when a page shows it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.module_loading import import_string

from accounts.actor import Actor
from footprint.publication.models import Publication

_rooms: list[str] = []


def register(path: str) -> None:
    """Who knows: ``stated(actor, publication, today)``, by its dotted path, loaded when asked."""
    _rooms[:] = [path]


def stated_of(actor: Actor, publication: Publication, today: date) -> list[Any]:
    """Every statement about a publication, the latest first."""
    found: list[Any] = import_string(_rooms[0])(actor, publication, today) if _rooms else []
    return found
