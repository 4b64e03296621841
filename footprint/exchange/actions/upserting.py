"""Store many rows that a company's own system sends: at once, or by a worker as soon as one is free."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.bulk_sql import add_rows
from accounts.errors import Refusal, Refusals
from accounts.jobs import TakenBack, announcing, claimed, uncollected
from accounts.models import Company
from accounts.policy import can, require
from accounts.problems import problem_of
from accounts.queries import actor_behind
from accounts.rest.parsing import parse
from accounts.roles import Permission
from accounts.visibility import acting_as
from footprint.calculation import ledger
from footprint.calculation.queries import refuse_unsolvable
from footprint.exchange.models import UpsertBody, UpsertJob, UpsertRow
from footprint.inventory.actions import Upserted, upsert_lines, upsert_products
from footprint.inventory.models import Inventory

logger = logging.getLogger(__name__)

UPSERT_TASK = "footprint.exchange.run_upserts"
LOCK = 0x0B5E
TELL_SECONDS = 0.5
TOLD = "UPDATE exchange_upsertjob SET steps_done = %s WHERE id = %s AND state = 'running'"
RESULT = ("company_id", "job_id", "number", "key", "outcome", "thing", "pointer", "code", "detail")
State = UpsertJob.State


@dataclass(frozen=True)
class Target:
    """What the rows are about: the products of a company, or the lines of one of its inventories."""

    kind: str
    company: Company
    inventory: Inventory | None = None


@transaction.atomic
def upsert(
    target: Target, rows: Sequence[Mapping[str, Any]], *, by: Actor, progress: Any = None
) -> list[Upserted]:
    """Store all rows, or none.

    Raises:
        NotAllowed; Refusal, Refusals: each with its row.
    """
    _gate(target, by)
    if target.inventory is None:
        done = upsert_products(target.company, rows, by=by, progress=progress)
    else:
        done = upsert_lines(target.inventory, target.kind, rows, by=by, progress=progress)
        moved = {one.process_id for one in done if one.process_id and one.outcome != "unchanged"}
        refuse_unsolvable(by, moved)
    ledger.wake()
    return done


@transaction.atomic
def queue_upsert(target: Target, body: bytes, count: int, *, by: Actor) -> UpsertJob:
    """Keep what was sent and wake a worker; a broker that is away only delays it. Raises NotAllowed."""
    _gate(target, by)
    job = UpsertJob(
        company=target.company,
        kind=target.kind,
        inventory=target.inventory,
        created_by_id=by.user_id,
        client_id=by.client_id,
        language=get_language() or "zh-hans",
        rows=count,
    )
    job.save(force_insert=True)
    UpsertBody(company=target.company, job=job, content=body).save(force_insert=True)
    transaction.on_commit(_send, robust=True)
    return job


@transaction.atomic
def cancel_upsert(job: UpsertJob, *, by: Actor, at: datetime) -> UpsertJob:
    """Take it back while it waits for a worker or runs: the worker notices and stores nothing.

    Raises:
        NotAllowed, Refusal: all of it is stored, or it has ended otherwise.
    """
    _gate(_target(job), by)
    unfinished = UpsertJob.objects.filter(pk=job.pk, state__in=UpsertJob.UNFINISHED)
    # waits for a worker that is just writing ``done``: one of the two comes too late
    is_cancelled = unfinished.update(state=State.CANCELLED, finished_at=at, steps_done=0)
    job.refresh_from_db()
    if not is_cancelled and job.state == State.DONE:
        message = _("All of it is stored already; it is too late to cancel. Nothing was taken back.")
        raise Refusal(message, code="stored")
    if not is_cancelled:
        message = _("Only what has not ended can be cancelled; this job has: %(state)s.")
        raise Refusal(message % {"state": job.get_state_display()}, code="ended")
    UpsertBody.objects.filter(job=job).delete()
    return job


def due_upserts() -> list[int]:
    """Those that wait, or whose worker may have died; oldest first."""
    return list(
        UpsertJob.objects.filter(state__in=UpsertJob.UNFINISHED).order_by("pk").values_list("pk", flat=True)
    )


def forget_upserts(*, at: datetime) -> int:
    """Rows of what ended long ago."""
    old = UpsertJob.objects.filter(finished_at__lt=at - timedelta(days=UpsertJob.DAYS))
    return UpsertRow.objects.filter(job__in=old).delete()[0]


def run_upsert(job_id: int) -> None:
    """Store the rows of one job, unless somebody else is at it, it has ended or an earlier one has not."""
    with claimed(LOCK, job_id) as mine:
        job = _begin(job_id) if mine else None
        if job is None:
            return
        with translation.override(job.language), uncollected():
            try:
                _run_or_refuse(job)
            except TakenBack:
                logger.info("upsert %s was cancelled while it ran", job.pk)


def may_cancel(job: UpsertJob, *, by: Actor) -> bool:
    """Whether the person may take it back, and it has not ended."""
    if not job.is_unfinished or (job.kind != UpsertJob.Kind.PRODUCTS and job.inventory is None):
        return False
    permission, where = _needed(_target(job))
    return bool(can(by, permission, **where))


def _gate(target: Target, by: Actor) -> None:
    """Whether the person may change what the rows are about. Raises NotAllowed."""
    permission, where = _needed(target)
    require(by, permission, **where)


def _needed(target: Target) -> tuple[Permission, dict[str, int]]:
    if target.inventory is None:
        return Permission.EDIT_PRODUCT, {"company_id": target.company.pk}
    where = {"company_id": target.company.pk, "site_id": target.inventory.site_id}
    return Permission.EDIT_INVENTORY, where


def _send() -> None:
    current_app.send_task(UPSERT_TASK, ignore_result=True, retry=False)


def _begin(job_id: int) -> UpsertJob | None:
    """The job, now running: whoever cancels it comes before this, or too late."""
    now = timezone.now()
    waiting = UpsertJob.objects.filter(pk=job_id, state__in=UpsertJob.UNFINISHED)
    with transaction.atomic():
        job = waiting.select_for_update(of=("self",)).select_related("company", "inventory").first()
        if job is None:
            return None
        before = UpsertJob.objects.filter(company=job.company, pk__lt=job.pk, state__in=UpsertJob.UNFINISHED)
        if before.exists():  # rows are stored in the order they were sent
            return None
        if job.attempts >= UpsertJob.MOST_ATTEMPTS:
            _end(job, State.FAILED)
            return None
        job.state, job.attempts, job.started_at = State.RUNNING, job.attempts + 1, now
        job.save(update_fields=["state", "attempts", "started_at"])
    return job


def _run_or_refuse(job: UpsertJob) -> None:
    """Raises TakenBack: nothing is stored, and nothing told."""
    try:
        _run(job)
    except (Refusal, Refusals) as refused:
        _refuse(job, refused)


def _run(job: UpsertJob) -> None:
    """What is stored, what is told of it and that the job is done become true together.

    Raises:
        Refusal, Refusals; TakenBack: nothing is stored.
    """
    by, rows = actor_behind(job.client, job.created_by), _sent(job)
    with announcing(TOLD, job.pk, every=TELL_SECONDS) as progress, acting_as(by):
        done = upsert(_target(job), rows, by=by, progress=progress)
        told = ((job.company_id, job.pk, one.row, one.key, one.outcome, one.uuid, "", "", "") for one in done)
        add_rows(UpsertRow._meta.db_table, RESULT, told)
        _end(job, State.DONE, **Counter(one.outcome for one in done))


def _refuse(job: UpsertJob, refused: Refusal | Refusals) -> None:
    rows = _sent(job)
    results = [
        UpsertRow(
            company_id=job.company_id, job=job, number=fault.row or 0, key=_key_of(rows, fault.row),
            outcome=UpsertRow.Outcome.REFUSED, pointer=fault.pointer[:200], code=fault.code,
            detail=fault.detail,
        )
        for fault in problem_of(refused).faults
    ]  # fmt: skip
    with transaction.atomic():
        UpsertRow.objects.bulk_create(results)
        _end(job, State.REFUSED, refused=len({result.number for result in results}))


def _sent(job: UpsertJob) -> Sequence[Any]:
    """The rows as they were sent. Raises TakenBack: they are gone with the job."""
    body = UpsertBody.objects.filter(job=job).first()
    if body is None:
        raise TakenBack
    rows: Sequence[Any] = parse(bytes(body.content))["rows"]
    return rows


def _key_of(rows: Sequence[Any], number: object) -> str:
    """How the sender calls a row."""
    row = rows[number - 1] if isinstance(number, int) and number else {}
    named = (row.get(name) for name in ("external_id", "code")) if isinstance(row, Mapping) else ()
    return next((name[:200] for name in named if isinstance(name, str)), "")


def _end(job: UpsertJob, state: State, **counts: int) -> None:
    """Raises TakenBack. The job before its body, as whoever cancels does: neither waits for the other."""
    ended = {"state": state, "finished_at": timezone.now(), "steps_done": job.rows, **counts}
    if not UpsertJob.objects.filter(pk=job.pk, state__in=UpsertJob.UNFINISHED).update(**ended):
        raise TakenBack
    UpsertBody.objects.filter(job=job).delete()


def _target(job: UpsertJob) -> Target:
    if job.kind != UpsertJob.Kind.PRODUCTS and job.inventory is None:
        raise Refusal(_("The inventory is not there any more."), code="not_found")
    return Target(job.kind, job.company, job.inventory)
