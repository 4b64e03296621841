"""Questions about where one stands. Only released figures and one's own are ever answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from accounts.policy import can
from accounts.roles import Permission
from factors.models import FactorVersion
from factors.queries import all_versions
from footprint.benchmark.models import AllianceOverview, Definition, Participation, Position, Release
from footprint.benchmark.models.definition import LIVE
from footprint.engine.disclosure.gap import Gap, gap
from footprint.engine.disclosure.parts import Part
from footprint.engine.disclosure.statistics import Standing as Place
from footprint.engine.disclosure.statistics import standing
from footprint.inventory.models import Product
from footprint.rules.models import MethodProfileVersion, ProductCategory

OFFICE = (Permission.PREPARE_BENCHMARK, Permission.APPROVE_BENCHMARK)


class Hidden(StrEnum):
    """Why figures are not shown: members are told no more, whatever the reason."""

    NOT_RELEASED = "not_released"
    NOT_GIVEN = "not_given"


@dataclass(frozen=True)
class Standing:
    """One comparison: own figure as it was frozen against what was released, kg CO2e per unit."""

    definition: Definition
    position_given: Position | None
    release: Release | None

    @property
    def own(self) -> float | None:
        """One's own figure."""
        return self.position_given.own if self.position_given else None

    @property
    def is_open(self) -> bool:
        """Whether the released figures are shown: to those who gave one themselves."""
        return self.release is not None and self.own is not None

    @property
    def hidden(self) -> Hidden | None:
        """Why there are no figures; nothing when there are."""
        if self.release is None:
            return Hidden.NOT_RELEASED
        return Hidden.NOT_GIVEN if self.own is None else None

    def figure(self, name: str) -> float | None:
        """A released figure, for those who gave."""
        return self.release.figure(name) if self.release and self.is_open else None

    @property
    def median(self) -> float | None:
        """The released median."""
        return self.figure("median")

    @property
    def parts(self) -> dict[str, float]:
        """What the released median is made of, for those who gave; nothing where it was not told."""
        if self.release is None or not self.is_open:
            return {}
        return {name: float(figure) for name, figure in self.release.parts.items()}

    @property
    def own_parts(self) -> dict[str, float]:
        """What one's own figure is made of."""
        return dict(self.position_given.parts) if self.position_given else {}

    @property
    def gap(self) -> Gap | None:
        """Why one's own figure is not the median; nothing where parts were not told."""
        if self.own is None or self.median is None or not all(part in self.own_parts for part in Part):
            return None
        return gap(self.own, self.own_parts, self.median, self.parts) if self.parts else None

    @property
    def position(self) -> Place | None:
        """Where one stands against what was released."""
        if self.median is None or self.own is None:
            return None
        return standing(self.own, self.median, self.figure("lower_quartile"), self.figure("upper_quartile"))


def is_office(actor: Actor) -> bool:
    """Whether the actor proposes, prepares, approves or signs."""
    return any(can(actor, permission) for permission in OFFICE)


def categories(actor: Actor) -> list[ProductCategory]:
    """All categories, in the order of the chain."""
    return list(ProductCategory.objects.order_by("position", "code")) if actor.is_known else []


def standings(actor: Actor, category: ProductCategory | None = None) -> list[Standing]:
    """Every comparison there is to speak of, latest year first; the latest release of each."""
    if not actor.is_known:
        return []
    defined = Definition.objects.filter(Q(state="approved") | Q(releases__state="released")).distinct()
    if category is not None:
        defined = defined.filter(category=category)
    rows = defined.select_related("category", "profile_version__profile")
    rows = rows.order_by("category__position", "category__code", "-year", "technology", "region", "pk")
    released = Release.objects.filter(definition__in=rows, state="released").order_by("epoch")
    latest = {release.definition_id: release for release in released}
    own = _own(actor, list(latest.values()))
    return [
        Standing(each, own.get(release.pk) if release else None, release)
        for each in rows
        for release in [latest.get(each.pk)]
    ]


