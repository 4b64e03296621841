"""Count how the alliance stands, by the clock: numbers and bands, nobody's figure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from statistics import median
from typing import Any

from django.db.models import Case, Count, F, FloatField, Q, When

from accounts.actor import Actor
from accounts.models import Company, Site
from accounts.visibility import acting_as
from factors.models import Factor
from footprint.analysis.impact import about
from footprint.analysis.models import Assessment
from footprint.benchmark.models import AllianceOverview
from footprint.engine.disclosure.statistics import BANDS, MINIMUM_GROUPS
from footprint.inventory.models import Exchange, Product, Submission, SubmissionStep
from footprint.rules.models import ProductRule

COUNT_TASK = "footprint.benchmark.count"
FEW, SOME = "few", "3-4"
KEPT = 24
"""Counts that stay; an older one says nothing that the latest does not."""


def count(at: datetime) -> AllianceOverview:
    """One count of everything; in a transaction of the worker's own."""
    with acting_as(Actor.worker()):
        made = AllianceOverview.objects.create(counted_at=at, content=_content())
        kept = AllianceOverview.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT]
        AllianceOverview.objects.exclude(pk__in=list(kept)).delete()
    return made


def band(groups: int) -> str:
    """A number of company groups as it is told: of fewer than three only that there are few."""
    if groups < MINIMUM_GROUPS:
        return FEW if groups < 3 else SOME
    return BANDS[(groups >= 8) + (groups >= 12)]


def _content() -> dict[str, Any]:
    members = Company.objects.filter(kind=Company.Kind.MEMBER)
    submissions = Submission.objects.filter(company__in=members)
    accepted = Counter(submissions.filter(state="accepted").values_list("period_end__year", flat=True))
    sites = Site.objects.filter(company__in=members)
    rules = ProductRule.objects.exclude(state="withdrawn")
    return {
        "members": members.count(),
        "groups": members.values("group_id").distinct().count(),
        "accepted": {str(year): number for year, number in sorted(accepted.items())},
        "in_review": submissions.filter(state__in=["submitted", "under_review"]).count(),
        "review_days": _review_days(),
        "rules_published": rules.filter(state="published").values("category_id").distinct().count(),
        "rules_drafted": rules.exclude(state="published").values("category_id").distinct().count(),
        "factors": Factor.objects.filter(company=None, versions__isnull=False).distinct().count(),
        "primary_data_share": _primary_data_share(),
        "data_quality": _data_quality(),
        "factor_coverage": _factor_coverage(),
        "flows": _flows(),
        "used_factors": _used_factors(),
        "provinces": _bands(sites.values_list("province", "company__group_id")),
        "categories": _bands(
            Product.objects.filter(company__in=members, category__isnull=False, footprints__isnull=False)
            .distinct()
            .values_list("category__code", "company__group_id")
        ),
    }


def _used_factors() -> list[list[Any]]:
    """Each shared version that five company groups or more use, the most used first: lines and groups.

    Lines are rounded and groups told as a band, as for the impact of a version. What fewer use is left out.
    """
    lines: Counter[str] = Counter()
    groups: dict[str, set[int]] = defaultdict(set)
    rows = Exchange.objects.filter(
        factor_version__isnull=False,
        factor_version__company=None,
        process__company__kind=Company.Kind.MEMBER,
    ).order_by()
    counted = rows.values_list("factor_version__uuid", "process__company__group_id").annotate(Count("pk"))
    for version, group, number in counted:
        lines[str(version)] += number
        groups[str(version)].add(group)
    told = [
        [version, about(number), band(len(groups[version]))]
        for version, number in lines.items()
        if len(groups[version]) >= MINIMUM_GROUPS
    ]
    return sorted(told, key=lambda each: (-each[1], each[0]))


def _bands(pairs: Any) -> dict[str, str]:
    groups: dict[str, set[int]] = defaultdict(set)
    for key, group in pairs:
        groups[key].add(group)
    return {key: band(len(found)) for key, found in sorted(groups.items())}


def _review_days() -> float | None:
    """Median days from submission to acceptance, once there are enough companies to hide behind."""
    sent: dict[int, datetime] = {}
    days: dict[int, list[float]] = defaultdict(list)
    for step in SubmissionStep.objects.filter(move__in=["submit", "accept"]).order_by("at", "pk"):
        if step.move == "submit":
            sent[step.submission_id] = step.at
        elif step.submission_id in sent:
            days[step.company_id].append((step.at - sent[step.submission_id]).total_seconds() / 86_400)
    if len(days) < MINIMUM_GROUPS:
        return None
    return round(median(median(each) for each in days.values()), 1)


def _primary_data_share() -> float | None:
    """Median over company groups, each with the mean of its figures; nothing below five groups."""
    rows = Assessment.objects.filter(primary_data_share__isnull=False, company__kind=Company.Kind.MEMBER)
    return _median_of_groups(rows.values_list("company__group_id", "primary_data_share"))


def _data_quality() -> float | None:
    """Data quality rating, 1 (best) to 5: the mean of its three aspects, as the primary data share."""
    rows = Assessment.objects.filter(
        dqr_technology__isnull=False,
        dqr_time__isnull=False,
        dqr_geography__isnull=False,
        company__kind=Company.Kind.MEMBER,
    ).annotate(rating=(F("dqr_technology") + F("dqr_time") + F("dqr_geography")) / 3.0)
    return _median_of_groups(rows.values_list("company__group_id", "rating"))


def _factor_coverage() -> float | None:
    """The share of what processes take that somebody or some factor provides, as the primary data share."""
    provided = (
        Q(factor_version__isnull=False)
        | Q(provider_process__isnull=False)
        | Q(provider_product__isnull=False)
    )
    taken = Exchange.objects.filter(
        direction=Exchange.Direction.INPUT,
        product__isnull=False,
        process__company__kind=Company.Kind.MEMBER,
    ).annotate(provided=Case(When(provided, then=1.0), default=0.0, output_field=FloatField()))
    return _median_of_groups(taken.values_list("process__company__group_id", "provided"))


def _median_of_groups(pairs: Iterable[tuple[int, float | None]]) -> float | None:
    found: dict[int, list[float]] = defaultdict(list)
    for group, value in pairs:
        if value is not None:
            found[group].append(value)
    if len(found) < MINIMUM_GROUPS:
        return None
    return round(median(sum(each) / len(each) for each in found.values()), 2)


def _flows() -> list[list[str]]:
    """From one category to another: the band of company groups that make the one of the other, from five on.

    What fewer do is left out: who supplies whom is nobody else's business.
    """
    members = Exchange.objects.filter(process__company__kind=Company.Kind.MEMBER, is_avoided=False)
    made: dict[int, set[str]] = defaultdict(set)
    outputs = members.filter(direction=Exchange.Direction.OUTPUT, product__category__isnull=False)
    for process, category in outputs.values_list("process_id", "product__category__code"):
        made[process].add(category)
    groups: dict[tuple[str, str], set[int]] = defaultdict(set)
    inputs = members.filter(direction=Exchange.Direction.INPUT).values_list(
        "process_id",
        "process__company__group_id",
        "product__category__code",
        "provider_product__category__code",
    )
    for process, group, own, bought in inputs:
        for category in made.get(process, ()):
            if (taken := bought or own) and taken != category:
                groups[taken, category].add(group)
    return [
        [taken, category, band(len(found))]
        for (taken, category), found in sorted(groups.items())
        if len(found) >= MINIMUM_GROUPS
    ]
