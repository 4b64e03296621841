"""Count how the alliance stands, by the clock: numbers and bands, nobody's figure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from statistics import median
from typing import Any

from django.db.models import Count
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company, Site
from accounts.visibility import acting_as, rows
from factors.models import Factor
from footprint.analysis.impact import about
from footprint.benchmark.actions.prepare import epoch_of
from footprint.benchmark.models import AllianceOverview
from footprint.engine.disclosure.statistics import BANDS, MINIMUM_GROUPS, harrell_davis, significant
from footprint.inventory.models import Exchange, Product, Submission, SubmissionStep
from footprint.rules.models import ProductRule

COUNT_TASK = "footprint.benchmark.count"
FEW, SOME = "few", "3-4"
KEPT = 24
"""Counts that stay; an older one says nothing that the latest does not."""
DIGITS = 2
MEDIANS = ("review_days", "primary_data_share", "data_quality", "factor_coverage")
"""Days; shares; a rating from 1 (best) to 5, the mean of its three aspects."""
# by company group the means of its figures, as they were accepted
ASSESSED = """
SELECT avg(assessment.primary_data_share)::float8,
  avg((assessment.dqr_technology + assessment.dqr_time + assessment.dqr_geography) / 3.0)::float8
FROM analysis_assessment assessment
JOIN calculation_footprint figure ON figure.id = assessment.footprint_id
JOIN accounts_company company ON company.id = figure.company_id AND company.kind = 'member'
JOIN inventory_submission accepted ON accepted.inventory_id = figure.inventory_id
  AND accepted.state = 'accepted'
JOIN inventory_frozencopy copy ON copy.submission_id = accepted.id AND copy.round = accepted.round
  AND copy.figures @> jsonb_build_array(jsonb_build_object('digest', figure.input_digest))
GROUP BY company.group_id ORDER BY company.group_id
"""
# by company group the share of what processes take that somebody or some factor provides
COVERED = """
SELECT avg((coalesce(line.factor_version_id, line.provider_process_id, line.provider_product_id) IS NOT NULL)
  ::int)::float8
FROM inventory_exchange line
JOIN inventory_unitprocess process ON process.id = line.process_id
JOIN accounts_company company ON company.id = process.company_id AND company.kind = 'member'
JOIN inventory_submission accepted ON accepted.inventory_id = process.inventory_id
  AND accepted.state = 'accepted'
WHERE line.direction = 'input' AND line.product_id IS NOT NULL
GROUP BY company.group_id ORDER BY company.group_id
"""
FLOWS = """
SELECT taken.code, made.code, count(DISTINCT company.group_id)
FROM inventory_exchange output
JOIN inventory_product product ON product.id = output.product_id
JOIN rules_productcategory made ON made.id = product.category_id
JOIN inventory_exchange input ON input.process_id = output.process_id
  AND input.direction = 'input' AND NOT input.is_avoided
LEFT JOIN inventory_product own ON own.id = input.product_id
LEFT JOIN inventory_product bought ON bought.id = input.provider_product_id
JOIN rules_productcategory taken ON taken.id = coalesce(bought.category_id, own.category_id)
JOIN accounts_company company ON company.id = output.company_id AND company.kind = 'member'
WHERE output.direction = 'output' AND NOT output.is_avoided AND taken.id <> made.id
GROUP BY taken.code, made.code HAVING count(DISTINCT company.group_id) >= %s
ORDER BY taken.code, made.code
"""


def count(at: datetime) -> AllianceOverview:
    """One count of everything; in a transaction of the worker's own."""
    with acting_as(Actor.worker()):
        content = _content(epoch_of(timezone.localdate(at)))
        made = AllianceOverview.objects.create(counted_at=at, content=content)
        kept = AllianceOverview.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT]
        AllianceOverview.objects.exclude(pk__in=list(kept)).delete()
    return made


def band(groups: int) -> str:
    """A number of company groups as it is told: of fewer than three only that there are few."""
    if groups < MINIMUM_GROUPS:
        return FEW if groups < 3 else SOME
    return BANDS[(groups >= 8) + (groups >= 12)]


def _content(epoch: str) -> dict[str, Any]:
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
        "epoch": epoch,
        **_medians(epoch),
        "rules_published": rules.filter(state="published").values("category_id").distinct().count(),
        "rules_drafted": rules.exclude(state="published").values("category_id").distinct().count(),
        "factors": Factor.objects.filter(company=None, versions__isnull=False).distinct().count(),
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
    used = Exchange.objects.filter(
        factor_version__isnull=False,
        factor_version__company=None,
        process__company__kind=Company.Kind.MEMBER,
    ).order_by()
    counted = used.values_list("factor_version__uuid", "process__company__group_id").annotate(n=Count("pk"))
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


def _medians(epoch: str) -> dict[str, float | None]:
    """Medians over company groups, of what was accepted alone; made once an epoch and carried forward in it.

    Made anew each hour they would be a figure that somebody can move and watch.
    """
    latest = AllianceOverview.objects.order_by("-pk").first()
    if latest is not None and latest.content.get("epoch") == epoch:
        return {name: latest.content[name] for name in MEDIANS}
    assessed = rows(ASSESSED, [])
    shares, ratings = ([row[at] for row in assessed] for at in (0, 1))
    found = [_review_days(), shares, ratings, [row[0] for row in rows(COVERED, [])]]
    return {name: median_told(values) for name, values in zip(MEDIANS, found, strict=True)}


def median_told(values: Iterable[float | None]) -> float | None:
    """A median as it may be told, one value of each company group: nobody's own, to two digits."""
    known = [float(each) for each in values if each is not None]
    if len(known) < MINIMUM_GROUPS:
        return None
    return float(significant(harrell_davis(known, 0.5), DIGITS))


def _review_days() -> list[float]:
    """By company group the median of days from submission to acceptance."""
    sent: dict[int, datetime] = {}
    days: dict[int, list[float]] = defaultdict(list)
    steps = SubmissionStep.objects.filter(move__in=["submit", "accept"]).order_by("at", "pk")
    for step in steps.select_related("company"):
        if step.move == "submit":
            sent[step.submission_id] = step.at
        elif step.submission_id in sent:
            waited = (step.at - sent[step.submission_id]).total_seconds() / 86_400
            days[step.company.group_id].append(waited)
    return [median(each) for each in days.values()]


def _flows() -> list[list[str]]:
    """From one category to another: the band of company groups that make the one of the other, from five on.

    What fewer do is left out: who supplies whom is nobody else's business.
    """
    return [[taken, made, band(groups)] for taken, made, groups in rows(FLOWS, [MINIMUM_GROUPS])]
