"""Propose every factor version of a file, be it CSV or a workbook: all of it or nothing."""

from __future__ import annotations

import io
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal, Refusals
from accounts.models import Company
from accounts.policy import require
from accounts.roles import Permission
from factors.actions.import_table import known
from factors.actions.propose_table import Proposed, propose_rows, propose_table
from factors.bulk import read_cells
from footprint.exchange.confined.problems import Unreadable
from footprint.exchange.factor_table.reading import FactorTable, read_confined
from footprint.exchange.factor_table.sentences import refusal
from footprint.exchange.workbook.wire import ZIP

MOST_TEXT = 4 * 2**20


def propose_file(
    content: bytes,
    *,
    by: Actor,
    company: Company | None,
    reason: str = "",
    leaves_out: bool = False,
    at: datetime | None = None,
) -> Proposed:
    """A workbook, or a table as CSV in UTF-8, as its first bytes say.

    Raises:
        NotAllowed, Refusal, Refusals: as ``propose_workbook`` and ``propose_table`` say; it is neither.
    """
    require(by, Permission.PROPOSE_FACTOR, company_id=None if company is None else company.pk)
    if content.startswith(ZIP):
        return propose_workbook(content, by=by, company=company, reason=reason, leaves_out=leaves_out, at=at)
    if len(content) > MOST_TEXT:
        message = _("This file is larger than %(most)d MB. Split it.") % {"most": MOST_TEXT // 2**20}
        raise Refusal(message, field="file", code="too_large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = _("This is neither a workbook (.xlsx) nor text in UTF-8. Save it as one of the two.")
        raise Refusal(message, field="file", code="not_utf8") from error
    lines = io.StringIO(text, newline="")
    return propose_table(lines, by=by, company=company, reason=reason, leaves_out=leaves_out, at=at)


@transaction.atomic
def propose_workbook(
    content: bytes,
    *,
    by: Actor,
    company: Company | None,
    reason: str = "",
    leaves_out: bool = False,
    at: datetime | None = None,
) -> Proposed:
    """One proposal for each version; each refusal's ``row`` is the cell, with the sheet before it.

    Raises:
        NotAllowed: the role does not include it.
        Refusal, Refusals: as ``propose_rows`` says; the file or single cells cannot be read.
    """
    require(by, Permission.PROPOSE_FACTOR, company_id=None if company is None else company.pk)
    now = at or timezone.now()
    try:
        table = read_confined(content)
    except Unreadable as unreadable:
        raise Refusals([refusal(each) for each in unreadable.problems]) from unreadable
    if table.unusable:
        raise Refusals([refusal(each) for each in table.unusable])
    rows, wrong = read_cells(table.rows, known(now))
    try:
        done = propose_rows(rows, wrong, by=by, company=company, reason=reason, leaves_out=leaves_out, at=now)
    except Refusals as several:
        raise Refusals([_placed(table, each) for each in several.refusals]) from several
    return Proposed(done.proposals, tuple(_placed(table, each) for each in done.left_out))


def _placed(table: FactorTable, each: Refusal) -> Refusal:
    return Refusal(each.message, field=each.field, row=table.place(each.row, each.field), code=each.code)
