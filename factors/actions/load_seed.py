"""Bring the built-in factors into the database. Loading twice changes nothing; a changed row of the seed
becomes a further version, and a published number is never touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from factors.actions.publish_version import columns, place_of, rows, withdrawn_before
from factors.content import faults
from factors.models import (
    CharacterizationFactor,
    CharacterizationSet,
    Factor,
    FactorEmission,
    FactorVersion,
    GreenhouseGas,
    Source,
)
from factors.seed.reading import Seed, SeedGwp, SeedSource, SeedVersion

SEEDED = "seed"
SOURCE_FIELDS = [field.name for field in fields(SeedSource) if field.name != "code"]
SET_NAMES = {
    "AR4": ("IPCC 第四次评估报告", "IPCC Fourth Assessment Report"),
    "AR5": ("IPCC 第五次评估报告", "IPCC Fifth Assessment Report"),
    "AR6": ("IPCC 第六次评估报告", "IPCC Sixth Assessment Report"),
}


class SeedConflict(ValueError):
    """The seed contradicts what is published, or is wrong in itself."""


@dataclass(frozen=True)
class Loaded:
    """What the loading did."""

    gases: int
    gwp_new: int
    factors: int
    versions_new: int
    versions_superseded: int
    versions_kept: int


@transaction.atomic
def load_seed(seed: Seed, *, at: datetime | None = None) -> Loaded:
    """Write sources, gases, GWP values, factors and versions.

    A place (source, geography, year, scope, boundary of a factor) that a curator has published at since is
    left to the curator.

    Raises:
        SeedConflict: a GWP value differs from the published one, or a row has a fault.
    """
    now = at or timezone.now()
    _check(seed, newest_year=now.year + 1)
    sources = _load_sources(seed)
    gases = _load_gases(seed)
    gwp_new = _load_gwp(seed.gwp, gases, sources)
    factors = _load_factors(seed.versions)
    added, superseded, kept = _load_versions(seed.versions, factors, sources, now)
    return Loaded(len(gases), gwp_new, len(factors), added, superseded, kept)


def _check(seed: Seed, *, newest_year: int) -> None:
    gases = {gas.code for gas in seed.gases}
    sources = {source.code for source in seed.sources}
    for version in seed.versions:
        found = faults(version.content, version.factor.unit, gases, newest_year=newest_year)
        if found or version.content.source not in sources:
            raise SeedConflict(f"{version.factor.code} {version.content.place}: {found or 'unknown source'}")


def _load_sources(seed: Seed) -> dict[str, Source]:
    Source.objects.bulk_create(
        [Source(**asdict(source)) for source in seed.sources],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=SOURCE_FIELDS,
    )
    return {source.code: source for source in Source.objects.all()}


def _load_gases(seed: Seed) -> dict[str, GreenhouseGas]:
    GreenhouseGas.objects.bulk_create(
        [GreenhouseGas(**{**asdict(gas), "aliases": list(gas.aliases)}) for gas in seed.gases],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_zh", "name_en", "cas", "formula", "aliases"],
    )
    return {gas.code: gas for gas in GreenhouseGas.objects.all()}


def _load_gwp(values: Iterable[SeedGwp], gases: dict[str, GreenhouseGas], sources: dict[str, Source]) -> int:
    sets: dict[tuple[str, int], CharacterizationSet] = {}
    for code, horizon in dict.fromkeys((value.set, value.horizon) for value in values):
        name_zh, name_en = SET_NAMES[code]
        sets[code, horizon], _ = CharacterizationSet.objects.get_or_create(
            code=code, horizon=horizon, defaults={"name_zh": name_zh, "name_en": name_en}
        )
    published: dict[tuple[str, int, str, str], Decimal] = {
        (code, horizon, gas, origin): value
        for code, horizon, gas, origin, value in CharacterizationFactor.objects.values_list(
            "set__code", "set__horizon", "gas__code", "origin", "value"
        )
    }
    new = []
    for value in values:
        key = (value.set, value.horizon, value.gas, value.origin)
        if key in published:
            if published[key] != value.value:
                raise SeedConflict(f"GWP {key} is published as {published[key]}, the seed says {value.value}")
            continue
        new.append(
            CharacterizationFactor(
                set=sets[value.set, value.horizon],
                gas=gases[value.gas],
                origin=value.origin,
                value=value.value,
                source=sources[value.source],
                source_locator=value.locator,
                transcription=value.transcription,
            )
        )
    CharacterizationFactor.objects.bulk_create(new)
    return len(new)


def _load_factors(versions: Iterable[SeedVersion]) -> dict[str, Factor]:
    wanted = {version.factor.code: version.factor for version in versions}
    Factor.objects.bulk_create(
        [Factor(**asdict(factor)) for factor in wanted.values()],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_zh", "name_en", "kind", "category"],
    )
    return {factor.code: factor for factor in Factor.objects.filter(code__in=wanted)}


def _load_versions(
    versions: Iterable[SeedVersion],
    factors: dict[str, Factor],
    sources: dict[str, Source],
    now: datetime,
) -> tuple[int, int, int]:
    existing: dict[int, list[FactorVersion]] = defaultdict(list)
    for old in FactorVersion.objects.filter(factor__in=factors.values()).select_related("source"):
        existing[old.factor_id].append(old)
    new: list[tuple[FactorVersion, SeedVersion]] = []
    replaced: list[FactorVersion] = []
    kept = 0
    for seeded in sorted(versions, key=lambda each: (each.factor.code, each.content.reference_year)):
        factor = factors[seeded.factor.code]
        versions_before = existing[factor.pk]
        digest = seeded.content.digest()
        if any(old.digest == digest for old in versions_before):
            continue
        there = _published_at(versions_before, seeded)
        if there is not None and there.published_by != SEEDED:
            kept += 1
            continue
        version = FactorVersion(
            **columns(seeded.content),
            factor=factor,
            number=max((old.number for old in versions_before), default=0) + 1,
            source=sources[seeded.content.source],
            status=seeded.status,
            published_at=now,
            published_by=SEEDED,
            supersedes=there or withdrawn_before(versions_before, seeded.content),
        )
        if there is not None:
            replaced.append(there)
        versions_before.append(version)
        new.append((version, seeded))
    FactorVersion.objects.filter(pk__in=[old.pk for old in replaced]).update(
        status=FactorVersion.Status.SUPERSEDED, status_changed_at=now
    )
    FactorVersion.objects.bulk_create([version for version, _ in new])
    FactorEmission.objects.bulk_create(
        [row for version, seeded in new for row in rows(version, seeded.content.emissions)]
    )
    return len(new), len(replaced), kept


def _published_at(versions: Iterable[FactorVersion], seeded: SeedVersion) -> FactorVersion | None:
    """What is published where the seeded version wants to be."""
    for old in versions:
        if old.status == FactorVersion.Status.PUBLISHED and place_of(old) == seeded.content.place:
            return old
    return None
