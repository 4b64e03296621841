"""How likely one own figure is truly below another: counted over common samples, else to first order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from accounts.actor import Actor
from footprint.analysis import queries
from footprint.analysis.drivers import Drivers, correlation, drivers
from footprint.analysis.models import Assessment
from footprint.analysis.upstream import behind_column
from footprint.calculation.models import Footprint
from footprint.engine.errors import EngineError
from footprint.engine.lognormal import probability_below

GWP = "AR6"


class How(StrEnum):
    """How a probability is known."""

    SAMPLES = "samples"
    """Counted over the samples of one study, pair by pair."""
    FIRST_ORDER = "first_order"
    """From both spreads and what the two have in common."""


@dataclass(frozen=True)
class Below:
    """The probability that the first figure is truly below the second."""

    probability: float
    how: How


def below(
    actor: Actor,
    first: Footprint,
    second: Footprint,
    mine: Drivers | None = None,
    theirs: Drivers | None = None,
) -> Below | None:
    """Both own, per the same unit; None where neither way says anything.

    ``mine`` and ``theirs`` are what moves the two, if somebody knows it already.
    """
    share = queries.compare(actor, first, second)
    if share is not None:
        return Below(share, How.SAMPLES)
    share = _to_first_order(
        queries.assessment(actor, first),
        queries.assessment(actor, second),
        mine or behind(actor, first),
        theirs or behind(actor, second),
    )
    return None if share is None else Below(share, How.FIRST_ORDER)


def behind(actor: Actor, footprint: Footprint) -> Drivers | None:
    """What moves a figure; None where that cannot be told."""
    try:
        column = (footprint.process_id, footprint.product_id)
        upstream = behind_column(actor, footprint.product, footprint.year, column, GWP)
        return drivers(upstream) if upstream else None
    except EngineError:
        return None


def _to_first_order(
    first: Assessment | None, second: Assessment | None, mine: Drivers | None, theirs: Drivers | None
) -> float | None:
    if first is None or second is None or mine is None or theirs is None:
        return None
    if first.gsd2_high is None or second.gsd2_high is None:
        return None
    spreads = first.gsd2_high, second.gsd2_high
    try:
        return probability_below(first.kg_co2e, second.kg_co2e, *spreads, correlation(mine, theirs, *spreads))
    except EngineError:
        return None
