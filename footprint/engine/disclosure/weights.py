"""Whether volumes let a weighted figure be told: who is too large for the others to hide."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.equations import Floats
from footprint.engine.errors import NonFinite, OutOfBounds

LARGEST_SHARE = 0.25
P_PERCENT = 15.0
DOMINANT = 2
DOMINANT_SHARE = 0.70
"""Of the volume: the most the largest may have, and the most the two largest may have together."""


def largest_share(volumes: ArrayLike) -> float:
    """The part of the whole that the largest contributor has.

    Shapes   volumes: (n,)
    Units    volumes alike; the result is dimensionless
    Errors   NonFinite; OutOfBounds for a negative volume
    Source   US antitrust safety zone of 1996, withdrawn in 2023 and still the common baseline: 25 %
    """
    ordered = _ordered(volumes)
    return float(ordered[0] / ordered.sum()) if ordered.size and ordered.sum() > 0 else 1.0


def passes_p_percent(volumes: ArrayLike, percent: float = P_PERCENT) -> bool:
    """Whether the second largest cannot estimate the largest to within ``percent``.

    Shapes   volumes: (n,)
    Units    volumes alike
    Errors   NonFinite; OutOfBounds for a negative volume
    Source   Handbook on Statistical Disclosure Control (Hundepool et al.), p% rule: sensitive when what is
             left beside the two largest is less than p % of the largest
    """
    ordered = _ordered(volumes)
    return bool(ordered.size > DOMINANT and ordered[2:].sum() >= percent / 100.0 * ordered[0])


def is_dominated(volumes: ArrayLike, n: int = DOMINANT, share: float = DOMINANT_SHARE) -> bool:
    """Whether the ``n`` largest have more than ``share`` of the whole.

    Shapes   volumes: (m,)
    Units    volumes alike; share dimensionless
    Errors   NonFinite; OutOfBounds for a negative volume
    Source   Handbook on Statistical Disclosure Control, (n, k) dominance rule
    """
    ordered = _ordered(volumes)
    return bool(not ordered.size or ordered[:n].sum() > share * ordered.sum())


def _ordered(volumes: ArrayLike) -> Floats:
    found = np.sort(np.array(volumes, dtype=np.float64).reshape(-1))[::-1]
    if not np.isfinite(found).all():
        raise NonFinite("volume")
    if found.size and found[-1] < 0:
        raise OutOfBounds("A volume cannot be negative.")
    return found
