"""The rows of a bundle, checked one by one, as the network the engine solves.

Every column, factor and supplier has a place: the order in which the engine adds. Factors and suppliers take
nothing. What may not be told by gas counts with its kg CO2e, in one result column for each GWP set behind
those of the gases: a supplier outside, and what a column has from a factor that must not be passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Any

import numpy as np

from footprint.engine.bundle import Bundle, Row, shown
from footprint.engine.equations import Equations, Floats
from footprint.engine.errors import BadBundle

GWP_SETS = ("AR5", "AR6")
MOST_BURDENS = 500_000
MOST_GASES = 100
MOST_SIGNS = 90
DIVISION = Context(prec=28)
"""Quotients of amounts have the digits the platform gives them."""
DECIMAL = re.compile(r"-?\d+(\.\d+)?(E[+-]?\d{1,3})?", re.ASCII)
FLOAT = re.compile(r"-?\d+(\.\d+)?(e[+-]\d{1,3})?", re.ASCII)

GasKey = tuple[str, str]
"""A gas and its origin."""


@dataclass(frozen=True, eq=False)
class Recipe:
    """What a bundle says has to be solved.

    Shapes   column: (k,) places, ascending; equations: all places, m gases and one column per GWP set;
             weight: (m + sets, sets); result columns as in ``gases`` and then ``GWP_SETS``
    Units    direct: kg per unit; weight: kg CO2e per kg
    """

    column: tuple[int, ...]
    made: dict[int, float]
    gases: tuple[GasKey, ...]
    equations: Equations
    weight: Floats


@dataclass
class _Collected:
    links: list[tuple[int, int, float]] = field(default_factory=list)
    masses: list[tuple[int, GasKey, float]] = field(default_factory=list)
    totals: list[tuple[int, int, float]] = field(default_factory=list)
    burdens: int = 0


def recipe(bundle: Bundle) -> Recipe:
    """The network in a bundle.

    Shapes   see ``Recipe``
    Units    see ``Recipe``
    Errors   BadBundle naming member and line; NonFinite where amounts overflow
    Source   docs/bundle.md
    """
    tables = {"columns": bundle.columns, "factors": bundle.factors, "suppliers": bundle.suppliers}
    places = _places(tables)
    found, made = _Collected(), {}
    for where, row in _numbered("columns", bundle.columns):
        place = row["place"]
        amount = decimal_in(row, "made", where)
        if amount <= 0:
            raise BadBundle(f"{where}: made must be above zero.")
        made[place] = float(amount)
        _add_burdens(found, row, amount, places, where)
    for where, row in (*_numbered("factors", bundle.factors), *_numbered("suppliers", bundle.suppliers)):
        _add_source(found, row, where)
    gases = tuple(sorted({gas for _, gas, _ in found.masses}))
    if len(gases) > MOST_GASES:
        raise BadBundle(f"There are more than {MOST_GASES} gases.")
    weight = _weights(bundle.characterization, gases)
    return Recipe(tuple(sorted(made)), made, gases, _equations(len(places), found, gases), weight)


def _numbered(member: str, rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    return ((f"{member}.jsonl, line {number}", row) for number, row in enumerate(rows, 1))


def _places(tables: dict[str, Sequence[Row]]) -> set[int]:
    """The places of all rows: 0, 1, 2 and so on, each once."""
    places = [place_in(row, where) for name, rows in tables.items() for where, row in _numbered(name, rows)]
    known = set(places)
    if known != set(range(len(places))):
        raise BadBundle("The places of columns, factors and suppliers must be 0, 1, 2 and so on, each once.")
    return known


def _add_burdens(found: _Collected, row: Row, made: Decimal, places: set[int], where: str) -> None:
    for burden in objects_in(row, "burdens", where):
        found.burdens += 1
        if found.burdens > MOST_BURDENS:
            raise BadBundle(f"There are more than {MOST_BURDENS} burdens.")
        if burden.get("kind") == "total":
            _add_totals(found, row["place"], burden, where)
            continue
        ratio = float(DIVISION.divide(decimal_in(burden, "taken", where), made))
        amount = float_in(burden, "share", where) * ratio
        if burden.get("kind") == "gas":
            found.masses.append((row["place"], gas_in(burden, where), amount))
        elif burden.get("kind") == "link":
            supplier = place_in(burden, where)
            if supplier not in places:
                raise BadBundle(f"{where}: nothing stands at place {supplier}.")
            if amount:
                found.links.append((row["place"], supplier, amount))
        else:
            raise BadBundle(f"{where}: a burden is a gas, a link or a total.")


def _add_source(found: _Collected, row: Row, where: str) -> None:
    """A source states its gases, or its totals, or that its numbers stand with the columns that use it."""
    stated = [name for name in ("gases", "totals", "withheld") if name in row]
    if stated == ["gases"]:
        for gas in objects_in(row, "gases", where):
            found.masses.append((row["place"], gas_in(gas, where), float(decimal_in(gas, "kg", where))))
    elif stated == ["totals"]:
        _add_totals(found, row["place"], row, where)
    elif stated != ["withheld"] or row["withheld"] is not True:
        raise BadBundle(f"{where}: needs one of gases, totals and withheld.")


def _add_totals(found: _Collected, place: int, row: Row, where: str) -> None:
    totals = row.get("totals")
    if not isinstance(totals, dict):
        raise BadBundle(f"{where}: totals must be an object.")
    for at, name in enumerate(GWP_SETS):
        found.totals.append((place, at, float_in(totals, name, where)))


def _weights(document: Row, gases: tuple[GasKey, ...]) -> Floats:
    where = "characterization.json"
    stated = {
        gas_in(row, where): [float_in(row, name, where) for name in GWP_SETS]
        for row in objects_in(document, "values", where)
    }
    if missing := [gas for gas in gases if gas not in stated]:
        raise BadBundle(f"{where} has no value for {shown(' '.join(missing[0]))}.")
    table = np.array([stated[gas] for gas in gases]).reshape(len(gases), len(GWP_SETS))
    return np.vstack([table, np.eye(len(GWP_SETS))])


def _equations(n: int, found: _Collected, gases: tuple[GasKey, ...]) -> Equations:
    direct = np.zeros((n, len(gases) + len(GWP_SETS)))
    at = {gas: column for column, gas in enumerate(gases)}
    for place, gas, kg in found.masses:
        direct[place, at[gas]] += kg
    for place, column, kg in found.totals:
        direct[place, len(gases) + column] += kg
    consumer, supplier, amount = (
        (list(part) for part in zip(*found.links, strict=True)) if found.links else ([],) * 3
    )
    return Equations(n, np.array(consumer, np.int64), np.array(supplier, np.int64), np.array(amount), direct)


def place_in(row: Row, where: str) -> int:
    """The place a row stands at or takes from.

    Units    none
    Errors   BadBundle
    """
    place = row.get("place")
    if type(place) is not int or place < 0:
        raise BadBundle(f"{where}: place must be a whole number.")
    return place


def objects_in(row: Row, key: str, where: str) -> list[Row]:
    """A list of objects.

    Units    none
    Errors   BadBundle
    """
    found = row.get(key)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadBundle(f"{where}: {key} must be a list of objects.")
    return found


def gas_in(row: Row, where: str) -> GasKey:
    """A gas with its origin.

    Units    none
    Errors   BadBundle
    """
    return _text(row, "gas", where), _text(row, "origin", where)


def decimal_in(row: Row, key: str, where: str) -> Decimal:
    """An amount, digit for digit.

    Units    those of the row
    Errors   BadBundle
    """
    text = _text(row, key, where)
    if not DECIMAL.fullmatch(text):
        raise BadBundle(f"{where}: {key} must be a decimal number in quotes.")
    return Decimal(text)


def float_in(row: Row, key: str, where: str) -> float:
    """A float64, bit for bit.

    Units    those of the row
    Errors   BadBundle
    """
    text = _text(row, key, where)
    if not FLOAT.fullmatch(text) or repr(float(text)) != text:
        raise BadBundle(f"{where}: {key} must be a float64 in quotes, with the fewest digits that name it.")
    return float(text)


def _text(row: Row, key: str, where: str) -> str:
    text: Any = row.get(key)
    if not isinstance(text, str) or len(text) > MOST_SIGNS:
        raise BadBundle(f"{where}: {key} must be a text of at most {MOST_SIGNS} characters.")
    return text
