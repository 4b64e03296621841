"""Take a company into the directory."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.checks import Findings
from accounts.errors import Refusal
from accounts.models import Company, CompanyGroup
from accounts.policy import require
from accounts.roles import Permission


@transaction.atomic
def add_company(
    *, by: Actor, code: str, name_zh: str, name_en: str, kind: str = Company.Kind.MEMBER, group: str = ""
) -> Company:
    """A company of a group; without one that is known by its code it is a group of its own.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    require(by, Permission.SECURE_ACCOUNTS)
    findings = Findings()
    made = Company()
    with findings.collecting():
        made.code = checks.code(code, longest=40)
    with findings.collecting():
        made.kind = checks.choice(kind, Company.Kind.values, field="kind")
    for field, given in {"name_zh": name_zh, "name_en": name_en}.items():
        with findings.collecting():
            setattr(made, field, checks.text(given, field=field, longest=200, required=True))
    findings.settle()
    names = {"name_zh": made.name_zh, "name_en": made.name_en}
    made.group, _made = CompanyGroup.objects.get_or_create(code=group or made.code, defaults=names)
    taken = Refusal(_("Another company has this code already."), field="code", code="duplicate_code")
    with checks.refusing({"accounts_company_code_key": taken}):
        made.save(force_insert=True)
    return made
