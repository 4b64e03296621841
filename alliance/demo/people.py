"""People of the demo alliance who act while it is loaded."""

from __future__ import annotations

from accounts.actor import Actor
from accounts.models import User
from accounts.queries import actor_of_user


def actor_called(email: str) -> Actor:
    """With the roles of the demo."""
    return actor_of_user(User.objects.get(email=email))
