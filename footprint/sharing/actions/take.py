"""Take a footprint into one's own calculation: a factor of the company alone, and the lines that use it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal, Refusals
from accounts.policy import require
from accounts.roles import Permission
from factors.actions.publish_version import columns, rows
from factors.content import Emission, VersionContent
from factors.models import Factor, FactorEmission, FactorVersion
from factors.models import Source as FactorSource
from factors.models.factor import EXEMPTED_SHARE
from factors.models.source import Transcription
from factors.origins import CO2E, Origin
from factors.units import Dimension, dimension
from footprint.analysis.kept_networks import kept_network
from footprint.analysis.levers import Lever
from footprint.analysis.solved import solved
from footprint.analysis.what_if import Moved, what_if
from footprint.inventory.actions import change_exchange
from footprint.inventory.models import Exchange
from footprint.partners.pact import values
from footprint.sharing.models import SupplierFigure
from footprint.sharing.sources import Source, predecessor, taken, takers
from footprint.sharing.stated import Problem
from footprint.sharing.words import PROBLEMS

KINDS = {Dimension.ENERGY: Factor.Kind.HEAT, Dimension.TRANSPORT: Factor.Kind.FREIGHT}
MOST_LINES = 20


@dataclass(frozen=True)
class Foretold:
    """What taking a footprint for these lines would move; nothing was kept."""

    moved: tuple[Moved, ...]
    why_not: str = ""


@transaction.atomic
def take_figure(source: Source, *, by: Actor, at: datetime, lines: Sequence[UUID] = ()) -> SupplierFigure:
    """A version of a factor that is the company's alone; ``lines`` take it from now on.

    One that follows a figure taken before, or corrects it, becomes its next version, so that the lines of
    the earlier one are offered to adopt it.

    Raises:
        NotAllowed; Refusal, Refusals: what blocks it, it was taken already, or a line that cannot take it.
    """
    require(by, Permission.ADOPT_FACTOR, company_id=source.company.pk)
    _refuse_blocked(source, at)
    _one_at_a_time()
    if taken(by, source) is not None:
        raise Refusal(_("This footprint is among your figures of suppliers already."), code="taken_already")
    chosen = _chosen(source, lines, by)
    version = _version(source, by, at)
    figure = SupplierFigure(
        company=source.company,
        version=version,
        received=source.received,
        request=source.request,
        pf_id=source.stated.pf_id,
        supplier=source.supplier[:200],
        level=source.stated.level,
        valid_until=source.stated.valid_until,
        doubts=[{"code": each.code, "told": dict(each.told)} for each in _doubts(source, at)],
        taken_by_id=by.user_id,
        taken_at=at,
    )
    figure.save(force_insert=True)
    for line in chosen:
        _link(line, version, by)
    return figure


def foretell(source: Source, *, by: Actor, at: datetime, lines: Sequence[UUID]) -> Foretold:
    """What would move if these lines took it: tried inside a transaction that is taken back.

    Raises:
        NotAllowed; Refusal, Refusals: as ``take_figure``.
    """
    require(by, Permission.ADOPT_FACTOR, company_id=source.company.pk)
    _refuse_blocked(source, at)
    chosen = _chosen(source, lines, by)
    if not chosen:
        raise Refusal(_("Choose at least one line to see what would move."), field="lines", code="required")
    with transaction.atomic():
        _one_at_a_time()
        earlier = taken(by, source)
        version = earlier.version if earlier else _version(source, by, at)
        try:
            return _tried(by, chosen, version)
        finally:
            if earlier is None:
                transaction.set_rollback(True)


def _tried(by: Actor, lines: Sequence[Exchange], version: FactorVersion) -> Foretold:
    own = kept_network(by)
    mine = [column for column in own.index if column[0] == lines[0].process_id]
    base = solved(by, mine[:1], own)
    if base is None:
        return Foretold((), _("The process of the first line has no figure yet."))
    levers = [Lever(line.uuid, provider=("factor_version", version.uuid)) for line in lines]
    return Foretold(what_if(by, base, levers).moved)


def _refuse_blocked(source: Source, at: datetime) -> None:
    found = [each for each in source.problems(timezone.localdate(at)) if each.blocks]
    if found:
        raise Refusals([Refusal(str(PROBLEMS[each.code]) % each.told, code=each.code) for each in found])


def _doubts(source: Source, at: datetime) -> list[Problem]:
    return [each for each in source.problems(timezone.localdate(at)) if not each.blocks]


def _chosen(source: Source, lines: Sequence[UUID], by: Actor) -> list[Exchange]:
    if len(lines) > MOST_LINES:
        message = _("At most %(most)d lines at a time.") % {"most": MOST_LINES}
        raise Refusal(message, field="lines", code="too_many")
    known = {each.uuid: each for each in takers(by, source)} if lines else {}
    if any(line not in known for line in lines):
        raise Refusal(_("There is no such line, or it cannot take it."), field="lines", code="not_found")
    return [known[line] for line in dict.fromkeys(lines)]


def _link(line: Exchange, version: FactorVersion, by: Actor) -> None:
    change_exchange(
        line, by=by, version=None, factor_version=version, provider_product=None, provider_process=None
    )


def _one_at_a_time() -> None:
    """Of two who take the same, or publish a version, the second sees what the first did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('factors.change_number'))")


