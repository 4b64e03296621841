"""Questions about factors. Everybody who signed in may read them; nobody else learns anything."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.roles import Permission
from factors.content import Emission, VersionContent
from factors.models import (
    CharacterizationFactor,
    CharacterizationSet,
    Factor,
    FactorEmission,
    FactorImport,
    FactorProposal,
    FactorRelease,
    FactorVersion,
    GreenhouseGas,
    ProposalReview,
    ProposalStep,
    ReleaseFile,
    Source,
)
from factors.origins import CO2E, Origin, gwp
from factors.search import FACETS
from factors.search import search as by_words

Characterization = Mapping[tuple[str, str], Decimal]
PUBLISHED = FactorVersion.Status.PUBLISHED


class NotResolvedByGas(Refusal):
    """A total that its publisher has characterised already."""

    code = "not_resolved_by_gas"


class NoCharacterization(Refusal):
    """A gas that the set has no value for, or a set that is not kept."""

    code = "no_characterization"


def may_read(actor: Actor) -> bool:
    """Whether factors exist for this actor at all."""
    return actor.is_known or actor.is_worker or bool(actor.holdings)


def factors(actor: Actor) -> QuerySet[Factor]:
    """All factors that are shared, and the actor's own."""
    return Factor.objects.visible_to(actor) if may_read(actor) else Factor.objects.none()


def all_versions(actor: Actor) -> QuerySet[FactorVersion]:
    """All versions, whatever their status, with factor and source: shared ones, and the actor's own."""
    found = FactorVersion.objects.visible_to(actor).select_related("factor", "source")
    found = found.defer("factor__search_text")
    return found if may_read(actor) else found.none()


def derived_from(actor: Actor, versions: Iterable[FactorVersion]) -> QuerySet[FactorVersion]:
    """The versions that name any of these as a parent."""
    named = [str(version.uuid) for version in versions]
    return all_versions(actor).filter(pk__in=RawSQL("SELECT factors_derived(%s)", [named]))


def shared_versions(actor: Actor) -> QuerySet[FactorVersion]:
    """Those of the shared database alone: what is said of it to everybody counts no company's own."""
    return all_versions(actor).filter(company=None)


def factors_for(
    actor: Actor, *, search: str = "", status: str = PUBLISHED, units: Collection[str] = (), **chosen: object
) -> QuerySet[FactorVersion]:
    """The versions that match, published ones unless asked otherwise (``status=""``: all).

    ``chosen``: values of ``FACETS``; ``units``: of factors per one of these; ``search`` as ``factors.search``
    reads it, best first; without words by kind, code and year.
    """
    found = all_versions(actor)
    if units:
        found = found.filter(factor__unit__in=units)
    narrowing = {FACETS[name]: value for name, value in chosen.items() if value}
    found = found.filter(**narrowing, **({"status": status} if status else {}))
    if search.strip():
        return by_words(found, search, is_narrowed=status != PUBLISHED or bool(units or narrowing))
    return found.order_by("factor__kind", "factor__code", "-reference_year", "-number")


def tables(actor: Actor) -> list[str]:
    """The codes of the tables that published shared versions stand in."""
    rows = factors_for(actor).filter(company=None).exclude(factor__category="").order_by()
    return sorted(rows.values_list("factor__category", flat=True).distinct())


def versions(actor: Actor, factor: Factor) -> QuerySet[FactorVersion]:
    """A factor's versions, the newest year first, with their emissions."""
    return (
        all_versions(actor)
        .filter(factor=factor)
        .select_related("supersedes")
        .prefetch_related("emissions")
        .order_by("-reference_year", "-number")
    )


def version_by_uuid(actor: Actor, version_uuid: uuid.UUID) -> FactorVersion | None:
    """One version, if it exists for this actor."""
    return all_versions(actor).filter(uuid=version_uuid).first()


