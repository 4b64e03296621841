"""Forget who asked to be connected, once nobody needs to answer them any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.partners.models import ConnectionRequest

State = ConnectionRequest.State
NOBODY = {"contact_name": "", "contact_mail": ""}


def erase_contacts(*, at: datetime) -> int:
    """Empty what names people in requests that were decided on some time ago; how many there were.

    Of a refused one everything but the organisation goes. One that was taken up keeps purpose and endpoint,
    which are the connection's.
    """
    old = ConnectionRequest.objects.filter(decided_at__lt=at - timedelta(days=ConnectionRequest.CONTACT_DAYS))
    with acting_as(Actor.worker()):
        named = old.exclude(contact_mail="")
        refused = named.filter(state=State.REFUSED).update(base_url="", purpose="", **NOBODY)
        return refused + named.filter(state=State.ACCEPTED).update(**NOBODY)
