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
    with acting_as(Actor.worker()):
        old = AccessToken.objects.filter(expires__lt=at - KEPT, created__lt=at - KEPT)
        keys = list(old.order_by("pk").values_list("pk", flat=True))
    forgotten = 0
    for first in range(0, len(keys), AT_A_TIME):
        with acting_as(Actor.worker()):
            some = AccessToken.objects.filter(pk__in=keys[first : first + AT_A_TIME])
            forgotten += some.delete()[0]
    return forgotten
