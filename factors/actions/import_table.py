"""Publish a whole file of versions at once, or none of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import F, TextField, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.arrays import IsAnyOf
from accounts.bulk_sql import add_rows
from accounts.errors import Refusal, Refusals, Text
from accounts.policy import require
from accounts.roles import Permission
from factors.actions.publish_version import SENTENCES, of_two
from factors.bulk import FACTOR, MOST_FAULTS, Known, Row, RowFault, read
from factors.content import Fault
from factors.models import CharacterizationSet, Factor, FactorVersion, GreenhouseGas, Source
from factors.models.source import Transcription

Progress = Callable[[str, int], object]
UNKNOWN_COLUMN = gettext_lazy(
    "“%(value)s” is no column of this table: what stands in it would be lost. Rename it as one of the "
    "columns, or remove it."
)
MORE_SENTENCES: dict[str, Text] = {
    "no_version": gettext_lazy("There is no version in this file."),
    "no_column": gettext_lazy("This column is missing."),
    "column_twice": gettext_lazy("This column is there twice."),
    "unknown_column": UNKNOWN_COLUMN,
    "separator": gettext_lazy("The cells are not separated by commas. Save the file as CSV with commas."),
    "too_many_cells": gettext_lazy(
        "This line has more cells than the head. Write numbers with a decimal point and without thousands "
        "separators, and texts that have a comma in quotation marks."
    ),
    "unreadable": gettext_lazy(
        "The table cannot be read from here on: a quotation mark is left open, stands inside a cell, or a "
        "cell is longer than 131,072 characters. Mend this line."
    ),
    "line_break": gettext_lazy(
        "There is a line break in this cell. Put it on one line, and close its quotation mark if one is open."
    ),
    "control": gettext_lazy("This contains invisible control characters."),
    "empty": gettext_lazy("This must not be empty."),
    "too_long": gettext_lazy("At most %(longest)s characters fit here."),
    "unknown_choice": gettext_lazy("“%(value)s” is not a choice here."),
    "unknown_source": gettext_lazy("This source is not in the source list."),
    "unknown_unit": gettext_lazy("“%(value)s” is not a unit of the list."),
    "not_a_number": gettext_lazy("“%(value)s” is not a number."),
    "same_place": gettext_lazy(
        "Line %(line)s states another version for the same source, place, year, gases and boundary."
    ),
    "other_factor": gettext_lazy("Line %(line)s describes the factor of this code otherwise."),
    "not_allowed": gettext_lazy(
        "Whoever confirmed this file may not publish factors any more, or nobody knows who handed it in."
    ),
    "other_unit": gettext_lazy("The factor of this code is per %(unit)s: its unit never changes."),
}


@dataclass(frozen=True)
class Imported:
    """What a file brought; ``known`` versions were there already, digit by digit."""

    factors: int
    versions: int
    superseded: int
    known: int


def import_table(
    lines: Iterable[str],
    *,
    by: Actor,
    prepared_by: str,
    at: datetime | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Read, check, and publish: all of it or nothing. Importing a file again adds nothing.

    Raises:
        NotAllowed: only curators, and what somebody else prepared.
        Refusals: every fault with its line, a thousand at most.
    """
    require(by, Permission.PUBLISH_FACTOR)
    of_two(by, prepared_by)
    now = at or timezone.now()
    rows, wrong = read(lines, known(now))
    if wrong:
        raise Refusals([refusal(each) for each in wrong])
    return publish_rows(rows, by=by, prepared_by=prepared_by, at=now, progress=progress)


@transaction.atomic
def publish_rows(
    rows: list[Row], *, by: Actor, prepared_by: str, at: datetime, progress: Progress | None = None
) -> Imported:
    """Publish faultless versions, all of them or none; whoever else publishes waits for the end of it.

    Raises:
        NotAllowed: only curators, and what somebody else prepared.
        WrongRows: units that differ from those of factors that are there.
    """
    require(by, Permission.PUBLISH_FACTOR)
    of_two(by, prepared_by)
    told = progress or (lambda _step, _count: None)
    told("read", len(rows))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('factors.change_number'))")
    wrong = other_units(rows)
    if wrong:
        raise WrongRows(wrong)
    added = _factors(rows)
    told("factors", added)
    return _versions(rows, added, (by.name, prepared_by), at, told)


def other_units(rows: Iterable[Row]) -> list[RowFault]:
    """Lines whose factor is there in another unit."""
    units = dict(Factor.objects.values_list("code", "unit"))
    wrong = (
        _other_unit(row, units)
        for row in rows
        if units.get(row.factor.code, row.factor.unit) != row.factor.unit
    )
    return list(islice(wrong, MOST_FAULTS))


def to_decide(rows: list[Row]) -> dict[str, int]:
    """What a file is about, for whoever decides on it: versions it states, and factors it would bring."""
    codes = {row.factor.code for row in rows}
    return {"versions": len(rows), "factors": len(codes - set(_keys(codes)))}


class WrongRows(Refusals):
    """Faults that only the database knows of."""

    def __init__(self, faults: list[RowFault]) -> None:
        super().__init__([refusal(each) for each in faults])
        self.faults = faults


def known(now: datetime) -> Known:
    """What a file may name now."""
    return Known(
        gases=set(GreenhouseGas.objects.values_list("code", flat=True)),
        sources=set(Source.objects.values_list("code", flat=True)),
        choices={
            "kind": set(Factor.Kind.values),
            "scope": set(FactorVersion.Scope.values),
            "boundary": set(FactorVersion.Boundary.values),
            "transcription": set(Transcription.values),
            "gwp_set": set(CharacterizationSet.objects.values_list("code", flat=True)),
        },
        newest_year=now.year,
    )


