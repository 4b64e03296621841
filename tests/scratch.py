"""What figures have to be: everything read from rows and solved once, with nothing remembered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isnan
from typing import Any, NamedTuple

import numpy as np

from footprint.calculation import inputs
from footprint.calculation.assemble import assemble
from footprint.calculation.content import Column, State
from footprint.calculation.edit import edited
from footprint.calculation.figures import Figures, figures_of
from footprint.calculation.live import NOTHING, Live
from footprint.inventory.models import UnitProcess


def states() -> dict[Column, State]:
    """What every column is made of."""
    return assemble(inputs.read(sorted(UnitProcess.objects.values_list("pk", flat=True))))


def live() -> Live:
    """The network of all rows."""
    found = states()
    return edited(NOTHING, found, inputs.vectors(NOTHING.unknown_factors(found.values())))


class Figure(NamedTuple):
    """What is stored of a figure that matters."""

    digest: str
    ar5: float | None
    ar6: float | None
    fault: dict[str, Any]
    year: int
    production: float
    gases: list[dict[str, Any]]
    parts: list[list[Any]]
    """(line, AR5, AR6) of each part."""


def figures() -> dict[Column, Figure]:
    """Every figure."""
    whole = live()
    found: dict[Column, Figure] = {}
    for lot in figures_of(whole, np.ones(len(whole.keys), dtype=np.bool_)):
        columns = zip(lot.processes.tolist(), lot.products.tolist(), strict=True)
        totals = [[None if isnan(total) else total for total in pair] for pair in lot.totals.tolist()]
        faults = [fault or {} for fault in lot.faults]
        gases = map(json.loads, lot.by_gas)
        told = zip(
            lot.digests, *zip(*totals, strict=True), faults, lot.years, lot.production, gases, _parts(lot),
            strict=True,
        )  # fmt: skip
        found |= dict(zip(columns, map(Figure._make, told), strict=True))
    return found


def _parts(lot: Figures) -> Iterator[list[list[Any]]]:
    lines, parts = 0, 0
    for has, brings in zip(lot.lines.tolist(), lot.parts.tolist(), strict=True):
        named = [*lot.exchanges[lines : lines + has].tolist(), None][:brings]
        brought = lot.brought[parts : parts + brings].tolist()
        yield [[line, *pair] for line, pair in zip(named, brought, strict=True)]
        lines, parts = lines + has, parts + brings
