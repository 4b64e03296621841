"""Files that a company takes home: ask for one, write it, remove it when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts import checks
from accounts.actor import Actor
from accounts.jobs import aside, claimed
from accounts.kept_files import keep, remove_drafts
from accounts.models import Company
from accounts.policy import require
from accounts.queries import actor_behind
from accounts.roles import Permission
from footprint.calculation.own_network import GWP_SETS
from footprint.exchange import queries
from footprint.exchange.actions.export_company import write_export
from footprint.exchange.actions.export_openlca import write_package
from footprint.exchange.models import CompanyExport
from footprint.inventory.models import Inventory

EXPORT_TASK = "footprint.exchange.run_exports"
LOCK = 0x0E40
MOST_AT_ONCE = 2_000
"""So many lines of an inventory are written while somebody waits; a longer one is a worker's."""
TOLD = "UPDATE exchange_companyexport SET steps_done = %s, steps_all = %s WHERE id = %s"
Kind = CompanyExport.Kind
State = CompanyExport.State


def is_long(inventory: Inventory, *, by: Actor) -> bool:
    """Whether its package is a worker's."""
    return queries.line_count(by, inventory) > MOST_AT_ONCE


def place_of(export: CompanyExport) -> Path:
    """Where its file lies, under a name of our own."""
    return _folder() / f"{export.uuid}.zip"


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "exports"


def queue_export(*, by: Actor, company: Company) -> CompanyExport:
    """Ask for everything; a file that is under way already is that file.

    Raises:
        NotAllowed: only the company's data owner takes everything.
    """
    require(by, Permission.EXPORT_COMPANY, company_id=company.pk)
    return _queued(by, company=company, kind=Kind.COMPANY)


def queue_package(inventory: Inventory, *, by: Actor, gwp: str, language: str) -> CompanyExport:
    """Ask for an inventory for openLCA, as whoever may read it does; as above.

    Raises:
        Refusal: no such set of GWP values.
    """
    checks.choice(gwp, GWP_SETS, field="gwp")
    of = {"company_id": inventory.company_id, "inventory": inventory}
    return _queued(by, kind=Kind.OPENLCA, gwp=gwp, language=language, **of)


def _queued(by: Actor, **what: Any) -> CompanyExport:
    under_way = CompanyExport.objects.visible_to(by).filter(state__in=CompanyExport.UNFINISHED, **what)
    if (there := under_way.first()) is not None:
        return there
    made = CompanyExport.objects.create(created_by_id=by.user_id, client_id=by.client_id, **what)
    transaction.on_commit(_send, robust=True)
    return made


def _send() -> None:
    current_app.send_task(EXPORT_TASK, ignore_result=True, retry=False)


def due_exports() -> list[int]:
    """Exports that wait, or whose worker may have died; oldest first."""
    return list(_waiting().order_by("pk").values_list("pk", flat=True))


def _waiting() -> QuerySet[CompanyExport]:
    return CompanyExport.objects.filter(state__in=CompanyExport.UNFINISHED)


def run_export(export_id: int, *, at: datetime) -> None:
    """Write one file, unless somebody else is at it or it is there."""
    with claimed(LOCK, export_id) as mine:
        export = _waiting().filter(pk=export_id).first() if mine else None
        if export is None:
            return
        if export.sender is None or export.attempts >= CompanyExport.MOST_ATTEMPTS:
            _change(export, state=State.FAILED, finished_at=at)
            return
        _change(export, state=State.RUNNING, attempts=export.attempts + 1)
        _write_file(export, actor_behind(export.client, export.created_by), at)


def _write_file(export: CompanyExport, by: Actor, at: datetime) -> None:
    """With the roles of today."""
    left_out: list[list[str]] = []
    with aside() as tell:

        def progress(done: int, every: int) -> None:
            tell(TOLD, [done, every, export.pk])

        def write(file: IO[bytes]) -> None:
            if export.kind == Kind.COMPANY:
                write_export(file, by=by, company=export.company, at=at, progress=progress)
                return
            notes = write_package(
                file,
                by=by,
                inventory=export.inventory,
                gwp=export.gwp,
                language=export.language,
                progress=progress,
            )
            left_out.extend([note.process, note.line, note.code] for note in notes[: export.MOST_NOTES])

        kept = keep(place_of(export), write)
    done = {"state": State.DONE, "finished_at": at, "size": kept.size, "sha256": kept.sha256}
    _change(export, notes=left_out, **done)


def _change(export: CompanyExport, **to: Any) -> None:
    CompanyExport.objects.filter(pk=export.pk).update(**to)


def remove_old_exports(*, at: datetime) -> None:
    """Files whose time is over, and drafts that a killed process left behind."""
    over = at - timedelta(days=CompanyExport.KEPT_DAYS)
    for export in CompanyExport.objects.filter(state=State.DONE, finished_at__lt=over):
        place_of(export).unlink(missing_ok=True)
        _change(export, state=State.REMOVED)
    remove_drafts(_folder(), before=over)
