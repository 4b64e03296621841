"""Questions about what is kept beside figures: assessments, samples, saved scenarios and their lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db.models import Count, Q, QuerySet

from accounts.actor import Actor
from accounts.roles import Permission
from accounts.visibility import rows as sql_rows
from factors.models import FactorProposal, FactorVersion
from factors.queries import may_read
from footprint.analysis.models import (
    AdoptionDecision,
    AdoptionPolicy,
    Assessment,
    FactorImpact,
    ProfileFigure,
    SampledFigure,
    Scenario,
    UncertaintyRun,
)
from footprint.analysis.sql import KIND
from footprint.calculation.ledger import PROCESS
from footprint.calculation.models import Footprint, RecomputeMark
from footprint.calculation.queries import Freshness
from footprint.engine.equations import Floats
from footprint.inventory import queries as inventory
from footprint.inventory.models import Exchange, Inventory, Product

SHOWN = 12
SEARCHED = (
    "product__name_zh",
    "product__name_en",
    "product__code",
    "flow_name",
    "gas",
    "factor_version__factor__name_zh",
    "factor_version__factor__name_en",
    "process__name_zh",
    "process__name_en",
    "process__code",
)


def scenarios(actor: Actor, product: Product | None = None) -> QuerySet[Scenario]:
    """Own scenarios, those of one product by name."""
    found = Scenario.objects.visible_to(actor).select_related("company", "product", "created_by")
    return found if product is None else found.filter(product=product).order_by("name")


def scenario(actor: Actor, uuid: UUID) -> Scenario | None:
    """One scenario, if it exists for the actor."""
    return scenarios(actor).filter(uuid=uuid).first()


def lines_behind(actor: Actor, processes: Iterable[int], search: str) -> list[Exchange]:
    """Own lines of these processes; every word occurs in what flows, its factor or its process."""
    found = inventory.lines(actor).filter(process_id__in=list(processes))
    for word in search.split():
        found = found.filter(_any(word))
    return list(found[:SHOWN])


def _any(word: str) -> Q:
    condition = Q()
    for name in SEARCHED:
        condition |= Q(**{f"{name}__icontains": word})
    return condition


def assessment(actor: Actor, footprint: Footprint) -> Assessment | None:
    """The assessment of an own figure; None for a partner's, for one without a figure, before it is made."""
    return Assessment.objects.visible_to(actor).filter(footprint=footprint).first()


def assessments(actor: Actor, footprint_ids: Iterable[int]) -> dict[int, Assessment]:
    """By footprint id, as ``assessment``; one query."""
    found = Assessment.objects.visible_to(actor).filter(footprint_id__in=list(footprint_ids))
    return {row.footprint_id: row for row in found}


def freshness(actor: Actor, footprints: Iterable[Footprint]) -> dict[int, Freshness]:
    """Whether the assessment of each figure says what the data say now, by footprint id.

    Pending when a figure, or anything that is said of data, changed anywhere upstream since; the figure
    itself may be current all the while. Failed where there is no figure to assess. Ask before the assessment
    is read: one that was settled in between would be shown as it was, and told to be current.
    """
    asked = list(footprints)
    stale = _stale({footprint.process_id for footprint in asked})
    return {footprint.pk: _state(footprint, footprint.process_id in stale) for footprint in asked}


def _state(footprint: Footprint, is_stale: bool) -> Freshness:
    if is_stale:
        return Freshness.PENDING
    return Freshness.FAILED if footprint.state == Footprint.State.FAILED else Freshness.CURRENT


def _stale(process_ids: set[int]) -> set[int]:
    if not process_ids or not RecomputeMark.objects.filter(kind__in=(PROCESS, KIND)).exists():
        return set()
    return {row[0] for row in sql_rows("SELECT analysis_stale(%s::bigint[])", [sorted(process_ids)])}


def profile_figures(actor: Actor, footprint: Footprint) -> list[ProfileFigure]:
    """An own figure under every method profile, in the order of the profiles; those that failed say why."""
    return list(
        ProfileFigure.objects.visible_to(actor)
        .filter(footprint=footprint)
        .select_related("profile_version__profile")
        .order_by("profile_version__profile__position", "profile_version__profile__code")
    )


def beyond_cut_off(actor: Actor, of: Inventory) -> list[ProfileFigure]:
    """Own figures of an inventory that leave out more than a method profile lets pass."""
    found = ProfileFigure.objects.visible_to(actor).filter(
        footprint__inventory=of, cut_off__in=("flow", "total")
    )
    return list(
        found.select_related("profile_version__profile", "footprint__process", "footprint__product").order_by(
            "footprint__process__code", "footprint__product__code", "profile_version__profile__position"
        )
    )


def uncertainty(actor: Actor, footprint: Footprint) -> SampledFigure | None:
    """What the latest finished study found for an own figure; None where there is none."""
    return _sampled(actor).filter(footprint=footprint).order_by("-run__finished_at").first()


def samples(sampled: SampledFigure) -> Floats:
    """(samples,) kg CO2e per unit in their order, NaN where a loop yielded nothing."""
    return np.frombuffer(bytes(sampled.values), dtype="<f8").astype(np.float64)


