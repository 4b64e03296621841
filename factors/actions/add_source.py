"""Add a document or database that figures may come from, and say when it grows old."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from factors.models import Source
from factors.models.source import OLD_AFTER_YEARS, OLDEST

LONGEST = {"title_zh": 300, "title_en": 300, "publisher": 300, "licence": 300, "licence_url": 300, "url": 300}
NEEDED = ("publisher", "licence")
UNKNOWN = ("unknown", "?", "-", "n/a", "none known", "未知", "不详")
CODE = re.compile(r"[a-z0-9_-]+")
WEB = ("https://", "http://")


@transaction.atomic
def add_source(
    *,
    by: Actor,
    stated: Mapping[str, str],
    year: int,
    old_after_years: int = OLD_AFTER_YEARS,
    at: datetime | None = None,
) -> Source:
    """A source is named once; what its licence lets leave is said with it.

    Raises:
        NotAllowed: only curators.
        Refusal, Refusals: every fault with its field: no title, a licence that nobody knows, a year to come,
            no such age.
    """
    require(by, Permission.PUBLISH_FACTOR)
    findings, source = checks.Findings(), Source(year=year, old_after_years=old_after_years)
    with findings.collecting():
        _age(old_after_years)
    with findings.collecting():
        source.code = _code(stated.get("code", ""))
    for name, longest in LONGEST.items():
        with findings.collecting():
            needed = name in NEEDED
            said = checks.text(stated.get(name, ""), field=name, longest=longest, required=needed)
            setattr(source, name, said)
    with findings.collecting():
        given = stated.get("redistribution", "")
        source.redistribution = checks.choice(given, Source.Redistribution.values, field="redistribution")
    _more(source, findings, newest_year=(at or timezone.now()).year)
    findings.settle()
    taken = Refusal(_("There is a source with this code already."), field="code", code="duplicate_code")
    with checks.refusing({"factors_source_code_key": taken}):
        source.save(force_insert=True)
    return source


def _code(given: object) -> str:
    code = checks.text(given, field="code", longest=60, required=True).lower()
    if not CODE.fullmatch(code):
        message = _("The code of a source consists of the letters a to z, digits and the signs - and _.")
        raise Refusal(message, field="code", code="invalid_code")
    return code


@transaction.atomic
def set_age(source: Source, *, by: Actor, years: int) -> Source:
    """After how many years the source counts as old from now on.

    Raises:
        NotAllowed: only curators. Refusal: no such age.
    """
    require(by, Permission.PUBLISH_FACTOR)
    source.old_after_years = _age(years)
    source.save(update_fields=["old_after_years"])
    return source


def _age(years: int) -> int:
    if not 1 <= years <= OLDEST:
        message = _("Enter a number of years from 1 to %(last)d.") % {"last": OLDEST}
        raise Refusal(message, field="old_after_years", code="out_of_bounds")
    return years


def _more(source: Source, findings: checks.Findings, *, newest_year: int) -> None:
    if not source.title_zh and not source.title_en:
        findings.add(_("Give a title in at least one language."), field="title_zh", code="required")
    source.title_zh, source.title_en = source.title_zh or source.title_en, source.title_en or source.title_zh
    if source.licence.lower() in UNKNOWN:
        message = _("A licence that nobody knows lets nothing be used. Ask the publisher, then name it.")
        findings.add(message, field="licence", code="unknown_licence")
    if not 1900 <= source.year <= newest_year:
        message = _("The year must be from 1900 to %(last)s.") % {"last": newest_year}
        findings.add(message, field="year", code="year")
    for name in ("url", "licence_url"):
        address = getattr(source, name)
        if address and not address.startswith(WEB):
            message = _("Give a web address that begins with https://.")
            findings.add(message, field=name, code="not_an_address")