def _other_unit(row: Row, units: dict[str, str]) -> RowFault:
    return RowFault(row.line, Fault("other_unit", "unit", {"unit": units[row.factor.code]}))


def refusal(each: RowFault) -> Refusal:
    """A fault in words a person can act on."""
    words = {**SENTENCES, **MORE_SENTENCES}[each.fault.code]
    return Refusal(
        str(words) % dict(each.fault.figures), field=each.fault.field, row=each.line, code=each.fault.code
    )


def _factors(rows: list[Row]) -> int:
    """Factors that are not there yet."""
    wanted = {row.factor.code: row.factor for row in rows}
    there = set(_keys(wanted))
    told = attrgetter(*FACTOR)
    new = [(uuid.uuid4(), *told(factor)) for code, factor in wanted.items() if code not in there]
    if new:
        add_rows("factors_factor", ("uuid", *FACTOR), new)
    return len(new)


def _keys(codes: Iterable[str]) -> dict[str, int]:
    """The keys of those factors that are there, by their codes."""
    found = Factor.objects.filter(IsAnyOf(F("code"), Value([*codes], ArrayField(TextField()))))
    return dict(found.values_list("code", "pk"))


def _versions(rows: list[Row], factors: int, by: tuple[str, str], now: datetime, told: Progress) -> Imported:
    keys = _keys({row.factor.code for row in rows})
    sources = dict(Source.objects.values_list("code", "pk"))
    digests, numbers, published, withdrawn = _there(set(keys.values()))
    fresh = [(row, row.content.digest()) for row in rows]
    fresh = [(row, digest) for row, digest in fresh if (keys[row.factor.code], digest) not in digests]
    first = _reserve("factors_factorversion", len(fresh))
    replaced, versions, emissions = [], [], []
    for key, (row, digest) in enumerate(fresh, start=first):
        factor = keys[row.factor.code]
        numbers[factor] = numbers.get(factor, 0) + 1
        place = factor, _place(row, sources)
        old = published.get(place)
        if old is not None:
            replaced.append(old)
        follows = old or withdrawn.get(place)
        versions.append(_version(key, row, digest, factor, numbers[factor], sources, follows, by, now))
        emissions += [(key, e.gas, e.origin, e.kg_per_unit) for e in row.content.emissions]
    FactorVersion.objects.filter(pk__in=replaced).update(
        status=FactorVersion.Status.SUPERSEDED, status_changed_at=now
    )
    add_rows("factors_factorversion", VERSION, versions)
    told("versions", len(versions))
    add_rows("factors_factoremission", ("version_id", "gas", "origin", "kg_per_unit"), emissions)
    told("emissions", len(emissions))
    return Imported(factors, len(versions), len(replaced), len(rows) - len(fresh))


VERSION = (
    "id", "uuid", "factor_id", "number", "geography", "reference_year", "technology", "scope", "boundary",
    "gwp_set", "data_quality", "source_id", "source_locator", "transcription", "derivation", "note_zh",
    "note_en", "digest", "status", "status_reason", "published_at", "published_by", "prepared_by",
    "supersedes_id",
)  # fmt: skip


def _version(
    key: int, row: Row, digest: str, factor: int, number: int, sources: dict[str, int], old: int | None,
    by: tuple[str, str], now: datetime,
) -> tuple[Any, ...]:  # fmt: skip
    it = row.content
    return (
        key, uuid.uuid4(), factor, number, it.geography, it.reference_year, it.technology, it.scope,
        it.boundary, it.gwp_set, "{}", sources[it.source], it.source_locator, it.transcription,
        "{}", it.note_zh, it.note_en, digest, "published", "", now, *by, old,
    )  # fmt: skip


def _there(
    factors: set[int],
) -> tuple[set[tuple[int, str]], dict[int, int], dict[Any, int], dict[Any, int]]:
    """Digests, last numbers, what is published where and was withdrawn last, of factors that are named."""
    digests: set[tuple[int, str]] = set()
    numbers: dict[int, int] = {}
    published: dict[Any, int] = {}
    withdrawn: dict[Any, int] = {}
    found = FactorVersion.objects.filter(factor__in=factors).order_by("number").values_list(
        "pk", "factor_id", "number", "digest", "status", "source_id", "geography", "reference_year",
        "technology", "scope", "boundary",
    )  # fmt: skip
    for pk, factor, number, digest, status, *place in found.iterator(chunk_size=10_000):
        digests.add((factor, digest))
        numbers[factor] = max(numbers.get(factor, 0), number)
        if status == FactorVersion.Status.PUBLISHED:
            published[factor, tuple(place)] = pk
        elif status == FactorVersion.Status.WITHDRAWN:
            withdrawn[factor, tuple(place)] = pk
    return digests, numbers, published, withdrawn


def _place(row: Row, sources: dict[str, int]) -> tuple[Any, ...]:
    source, *rest = row.content.place
    return (sources[source], *rest)


def _reserve(table: str, count: int) -> int:
    """The first of so many keys that nobody else gets."""
    if not count:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(key) FROM (SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id'))) AS key"
            " FROM generate_series(1, %s)) AS keys",
            [table, count],
        )
        (first,) = cursor.fetchone()
    return int(first)
