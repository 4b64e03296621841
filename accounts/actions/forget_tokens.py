"""Forget access tokens that ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from oauth2_provider.models import AccessToken

from accounts.actor import Actor
from accounts.visibility import acting_as

KEPT = timedelta(days=7)
"""Who still sends a token that ended is told so, and its company's log, by the token's row."""
AT_A_TIME = 1000


def forget_tokens(*, at: datetime) -> int:
    """Remove access tokens of machines and of partners' systems that ended longer ago; how many there were.

    Not the library's ``clear_expired``, which removes a token in the second it expires. One that was ended
    before its time says it expired long ago (``refusals.ENDED``), so its age counts, too. Batch by batch, so
    that issuing goes on meanwhile.
    """
    old = AccessToken.objects.filter(expires__lt=at - KEPT, created__lt=at - KEPT).order_by("pk")
    forgotten = 0
    while True:
        with acting_as(Actor.worker()):
            some = list(old.values_list("pk", flat=True)[:AT_A_TIME])
            forgotten += int(AccessToken.objects.filter(pk__in=some).delete()[0])
        if len(some) < AT_A_TIME:
            return forgotten
