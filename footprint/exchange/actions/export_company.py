"""Write everything of one company into one file."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from accounts import audit_queries
from accounts.actor import Actor
from accounts.audit_chain import Head, entry_line, header_line
from accounts.exports import safe
from accounts.jobs import Progress
from accounts.models import Company, Membership
from accounts.policy import require
from accounts.roles import Permission
from footprint.engine import ENGINE_VERSION
from footprint.exchange.actions.one_moment import one_moment
from footprint.exchange.company_tables import Table, as_cells, as_json, tables


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
    with one_moment(by), ZipFile(file, "w", ZIP_DEFLATED, compresslevel=6) as packed:
        counts: dict[str, int] = {}
        for done, table in enumerate(every):
            progress(done, len(every))
            counts[table.name] = _write_table(packed, table, by, company)
        _write_people(packed, company)
        _write_chain(packed, by, company)
        _write_manifest(packed, company, at, counts)
        progress(len(every), len(every))


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