@dataclass(frozen=True)
class TrendYear:
    """One year of a comparison: own figure, the group's, and how those moved who gave in the year before too.

    ``before`` and ``now`` are of the same groups, kg CO2e per unit; ``since`` is the year of ``before``.
    """

    standing: Standing
    since: int | None = None
    before: float | None = None
    now: float | None = None

    @property
    def year(self) -> int:
        """Of the figures."""
        return self.standing.definition.year

    @property
    def change(self) -> float | None:
        """Of the same groups' median, as a share."""
        return self.now / self.before - 1.0 if self.now is not None and self.before else None


def trend(found: list[Standing], of: Standing) -> list[TrendYear]:
    """The same comparison over the years, earliest first; how the same groups moved for those among them."""
    years = [each for each in found if _series(each.definition) == _series(of.definition) and each.is_open]
    gave = {str(each.release.uuid) for each in years if each.release}
    return [_year(each, gave) for each in sorted(years, key=lambda each: each.definition.year)]


def taken_apart(years: Sequence[TrendYear]) -> Standing | None:
    """The latest year whose median's parts were told: a later one that tells none leaves it as it was."""
    return next((each.standing for each in reversed(years) if each.standing.gap), None)


def _series(definition: Definition) -> tuple[object, ...]:
    return (
        definition.category_id,
        definition.technology,
        definition.region,
        definition.boundary,
        definition.profile_version_id,
    )


def _year(of: Standing, gave: set[str]) -> TrendYear:
    told = of.release.trend if of.release else {}
    if not told or told["release"] not in gave:
        return TrendYear(of)
    return TrendYear(of, int(told["year"]), float(told["before"]), float(told["now"]))


def own_products(actor: Actor, category: ProductCategory) -> QuerySet[Product]:
    """The actor's companies' products of a category."""
    return (
        Product.objects.visible_to(actor)
        .filter(category=category, company_id__in=actor.company_ids)
        .select_related("company")
        .order_by("company__code", "code")
    )


def joined(actor: Actor, products: QuerySet[Product]) -> set[int]:
    """Which of these products take part."""
    taking_part = Participation.objects.visible_to(actor).filter(product__in=products)
    return set(taking_part.values_list("product_id", flat=True))


def definitions(actor: Actor) -> QuerySet[Definition]:
    """Every comparison that was ever proposed: who compares what is no secret among members."""
    rows = Definition.objects.select_related(
        "category", "profile_version__profile", "proposed_by", "decided_by"
    )
    rows = rows.order_by("category__position", "category__code", "-year", "technology", "region", "pk")
    return rows if actor.is_known else rows.none()


def beside(actor: Actor, of: Definition) -> QuerySet[Definition]:
    """Comparisons of the same products and year that it could be merged with: standing, or proposed."""
    return definitions(actor).filter(category=of.category, year=of.year, state__in=LIVE).exclude(pk=of.pk)


def definition(actor: Actor, uuid: UUID) -> Definition | None:
    """One of them."""
    return definitions(actor).filter(uuid=uuid).first()


def releases(actor: Actor) -> QuerySet[Release]:
    """The ledger; for whoever prepares and signs also what is not released."""
    rows = Release.objects.select_related(
        "definition__category",
        "definition__profile_version__profile",
        "prepared_by",
        "signed_by",
        "released_by",
    ).order_by("-number", "-pk")
    if not actor.is_known:
        return rows.none()
    return rows if is_office(actor) else rows.filter(state="released")


def definitions_waiting(actor: Actor) -> list[Definition]:
    """What others proposed, for whoever approves it."""
    if not can(actor, Permission.APPROVE_BENCHMARK):
        return []
    return list(definitions(actor).filter(state="proposed").exclude(proposed_by_id=actor.user_id))


def releases_waiting(actor: Actor) -> list[Release]:
    """Of approved comparisons, those to sign: by whoever prepares, then by somebody with no hand in it."""
    first = Q(state="cleared") if can(actor, Permission.PREPARE_BENCHMARK) else Q(pk=None)
    hands = ("definition__proposed_by", "prepared_by", "signed_by")
    own = Q(*((name, actor.user_id) for name in hands), _connector=Q.OR)
    second = Q(state="signed") & ~own if can(actor, Permission.APPROVE_BENCHMARK) else Q(pk=None)
    return list(releases(actor).filter(first | second, definition__state="approved"))


