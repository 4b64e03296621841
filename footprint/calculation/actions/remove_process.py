"""Remove a unit process that holds nothing any more."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from footprint.calculation.models import Footprint
from footprint.inventory import actions
from footprint.inventory.models import UnitProcess


@transaction.atomic
def remove_process(process: UnitProcess, *, by: Actor, version: int | None) -> None:
    """Remove it, once the worker has taken away the figures of what it made.

    Raises:
        NotAllowed, Stale; Refusal: it holds lines, others take from it, or its figures are still there.
    """
    actions.remove_process(process, by=by, version=version)
    if Footprint.objects.filter(process_id=process.pk).exists():
        message = _("The figures of the lines that went are still being taken away. Try again in a moment.")
        raise Refusal(message, code="not_settled")
