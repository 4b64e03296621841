"""The tables of the demo alliance as frozen rows. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent / "tables"
YEARS = (2024, 2025)
PRICE_LEVEL = {
    year: Decimal(level)
    for year, level in ((2021, "0.92"), (2022, "1.12"), (2023, "1.03"), (2024, "1"), (2025, "0.97"))
}
LINE_UNITS = {"kg": "t", "l": "m3", "Nm3": "1e3 Nm3", "kWh": "MWh", "MJ": "GJ", "t*km": "kt*km"}
# every line unit is a thousand of the unit products are declared in
PER_LINE_UNIT = 1000


def rows(table: str) -> list[dict[str, str]]:
    """The rows of one table."""
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Good:
    """Something that flows. ``lhv_mj`` and ``price_cny`` are per declared unit, carbon and hydrogen kg per
    kg, ``molar_mass`` g/mol; ``kg_per_unit`` is known where it is counted by mass or volume.
    """

    code: str
    name_zh: str
    name_en: str
    category: str
    unit: str
    kg_per_unit: float | None
    lhv_mj: float | None
    carbon: str
    hydrogen: str
    molar_mass: str
    price_cny: float | None
    cn_code: str

    @property
    def line_unit(self) -> str:
        """The unit plants report it in."""
        return LINE_UNITS[self.unit]


@dataclass(frozen=True)
class Row:
    """One line of a recipe, per unit of throughput. ``kind``: in, feed, burn, burnt, air, out or waste.

    ``burn`` is GJ of a fuel taken in and burnt, ``burnt`` the same without its supply; ``air`` is kg of a
    gas. ``index`` names the site's index that scales the amount.
    """

    kind: str
    flow: str
    amount: float
    index: str
    quality: str
    comment: str


@dataclass(frozen=True)
class Recipe:
    """A unit process as it is usually run."""

    code: str
    name_zh: str
    name_en: str
    technology: str
    allocation: str
    rows: tuple[Row, ...]

    def makes(self, flow: str) -> float:
        """How much of a flow comes out per unit of throughput."""
        return sum(row.amount for row in self.rows if row.kind == "out" and row.flow == flow)


@dataclass(frozen=True)
class Purchase:
    """A site covers ``share`` of what it consumes of a flow from another site's product."""

    site: str
    flow: str
    product: str
    share: float
    distance_km: float
    carrier: str


@cache
def goods() -> dict[str, Good]:
    """Every good by code."""
    return {
        row["code"]: Good(
            code=row["code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            category=row["category"],
            unit=row["unit"],
            kg_per_unit=1.0 if row["unit"] == "kg" else float(row["kg_per_unit"] or 0) or None,
            lhv_mj=float(row["lhv_mj"]) if row["lhv_mj"] else None,
            carbon=row["carbon"],
            hydrogen=row["hydrogen"],
            molar_mass=row["molar_mass"],
            price_cny=float(row["price"]) if row["price"] else None,
            cn_code=row["cn_code"],
        )
        for row in rows("goods")
    }


@cache
def recipes() -> dict[str, Recipe]:
    """Every process by code."""
    lines: dict[str, list[Row]] = {}
    for row in rows("recipes"):
        lines.setdefault(row["process"], []).append(
            Row(row["kind"], row["flow"], float(row["amount"]), row["index"], row["quality"], row["comment"])
        )
    return {
        row["code"]: Recipe(
            row["code"],
            row["name_zh"],
            row["name_en"],
            row["technology"],
            row["allocation"],
            tuple(lines[row["code"]]),
        )
        for row in rows("processes")
    }


@cache
def purchases() -> dict[str, dict[str, tuple[Purchase, ...]]]:
    """Who buys what from whom: by site, then by flow."""
    found: dict[str, dict[str, tuple[Purchase, ...]]] = {}
    for row in rows("purchases"):
        bought = Purchase(
            site=row["site"],
            flow=row["flow"],
            product=row["product"],
            share=float(row["share"]),
            distance_km=float(row["distance_km"] or 0),
            carrier=row["carrier"],
        )
        of_site = found.setdefault(bought.site, {})
        of_site[bought.flow] = (*of_site.get(bought.flow, ()), bought)
    return found


@cache
def _price_history() -> dict[str, dict[int, Decimal]]:
    return {
        row["flow"]: {int(year): Decimal(price) for year, price in row.items() if year != "flow"}
        for row in rows("prices")
    }


def prices_until(flow: str, year: int) -> Iterator[tuple[int, Decimal]]:
    """What a line unit of a good cost in the four years up to one; without a history, its usual price."""
    usual = goods()[flow].price_cny
    for past in range(year - 3, year + 1):
        history = _price_history().get(flow)
        if history:
            yield past, history[past] * PER_LINE_UNIT
        elif usual is not None:
            yield past, Decimal(str(usual)) * PER_LINE_UNIT * PRICE_LEVEL[past]


@cache
def factor_references() -> dict[str, dict[int, tuple[str, int]]]:
    """Which factor, and which of its years, stands behind a flow in a reference year."""
    return {
        row["flow"]: {year: (row["factor"], int(row[f"year_{year}"])) for year in YEARS}
        for row in rows("factors")
    }
