"""What the files of a release hold: a line for each gas of its versions, or a package for openLCA."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

from accounts.actor import Actor
from accounts.exports import ARCHIVE_TYPE, CSV_TYPE, EXCEL_TYPE, Figure, write_csv, write_xlsx
from accounts.figures import name as name_of
from factors import openlca, queries
from factors.models import FactorRelease, FactorVersion, ReleaseFile

CHUNK = 2000
EXPORTED = (
    *("code", "name_zh", "name_en", "kind", "unit", "geography", "reference_year", "scope", "boundary"),
    *("gwp_set", "gas", "origin", "kg_per_unit", "source", "locator", "licence", "transcription"),
    *("status", "version", "version_uuid"),
    *("technology", "category", "cas", "cpc", "hs", "source_code", "uncertainty_gsd2", "note_zh", "note_en"),
)
ENDINGS = {"csv": "csv", "xlsx": "xlsx", "openlca": "zip"}
TYPES = {"csv": CSV_TYPE, "xlsx": EXCEL_TYPE, "openlca": ARCHIVE_TYPE}
Progress = Callable[[int], object]
"""Told after so many versions."""


def filename(release: FactorRelease, kind: str) -> str:
    """What a file of this kind is called at home."""
    return f"factors-{release.name}.{ENDINGS[kind]}"


def write(
    file: IO[bytes],
    kind: str,
    *,
    by: Actor,
    release: FactorRelease,
    language: str,
    progress: Progress = lambda done: None,
) -> None:
    """A file of a release; what may not be passed on is not in it."""
    chunks = _chunks(by, release, progress)
    if kind == ReleaseFile.Kind.OPENLCA:
        openlca.write_package(_datasets(by, chunks, language), file)
        return
    table = write_xlsx if kind == ReleaseFile.Kind.XLSX else write_csv
    table(file, EXPORTED, (line for versions in chunks for line in lines(by, versions)))


def lines(actor: Actor, versions: list[FactorVersion]) -> Iterator[list[str]]:
    """``EXPORTED`` of every gas of these versions; without the numbers that may not be passed on."""
    emissions = queries.emissions_of(actor, [version.pk for version in versions])
    for version in versions:
        for emission in emissions[version.pk]:
            kg = Figure(f"{emission.kg_per_unit:f}") if version.source.may_be_passed_on else ""
            yield _line(version, emission.gas, emission.origin, kg)


def _line(version: FactorVersion, gas: str, origin: str, kg: str) -> list[str]:
    factor, source, gsd2 = version.factor, version.source, version.uncertainty_gsd2
    return [
        *(factor.code, factor.name_zh, factor.name_en, factor.kind, factor.unit),
        *(version.geography, str(version.reference_year), version.scope, version.boundary),
        *(version.gwp_set or "", gas, origin, kg),
        *(source.title_zh, version.source_locator, source.licence),
        *(version.transcription, version.status, str(version.number), str(version.uuid)),
        *(version.technology, factor.category, factor.cas, factor.cpc, factor.hs, source.code),
        *(Figure(f"{gsd2:f}") if gsd2 is not None and kg else "", version.note_zh, version.note_en),
    ]


def _datasets(
    actor: Actor, chunks: Iterator[list[FactorVersion]], language: str
) -> Iterator[openlca.Dataset]:
    for versions in chunks:
        free = [version for version in versions if version.source.may_be_passed_on]
        emissions = queries.emissions_of(actor, [version.pk for version in free])
        for version in free:
            yield openlca.Dataset(
                uuid=str(version.uuid),
                name=name_of(version.factor, language),
                unit=version.factor.unit,
                geography=version.geography,
                year=version.reference_year,
                boundary=str(version.get_boundary_display()),
                description=_description(version),
                emissions=tuple(emissions[version.pk]),
                technology=version.technology,
            )


def _description(version: FactorVersion) -> str:
    """Where it comes from and what it counts: a total in CO2e says with which set it was added up."""
    source, weighed = version.source, f"CO2e: {version.gwp_set}" if version.gwp_set else ""
    said = (source.title_en, version.source_locator, source.licence, version.get_scope_display(), weighed)
    return "; ".join(str(each) for each in said if each)


def _chunks(actor: Actor, release: FactorRelease, progress: Progress) -> Iterator[list[FactorVersion]]:
    """Its versions, so many at a time."""
    rows, last, done = queries.all_versions(actor).filter(releases__release=release).order_by("pk"), 0, 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        last, done = chunk[-1].pk, done + len(chunk)
        progress(done)