def is_outdated(sampled: SampledFigure) -> bool:
    """Whether the figure has moved since it was sampled."""
    return sampled.kg_co2e != sampled.footprint.kg_co2e_ar6


def compare(actor: Actor, a: Footprint, b: Footprint) -> float | None:
    """Probability that figure ``a`` is truly below figure ``b``; both own, per the same unit.

    Counted over the samples of one study, pair by pair: what the two have in common moves both. Equal samples
    count half. None before there is a study of both, or where no pair has two figures.
    """
    first = _sampled(actor).filter(footprint=a)
    second = _sampled(actor).filter(footprint=b)
    run = (
        UncertaintyRun.objects.filter(pk__in=first.values("run"), state=UncertaintyRun.State.DONE)
        .filter(pk__in=second.values("run"))
        .order_by("-finished_at")
        .first()
    )
    if run is None or a.unit != b.unit:
        return None
    left, right = (samples(found.get(run=run)) for found in (first, second))
    known = np.isfinite(left) & np.isfinite(right)
    if not known.any():
        return None
    below, equal = left[known] < right[known], left[known] == right[known]
    return float(below.mean() + equal.mean() / 2.0)


def runs(actor: Actor) -> QuerySet[UncertaintyRun]:
    """Every study, latest first; they name nobody and nothing."""
    every = UncertaintyRun.objects.order_by("-created_at")
    return every if actor.is_known or actor.is_worker else every.none()


def latest_run(actor: Actor) -> UncertaintyRun | None:
    """The study that is under way, else the last one."""
    return runs(actor).first()


def _sampled(actor: Actor) -> QuerySet[SampledFigure]:
    return (
        SampledFigure.objects.visible_to(actor)
        .filter(run__state=UncertaintyRun.State.DONE)
        .select_related("run", "footprint")
    )


def latest_impact(
    actor: Actor, old: FactorVersion, new: FactorVersion | None, proposal: FactorProposal | None
) -> FactorImpact | None:
    """What was last asked about this change."""
    asked = FactorImpact.objects.filter(old=old, new=new, proposal=proposal).order_by("-pk")
    return asked.first() if may_read(actor) else None


def adoption_decisions(actor: Actor, old: FactorVersion) -> QuerySet[AdoptionDecision]:
    """What own companies decided about what replaces a version, the latest first."""
    rows = AdoptionDecision.objects.visible_to(actor).filter(old=old)
    return rows.select_related("company", "new__factor").order_by("-at", "-pk")


def adoption_policies(actor: Actor) -> QuerySet[AdoptionPolicy]:
    """What own companies take over without being asked."""
    return AdoptionPolicy.objects.visible_to(actor).select_related("company").order_by("company__code")


OUTDATED = (FactorVersion.Status.SUPERSEDED, FactorVersion.Status.WITHDRAWN)


@dataclass(frozen=True)
class Outdated:
    """A version that own lines use and that is not in force; what came in its place, what was decided."""

    old: FactorVersion
    lines: int
    new: FactorVersion | None
    decision: AdoptionDecision | None

    @property
    def waits(self) -> bool:
        """Whether nobody decided about what came in its place, or nothing did yet after a withdrawal."""
        return self.decision is None or self.decision.new != self.new


def outdated_versions(actor: Actor) -> list[Outdated]:
    """Of own companies, withdrawn ones first, then by how many lines use them."""
    used = dict(
        Exchange.objects.visible_to(actor)
        .filter(company_id__in=actor.company_ids, factor_version__status__in=OUTDATED)
        .order_by()
        .values_list("factor_version")
        .annotate(n=Count("pk"))
    )
    versions = FactorVersion.objects.select_related("factor").in_bulk(used)
    heirs = _heirs(used)
    decided: dict[int, AdoptionDecision] = {}
    for each in AdoptionDecision.objects.visible_to(actor).filter(old__in=used).order_by("at", "pk"):
        decided[each.old_id] = each
    rows = [Outdated(versions[key], n, heirs.get(key), decided.get(key)) for key, n in used.items()]
    return sorted(
        rows, key=lambda row: (row.old.status != FactorVersion.Status.WITHDRAWN, -row.lines, row.old.pk)
    )


def waiting_adoptions(actor: Actor) -> list[Outdated]:
    """Those that this person has to decide about."""
    if not actor.companies_with(Permission.ADOPT_FACTOR):
        return []
    return [row for row in outdated_versions(actor) if row.waits]


def _heirs(keys: Iterable[int]) -> dict[int, FactorVersion]:
    """For each version the published one at the end of those that took its place."""
    found: dict[int, FactorVersion] = {}
    origins = {key: [key] for key in keys}
    while origins:
        heirs = FactorVersion.objects.select_related("factor").filter(supersedes__in=list(origins))
        further: dict[int, list[int]] = {}
        for heir in heirs:
            began = origins[heir.supersedes_id or 0]
            if heir.status == FactorVersion.Status.PUBLISHED:
                found |= dict.fromkeys(began, heir)
            else:
                further.setdefault(heir.pk, []).extend(began)
        origins = further
    return found
