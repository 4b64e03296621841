"""Take a company into the directory, and correct what the directory says of it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actions.identifying import fill_identifiers
from accounts.actions.sandbox import sandbox_code
from accounts.actor import Actor
from accounts.checks import Findings
from accounts.errors import Refusal
from accounts.identifiers import FIELDS
from accounts.models import Company, CompanyGroup
from accounts.policy import require
from accounts.roles import Permission

NAMES = ("name_zh", "name_en")
KINDS = (Company.Kind.MEMBER, Company.Kind.SUPPLIER, Company.Kind.VERIFIER)
"""What people add. Roles of the alliance are given at its office, so the platform alone makes one."""


@transaction.atomic
def add_company(
    *,
    by: Actor,
    code: str,
    name_zh: str,
    name_en: str,
    kind: str = Company.Kind.MEMBER,
    group: str = "",
    **identifiers: str,
) -> Company:
    """A company of a group; without one that is known by its code it is a group of its own.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    require(by, Permission.KEEP_DIRECTORY)
    checks.known(identifiers, FIELDS)
    findings = Findings()
    made = Company()
    with findings.collecting():
        made.code = checks.code(code, longest=40)
    with findings.collecting():
        made.kind = checks.choice(kind, Company.Kind.values if by.is_worker else KINDS, field="kind")
    _fill(made, {"name_zh": name_zh, "name_en": name_en, **identifiers}, findings)
    code_of_group = _code_of_group(group, findings)
    findings.settle()
    made.group = _group(code_of_group or made.code, made)
    taken = Refusal(_("Another company has this code already."), field="code", code="duplicate_code")
    with checks.refusing({"accounts_company_code_key": taken}):
        made.save(force_insert=True)
    return made


@transaction.atomic
def change_company(company: Company, *, by: Actor, **changes: str) -> Company:
    """Correct names, group or identifiers; code and kind stay, for others have built on them.

    An empty identifier is taken away, an empty group makes the company one of its own. Its sandbox
    goes along.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    require(by, Permission.KEEP_DIRECTORY)
    checks.known(changes, (*NAMES, "group", *FIELDS))
    findings = Findings()
    _fill(company, {field: given for field, given in changes.items() if field != "group"}, findings)
    code_of_group = _code_of_group(changes.get("group", ""), findings)
    findings.settle()
    if "group" in changes:
        company.group = _group(code_of_group or company.code, company)
        sandboxes = Company.objects.filter(kind=Company.Kind.SANDBOX, code=sandbox_code(company))
        sandboxes.update(group=company.group)
    company.save(update_fields=list(changes))
    return company


@transaction.atomic
def rename_group(group: CompanyGroup, *, by: Actor, **names: str) -> CompanyGroup:
    """Correct a group's names; its code stays, for companies are put into it by that.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    require(by, Permission.KEEP_DIRECTORY)
    checks.known(names, NAMES)
    findings = Findings()
    _fill_names(group, names, findings)
    findings.settle()
    group.save(update_fields=list(names))
    return group


def _fill(company: Company, given: Mapping[str, str], findings: Findings) -> None:
    _fill_names(company, given, findings)
    fill_identifiers(company, {field: given[field] for field in FIELDS if field in given}, findings)


def _fill_names(named: Company | CompanyGroup, given: Mapping[str, str], findings: Findings) -> None:
    for field in NAMES:
        if field in given:
            with findings.collecting():
                setattr(named, field, checks.name(given[field], field=field, longest=200, required=True))


def _code_of_group(given: str, findings: Findings) -> str:
    with findings.collecting():
        return checks.code(given, field="group", longest=40) if given else ""
    return ""


def _group(code: str, company: Company) -> CompanyGroup:
    """The group of this code, else a new one, called like the company."""
    names = {"name_zh": company.name_zh, "name_en": company.name_en}
    found, _made = CompanyGroup.objects.get_or_create(code=code, defaults=names)
    return found
