"""Ask how far a change of a factor would reach; the worker answers: it alone knows the whole network."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.visibility import acting_as
from factors import queries as factor_queries
from factors import units
from factors.content import Emission
from factors.models import FactorProposal, FactorVersion
from footprint.analysis.impact import blast_radius, change_between
from footprint.analysis.models import FactorImpact
from footprint.calculation.memory import recall, remember

logger = logging.getLogger(__name__)

IMPACT_TASK = "footprint.analysis.foresee"


@transaction.atomic
def ask_for_impact(
    old: FactorVersion,
    *,
    by: Actor,
    new: FactorVersion | None = None,
    proposal: FactorProposal | None = None,
    at: datetime | None = None,
) -> FactorImpact:
    """Have it computed how far ``new``, what a proposal states, or a withdrawal (neither) would reach.

    Raises:
        NotAllowed: nobody signed in.
        Refusal: both are named, or the two are per units that measure different things.
    """
    if not factor_queries.may_read(by):
        raise NotAllowed(_("Please sign in first."))
    comparable_unit(old, new, proposal)
    asked = FactorImpact.objects.create(old=old, new=new, proposal=proposal, asked_at=at or timezone.now())
    transaction.on_commit(_wake, robust=True)
    return asked


def comparable_unit(old: FactorVersion, new: FactorVersion | None, proposal: FactorProposal | None) -> str:
    """The unit of the one thing that would come.

    Raises:
        Refusal: two things would, or it is per a unit that measures something else.
    """
    if new is not None and proposal is not None:
        message = _("Name a version or a proposal: one thing takes the place, not two.")
        raise Refusal(message, field="proposal", code="two_things")
    unit = unit_of(old, new, proposal)
    if not units.same_dimension(old.factor.unit, unit):
        message = _("The versions are per units that measure different things: %(old)s and %(new)s.")
        named = {"old": old.factor.unit, "new": unit}
        raise Refusal(message % named, field="new" if new else "proposal", code="unit_mismatch")
    return unit


def unit_of(old: FactorVersion, new: FactorVersion | None, proposal: FactorProposal | None) -> str:
    """The unit that what would come is stated in."""
    if new is not None:
        return new.factor.unit
    return proposal.unit if proposal is not None else old.factor.unit


def emissions_of(
    actor: Actor, new: FactorVersion | None, proposal: FactorProposal | None
) -> Iterable[Emission]:
    """What would be emitted per that unit; nothing where nothing takes the place."""
    if new is not None:
        return factor_queries.emissions_of(actor, [new.pk])[new.pk]
    return proposal.stated.emissions if proposal is not None else ()


def foresee_waiting(at: datetime | None = None) -> bool:
    """Answer the next question; whether there was one. One that breaks says so and is not asked again."""
    with acting_as(Actor.worker()):
        waiting = FactorImpact.objects.filter(computed_at=None).select_related(
            "old__factor", "new__factor", "proposal"
        )
        asked = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("pk").first()
        if asked is None:
            return False
        try:
            with transaction.atomic():
                found = _found(asked)
        except Exception:
            logger.exception("impact %s broke", asked.uuid)
            found = {"is_broken": True}
        FactorImpact.objects.filter(pk=asked.pk).update(found=found, computed_at=at or timezone.now())
    return True


def _found(asked: FactorImpact) -> dict[str, Any]:
    worker = Actor.worker()
    emissions = emissions_of(worker, asked.new, asked.proposal)
    change = change_between(worker, asked.old, emissions, unit_of(asked.old, asked.new, asked.proposal))
    known = recall()
    remember(known)  # who asks next need not wait for it to be read and solved
    return asdict(blast_radius(known.live, asked.old, change))


def _wake() -> None:
    """Nothing depends on it: the clock makes good for a lost message."""
    current_app.send_task(IMPACT_TASK, ignore_result=True, retry=False)
