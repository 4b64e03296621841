"""What a released median is made of: told so that it tells nothing more of anybody's figure.

The parts of a median are the parts of the members' figures, weighted as the median weighs their ranks. They
are rounded together, to the last digit of the median and so that they sum to it. Whatever values the median
leaves open stay open then: split in the proportion of the told parts, they would have been told alike. What
remains to be guarded are the parts themselves, by the gates of the figures; and as any of them follows from
the median and the others, all are told or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np

from footprint.engine.disclosure.attack import Told, self_attack
from footprint.engine.disclosure.differencing import singles_out
from footprint.engine.disclosure.gates import WIDEST, Contributor, Gate, Outcome
from footprint.engine.disclosure.statistics import harrell_davis_weights, significant
from footprint.engine.equations import Floats
from footprint.engine.errors import NonFinite, OutOfBounds

CLOSING = 1e-6
"""Of a figure: what its parts may lack; beyond, it was not taken apart."""
DIGITS = 2


class Part(StrEnum):
    """What a figure is made of, at the gate of its company, burdens shared by mass."""

    FEED = "feed"
    ENERGY = "energy"
    CHEMISTRY = "chemistry"
    ALLOCATION = "allocation"
    """What the figure has over the same plant with its burdens shared by mass; credits included."""
    REST = "rest"
    """Transport, packaging, waste, capital goods."""


ENERGY_MJ = "energy_mj"
"""The energy that comes in, MJ per unit: it tells how much of the energy's part is its carbon intensity."""
PARTS = "parts"

Apart = Mapping[str, float]


@dataclass(frozen=True)
class PartsDecision:
    """The parts that may be told, rounded; none when ``blocked`` names a gate."""

    figures: Mapping[str, Decimal]
    outcomes: tuple[Outcome, ...]
    blocked: Gate | None = None


def decide_parts(
    cohort: Mapping[int, Contributor],
    apart: Mapping[int, Apart],
    median: Decimal,
    *,
    earlier: Iterable[Mapping[int, Apart]] = (),
) -> PartsDecision:
    """Which parts of a released median may be told.

    ``earlier`` are the parts of every cohort whose parts were told and that this one could be subtracted
    from. The same input gives the same answer.

    Shapes   contributor -> value and volume; contributor -> part -> value
    Units    parts and values alike; ``ENERGY_MJ`` in MJ per unit
    Errors   NonFinite
    Source   the gates of ``decide``; all or none by secondary suppression as in the Handbook on Statistical
             Disclosure Control
    """
    if not all(_is_whole(each.value, apart.get(group)) for group, each in cohort.items()):
        return _withheld(Gate.COMPLETE, PARTS)
    known = [dict(one) for one in earlier]
    if any(_gives_away(known, apart, part) for part in Part):
        return _withheld(Gate.DIFFERENCING, PARTS)
    order = sorted(cohort, key=lambda group: (cohort[group].value, group))
    weights = harrell_davis_weights(len(order), 0.5)
    columns = {part: np.array([apart[group][part] for group in order]) for part in Part}
    figures = _rounded_together({part: float(weights @ values) for part, values in columns.items()}, median)
    step = _step(median)
    slack = step * (1.0 - 0.5 / len(Part))
    for part, values in columns.items():
        if not _holds(values, weights, float(figures[part]), slack, step):
            return _withheld(Gate.SELF_ATTACK, PARTS)
    passed = (Outcome(Gate.DIFFERENCING, True, PARTS), Outcome(Gate.SELF_ATTACK, True, PARTS))
    energy = _energy(apart, order, weights, known)
    return PartsDecision(figures | dict(energy.figures), (*passed, *energy.outcomes))


def _energy(
    apart: Mapping[int, Apart], order: list[int], weights: Floats, known: list[dict[int, Apart]]
) -> PartsDecision:
    """It adds up to nothing with the others, so it may be missing alone."""
    if not all(ENERGY_MJ in apart[group] for group in order):
        return _withheld(Gate.COMPLETE, ENERGY_MJ)
    if _gives_away(known, apart, ENERGY_MJ):
        return _withheld(Gate.DIFFERENCING, ENERGY_MJ)
    values = np.array([apart[group][ENERGY_MJ] for group in order])
    figure = significant(float(weights @ values), DIGITS)
    step = _step(figure)
    if not _holds(values, weights, float(figure), step / 2.0, step):
        return _withheld(Gate.SELF_ATTACK, ENERGY_MJ)
    return PartsDecision({ENERGY_MJ: figure}, (Outcome(Gate.SELF_ATTACK, True, ENERGY_MJ),))


def _is_whole(value: float, apart: Apart | None) -> bool:
    if apart is None or not all(part in apart for part in Part):
        return False
    if not np.isfinite(list(apart.values())).all():
        raise NonFinite("part of a figure")
    return abs(sum(apart[part] for part in Part) - value) <= CLOSING * abs(value)


def _gives_away(known: list[dict[int, Apart]], apart: Mapping[int, Apart], part: str) -> bool:
    """Whether fewer than enough contributors changed in this part, though more may have in others.

    What adds up to a figure is measured by it: who has next to nothing of a part hides nobody in it.
    """
    return any(
        singles_out(
            _of(part, one),
            _of(part, apart),
            sizes=None
            if part == ENERGY_MJ
            else {
                group: max(_whole(one[group]), _whole(apart[group])) for group in one.keys() & apart.keys()
            },
        )
        for one in known
    )


def _of(part: str, apart: Mapping[int, Apart]) -> dict[int, float]:
    return {group: each[part] for group, each in apart.items() if part in each}


def _whole(apart: Apart) -> float:
    return abs(sum(apart.get(part, 0.0) for part in Part))


def _holds(values: Floats, weights: Floats, figure: float, slack: float, step: float) -> bool:
    """Whether enough of every rival's part stays open, even to those who know who has which rank.

    Nothing is known better than to the last digit told, so that nought is no value to come close to, and a
    part that nobody has to that digit is no secret.
    """
    if np.abs(values).max() < step:
        return True
    order = np.argsort(values, kind="stable")
    ends = (figure / WIDEST, figure * WIDEST)
    low = float(min(*ends, values.min())) - step
    high = float(max(*ends, values.max())) + step
    release = Told(weights[order][None, :], np.array([figure]), np.array([slack]))
    return self_attack(values[order], release, low, high, least=step, furthest=len(values)).holds


def _rounded_together(exact: Mapping[Part, float], total: Decimal) -> dict[str, Decimal]:
    """To the total's last digit, the largest remainders upwards, so that they sum to the total.

    Any total that rounds to this one could have been told with the same parts.
    """
    step = Decimal(1).scaleb(int(total.as_tuple().exponent))
    floors = {part: int(np.floor(value / float(step))) for part, value in exact.items()}
    left = int(total / step) - sum(floors.values())
    if not 0 <= left <= len(floors):
        raise OutOfBounds("The parts do not belong to this total.")
    fraction = {part: exact[part] / float(step) - floors[part] for part in floors}
    upwards = sorted(floors, key=lambda part: -fraction[part])[:left]
    return {part.value: (floors[part] + (part in upwards)) * step for part in floors}


def _step(figure: Decimal) -> float:
    return 10.0 ** int(figure.as_tuple().exponent) if figure else 0.0


def _withheld(gate: Gate, what: str) -> PartsDecision:
    return PartsDecision({}, (Outcome(gate, False, what),), gate)
