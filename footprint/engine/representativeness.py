"""How well data fit what they stand for: scores of technology, time and place, 1 best to 5 worst."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.equations import Floats

GAP_DAYS = (366, 731, 1096, 1461)
"""Longest gap in days for a score of 1, 2, 3, 4. Source: PACT Methodology v3, data quality ratings."""
UNKNOWN = 5
"""Score of what nobody has said anything about."""


class Technology(IntEnum):
    """How close the technology behind a number is; the value is its score."""

    EXACT = 1
    """The plant or process itself."""
    COMPANY = 2
    """Of the company, with the same technology."""
    EQUIVALENT = 3
    """Average of an equivalent technology: the best that secondary data can reach."""
    PROXY = 4
    UNKNOWN = 5


@dataclass(frozen=True)
class Place:
    """Where something is, or what data cover; empty from the level on that is open.

    ``plant`` marks data of one plant, exact wherever they are said to be.
    """

    region: str = ""
    country: str = ""
    subdivision: str = ""
    plant: bool = False

    @property
    def world(self) -> bool:
        """Whether nothing narrower than the world is named."""
        return not (self.region or self.country or self.subdivision)


def temporal_score(gap_days: ArrayLike) -> Floats:
    """Score by the days between the ends of the two reference periods, whichever ends first.

    Shapes   any, NaN where unknown; result: the same
    Units    days; scores 1 to 5
    Errors   none
    Source   PACT Methodology v3: a year each, up to 366, 731, 1096 and 1461 days
    """
    gap = np.abs(np.array(gap_days, dtype=np.float64))
    score = np.searchsorted(np.array(GAP_DAYS, dtype=np.float64), gap, side="left") + 1.0
    return np.where(np.isfinite(gap), score, float(UNKNOWN))


def geographical_score(covered: Place, wanted: Place) -> int:
    """Score by what the data cover against where the activity is.

    Data of another subdivision of the right country count like its region; of another country of the
    right region like the region.

    Shapes   two places; result: one score
    Units    scores 1 to 5
    Errors   none
    Source   PACT Methodology v3: subdivision or the plant's own country exact, country, region, global,
             other; what neighbours count is a reading of ours
    """
    if covered.world:
        return 4 if not covered.plant else UNKNOWN
    same_country = bool(covered.country) and covered.country == wanted.country
    if same_country:
        exact = bool(covered.subdivision) and covered.subdivision == wanted.subdivision
        if exact or covered.plant:
            return 1
        return 3 if covered.subdivision else 2
    same_region = bool(covered.region) and covered.region == wanted.region
    return 3 if same_region else UNKNOWN
