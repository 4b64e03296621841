"""Try whether a partner's endpoint speaks PACT: asked for by a person, done by a worker, one at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.jobs import claimed
from accounts.policy import require
from accounts.roles import Permission
from accounts.visibility import acting_as
from footprint.partners import queries
from footprint.partners.calling import LONG_CALLS
from footprint.partners.conformance import report
from footprint.partners.conformance.asking import Endpoint
from footprint.partners.conformance.cases import PREPARATION
from footprint.partners.conformance.filters import cases_of
from footprint.partners.conformance.run import Case, Reference, run
from footprint.partners.conformance.sending import may_go_plainly, over_the_wire
from footprint.partners.models import ConformanceRun, Connection
from footprint.partners.notices import tell_ended
from footprint.partners.sealing import unseal
from footprint.partners.waking import TRY_TASK, wake

SECONDS = 240.0
"""After which a run asks nothing more; a whole one against a quick host takes half a minute."""
LISTEN_SECONDS = 1.0


@transaction.atomic
def ask_to_try(connection: Connection, *, by: Actor, is_strict: bool = True) -> ConformanceRun:
    """Have all cases tried against a partner's endpoint, by whoever is free.

    Raises:
        NotAllowed; Refusal: it cannot be called, or is being tried already.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=connection.company_id)
    if not connection.can_be_called or not connection.is_active:
        raise Refusal(_("Enter the partner's address and credentials first."), code="cannot_call")
    wanted = ConformanceRun(
        company_id=connection.company_id,
        connection=connection,
        created_by_id=by.user_id,
        base_url=connection.base_url,
        speaks=connection.speaks,
        is_strict=is_strict,
        steps_all=len(_cases(connection.speaks, is_strict)),
    )
    message = _("This endpoint is being tried already. Wait for that run to end.")
    with checks.refusing({"one_conformance_run_at_a_time": Refusal(message, code="running")}):
        wanted.save(force_insert=True)
    wake(TRY_TASK)
    return wanted


def try_due() -> int:
    """Every run that waits, one at a time on the whole platform, so that workers stay free; how many.

    What is found running was left by a worker that died, for nobody else is at it.
    """
    done = 0
    with claimed(LONG_CALLS, 0) as mine:
        while mine and (found := _begin()) is not None:
            _try(found)
            done += 1
    return done


def _begin() -> ConformanceRun | None:
    with acting_as(Actor.worker()):
        waiting = ConformanceRun.objects.filter(state__in=ConformanceRun.UNFINISHED).select_related(
            "connection"
        )
        for found in waiting.order_by("pk"):
            if found.attempts < ConformanceRun.MOST_ATTEMPTS and found.connection.is_active:
                found.state, found.attempts = ConformanceRun.State.RUNNING, found.attempts + 1
                found.save(update_fields=["state", "attempts"])
                return found
            _end(found, ConformanceRun.State.FAILED)
    return None


def _try(found: ConformanceRun) -> None:
    kept = list(_records(found))
    verdict, numbers = report.counted(kept)
    is_whole = len(kept) == len(_cases(found.speaks, found.is_strict))
    state = ConformanceRun.State.DONE if is_whole else ConformanceRun.State.FAILED
    told: dict[str, Any] = {"results": kept, **numbers}
    with acting_as(Actor.worker()):
        _end(found, state, **told, verdict=verdict.value if is_whole else "")
        _forget(found.connection_id)


def _records(found: ConformanceRun) -> Iterator[report.Record]:
    """Result after result; it ends early when the connection is revoked meanwhile."""
    endpoint = _endpoint(found)
    reference = Reference(source=settings.PARTNER_URL)
    reference.answer_to = lambda event_id: _heard(found.connection, event_id)
    for number, result in enumerate(run(_cases(found.speaks, found.is_strict), endpoint, reference), 1):
        yield report.record(result)
        with acting_as(Actor.worker()):
            ConformanceRun.objects.filter(pk=found.pk).update(steps_done=number)
            active = Connection.objects.filter(pk=found.connection_id, state=Connection.State.ACTIVE)
            if not active.exists():
                return


def _cases(speaks: int, is_strict: bool) -> list[Case]:
    return [PREPARATION, *cases_of(speaks, strict=is_strict)]


def _endpoint(found: ConformanceRun) -> Endpoint:
    connection = found.connection
    return Endpoint(
        found.base_url,
        connection.callback_id,
        unseal(connection.callback_secret) or "",
        over_the_wire(),
        version=found.speaks,
        auth_url=connection.auth_url,
        asks_plainly=may_go_plainly(found.base_url),
        deadline=time.monotonic() + SECONDS,
    )


def _heard(connection: Connection, event_id: str) -> dict[str, Any] | None:
    found = queries.answer_to(connection, event_id)
    if found is None:
        time.sleep(LISTEN_SECONDS)
    return found


def _end(found: ConformanceRun, state: ConformanceRun.State, **told: Any) -> None:
    now: datetime = timezone.now()
    ConformanceRun.objects.filter(pk=found.pk).update(state=state, finished_at=now, **told)
    tell_ended(found, event=state.value, at=now)


def _forget(connection_id: int) -> None:
    runs = ConformanceRun.objects.filter(connection_id=connection_id).order_by("-pk")
    kept = runs.values_list("pk", flat=True)[: ConformanceRun.KEPT]
    runs.exclude(pk__in=list(kept)).delete()
