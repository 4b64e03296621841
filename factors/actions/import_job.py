"""Take in a file of versions now; a worker reads it, another curator confirms it, a worker publishes it."""

from __future__ import annotations

import gzip
import hashlib
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.bulk_sql import copy_rows
from accounts.errors import NotAllowed, Refusal
from accounts.jobs import aside, claimed
from accounts.policy import require
from accounts.queries import actor_awake
from accounts.roles import Permission
from accounts.visibility import acting_as
from factors.actions.import_table import (
    Progress,
    WrongRows,
    known,
    other_units,
    publish_rows,
    to_decide,
)
from factors.actions.publish_version import of_two
from factors.bulk import MOST_FAULTS, Line, RowFault, assemble, read_lines
from factors.content import Fault
from factors.models import FactorImport
from factors.notices import tell_of_import

logger = logging.getLogger(__name__)

IMPORT_TASK = "factors.run_imports"
LOCK = 0x0FAC
MOST_BYTES = 64 * 2**20
CHUNK = 5_000
DECISIONS = ("confirm", "decline")
LONGEST_REASON = 400


@transaction.atomic
def queue_import(*, by: Actor, file_name: str, content: bytes, at: datetime | None = None) -> FactorImport:
    """Keep the file and wake a worker; a broker that is away only delays it.

    Raises:
        NotAllowed: only curators.
        Refusal: too large, empty, or no text.
    """
    require(by, Permission.PUBLISH_FACTOR)
    if len(content) > MOST_BYTES:
        raise Refusal(_("This file is larger than 64 MB. Split it."), field="file", code="too_large")
    if not content.strip():
        raise Refusal(_("This file is empty."), field="file", code="required")
    try:
        lines = sum(1 for _line in io.StringIO(content.decode("utf-8-sig"), newline=None))
    except UnicodeDecodeError as error:
        message = _("This is no text in UTF-8. Save it as CSV in UTF-8.")
        raise Refusal(message, field="file", code="not_utf8") from error
    made = FactorImport(
        file_name=Path(file_name.replace("\\", "/")).name[:200] or "factors.csv",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=gzip.compress(content, compresslevel=3),
        lines_all=max(lines - 1, 0),
        created_by_id=by.user_id,
        created_at=at or timezone.now(),
    )
    made.save(force_insert=True)
    transaction.on_commit(_wake, robust=True)
    return made


@transaction.atomic
def decide_import(
    job: FactorImport, *, by: Actor, is_confirmed: bool, reason: str = "", at: datetime | None = None
) -> FactorImport:
    """Let a file that was read without a fault be published, or decline it, saying why.

    Raises:
        NotAllowed: only curators; who handed it in may take it back, but not confirm it.
        Refusal: it does not wait, or is declined without a reason.
    """
    require(by, Permission.PUBLISH_FACTOR)
    now = at or timezone.now()
    prepared_by = job.created_by.signature if job.created_by else ""
    if is_confirmed:
        of_two(by, prepared_by)
    said = checks.text(reason, field="reason", longest=LONGEST_REASON, required=not is_confirmed)
    state = FactorImport.State.CONFIRMED if is_confirmed else FactorImport.State.DECLINED
    waiting = FactorImport.objects.filter(pk=job.pk, state=FactorImport.State.WAITING)
    if not waiting.update(state=state, decided_by_id=by.user_id, decided_at=now, decision_reason=said):
        message = _("This file does not wait for a decision (any more). Look at its state as it is now.")
        raise Refusal(message, code="state")
    job.refresh_from_db(fields=["state", "decided_by", "decided_at", "decision_reason"])
    tell_of_import(job, at=now, by=by)
    transaction.on_commit(_wake, robust=True)
    return job


def _wake() -> None:
    current_app.send_task(IMPORT_TASK, ignore_result=True, retry=False)


def due_imports() -> list[int]:
    """Files that wait, or whose worker may have died; oldest first."""
    found = FactorImport.objects.filter(state__in=FactorImport.UNFINISHED)
    return list(found.order_by("pk").values_list("pk", flat=True))


def forget_declined() -> None:
    """Files and lines of what was declined: nobody needs them any more."""
    with acting_as(Actor.worker()):
        for job in FactorImport.objects.filter(state=FactorImport.State.DECLINED, finished_at=None):
            _end(job, FactorImport.State.DECLINED)


def run_import(key: int) -> None:
    """Read on where the last worker came to; publish what was confirmed; unless somebody else is at it."""
    with claimed(LOCK, key) as mine:
        if not mine:
            return
        job = _begin(key)
        if job is None:
            return
        now = timezone.now()
        faults = _confirmed(job, now) if job.decided_by_id else _looked_at(job, now)
        if faults:
            in_order = sorted(faults[:MOST_FAULTS], key=lambda each: each.line)
            refused = [_kept(each) for each in in_order]
            _end(job, FactorImport.State.REFUSED, faults=refused)