def emissions_of(actor: Actor, version_ids: Iterable[int]) -> dict[int, list[Emission]]:
    """What each version emits per unit of its factor; one query."""
    found: dict[int, list[Emission]] = defaultdict(list)
    if not may_read(actor):
        return found
    rows = FactorEmission.objects.visible_to(actor)
    rows = rows.filter(version_id__in=list(version_ids)).order_by("version_id", "id")
    for version_id, gas, origin, kg in rows.values_list("version_id", "gas", "origin", "kg_per_unit"):
        found[version_id].append(Emission(gas, origin, kg))
    return found


def resolved_by_gas(actor: Actor, version_ids: Iterable[int]) -> set[int]:
    """Those of the versions whose single gases are known."""
    ids = set(version_ids)
    if not may_read(actor):
        return set()
    totals = FactorEmission.objects.visible_to(actor).filter(version_id__in=ids, gas=CO2E)
    return ids - set(totals.values_list("version_id", flat=True))


def characterization(actor: Actor, set_code: str, horizon: int = 100) -> dict[tuple[str, str], Decimal]:
    """kg CO2e per kg for every gas and origin of a set, the fallback to "unspecified" filled in.

    A total in CO2e is carried as published: 1 in every set.

    Raises:
        NoCharacterization: no such set.
    """
    rows = CharacterizationFactor.objects.filter(set__code=set_code, set__horizon=horizon)
    stated = {(gas, origin): value for gas, origin, value in rows.values_list("gas__code", "origin", "value")}
    if not stated or not may_read(actor):
        raise NoCharacterization(
            _("There are no values of %(set)s for %(years)s years.") % {"set": set_code, "years": horizon}
        )
    stated[CO2E, Origin.UNSPECIFIED.value] = Decimal(1)
    filled = {}
    for gas in {gas for gas, _origin in stated}:
        for origin in Origin:
            value = gwp(stated, gas, origin.value)
            if value is not None:
                filled[gas, origin.value] = value
    return filled


def recharacterise(
    actor: Actor, version: FactorVersion, set_code: str, horizon: int = 100
) -> tuple[Decimal, list[tuple[Emission, Decimal]]]:
    """kg CO2e per unit with a set, in total and per emission.

    Raises:
        NotResolvedByGas: the version is a total in CO2e and was not published with this very set.
        NoCharacterization: the set does not know one of the gases.
    """
    emissions = emissions_of(actor, [version.pk])[version.pk]
    return weigh(version, emissions, characterization(actor, set_code, horizon), set_code, horizon)


def weigh(
    version: FactorVersion | VersionContent,
    emissions: Iterable[Emission],
    values: Characterization,
    set_code: str,
    horizon: int = 100,
) -> tuple[Decimal, list[tuple[Emission, Decimal]]]:
    """As ``recharacterise``, with emissions and values at hand."""
    if version.scope == FactorVersion.Scope.CO2:
        raise NotResolvedByGas(
            _("It counts CO2 alone, in kg CO2: weighed as kg CO2e it would pass for all greenhouse gases.")
        )
    parts = []
    for emission in emissions:
        if emission.gas == CO2E and (version.gwp_set, 100) != (set_code, horizon):
            raise NotResolvedByGas(_not_resolved(version))
        value = gwp(values, emission.gas, emission.origin)
        if value is None:
            raise NoCharacterization(
                _("%(set)s has no value for %(gas)s.") % {"set": set_code, "gas": emission.gas}
            )
        parts.append((emission, emission.kg_per_unit * value))
    return sum((kg for _emission, kg in parts), Decimal(0)), parts


def _not_resolved(version: FactorVersion | VersionContent) -> str:
    if version.gwp_set:
        return _(
            "The source publishes one total in CO2e, weighed with %(set)s. The single gases are not known, "
            "so it cannot be weighed with another set."
        ) % {"set": version.gwp_set}
    return _(
        "The source publishes one total in CO2e and does not say with which GWP set it was weighed. "
        "The single gases are not known, so it cannot be weighed again."
    )


def characterization_sets(actor: Actor) -> QuerySet[CharacterizationSet]:
    """The sets that are kept, newest report first."""
    found = CharacterizationSet.objects.order_by("-code", "-horizon")
    return found if may_read(actor) else found.none()


