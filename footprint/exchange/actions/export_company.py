"""Everything of one company in one file: ask for it, write it, remove it when its time is over."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts import audit_queries
from accounts.actor import Actor
from accounts.audit_chain import Head, entry_line, header_line
from accounts.exports import safe
from accounts.jobs import aside, claimed
from accounts.kept_files import keep, remove_drafts
from accounts.models import Company, Membership
from accounts.policy import require
from accounts.queries import actor_awake
from accounts.roles import Permission
from accounts.visibility import acting_as
from footprint.engine import ENGINE_VERSION
from footprint.exchange.company_tables import Table, as_cells, as_json, tables
from footprint.exchange.models import CompanyExport

EXPORT_TASK = "footprint.exchange.run_exports"
LOCK = 0x0E40
Progress = Callable[[int, int], object]


def place_of(export: CompanyExport) -> Path:
    """Where its file lies, under a name of our own."""
    return Path(settings.MEDIA_ROOT) / "exports" / f"{export.uuid}.zip"


def queue_export(*, by: Actor, company: Company) -> CompanyExport:
    """Ask for the file; one that is under way already is that file.

    Raises:
        NotAllowed: only the company's data owner takes everything.
    """
    require(by, Permission.EXPORT_COMPANY, company_id=company.pk)
    own = CompanyExport.objects.visible_to(by).filter(company=company)
    under_way = own.filter(state__in=CompanyExport.UNFINISHED).first()
    if under_way is not None:
        return under_way
    made = CompanyExport.objects.create(company=company, created_by_id=by.user_id)
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
        if export.attempts >= CompanyExport.MOST_ATTEMPTS or export.created_by is None:
            CompanyExport.objects.filter(pk=export.pk).update(
                state=CompanyExport.State.FAILED, finished_at=at
            )
            return
        CompanyExport.objects.filter(pk=export.pk).update(
            state=CompanyExport.State.RUNNING, attempts=export.attempts + 1
        )
        _write_file(export, actor_awake(export.created_by), at)


def _write_file(export: CompanyExport, by: Actor, at: datetime) -> None:
    """With the roles of today, in one snapshot."""
    require(by, Permission.EXPORT_COMPANY, company_id=export.company_id)
    statement = "UPDATE exchange_companyexport SET steps_done = %s, steps_all = %s WHERE id = %s"
    with aside() as tell:

        def progress(done: int, every: int) -> None:
            tell(statement, [done, every, export.pk])

        kept = keep(
            place_of(export),
            lambda file: write_export(file, by=by, company=export.company, at=at, progress=progress),
        )
    CompanyExport.objects.filter(pk=export.pk).update(
        state=CompanyExport.State.DONE, finished_at=at, size=kept.size, sha256=kept.sha256
    )


def write_export(
    file: IO[bytes],
    *,
    by: Actor,
    company: Company,
    at: datetime,
    progress: Progress = lambda done, every: None,
) -> None:
    """The zip: every table as JSON lines and as CSV, people, the audit log, and what is in it.

    Raises:
        NotAllowed: the permission to export is missing.
    """
    require(by, Permission.EXPORT_COMPANY, company_id=company.pk)
    every = tables()
    with _snapshot(by), ZipFile(file, "w", ZIP_DEFLATED, compresslevel=6) as packed:
        counts: dict[str, int] = {}
        for done, table in enumerate(every):
            progress(done, len(every))
            counts[table.name] = _write_table(packed, table, by, company)
        _write_people(packed, company)
        _write_chain(packed, by, company)
        _write_manifest(packed, company, at, counts)
        progress(len(every), len(every))


@contextmanager
def _snapshot(by: Actor) -> Iterator[None]:
    """Everything as of one moment, as both locks let this person see it; nothing is written."""
    if connection.in_atomic_block:
        with acting_as(by):
            yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with acting_as(by):
            yield


def _write_table(packed: ZipFile, table: Table, by: Actor, company: Company) -> int:
    """Row by row, so that a long history needs no memory; read twice, in one snapshot."""
    rows = 0
    with packed.open(f"tables/{table.name}.jsonl", "w") as out:
        for row in table.rows(by, company):
            out.write(f"{as_json(table.heads, row)}\n".encode())
            rows += 1
    with (
        packed.open(f"tables/{table.name}.csv", "w") as raw,
        io.TextIOWrapper(raw, "utf-8-sig", newline="") as out,
    ):
        writer = csv.writer(out)
        writer.writerow(table.heads)
        writer.writerows([safe(cell) for cell in as_cells(row)] for row in table.rows(by, company))
    return rows


def _write_people(packed: ZipFile, company: Company) -> None:
    held = Membership.objects.filter(company=company).select_related("user").order_by("pk")
    people = [{"uuid": str(one.user.uuid), "email": one.user.email, "role": one.role} for one in held]
    packed.writestr("people.json", json.dumps(people, ensure_ascii=False, indent=1))


def _write_chain(packed: ZipFile, by: Actor, company: Company) -> None:
    """To be verified by `python -m accounts.audit_chain`."""
    chain = audit_queries.chains(by).filter(company=company).first()
    if chain is None:
        return
    with packed.open("audit.jsonl", "w") as out:
        out.write(f"{header_line(chain.name, company.code, Head(chain.position, chain.head))}\n".encode())
        for entry in audit_queries.stored_entries(chain, until=chain.position):
            out.write(f"{entry_line(entry)}\n".encode())
    if proof := audit_queries.proof(by, company):
        packed.writestr("checkpoint.json", json.dumps(proof, indent=1))


def _write_manifest(packed: ZipFile, company: Company, at: datetime, counts: dict[str, int]) -> None:
    names = {
        "uuid": str(company.uuid),
        "code": company.code,
        "name_zh": company.name_zh,
        "name_en": company.name_en,
    }
    told = {"company": names, "at": at.isoformat(), "engine": ENGINE_VERSION, "rows": counts}
    packed.writestr("manifest.json", json.dumps(told, ensure_ascii=False, indent=1))


def remove_old_exports(*, at: datetime) -> None:
    """Files whose time is over, and drafts that a killed process left behind."""
    over = at - timedelta(days=CompanyExport.KEPT_DAYS)
    for export in CompanyExport.objects.filter(state=CompanyExport.State.DONE, finished_at__lt=over):
        place_of(export).unlink(missing_ok=True)
        CompanyExport.objects.filter(pk=export.pk).update(state=CompanyExport.State.REMOVED)
    remove_drafts(Path(settings.MEDIA_ROOT) / "exports", before=over)
