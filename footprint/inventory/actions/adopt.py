"""Take over another version of a factor, in every line of a company at once."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.models import Company
from accounts.policy import require
from accounts.roles import Permission
from factors import units
from factors.models import FactorVersion
from footprint.inventory.models import Exchange


@transaction.atomic
def adopt_version(old: FactorVersion, new: FactorVersion, *, by: Actor, company: Company) -> int:
    """Let every line of the company that uses ``old`` use ``new``; returns how many lines moved.

    Amounts and units stay: a version of another factor will do when it counts the same dimension.

    Raises:
        NotAllowed, Refusal.
    """
    require(by, Permission.ADOPT_FACTOR, company_id=company.pk)
    _check(old, new)
    lines = Exchange.objects.visible_to(by).filter(company=company, factor_version=old)
    return lines.update(factor_version=new, version=F("version") + 1)


def _check(old: FactorVersion, new: FactorVersion) -> None:
    if new.pk == old.pk:
        message = _("A version cannot take its own place. Choose another one.")
        raise Refusal(message, field="factor_version", code="same_version")
    if new.status == FactorVersion.Status.WITHDRAWN:
        message = _("This version of the factor was withdrawn. Choose another one.")
        raise Refusal(message, field="factor_version", code="factor_withdrawn")
    if not units.same_dimension(old.factor.unit, new.factor.unit):
        message = _(
            "The lines use a factor per %(old)s, the chosen version is per %(new)s. Choose a version that "
            "measures the same."
        )
        words = {"old": old.factor.unit, "new": new.factor.unit}
        raise Refusal(message % words, field="factor_version", code="unit_mismatch")
