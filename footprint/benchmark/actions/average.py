"""The mean of a released comparison becomes a factor of the shared database.

It tells what was released and nothing more: the release passed its gates, its figure is rounded as released,
and the factor's lineage ends at the cohort. A median is no average, and is not taken for one.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from factors import units
from factors.actions.publish_version import publish_version
from factors.content import Emission, VersionContent
from factors.models import Factor, FactorVersion, Source
from factors.models.source import Transcription
from factors.origins import CO2E, Origin
from footprint.benchmark.actions.latest import require_latest
from footprint.benchmark.models import Definition, Release

RECIPE = "alliance_average"
SOURCE = "alliance-averages"
MEAN = "weighted_mean"
"""By volume. The plain mean never takes its place: that would be out exactly where its own gates failed."""
BOUNDARY = "cradle_to_gate"
PLACE = "CN"
LONGEST_TECHNOLOGY = 200


def has_average(release: Release) -> bool:
    """Whether the gates let an average out."""
    return MEAN in release.figures


@transaction.atomic
def publish_average(release: Release, *, by: Actor, at: datetime | None = None) -> FactorVersion:
    """Publish the mean as a version of the category's average; a later release of a year supersedes it.

    Raises:
        NotAllowed: only curators publish, and none what they signed themselves.
        Refusal: not released, or not the latest; no mean by volume among its figures; another boundary or
        horizon than factors have.
        NothingNew: this release was published as a factor before.
    """
    require(by, Permission.PUBLISH_FACTOR)
    definition = release.definition
    profile = definition.profile_version
    if release.state != Release.State.RELEASED:
        raise Refusal(_("Only what was signed and released becomes a factor."), code="not_released")
    require_latest(release)
    if not has_average(release):
        message = _("The gates let out no mean by volume of this comparison, and nothing else is an average.")
        raise Refusal(message, code="no_mean")
    if definition.boundary != BOUNDARY or profile.gwp_horizon != 100:
        message = _("Only figures from cradle to gate over a hundred years become factors.")
        raise Refusal(message, code="other_boundary")
    now = at or timezone.now()
    content = VersionContent(
        emissions=(Emission(CO2E, Origin.UNSPECIFIED.value, Decimal(release.figures[MEAN])),),
        geography=PLACE,
        reference_year=definition.year,
        technology=_technology(definition),
        scope=FactorVersion.Scope.CO2E,
        boundary=FactorVersion.Boundary.CRADLE_TO_GATE,
        gwp_set=profile.gwp_set,
        source=_source(now).code,
        source_locator=f"release {release.number}, {release.epoch}",
        transcription=Transcription.OFFICIAL,
        derivation={
            "recipe": RECIPE,
            "release": str(release.uuid),
            "number": release.number,
            "epoch": release.epoch,
            "figure": MEAN,
            "groups": release.groups,
            "content_hash": release.content_hash,
        },
    )
    factor, signed = _factor(definition), _signed(release)
    return publish_version(factor, by=by, content=content, prepared_by=signed, is_jump_checked=True, at=now)


def _signed(release: Release) -> str:
    """Who signed the figure that a curator now makes a factor of."""
    signed = release.signed_by or release.released_by
    return signed.signature if signed else ""


def _factor(definition: Definition) -> Factor:
    """One for each category, in its unit."""
    category = definition.category
    energetic = units.dimension(category.unit) is units.Dimension.ENERGY
    made, _is_new = Factor.objects.get_or_create(
        code=f"alliance-average-{category.code}".lower(),
        defaults={
            "name_zh": f"{category.name_zh}，联盟平均",
            "name_en": f"{category.name_en}, alliance average",
            "kind": Factor.Kind.PROCESS if energetic else Factor.Kind.MATERIAL,
            "unit": category.unit,
            "category": SOURCE,
            "cpc": category.cpc_code,
            "hs": category.hs_code,
        },
    )
    return made


def _technology(definition: Definition) -> str:
    """Route, region and method: averages of different cohorts stand beside each other."""
    said = [definition.technology, definition.region, definition.profile_version.profile.code]
    return " · ".join(filter(None, said))[:LONGEST_TECHNOLOGY]


def _source(now: datetime) -> Source:
    """Members' own figures: they may be used here, not taken away."""
    made, _is_new = Source.objects.get_or_create(
        code=SOURCE,
        defaults={
            "title_zh": "联盟发布的对标平均值",
            "title_en": "Averages of released comparisons",
            "publisher": "Alliance",
            "year": now.year,
            "licence": "For members of the alliance, on this platform",
            "redistribution": Source.Redistribution.NO,
        },
    )
    return made
