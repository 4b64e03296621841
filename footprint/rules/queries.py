"""Questions about the rules."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.actor import Actor
from footprint.rules.models import ProductCategory


def categories(actor: Actor) -> QuerySet[ProductCategory]:
    """The categories along the chain: open to everybody who signed in."""
    chain = ProductCategory.objects.order_by("position", "code")
    return chain if actor.is_known or actor.is_worker else chain.none()
