"""Ask another member for a footprint, on terms."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.checks import Findings, lookup
from accounts.errors import Refusal
from accounts.models import Company
from accounts.policy import require
from accounts.roles import Permission
from factors import units
from footprint.inventory.models import Product
from footprint.partners.pact.levels import Level
from footprint.rules.models import MethodProfile
from footprint.sharing.models import SharingRequest
from footprint.sharing.notices import tell_requested
from footprint.sharing.queries import ASKED

LONGEST_COMMENT = 2000
LONGEST_WAIT = timedelta(days=366)
MOST_OPEN = 200
"""Requests that may wait at one supplier for one company."""


@transaction.atomic
def ask_for_footprint(
    company: Company, *, by: Actor, at: datetime, supplier: Any, for_product: Any = None, **terms: Any
) -> SharingRequest:
    """A request with its terms; nothing of it changes afterwards but its state and what is given.

    ``terms``: wanted, identifiers, unit, period_start, period_end, profile, level, purpose, may_pass_on,
    ends_on, due_on, comment.

    Raises:
        NotAllowed; Refusal, Refusals: no such supplier, or what is wrong with the terms.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=company.pk)
    found = _supplier(company, supplier)
    made = SharingRequest(
        company=company,
        supplier=found,
        for_product=_own_product(company, for_product, by),
        requested_by_id=by.user_id,
        **_checked(terms, timezone.localdate(at)),
    )
    open_ones = SharingRequest.objects.visible_to(by).filter(company=company, supplier=found)
    if open_ones.filter(state="requested").count() >= MOST_OPEN:
        raise Refusal(_("Too many requests of yours wait there already."), code="too_many")
    made.save(force_insert=True)
    tell_requested(made, by=by, at=at)
    return made


def _supplier(company: Company, given: Any) -> Company:
    key = lookup(given)
    found = Company.objects.filter(kind__in=ASKED, **key).first() if key else None
    if found is None:
        raise Refusal(_("There is no such member."), field="supplier", code="not_found")
    if found.pk == company.pk:
        raise Refusal(_("That is your own company."), field="supplier", code="own_company")
    return found


def _own_product(company: Company, given: Any, by: Actor) -> Product | None:
    if given in (None, ""):
        return None
    key = lookup(given)
    found = Product.objects.own(by).filter(company=company, **key).first() if key else None
    if found is None:
        raise Refusal(_("There is no such product of yours."), field="for_product", code="not_found")
    return found


def _checked(terms: dict[str, Any], today: date) -> dict[str, Any]:
    checks.known(terms, TERMS)
    found = Findings()
    told: dict[str, Any] = {}
    for name, (longest, required) in TEXTS.items():
        with found.collecting():
            told[name] = checks.text(terms.get(name, ""), field=name, longest=longest, required=required)
    with found.collecting():
        told["level"] = checks.choice(terms.get("level", ""), [each.value for each in Level], field="level")
    with found.collecting():
        told["unit"] = _unit(terms.get("unit", ""))
    with found.collecting():
        told["profile"] = _profile(terms.get("profile", ""))
    with found.collecting():
        told["may_pass_on"] = checks.truth(terms.get("may_pass_on", False), field="may_pass_on")
    days = {name: terms.get(name) for name in DAYS}
    _check_days(days, today, found)
    found.settle()
    return told | days


TEXTS = {
    "wanted": (300, True),
    "identifiers": (300, False),
    "purpose": (200, True),
    "comment": (LONGEST_COMMENT, False),
}
DAYS = ("period_start", "period_end", "ends_on", "due_on")
TERMS = frozenset({*TEXTS, *DAYS, "unit", "profile", "level", "may_pass_on"})


def _unit(given: Any) -> str:
    try:
        return units.canonical(str(given))
    except units.UnknownUnit as error:
        message = _("Choose the unit the footprint shall be declared in, for example kg.")
        raise Refusal(message, field="unit", code="unknown_unit") from error


def _profile(given: Any) -> str:
    if not given:
        return ""
    if not isinstance(given, str) or not MethodProfile.objects.filter(code=given).exists():
        raise Refusal(_("There is no such method profile."), field="profile", code="not_found")
    return given


def _check_days(days: dict[str, date | None], today: date, found: Findings) -> None:
    start, end = days["period_start"], days["period_end"]
    if start is None or end is None:
        found.add(_("Name the first and the last day of the period."), field="period_start", code="required")
    elif end < start:
        found.add(_("The period ends before it begins."), field="period_end", code="period_backwards")
    due = days["due_on"]
    if due is None or not today < due <= today + LONGEST_WAIT:
        found.add(_("Choose a day after today and within a year."), field="due_on", code="bad_day")
    last = days["ends_on"]
    if last is not None and last <= today:
        found.add(_("Choose a day after today."), field="ends_on", code="day_past")
