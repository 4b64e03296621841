"""What a geometric standard deviation says: as an interval, and as a comparison of two."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from footprint.engine.equations import Floats
from footprint.engine.errors import OutOfBounds


def interval(ghg_kg: ArrayLike, gsd2: ArrayLike, level: float = 0.95) -> Floats:
    """Lower and upper end of the interval that holds this part of the values, the figure its median.

    GSD2 is exp(2 s); at 95 % the quantile is 1.96 s and not 2 s, which is kept exact.

    Shapes   ghg_kg, gsd2: (n,); result: (n, 2), NaN where the figure is not positive: no lognormal is
    Units    ghg_kg: kg CO2e; GSD2: dimensionless
    Errors   OutOfBounds unless 0 < level < 1
    Source   quantiles of the lognormal distribution: 2.5 % and 97.5 %
    """
    if not 0.0 < level < 1.0:
        raise OutOfBounds("A level lies between 0 and 1.")
    figure = np.atleast_1d(np.array(ghg_kg, dtype=np.float64))
    reach = np.exp(float(ndtri(0.5 + level / 2.0)) * np.log(np.array(gsd2, dtype=np.float64)) / 2.0)
    ends = np.stack(np.broadcast_arrays(figure / reach, figure * reach), axis=-1)
    return np.where((figure > 0.0)[:, None], ends, np.nan)


def probability_below(
    a_kg: float, b_kg: float, gsd2_a: float, gsd2_b: float, correlation: float = 0.0
) -> float:
    """Probability that the first figure is truly below the second.

    Two products that rest on the same factors go up and down together: leaving the correlation out
    makes real differences look like noise.

    Shapes   one number each
    Units    figures: kg CO2e per the same unit; the others dimensionless
    Errors   OutOfBounds unless figures are positive, GSD2 at least 1 and the correlation within -1 to 1
    Source   difference of two correlated lognormals: normal in the logarithms
    """
    if not (a_kg > 0.0 and b_kg > 0.0 and gsd2_a >= 1.0 and gsd2_b >= 1.0 and abs(correlation) <= 1.0):
        raise OutOfBounds("Figures are positive, GSD2 is at least 1, a correlation between -1 and 1.")
    s_a, s_b = np.log(gsd2_a) / 2.0, np.log(gsd2_b) / 2.0
    spread = float(np.sqrt(max(s_a**2 + s_b**2 - 2.0 * correlation * s_a * s_b, 0.0)))
    distance = float(np.log(b_kg) - np.log(a_kg))
    if spread == 0.0:
        return 0.5 if distance == 0.0 else float(distance > 0.0)
    return float(ndtr(distance / spread))