def _looked_at(job: FactorImport, now: datetime) -> list[RowFault]:
    """Read and check it, and let it wait for another curator."""
    rest, faults = _read(job, now)
    if len(faults) >= MOST_FAULTS:
        return faults
    rows, wrong = assemble(chain(_staged(job), rest), known(now))
    faults = [*faults, *(wrong or other_units(rows))]
    if not faults and not rows:
        return [RowFault(2, Fault("no_version", "file"))]
    if not faults:
        with acting_as(Actor.worker()):
            job.state, job.stage, job.attempts = FactorImport.State.WAITING, "", 0
            job.summary = to_decide(rows)
            job.save(update_fields=["state", "stage", "attempts", "summary"])
            tell_of_import(job, at=now)
    return faults


def _confirmed(job: FactorImport, now: datetime) -> list[RowFault]:
    """Publish it; what it names may have changed since it was read."""
    rows, faults = assemble(_staged(job), known(now))
    if faults:
        return faults
    try:
        _publish(job, rows, now)
    except WrongRows as wrong:
        return wrong.faults
    except NotAllowed:
        return [RowFault(1, Fault("not_allowed", "file"))]
    return []


def _begin(key: int) -> FactorImport | None:
    with acting_as(Actor.worker()):
        job = FactorImport.objects.filter(pk=key, state__in=FactorImport.UNFINISHED).first()
        if job is None:
            return None
        if job.attempts >= FactorImport.MOST_ATTEMPTS:
            _end(job, FactorImport.State.FAILED)
            return None
        job.state, job.attempts = FactorImport.State.RUNNING, job.attempts + 1
        job.stage = FactorImport.Stage.READING
        job.save(update_fields=["state", "attempts", "stage"])
    return job


def _read(job: FactorImport, now: datetime) -> tuple[list[Line], list[RowFault]]:
    """Put line by line aside, so many in a transaction; from the first fault on keep them, up to a thousand.

    What is put aside is never read again, and a fault has to be: a worker that dies finds it anew.
    """
    text = io.StringIO(gzip.decompress(job.content).decode("utf-8-sig"), newline="")
    rest: list[Line] = []
    found: list[RowFault] = []
    lines = read_lines(text, known(now), after=job.lines_read + 1)
    while chunk := list(islice(lines, CHUNK)):
        found += [each for each in chunk if isinstance(each, RowFault)]
        if len(found) >= MOST_FAULTS:
            break
        good = [each for each in chunk if isinstance(each, Line)]
        if found:
            rest += good
        else:
            _set_aside(job, good)
    return rest, found


def _set_aside(job: FactorImport, lines: list[Line]) -> None:
    columns = ("imported_id", "number", "stated", "gas")
    with acting_as(Actor.worker()):
        rows = ((job.pk, line.number, line.version, line.gas) for line in lines)
        with connection.cursor() as cursor:
            copy_rows(cursor, "factors_importedline", columns, rows)
        # the first line is the head
        job.lines_read = lines[-1].number - 1
        job.save(update_fields=["lines_read"])


def _staged(job: FactorImport) -> Iterator[Line]:
    with acting_as(Actor.worker()):
        rows = list(job.lines.order_by("number").values_list("number", "stated", "gas"))
    for number, stated, gas in rows:
        yield Line(number, stated, gas)


def _publish(job: FactorImport, rows: list[Any], now: datetime) -> None:
    """In the name of who confirmed it, with the roles of today."""
    by, prepared_by = actor_awake(job.decided_by), job.created_by.signature if job.created_by else ""
    with _announcing(job) as progress, acting_as(by):
        done = publish_rows(rows, by=by, prepared_by=prepared_by, at=now, progress=progress)
        with acting_as(Actor.worker()):
            _end(job, FactorImport.State.DONE, summary=asdict(done))


def _end(job: FactorImport, state: FactorImport.State, **found: Any) -> None:
    """With what it came to; file and lines are done with."""
    with acting_as(Actor.worker()):
        job.lines.all().delete()
        FactorImport.objects.filter(pk=job.pk).update(
            state=state, stage="", finished_at=timezone.now(), content=b"", **found
        )


def _kept(each: RowFault) -> dict[str, Any]:
    figures = {name: str(value) for name, value in each.fault.figures.items()}
    return {"line": each.line, "code": each.fault.code, "field": each.fault.field, "figures": figures}


def fault_of(kept: dict[str, Any]) -> RowFault:
    """Back again, to be put into words."""
    return RowFault(kept["line"], Fault(kept["code"], kept["field"], kept["figures"]))


@contextmanager
def _announcing(job: FactorImport) -> Iterator[Progress]:
    """Through a connection of its own: what is being published is seen by nobody until it is."""
    with aside() as tell:
        statement = "UPDATE factors_factorimport SET stage = %s WHERE id = %s"
        yield lambda _step, _count: tell(statement, [FactorImport.Stage.PUBLISHING.value, job.pk])
