"""Who may be called by name in a text: their names for the box, and whom a text calls."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.mentions import Named, mentioned
from accounts.models import User


def called(text: str, people: Iterable[int]) -> set[int]:
    """Those of these people whom a text calls."""
    rows = User.objects.filter(pk__in=set(people)).values_list("pk", "name", "email")
    return mentioned(text, [Named(key, name, email) for key, name, email in rows])


def callable_names(people: Iterable[int]) -> list[str]:
    """The names by which these people can be called."""
    named = User.objects.filter(pk__in=set(people)).exclude(name="")
    return sorted(set(named.values_list("name", flat=True)))
