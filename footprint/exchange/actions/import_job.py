"""Take in a package now, import it as soon as a worker is free."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal, Refusals
from accounts.jobs import aside, claimed
from accounts.models import Company, Site
from accounts.policy import require
from accounts.queries import actor_behind
from accounts.roles import Permission
from footprint.exchange.actions.import_openlca import Imported, Period, import_openlca
from footprint.exchange.confined.archive import MOST_BYTES, ends_as_a_zip
from footprint.exchange.confined.problems import Problem, Unreadable
from footprint.exchange.models import ImportJob
from footprint.exchange.openlca.sentences import SENTENCES

logger = logging.getLogger(__name__)

IMPORT_TASK = "footprint.exchange.run_imports"
LOCK = 0x01CA
PROGRESS_EVERY = 0.2


def quarantine(job: ImportJob) -> Path:
    """Where the job's package waits, under a name of our own."""
    return Path(settings.MEDIA_ROOT) / "imports" / f"{job.uuid}.zip"


def queue_import(
    *,
    by: Actor,
    company: Company,
    file_name: str,
    content: bytes,
    period: Period,
    site: Site | None = None,
    replace: bool = False,
) -> ImportJob:
    """Keep the package and wake a worker; a broker that is away only delays it.

    Raises:
        NotAllowed, Refusal.
    """
    require(by, Permission.IMPORT_INVENTORY, company_id=company.pk)
    if len(content) > MOST_BYTES:
        message = _("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 2**20}
        raise Refusal(message, field="package", code="too_large")
    if not ends_as_a_zip(content):
        raise Refusal(SENTENCES["no_zip"], field="package", code="no_zip")
    if period.end < period.start:
        raise Refusal(_("The period ends before it begins."), field="period_end", code="reversed_period")
    job = ImportJob(
        company=company,
        created_by_id=by.user_id,
        client_id=by.client_id,
        file_name=Path(file_name.replace("\\", "/")).name[:200] or "package.zip",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        site=site,
        period_start=period.start,
        period_end=period.end,
        replaces=replace,
    )
    place = quarantine(job)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.write_bytes(content)
    try:
        with transaction.atomic():
            job.save(force_insert=True)
            transaction.on_commit(_send, robust=True)
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    return job


def _send() -> None:
    current_app.send_task(IMPORT_TASK, ignore_result=True, retry=False)


def due_jobs() -> list[int]:
    """Imports that wait, or whose worker may have died; oldest first."""
    return list(
        ImportJob.objects.filter(state__in=ImportJob.UNFINISHED).order_by("pk").values_list("pk", flat=True)
    )


def discard_leftovers(*, older_than: float) -> None:
    """Remove packages that a killed process left behind, after so many seconds."""
    waiting = ImportJob.objects.filter(state__in=ImportJob.UNFINISHED)
    kept = {quarantine(job).name for job in waiting}
    for place in (Path(settings.MEDIA_ROOT) / "imports").glob("*.zip"):
        if place.name not in kept and place.stat().st_mtime < timezone.now().timestamp() - older_than:
            place.unlink(missing_ok=True)


def run_import(job_id: int) -> None:
    """Import one package, unless somebody else is at it or it is finished."""
    with claimed(LOCK, job_id) as mine:
        if not mine:
            return
        job = _begin(job_id)
        if job is None:
            return
        # a refusal that is no problem of the package is worded here, for who handed it in
        with translation.override(job.created_by.locale if job.created_by else None):
            try:
                _run(job)
            except (Refusal, Refusals) as refused:
                _end(job, ImportJob.State.REFUSED, problems=_problems(refused))
        quarantine(job).unlink(missing_ok=True)


def _begin(job_id: int) -> ImportJob | None:
    job = ImportJob.objects.filter(pk=job_id, state__in=ImportJob.UNFINISHED).first()
    if job is None:
        return None
    if job.attempts >= ImportJob.MOST_ATTEMPTS:
        _end(job, ImportJob.State.FAILED)
        quarantine(job).unlink(missing_ok=True)
        return None
    job.state = ImportJob.State.RUNNING
    job.attempts += 1
    job.started_at = timezone.now()
    job.save(update_fields=["state", "attempts", "started_at"])
    return job


def _run(job: ImportJob) -> None:
    try:
        content = quarantine(job).read_bytes()
    except FileNotFoundError:
        raise Refusal(_("The uploaded file is gone; upload it again."), code="file_gone") from None

    def finish(imported: Imported) -> None:
        findings = imported.findings
        _end(
            job,
            ImportJob.State.DONE,
            inventory=imported.inventory,
            summary=imported.summary,
            findings=findings,
            steps_done=F("steps_all"),  # what is told on the way may leave out the last
        )

    with _announcing(job) as progress:
        import_openlca(
            by=actor_behind(job.client, job.created_by),
            company=job.company,
            content=content,
            site=job.site,
            period=Period(job.period_start, job.period_end),
            replace=job.replaces,
            title=job.file_name,
            progress=progress,
            finish=finish,
        )


def _end(job: ImportJob, state: ImportJob.State, **found: Any) -> None:
    ImportJob.objects.filter(pk=job.pk).update(state=state, finished_at=timezone.now(), **found)


def _problems(refused: Refusal | Refusals) -> list[dict[str, Any]]:
    """As stored; what the package's reader found keeps its code and values, to be worded when shown."""
    if isinstance(refused.__cause__, Unreadable):
        return [problem.record() for problem in refused.__cause__.problems]
    several = refused.refusals if isinstance(refused, Refusals) else [refused]
    return [Problem("refused", "", one.field or "", {"message": str(one)}).record() for one in several]


@contextmanager
def _announcing(job: ImportJob) -> Iterator[Any]:
    """Progress through a connection of its own, so that it is seen while the import's transaction is open."""
    last = datetime.min.replace(tzinfo=timezone.get_current_timezone())

    def progress(stage: str, done: int, every: int) -> None:
        nonlocal last
        now = timezone.now()
        if (now - last).total_seconds() < PROGRESS_EVERY:
            return
        last = now
        tell(
            "UPDATE exchange_importjob SET stage = %s, steps_done = %s, steps_all = %s WHERE id = %s",
            [stage, done, every, job.pk],
        )

    with aside() as tell:
        yield progress
