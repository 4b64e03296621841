"""Uncertainty out of scores: the pedigree matrix and basic uncertainties of ecoinvent."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.equations import Floats
from footprint.engine.errors import OutOfBounds, WrongShape


class Version(StrEnum):
    """Which table of factors."""

    ECOINVENT_1 = "ecoinvent 1"
    """Expert judgement, with a sixth indicator for the sample size."""
    ECOINVENT_2 = "ecoinvent 2"
    """Fitted to data; the sample size plays no part."""


FACTORS = {
    Version.ECOINVENT_1: np.array(
        [
            [1.0, 1.05, 1.1, 1.2, 1.5],
            [1.0, 1.02, 1.05, 1.1, 1.2],
            [1.0, 1.03, 1.1, 1.2, 1.5],
            [1.0, 1.01, 1.02, 1.02, 1.1],
            [1.0, 1.0, 1.2, 1.5, 2.0],
            [1.0, 1.02, 1.05, 1.1, 1.2],
        ]
    ),
    Version.ECOINVENT_2: np.array(
        [
            [1.0, 1.54, 1.61, 1.69, 1.69],
            [1.0, 1.03, 1.04, 1.08, 1.08],
            [1.0, 1.03, 1.1, 1.19, 1.29],
            [1.0, 1.04, 1.08, 1.11, 1.11],
            [1.0, 1.18, 1.65, 2.08, 2.8],
            [1.0, 1.0, 1.0, 1.0, 1.0],
        ]
    ),
}
"""GSD2 by indicator and score 1 to 5. Source: brightway pedigree_matrix, data.py, version_1 and version_2."""


class Activity(StrEnum):
    """What a basic uncertainty is known for."""

    CO2_COMBUSTION = "CO2 from combustion"
    CH4_COMBUSTION = "CH4 from combustion"
    N2O_COMBUSTION = "N2O from combustion"
    DEMAND = "demand of energy, materials and waste treatment"
    TRANSPORT = "transport services"


BASIC = {
    Activity.CO2_COMBUSTION: 1.05,
    Activity.CH4_COMBUSTION: 1.5,
    Activity.N2O_COMBUSTION: 1.5,
    Activity.DEMAND: 1.05,
    Activity.TRANSPORT: 2.0,
}
"""GSD2 of data with the best scores. Source: brightway pedigree_matrix, data.py, basic_uncertainty."""


def gsd2(scores: ArrayLike, basic: ArrayLike = 1.0, version: Version = Version.ECOINVENT_1) -> Floats:
    """Squared geometric standard deviation of data with these scores.

    ``exp(sqrt(ln(basic)^2 + sum of ln(factor)^2))``

    Shapes   scores: (k, 6), or (k, 5) without the sample size; whole numbers 1 to 5; basic: (k,) or one;
             result: (k,)
    Units    GSD2: dimensionless, at least 1; 95 % of values lie between median / GSD2 and median x GSD2
    Errors   WrongShape; OutOfBounds for a score outside 1 to 5 or a basic uncertainty below 1
    Source   R. Frischknecht et al., Overview and Methodology, ecoinvent report 1 (2007); tables as in
             brightway pedigree_matrix
    """
    table = np.atleast_2d(np.array(scores))
    known = np.atleast_1d(np.array(basic, dtype=np.float64))
    if table.shape[1] not in (5, 6) or len(known) not in (1, len(table)):
        raise WrongShape("There must be five or six scores and one basic uncertainty for each row.")
    if table.dtype.kind not in "iu" or ((table < 1) | (table > 5)).any():
        raise OutOfBounds("Scores are whole numbers from 1 to 5.")
    if not (known >= 1.0).all():
        raise OutOfBounds("A basic uncertainty is at least 1.")
    factors = FACTORS[version][np.arange(table.shape[1]), table - 1]
    return np.asarray(np.exp(np.sqrt(np.log(known) ** 2 + (np.log(factors) ** 2).sum(axis=1))))
