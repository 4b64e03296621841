"""Every cohort that something was told of, so that a release can be held against all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from footprint.benchmark.actions.settle import apart_by_group, by_group
from footprint.benchmark.models import CohortMember, Release
from footprint.engine.disclosure.trend import followed

Cohort = dict[int, float]
Apart = dict[int, dict[str, float]]


@dataclass(frozen=True)
class Earlier:
    """The cohort of the comparison's last release; those of all that could be subtracted from this one."""

    last: Cohort | None
    others: list[Cohort]
    apart: list[Apart]
    """What the figures were made of, where their parts were told."""

    @property
    def all(self) -> list[Cohort]:
        """Every one of them."""
        return [*self.others, *([] if self.last is None else [self.last])]


def earlier_releases(release: Release) -> Earlier:
    """Whatever ever had figures counts, released or not: those who sign have seen them.

    A trend was told of a cohort of its own: those who are in two releases.
    """
    definition = release.definition
    told = Release.objects.filter(definition__category_id=definition.category_id).exclude(groups="")
    told = told.exclude(pk=release.pk)
    released = told.filter(definition=definition, state=Release.State.RELEASED)
    own = released.order_by("-epoch").values_list("pk", flat=True).first()
    rows = list(told.only("pk", "uuid", "parts", "trend"))
    members = _members(row.pk for row in rows)
    found = {pk: _values(each) for pk, each in members.items()}
    by_uuid = {str(row.uuid): row.pk for row in rows}
    trends = [
        cohort
        for row in rows
        if row.trend
        for cohort in followed(found[by_uuid[row.trend["release"]]], found[row.pk])
    ]
    apart = [apart_by_group(members[row.pk]) for row in rows if row.parts]
    last = found.pop(own, None) if own else None
    return Earlier(last, [*found.values(), *trends], apart)


def year_before(release: Release) -> Release | None:
    """The last release of the same comparison of the nearest earlier year."""
    of = release.definition
    rows = Release.objects.filter(
        state=Release.State.RELEASED,
        definition__category_id=of.category_id,
        definition__technology=of.technology,
        definition__region=of.region,
        definition__boundary=of.boundary,
        definition__profile_version_id=of.profile_version_id,
        definition__year__lt=of.year,
    )
    return rows.select_related("definition").order_by("-definition__year", "-epoch").first()


def cohorts(releases: Iterable[int]) -> dict[int, Cohort]:
    """By release what each group gave."""
    return {release: _values(members) for release, members in _members(releases).items()}


def _members(releases: Iterable[int]) -> dict[int, list[CohortMember]]:
    found: dict[int, list[CohortMember]] = defaultdict(list)
    for each in CohortMember.objects.filter(release__in=list(releases)).order_by("company_id"):
        found[each.release_id].append(each)
    return found


def _values(members: list[CohortMember]) -> Cohort:
    return {group: each.value for group, each in by_group(members).items()}