def gases(actor: Actor) -> QuerySet[GreenhouseGas]:
    """All gases that are characterised."""
    found = GreenhouseGas.objects.order_by("id")
    return found if may_read(actor) else found.none()


def gas_names(actor: Actor) -> dict[str, str]:
    """Every name a gas goes by, in lower case, with the gas's code: for imports."""
    return {
        name.lower(): gas.code
        for gas in gases(actor)
        for name in (gas.code, gas.name_en, gas.name_zh, *gas.aliases)
    }


def sources(actor: Actor) -> QuerySet[Source]:
    """All sources."""
    found = Source.objects.order_by("code")
    return found if may_read(actor) else found.none()


@dataclass(frozen=True)
class StaleSource:
    """A source that is older than it says it may be, with the years of its published figures."""

    source: Source
    first_year: int
    last_year: int
    versions: int


def stale_sources(actor: Actor, year: int) -> list[StaleSource]:
    """Sources of published figures that are old in a year, the oldest first."""
    published = Q(versions__status=FactorVersion.Status.PUBLISHED, versions__company=None)
    rows = (
        sources(actor)
        .filter(year__lt=year - F("old_after_years"))
        .annotate(
            n=Count("versions", filter=published),
            first=Min("versions__reference_year", filter=published),
            last=Max("versions__reference_year", filter=published),
        )
        .filter(n__gt=0)
        .order_by("year", "code")
    )
    return [StaleSource(row, row.first, row.last, row.n) for row in rows]


def proposals(actor: Actor) -> QuerySet[FactorProposal]:
    """All proposals, the latest to move first; open to whoever reads factors."""
    found = FactorProposal.objects.select_related(
        "company", "factor", "replaces", "published__factor", "proposed_by"
    )
    return found.order_by("-moved_at", "-pk") if may_read(actor) else found.none()


def proposal(actor: Actor, proposal_uuid: uuid.UUID) -> FactorProposal | None:
    """One proposal, if it exists for this actor."""
    return proposals(actor).filter(uuid=proposal_uuid).first()


def proposals_waiting(actor: Actor) -> list[FactorProposal]:
    """Those whose next step is this person's: to screen, to review, to publish, to mend."""
    me = actor.user_id or 0
    mine = Q(state="returned", proposed_by_id=me)
    again = ProposalStep.objects.filter(proposal=OuterRef("pk"), name="hand_in_again", by_id=me)
    others = ~Q(proposed_by_id=me) & ~Q(Exists(again))
    if any(actor.holdings_with(Permission.PUBLISH_FACTOR)):
        mine |= Q(state__in=("screening", "public_comment", "approved")) & others
    if any(actor.holdings_with(Permission.REVIEW_FACTOR)):
        reviewed = ProposalReview.objects.filter(proposal=OuterRef("pk"), round=OuterRef("round"), by_id=me)
        mine |= Q(state="technical_review") & others & ~Q(Exists(reviewed))
    return list(proposals(actor).filter(mine).order_by("moved_at", "pk"))


def imports_waiting(actor: Actor) -> QuerySet[FactorImport]:
    """Files that another curator has to confirm or decline: this one, who did not hand them in."""
    waiting = imports(actor).filter(state=FactorImport.State.WAITING)
    return waiting.exclude(created_by_id=actor.user_id or 0).order_by("pk")


def releases(actor: Actor) -> QuerySet[FactorRelease]:
    """All releases of the database, the latest first."""
    found = FactorRelease.objects.order_by("-released_at", "-pk")
    return found if may_read(actor) else found.none()


def release_files(actor: Actor) -> QuerySet[ReleaseFile]:
    """Long files of releases that were asked for, the latest first."""
    found = ReleaseFile.objects.select_related("release").order_by("-created_at", "-pk")
    return found if may_read(actor) else found.none()


def imports(actor: Actor) -> QuerySet[FactorImport]:
    """Files of versions that were handed in, the latest first; for curators alone."""
    found = FactorImport.objects.select_related("created_by", "decided_by").defer("content").order_by("-pk")
    return found if any(actor.holdings_with(Permission.PUBLISH_FACTOR)) else found.none()