def latest_releases(actor: Actor) -> dict[int, int]:
    """By comparison its released entry of the latest epoch."""
    released = releases(actor).filter(state="released").order_by("epoch")
    return dict(released.values_list("definition_id", "pk"))


def released_years(actor: Actor) -> set[int]:
    """The years that something was released of."""
    return set(releases(actor).filter(state="released").values_list("definition__year", flat=True))


def release(actor: Actor, uuid: UUID) -> Release | None:
    """One of them."""
    return releases(actor).filter(uuid=uuid).first()


def may_see_figures(actor: Actor, of: Release) -> bool:
    """Give to get: those who were part of the cohort, and those who sign."""
    seen = seen_releases(actor)
    return seen is None or of.pk in seen


def seen_releases(actor: Actor) -> set[int] | None:
    """The releases whose figures the actor is shown; None: all of them."""
    if is_office(actor):
        return None
    own = Position.objects.visible_to(actor).filter(release__state="released")
    return set(own.values_list("release_id", flat=True))


def positions(actor: Actor, releases: Sequence[int]) -> QuerySet[Position]:
    """The own figures in these releases, of each of the actor's companies."""
    rows = Position.objects.visible_to(actor).filter(release__in=releases, release__state="released")
    return rows.order_by("company_id")


def _own(actor: Actor, of: list[Release]) -> dict[int, Position]:
    """By release the own figure; of several companies of the actor, the first one's."""
    found: dict[int, Position] = {}
    for row in positions(actor, [each.pk for each in of]):
        found.setdefault(row.release_id, row)
    return found


def overview(actor: Actor) -> AllianceOverview | None:
    """The latest count of the alliance."""
    return AllianceOverview.objects.order_by("-pk").first() if actor.is_known else None


@dataclass(frozen=True)
class UsedFactor:
    """A shared version that many use: lines rounded, company groups as a band."""

    version: FactorVersion
    lines: int
    groups: str


def used_factors(actor: Actor) -> list[UsedFactor]:
    """As the latest count of the alliance found it, the most used first; for curators."""
    latest = overview(actor) if can(actor, Permission.PUBLISH_FACTOR) else None
    told = latest.content.get("used_factors", []) if latest else []
    found = all_versions(actor).filter(uuid__in=[version for version, _lines, _groups in told])
    versions = {str(version.uuid): version for version in found}
    return [
        UsedFactor(versions[version], lines, groups) for version, lines, groups in told if version in versions
    ]


def averages(actor: Actor) -> dict[str, FactorVersion]:
    """Versions that are means of releases, by the release's uuid; the latest of each."""
    rows = all_versions(actor).filter(derivation__has_key="release").order_by("pk")
    return {str(version.derivation["release"]): version for version in rows}


@dataclass(frozen=True)
class Average:
    """The mean by volume that a release told, kg CO2e per unit of the category, rounded as it was told."""

    category: ProductCategory
    unit: str
    kg_co2e: Decimal
    year: int
    technology: str
    region: str
    profile_version: MethodProfileVersion
    groups: str
    """How many company groups stand behind it, as a band."""
    release: UUID
    number: int
    epoch: str


def released_averages(actor: Actor) -> list[Average]:
    """The alliance's averages: of each comparison that has one, the one of its latest release.

    Told to every member, as what it buys is made of them: an average in which nobody has too large a share.
    """
    if not actor.is_known:
        return []
    rows = Release.objects.filter(state=Release.State.RELEASED, figures__has_key="weighted_mean")
    rows = rows.select_related("definition__category", "definition__profile_version__profile")
    latest = {row.definition_id: row for row in rows.order_by("epoch")}
    found = sorted(
        latest.values(), key=lambda row: (row.definition.category.code, -row.definition.year, row.pk)
    )
    return [_average(row, row.number) for row in found if row.number is not None]


def _average(row: Release, number: int) -> Average:
    definition = row.definition
    return Average(
        category=definition.category,
        unit=definition.category.unit,
        kg_co2e=Decimal(row.figures["weighted_mean"]),
        year=definition.year,
        technology=definition.technology,
        region=definition.region,
        profile_version=definition.profile_version,
        groups=row.groups,
        release=row.uuid,
        number=number,
        epoch=row.epoch,
    )
