"""Which tables of factors have a figure for which place and year, and where one is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count

from accounts.actor import Actor
from factors import queries
from factors.geographies import GEOGRAPHIES

YEARS = 5
MOST_YEARS = 20
HOME = "CN"
GRIDS = tuple(code for code in GEOGRAPHIES if code.startswith("CN-GRID-"))
PROVINCES = tuple(code for code in GEOGRAPHIES if code.startswith("CN-") and code not in GRIDS)


@dataclass(frozen=True)
class Gap:
    """A cell of the map: how many versions there are; of none, the nearest year that the place has."""

    place: str
    year: int
    versions: int
    nearest: int | None

    @property
    def state(self) -> str:
        """Covered, only of another year, or nothing at all."""
        if self.versions:
            return "covered"
        return "lacks" if self.nearest is None else "other_year"


@dataclass(frozen=True)
class Category:
    """A table of one kind with the places it should have, and its published versions by place and year."""

    code: str
    kind: str
    places: tuple[str, ...]
    counts: Mapping[tuple[str, int], int]

    def covered(self, year: int) -> int:
        """How many of its places have a figure of the year."""
        return sum((place, year) in self.counts for place in self.places)

    def row(self, place: str, years: tuple[int, ...]) -> list[Gap]:
        """Cell by cell for a place."""
        held = sorted(year for where, year in self.counts if where == place)
        return [
            Gap(
                place,
                year,
                self.counts.get((place, year), 0),
                min(held, key=lambda other: (abs(other - year), -other), default=None),
            )
            for year in years
        ]


@dataclass(frozen=True)
class Coverage:
    """The map: every table, over the years asked for."""

    years: tuple[int, ...]
    categories: tuple[Category, ...]

    def cells(self) -> Iterator[tuple[Category, Gap]]:
        """All of it, line by line."""
        for category in self.categories:
            for place in category.places:
                for cell in category.row(place, self.years):
                    yield category, cell


def last_years(now: int) -> tuple[int, int]:
    """The years that are looked at without asking: the last complete ones."""
    return now - YEARS, now - 1


def coverage(actor: Actor, first: int, last: int, *, category: str = "") -> Coverage:
    """Published versions that all share; a table that has some province should have them all, and so grids.

    China itself is wanted of every table. Other places count where the table has a figure of any year.
    ``category``: that table alone. At most twenty years.
    """
    chosen = {"category": category} if category else {}
    rows = queries.factors_for(actor, **chosen).filter(company=None).order_by()
    counted: dict[tuple[str, str], dict[tuple[str, int], int]] = defaultdict(dict)
    listed = rows.values_list("factor__category", "factor__kind", "geography", "reference_year")
    for code, kind, place, year, count in listed.annotate(n=Count("pk")):
        counted[kind, code][place, year] = count
    years = tuple(range(max(first, last - MOST_YEARS + 1), last + 1))
    found = (
        Category(code, kind, wanted_places({place for place, _year in counts}), counts)
        for (kind, code), counts in sorted(counted.items())
    )
    return Coverage(years, tuple(found))


def wanted_places(held: set[str]) -> tuple[str, ...]:
    """China, all provinces where there is one, all grids where there is one, and whatever else is held."""
    wanted = [HOME]
    for level in (GRIDS, PROVINCES):
        if held.intersection(level):
            wanted += level
    return tuple(dict.fromkeys([*wanted, *sorted(held)]))
