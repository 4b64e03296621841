"""The door of the clock and of whoever asked for a study."""

from __future__ import annotations

from celery import shared_task

from footprint.analysis.actions import sample as actions
from footprint.analysis.actions.adopt_by_policy import adopt_waiting
from footprint.analysis.actions.foresee import IMPACT_TASK, foresee_waiting
from footprint.analysis.actions.tell_outdated import tell_outdated_versions
from footprint.analysis.actions.try_rule import TRY_TASK, try_waiting


@shared_task(name=actions.SAMPLE_TASK, ignore_result=True)
def sample() -> None:
    """One piece, so that figures that change in between are not kept waiting."""
    actions.work()


@shared_task(name=TRY_TASK, ignore_result=True)
def try_rules() -> None:
    """Every draft of a rule that waits for its trial."""
    while try_waiting():
        pass


@shared_task(name=IMPACT_TASK, ignore_result=True)
def foresee() -> None:
    """Every change of a factor that somebody asked about."""
    while foresee_waiting():
        pass


@shared_task(name="footprint.analysis.adopt", ignore_result=True)
def adopt() -> None:
    """What companies take over without being asked; of the rest they are told."""
    adopt_waiting()
    tell_outdated_versions()
