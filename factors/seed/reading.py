"""The seed files as frozen rows. Pure: files in, rows out, nothing stored."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from factors import derivation
from factors.content import VersionContent

HERE = Path(__file__).parent
VERSION_FILES = ("electricity", "heat", "fuels", "freight", "materials", "chemicals")


class BadSeed(ValueError):
    """A seed file cannot be read; the message names file and line."""


@dataclass(frozen=True)
class SeedSource:
    """A row of sources.csv."""

    code: str
    title_zh: str
    title_en: str
    publisher: str
    year: int
    licence: str
    licence_url: str
    redistribution: str
    url: str


@dataclass(frozen=True)
class SeedGas:
    """A row of gases.csv."""

    code: str
    name_zh: str
    name_en: str
    cas: str
    formula: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class SeedGwp:
    """A row of gwp.csv."""

    set: str
    horizon: int
    gas: str
    origin: str
    value: Decimal
    source: str
    locator: str
    transcription: str


@dataclass(frozen=True)
class SeedFactor:
    """The thing a version row belongs to."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    unit: str
    category: str
    cas: str = ""
    hs: str = ""


@dataclass(frozen=True)
class SeedVersion:
    """A row of a version file, its emissions worked out."""

    factor: SeedFactor
    content: VersionContent
    status: str
    recipe: str
    figures: dict[str, str]


@dataclass(frozen=True)
class Seed:
    """Everything built in."""

    sources: tuple[SeedSource, ...]
    gases: tuple[SeedGas, ...]
    gwp: tuple[SeedGwp, ...]
    versions: tuple[SeedVersion, ...]


def read(directory: Path = HERE) -> Seed:
    """All seed files of a directory.

    Raises:
        BadSeed: a row lacks a column or holds a number that is none.
    """
    return Seed(
        sources=tuple(_source(row) for row in _rows(directory / "sources.csv")),
        gases=tuple(_gas(row) for row in _rows(directory / "gases.csv")),
        gwp=tuple(_gwp(row) for row in _rows(directory / "gwp.csv")),
        versions=tuple(
            version
            for name in VERSION_FILES
            if (directory / f"{name}.csv").exists()
            for version in _versions(directory / f"{name}.csv")
        ),
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _source(row: dict[str, str]) -> SeedSource:
    words = {key: text for key, text in row.items() if key != "year"}
    return SeedSource(**words, year=int(row["year"]))


def _gas(row: dict[str, str]) -> SeedGas:
    words = {key: text for key, text in row.items() if key != "aliases"}
    return SeedGas(**words, aliases=_list(row["aliases"]))


def _gwp(row: dict[str, str]) -> SeedGwp:
    words = {key: text for key, text in row.items() if key not in ("horizon", "value")}
    return SeedGwp(**words, horizon=int(row["horizon"]), value=Decimal(row["value"]))


def _versions(path: Path) -> Iterator[SeedVersion]:
    for line, row in enumerate(_rows(path), start=2):
        try:
            yield _version(row)
        except (KeyError, ValueError, ArithmeticError) as error:
            raise BadSeed(f"{path.name} line {line}: {error!r}") from error


def _version(row: dict[str, str]) -> SeedVersion:
    figures = dict(entry.split("=") for entry in _list(row["figures"]))
    content = VersionContent(
        emissions=derivation.emissions(row["recipe"], figures),
        geography=row["geography"],
        reference_year=int(row["year"]),
        scope=row["scope"],
        boundary=row["boundary"],
        gwp_set=row["gwp_set"] or None,
        source=row["source"],
        source_locator=row["locator"],
        transcription=row["transcription"],
        note_zh=row["note_zh"],
        note_en=row["note_en"],
        derivation={"recipe": row["recipe"], "figures": figures},
    )
    named = {name: row[name] for name in ("name_zh", "name_en", "kind", "unit", "category")}
    factor = SeedFactor(row["factor"], **named, cas=row.get("cas", ""), hs=row.get("hs", ""))
    return SeedVersion(factor, content, row["status"], row["recipe"], figures)


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
