"""Open a company to try things out in, beside a real one."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.models import Company, Membership
from accounts.policy import require
from accounts.roles import Permission, Role

SUFFIX = "-sandbox"


def sandbox_code(company: Company) -> str:
    """The code that the sandbox of a company has."""
    return company.code[: 40 - len(SUFFIX)] + SUFFIX


@transaction.atomic
def open_sandbox(company: Company, *, by: Actor) -> Company:
    """A sandbox of the company's group; who opened it is its data owner.

    Raises:
        NotAllowed; Refusal: it is a sandbox itself, or has one.
    """
    require(by, Permission.MANAGE_MEMBERS, company_id=company.pk)
    if company.kind == Company.Kind.SANDBOX:
        raise Refusal(_("This is a sandbox already."), code="is_sandbox")
    made = Company(
        code=sandbox_code(company),
        group=company.group,
        kind=Company.Kind.SANDBOX,
        name_zh=f"{company.name_zh}（沙盒）"[:200],
        name_en=f"{company.name_en} (sandbox)"[:200],
        is_demonstration=company.is_demonstration,
    )
    taken = Refusal(_("This company has a sandbox already."), code="has_sandbox")
    with checks.refusing({"accounts_company_code_key": taken}):
        made.save(force_insert=True)
    if by.user_id is not None:
        Membership(user_id=by.user_id, company=made, role=Role.OWNER).save(force_insert=True)
    return made
