"""Store a confirmed workbook as soon as a worker is free; small ones at once."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime

from celery import current_app
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal, Refusals
from accounts.jobs import TakenBack, announcing, claimed
from accounts.policy import require
from accounts.problems import problem_of
from accounts.queries import actor_of_client, actor_of_user
from accounts.roles import Permission
from accounts.visibility import acting_as
from footprint.calculation import ledger
from footprint.exchange.actions.workbook import apply_workbook, check_confirmation, locked, store
from footprint.exchange.models import WorkbookUpload

logger = logging.getLogger(__name__)

WORKBOOK_TASK = "footprint.exchange.run_workbooks"
LOCK = 0x0B0C
TELL_SECONDS = 0.5
TOLD = "UPDATE exchange_workbookupload SET steps_done = %s WHERE id = %s AND state = 'storing'"
AT_ONCE = 200
"""Changed lines that somebody may wait for."""
MOST_REFUSALS = 1000
State = WorkbookUpload.State


@transaction.atomic
def confirm_workbook(
    upload: WorkbookUpload,
    *,
    by: Actor,
    at: datetime,
    version: int,
    taking: Collection[str] = (),
    later: bool = False,
) -> WorkbookUpload:
    """Store few lines now, leave many to a worker, or all if ``later``; a broker that is away only delays it.

    Raises:
        NotAllowed, Stale, Refusal, Refusals.
    """
    inventory = upload.inventory
    require(by, Permission.EDIT_INVENTORY, company_id=inventory.company_id, site_id=inventory.site_id)
    upload = locked(upload)
    lines = check_confirmation(upload, version=version, taking=taking)
    if lines <= AT_ONCE and not later:
        return apply_workbook(upload, by=by, at=at, version=version, taking=taking)
    upload.state, upload.refusals = State.STORING, None
    upload.steps_done, upload.attempts = 0, 0
    upload.confirmed_by_id, upload.confirmed_client_id = by.user_id, by.client_id
    language = get_language() or "zh-hans"
    upload.order = {"taking": sorted(taking), "language": language, "lines": lines}
    upload.save(
        update_fields=[
            "state", "refusals", "steps_done", "attempts", "confirmed_by", "confirmed_client", "order",
        ]
    )  # fmt: skip
    transaction.on_commit(_send, robust=True)
    return upload


@transaction.atomic
def cancel_workbook(upload: WorkbookUpload, *, by: Actor, at: datetime) -> WorkbookUpload:
    """Take it back while it waits for a worker or is being stored: the worker notices and stores nothing.

    Raises:
        NotAllowed, Refusal: it is stored already, or nobody is storing it.
    """
    inventory = upload.inventory
    require(by, Permission.EDIT_INVENTORY, company_id=inventory.company_id, site_id=inventory.site_id)
    storing = WorkbookUpload.objects.filter(pk=upload.pk, state=State.STORING)
    # waits for a worker that is just writing ``applied``: one of the two comes too late
    is_cancelled = storing.update(state=State.CANCELLED, finished_at=at, rows=[], steps_done=0)
    upload.refresh_from_db()
    if not is_cancelled and upload.state == State.APPLIED:
        message = _("All of it is stored already; it is too late to cancel. Nothing was taken back.")
        raise Refusal(message, code="stored")
    if not is_cancelled:
        message = _("Only what is being stored can be cancelled; this upload is not: %(state)s.")
        raise Refusal(message % {"state": upload.get_state_display()}, code="not_storing")
    return upload


def due_workbooks() -> list[int]:
    """Those that wait, or whose worker may have died; oldest first."""
    return list(
        WorkbookUpload.objects.filter(state=State.STORING).order_by("pk").values_list("pk", flat=True)
    )


def run_workbook(upload_id: int) -> None:
    """Store one workbook, unless somebody else is at it or it is decided."""
    with claimed(LOCK, upload_id) as mine:
        upload = _begin(upload_id) if mine else None
        if upload is None or upload.order is None:
            return
        with translation.override(upload.order["language"]):
            try:
                _run(upload)
            except (Refusal, Refusals) as refused:
                _open_again(upload.pk, refused)
            except TakenBack:
                logger.info("workbook %s was cancelled while it was being stored", upload.pk)


def _send() -> None:
    current_app.send_task(WORKBOOK_TASK, ignore_result=True, retry=False)


def _begin(upload_id: int) -> WorkbookUpload | None:
    waiting = WorkbookUpload.objects.filter(pk=upload_id, state=State.STORING)
    upload = waiting.select_related("inventory", "confirmed_by", "confirmed_client").first()
    if upload is None:
        return None
    if upload.attempts >= WorkbookUpload.MOST_ATTEMPTS:
        with translation.override((upload.order or {}).get("language", "zh-hans")):
            message = _(
                "Storing broke off several times; nothing was stored. "
                "Confirm again later, or tell the operators."
            )
            _open_again(upload.pk, Refusal(message, code="broken_off"))
        return None
    begun = waiting.update(attempts=F("attempts") + 1, started_at=timezone.now(), steps_done=0)
    return upload if begun else None


@transaction.atomic
def _run(upload: WorkbookUpload) -> None:
    """That the lines are stored and that it says so become true together.

    Raises:
        Refusal, Refusals; TakenBack: nothing is stored.
    """
    by, taking = _confirmer(upload), (upload.order or {})["taking"]
    with announcing(TOLD, upload.pk, every=TELL_SECONDS) as progress, acting_as(by):
        summary = store(upload, by=by, taking=taking, progress=progress)
        ended = {"state": State.APPLIED, "finished_at": timezone.now(), "steps_done": upload.steps_all}
        mine = WorkbookUpload.objects.filter(pk=upload.pk, state=State.STORING)
        if not mine.update(**ended, rows=[], summary=summary):
            raise TakenBack
        ledger.wake()


def _open_again(upload_id: int, refused: Refusal | Refusals) -> None:
    told = [
        {
            "row": fault.row,
            "field": fault.pointer.rpartition("/")[2],
            "code": fault.code,
            "detail": fault.detail,
        }
        for fault in problem_of(refused).faults[:MOST_REFUSALS]
    ]
    waiting = WorkbookUpload.objects.filter(pk=upload_id, state=State.STORING)
    waiting.update(state=State.OPEN, refusals=told, steps_done=0)


def _confirmer(upload: WorkbookUpload) -> Actor:
    """Who confirmed it, with the rights of today."""
    client = upload.confirmed_client
    if client is not None:
        return actor_of_client(client) if client.is_active else Actor.nobody()
    return actor_of_user(upload.confirmed_by) if upload.confirmed_by else Actor.nobody()