def _version(source: Source, by: Actor, at: datetime) -> FactorVersion:
    origin = _origin(source)
    content = _content(source, origin.code)
    before = predecessor(by, source)
    old = _present(before.version) if before and before.version.factor.unit == source.stated.unit else None
    factor = old.factor if old else _factor(source)
    if old is not None:
        FactorVersion.objects.filter(pk=old.pk, status=FactorVersion.Status.PUBLISHED).update(
            status=FactorVersion.Status.SUPERSEDED, status_changed_at=at
        )
    made = FactorVersion.objects.create(
        **columns(content),
        company=source.company,
        factor=factor,
        number=factor.versions.count() + 1,
        source=origin,
        published_at=at,
        published_by=by.name,
        supersedes=old,
        data_quality=_quality(source),
    )
    made_rows = rows(made, content.emissions)
    for each in made_rows:
        each.company = source.company
    FactorEmission.objects.bulk_create(made_rows)
    return made


def _present(version: FactorVersion) -> FactorVersion:
    """The one that took its place: of two that name it as preceding, one was taken first."""
    published = FactorVersion.objects.filter(factor=version.factor_id, status=FactorVersion.Status.PUBLISHED)
    return published.select_related("factor").order_by("-number").first() or version


def _factor(source: Source) -> Factor:
    name = source.stated.product[:150] or source.supplier[:150]
    return Factor.objects.create(
        company=source.company,
        code=f"supplier-{uuid.uuid4().hex}",
        name_zh=f"{name} · {source.supplier[:40]}",
        name_en=f"{name} · {source.supplier[:40]}",
        kind=KINDS.get(dimension(source.stated.unit), Factor.Kind.MATERIAL),
        unit=source.stated.unit,
        category="supplier",
    )


def _content(source: Source, origin: str) -> VersionContent:
    stated = source.stated
    assert stated.kg_per_unit is not None and stated.period_end is not None
    return VersionContent(
        emissions=(Emission(CO2E, Origin.UNSPECIFIED.value, stated.kg_per_unit),),
        geography=stated.geography,
        reference_year=stated.period_end.year,
        scope=FactorVersion.Scope.CO2E,
        boundary=FactorVersion.Boundary.CRADLE_TO_GATE,
        source=origin,
        source_locator=f"urn:uuid:{stated.pf_id}",
        transcription=Transcription.OFFICIAL,
        technology=source.supplier[:200],
        gwp_set=max(stated.gwp),  # of several the latest: that there were more is among the doubts
        derivation={
            "received": {
                "way": "pact" if source.received else "pinned",
                "supplier": source.supplier,
                "footprint": str(source.received.uuid if source.received else source.request.uuid),  # type: ignore[union-attr]
                "id": str(stated.pf_id),
                "period": [str(stated.period_start), str(stated.period_end)],
                "standards": list(stated.standards),
                "level": stated.level,
                "told_at": str(source.told_at),  # so that what is corrected back is a version again
            }
        },
    )


def _quality(source: Source) -> dict[str, float]:
    """PACT's three ratings, by the names factors have for them, and the part that is left out."""
    names = {"technology": "technologicalDQR", "time": "temporalDQR", "geography": "geographicalDQR"}
    read = {ours: values.decimal(source.stated.quality.get(theirs)) for ours, theirs in names.items()}
    found = {ours: float(value) for ours, value in read.items() if value is not None and 1 <= value <= 5}
    percent = source.stated.exempted_percent
    if percent is not None and 0 < percent < 100:
        found[EXEMPTED_SHARE] = float(percent / 100)
    return found


def _origin(source: Source) -> FactorSource:
    """One for what may be passed on, one for the rest; the database adds it, for the web may not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sharing_origin(%s)", [source.may_pass_on])
        (found,) = cursor.fetchone()
    return FactorSource.objects.get(pk=found)
