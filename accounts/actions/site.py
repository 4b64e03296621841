"""Add and change sites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.checks import Findings
from accounts.errors import Refusal
from accounts.models import Company, Site
from accounts.policy import require
from accounts.provinces import PROVINCES
from accounts.roles import Permission

FIELDS = ("code", "name_zh", "name_en", "province")


@transaction.atomic
def add_site(company: Company, *, by: Actor, code: str, **details: Any) -> Site:
    """A plant of a company.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    require(by, Permission.EDIT_SITE, company_id=company.pk)
    site = Site(company=company)
    _fill(site, {"code": code, **details})
    with checks.refusing(_conflicts()):
        site.save(force_insert=True)
    return site


@transaction.atomic
def change_site(site: Site, *, by: Actor, **changes: Any) -> Site:
    """Change a site's code, names or province.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    require(by, Permission.EDIT_SITE, company_id=site.company_id, site_id=site.pk)
    _fill(site, changes)
    with checks.refusing(_conflicts()):
        site.save(update_fields=list(changes))
    return site


def _conflicts() -> dict[str, Refusal]:
    message = _("Another site of this company has this code already.")
    return {"site_code_in_company": Refusal(message, field="code", code="duplicate_code")}


def _fill(site: Site, given: Mapping[str, Any]) -> None:
    checks.known(given, FIELDS)
    findings = Findings()
    for field in ("name_zh", "name_en"):
        if field in given:
            with findings.collecting():
                setattr(site, field, checks.name(given[field], field=field, longest=200))
    if "code" in given:
        with findings.collecting():
            site.code = checks.code(given["code"], longest=40)
    if given.get("province"):
        with findings.collecting():
            site.province = checks.choice(given["province"], PROVINCES, field="province")
    checks.names(site, findings)
    findings.settle()
