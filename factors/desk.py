"""What the curators' desk shows: what waits and how long, what the database covers, how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from accounts.actor import Actor
from factors import queries
from factors.geographies import GEOGRAPHIES, REGIONS
from factors.models import Factor, FactorProposal
from factors.models.source import Transcription
from factors.origins import CO2E
from factors.procedure import OPEN

LONG_DAYS = 14
"""So many days are long for a proposal to stay in a state."""
OLD_YEARS = 3
MOST_WAITING = 200
DEMANDS = ("checked", "by_gas", "recent", "free")
"""Checked by a second person, resolved by gas, newer than three years, may be passed on."""


@dataclass(frozen=True)
class Waiting:
    """An open proposal and how many days it has been in its state."""

    proposal: FactorProposal
    days: int

    @property
    def is_long(self) -> bool:
        """Whether it waits longer than it should."""
        return self.days > LONG_DAYS


@dataclass(frozen=True)
class PlaceCounts:
    """A place with how many published versions it has of each kind."""

    code: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Quality:
    """A kind, its published versions, and the share of them that meets each of ``DEMANDS``."""

    kind: str
    versions: int
    shares: tuple[float, ...]


def waiting(actor: Actor, now: datetime) -> list[Waiting]:
    """Open proposals, the longest in their state first."""
    rows = queries.proposals(actor).filter(state__in=OPEN).order_by("moved_at")[:MOST_WAITING]
    return [Waiting(row, (now - row.moved_at) // timedelta(days=1)) for row in rows]


def places(actor: Actor) -> list[PlaceCounts]:
    """Every part of China and of the world, those without anything too: a gap is what the table is for.

    Of countries, and of parts of others, those that have something.
    """
    shared = queries.factors_for(actor).filter(company=None).order_by()
    rows = shared.values_list("geography", "factor__kind").annotate(n=Count("pk"))
    counted = {(place, kind): n for place, kind, n in rows}
    held = {place for place, _kind in counted}
    kinds = [kind.value for kind in Factor.Kind]
    return [
        PlaceCounts(code, tuple((kind, counted.get((code, kind), 0)) for kind in kinds))
        for code in dict.fromkeys(("CN", *(each for each in GEOGRAPHIES if each in REGIONS), *sorted(held)))
    ]


def quality(actor: Actor, year: int) -> list[Quality]:
    """Kind by kind, of those that have published versions."""
    every = queries.factors_for(actor).filter(company=None).order_by()
    totals = dict(every.values_list("factor__kind").annotate(n=Count("pk")))
    demands = (
        every.exclude(transcription=Transcription.SINGLE),
        every.exclude(emissions__gas=CO2E),
        every.filter(reference_year__gte=year - OLD_YEARS),
        every.filter(source__redistribution="yes"),
    )
    met = [dict(rows.values_list("factor__kind").annotate(n=Count("pk"))) for rows in demands]
    return [
        Quality(
            kind.value,
            totals[kind.value],
            tuple(each.get(kind.value, 0) / totals[kind.value] for each in met),
        )
        for kind in Factor.Kind
        if kind.value in totals
    ]
