"""Long files of releases: ask for one, write it, remove it when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import translation

from accounts import checks
from accounts.actor import Actor
from accounts.jobs import aside, claimed
from accounts.kept_files import keep, remove_drafts
from accounts.visibility import acting_as
from factors import released
from factors.models import FactorRelease, ReleaseFile

WRITE_TASK = "factors.write_release_files"
LOCK = 0x0FAF
MOST_AT_ONCE = 5_000
"""So many versions are written while somebody waits; the files of a larger release are a worker's."""


def is_long(release: FactorRelease) -> bool:
    """Whether its files are a worker's."""
    return release.versions > MOST_AT_ONCE


def place_of(file: ReleaseFile) -> Path:
    """Where its content lies, under a name of our own."""
    return _folder() / str(file.uuid)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "releases"


@transaction.atomic
def ask_for_file(release: FactorRelease, *, kind: str, language: str) -> ReleaseFile:
    """Let a worker write it. One that is under way, or is there, is that file: releases are everybody's.

    Raises:
        Refusal: no such kind of file.
    """
    checks.choice(kind, ReleaseFile.Kind.values, field="kind")
    wanted = ReleaseFile(release=release, kind=kind, language=language)
    ReleaseFile.objects.bulk_create([wanted], ignore_conflicts=True)  # two may ask at once
    transaction.on_commit(_wake, robust=True)
    live = ReleaseFile.objects.filter(state__in=ReleaseFile.LIVE)
    return live.get(release=release, kind=kind, language=language)


def _wake() -> None:
    current_app.send_task(WRITE_TASK, ignore_result=True, retry=False)


def due_files() -> list[int]:
    """Files that wait, or whose worker may have died; oldest first."""
    waiting = ReleaseFile.objects.filter(state__in=ReleaseFile.UNFINISHED)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def write_file(key: int, *, at: datetime) -> None:
    """Write one file, unless somebody else is at it or it is there."""
    with claimed(LOCK, key) as mine:
        file = _begun(key, at) if mine else None
        if file is None:
            return
        kept = keep(place_of(file), lambda out: _write(file, out))
        done = file.release.versions
        _end(file, ReleaseFile.State.DONE, at, size=kept.size, sha256=kept.sha256, versions_done=done)


def _begun(key: int, at: datetime) -> ReleaseFile | None:
    with acting_as(Actor.worker()):
        waiting = ReleaseFile.objects.filter(state__in=ReleaseFile.UNFINISHED)
        file = waiting.select_related("release").filter(pk=key).first()
        if file is None:
            return None
        if file.attempts >= ReleaseFile.MOST_ATTEMPTS:
            _end(file, ReleaseFile.State.FAILED, at)
            return None
        file.state, file.attempts = ReleaseFile.State.RUNNING, file.attempts + 1
        file.save(update_fields=["state", "attempts"])
    return file


def _write(file: ReleaseFile, out: IO[bytes]) -> None:
    statement = "UPDATE factors_releasefile SET versions_done = %s WHERE id = %s"
    worker = Actor.worker()
    with aside() as tell, acting_as(worker), translation.override(file.language):
        released.write(
            out,
            file.kind,
            by=worker,
            release=file.release,
            language=file.language,
            progress=lambda done: tell(statement, [done, file.pk]),
        )


def _end(file: ReleaseFile, state: ReleaseFile.State, at: datetime, **found: str | int) -> None:
    with acting_as(Actor.worker()):
        ReleaseFile.objects.filter(pk=file.pk).update(state=state, finished_at=at, **found)


def remove_old_files(*, at: datetime) -> None:
    """Files whose time is over, and drafts that a killed process left behind."""
    over = at - timedelta(days=ReleaseFile.KEPT_DAYS)
    with acting_as(Actor.worker()):
        for file in ReleaseFile.objects.filter(state=ReleaseFile.State.DONE, finished_at__lt=over):
            ReleaseFile.objects.filter(pk=file.pk).update(state=ReleaseFile.State.REMOVED)
            place_of(file).unlink(missing_ok=True)
    remove_drafts(_folder(), before=over)
