"""Tell companies that a version their lines use was superseded or withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from accounts.actor import Actor
from accounts.holders import holders
from accounts.roles import Permission
from accounts.visibility import acting_as
from factors.models import FactorVersion
from footprint.analysis.notices import said_once, tell_outdated, told_before
from footprint.analysis.queries import OUTDATED
from footprint.inventory.models import Exchange


def tell_outdated_versions(at: datetime | None = None) -> int:
    """Whoever adopts factors for a company, once about each version and each thing that became of it.

    After the policies of companies were followed: what is taken over without asking is nobody's task.
    """
    now = at or timezone.now()
    with acting_as(Actor.worker()):
        used = (
            Exchange.objects.filter(factor_version__status__in=OUTDATED, factor_version__company=None)
            .order_by("company_id", "factor_version_id")
            .values_list("company_id", "factor_version_id")
            .distinct()
        )
        pairs = list(used)
        versions = FactorVersion.objects.in_bulk({version for _company, version in pairs})
        people = {
            company: holders(Permission.ADOPT_FACTOR, company_id=company) for company, _version in pairs
        }
        known = told_before(versions.values())
        return sum(
            tell_outdated(company, version, fresh, at=now)
            for company, version in ((company, versions[key]) for company, key in pairs)
            if (fresh := people[company] - known[said_once(company, version)])
        )
