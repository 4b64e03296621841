"""Propose every version of a file at once: each is screened as if it came alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.models import Company
from accounts.policy import require
from accounts.roles import Permission
from factors.actions.import_table import known, refusal
from factors.actions.propose import described, propose
from factors.bulk import Row, RowFault, read
from factors.models import Factor, FactorProposal
from factors.procedure import OPEN

MOST_PROPOSALS = 200


@dataclass(frozen=True)
class Proposed:
    """What was proposed, what was left out with its lines, and what is worth knowing of what was not."""

    proposals: tuple[FactorProposal, ...]
    left_out: tuple[Refusal, ...]
    notes: tuple[Refusal, ...] = ()


def propose_table(
    lines: Iterable[str],
    *,
    by: Actor,
    company: Company | None,
    reason: str = "",
    leaves_out: bool = False,
    at: datetime | None = None,
) -> Proposed:
    """One proposal for each version of a table as ``factors.bulk`` reads it; otherwise as ``propose_rows``.

    Raises:
        NotAllowed, Refusal, Refusals: as ``propose_rows`` says; every fault with its line.
    """
    now = at or timezone.now()
    rows, wrong = read(lines, known(now))
    return propose_rows(rows, wrong, by=by, company=company, reason=reason, leaves_out=leaves_out, at=now)


@transaction.atomic
def propose_rows(
    rows: Sequence[Row],
    wrong: Sequence[RowFault] = (),
    *,
    by: Actor,
    company: Company | None,
    reason: str = "",
    leaves_out: bool = False,
    at: datetime | None = None,
) -> Proposed:
    """One proposal for each version that was read, whatever it was read from; ``reason`` is that of them all.

    ``wrong``: what could not be read. A table with that is refused as a whole: half a version is none.
    ``leaves_out``: what is refused otherwise stays out, and the rest is proposed; else it is all or nothing.
    What the company has proposed already and is still open is left out either way: a file may come again.

    Raises:
        NotAllowed: the role does not include it.
        Refusal: no version, or too many. Refusals: every fault with its row.
    """
    require(by, Permission.PROPOSE_FACTOR, company_id=None if company is None else company.pk)
    now = at or timezone.now()
    if wrong:
        raise Refusals([refusal(each) for each in wrong])
    if not rows:
        raise Refusal(_("There is no version in this file."), field="file", code="required")
    if len(rows) > MOST_PROPOSALS:
        message = _("At most %(most)d versions are proposed at once. Split the file.")
        raise Refusal(message % {"most": MOST_PROPOSALS}, field="file", code="too_many")
    return _one_by_one(rows, by=by, company=company, reason=reason, leaves_out=leaves_out, at=now)


def _one_by_one(
    rows: Sequence[Row], *, by: Actor, company: Company | None, reason: str, leaves_out: bool, at: datetime
) -> Proposed:
    factors = {each.code: each for each in Factor.objects.filter(code__in={row.factor.code for row in rows})}
    made: list[FactorProposal] = []
    left_out: list[Refusal] = []
    rows, again = _new(rows, company)
    for row in rows:
        try:
            with transaction.atomic():
                thing = _thing(row, factors)
                made.append(propose(thing, by=by, company=company, content=row.content, reason=reason, at=at))
        except NotAllowed:
            raise
        except Refusals as several:
            left_out += [_on(row, each) for each in several.refusals]
        except Refusal as one:
            left_out.append(_on(row, one))
    if left_out and not leaves_out:
        raise Refusals(left_out)
    return Proposed(tuple(made), (*left_out, *again))


def _new(rows: Sequence[Row], company: Company | None) -> tuple[list[Row], list[Refusal]]:
    """What is new of it, and what the company has proposed already, with nobody's last word on it yet."""
    undecided = FactorProposal.objects.filter(company=company, state__in=(*OPEN, "returned"))
    there = undecided.filter(code__in={row.factor.code for row in rows})
    known = {(each.code, each.stated.digest()) for each in there}
    again = [row for row in rows if (row.factor.code, row.content.digest()) in known]
    words = _("You have proposed exactly this already, and it is still open: there is nothing more to do.")
    told = [Refusal(words, field="code", row=row.line, code="proposed") for row in again]
    return [row for row in rows if row not in again], told


def _thing(row: Row, factors: dict[str, Factor]) -> Factor:
    """The factor that is there, else the one that the line describes."""
    found = factors.get(row.factor.code)
    if found is None:
        return described({name: str(value) for name, value in asdict(row.factor).items()})
    if found.unit != row.factor.unit:
        message = _("The factor of this code is per %(unit)s: its unit never changes.")
        raise Refusal(message % {"unit": found.unit}, field="unit", code="other_unit")
    return found


def _on(row: Row, each: Refusal) -> Refusal:
    return Refusal(each.message, field=each.field, row=row.line, code=each.code)
