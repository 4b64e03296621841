"""State the numbers by which others know a company."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.checks import Findings
from accounts.errors import Refusal
from accounts.identifiers import FIELDS, READERS
from accounts.models import Company
from accounts.policy import require
from accounts.roles import Permission

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('accounts_identifiers'))"


@transaction.atomic
def identify_company(company: Company, *, by: Actor, **stated: str) -> Company:
    """LEI, unified social credit code, D-U-N-S number, BPNL; an empty one takes it away, one not given stays.

    Raises:
        NotAllowed; Refusal, Refusals: not well formed, does not check, or another company's.
    """
    require(by, Permission.MANAGE_MEMBERS, company_id=company.pk)
    checks.known(stated, FIELDS)
    findings = Findings()
    fill_identifiers(company, stated, findings)
    findings.settle()
    company.save(update_fields=list(stated))
    return company


def fill_identifiers(company: Company, stated: Mapping[str, str], findings: Findings) -> None:
    """Each number that is well formed and nobody else's; the caller saves in the same transaction."""
    if not stated:
        return
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    for field, given in stated.items():
        with findings.collecting():
            number = READERS[field](checks.text(given, field=field, longest=60))
            _refuse_taken(company, field, number)
            setattr(company, field, number)


def _refuse_taken(company: Company, field: str, number: str) -> None:
    """Nobody else's; a sandbox is nobody to others, and stands in nobody's way."""
    others = Company.objects.filter(**{field: number}).exclude(pk=company.pk)
    is_real = company.kind != Company.Kind.SANDBOX
    if number and is_real and others.exclude(kind=Company.Kind.SANDBOX).exists():
        message = _("Another company of the alliance has this number. Ask the alliance's office.")
        raise Refusal(message, field=field, code="taken")
