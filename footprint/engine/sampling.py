"""Lognormal samples of every link and burden, addressed by what they belong to and their number.

A sample is a function of the seed, of whom it belongs to and of its number, and of nothing drawn before
it: any part of a study can be drawn anywhere, in any order, with the same bits. All arithmetic is plain
IEEE, so that the bits do not depend on the mathematical library of a machine either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footprint.engine.compilation import compiled
from footprint.engine.equations import Equations, Floats
from footprint.engine.errors import OutOfBounds, WrongShape

LANES = 16
"""Samples drawn together. Part of the numbers' definition: a pair of lanes shares two uniforms."""
LINK, BURDEN, SHARED = 1, 2, 3
"""Whom a stream of samples belongs to."""

WIDEST = 1e60
"""A wider lognormal would leave the numbers that ``exponential`` is right for."""

Words = NDArray[np.uint64]

STRIDE = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
ROUNDER = 6755399441055744.0
"""1.5 * 2**52: adding it leaves the nearest whole number in the low bits."""


@dataclass(frozen=True, eq=False)
class Spread:
    """How uncertain some equations are: a stream of samples and a width for every amount.

    Shapes   link_stream, link_sigma: (links,) in canonical order; burden_stream, burden_sigma: (n, 1)
             where one factor moves the whole row of a product, else (n, m)
    Units    sigma: standard deviation of the natural logarithm of the factor
    """

    link_stream: Words
    link_sigma: Floats
    burden_stream: Words
    burden_sigma: Floats


def spread(
    equations: Equations,
    gsd2_edges: ArrayLike,
    gsd2_direct: ArrayLike,
    seed: int,
    groups_edges: ArrayLike | None = None,
    groups_direct: ArrayLike | None = None,
) -> Spread:
    """The spread of equations whose amounts are medians of lognormal distributions.

    Amounts with the same label in ``groups_*`` (links and burdens alike) share their sample: they move
    together. A negative label stands alone, as all do without labels.

    Shapes   gsd2_edges, groups_edges: one number or (links,) in canonical order; gsd2_direct,
             groups_direct: one number or (n,), one factor for a product's whole row, or (n, m)
    Units    gsd2: squared geometric standard deviation, 1 for certain: about 95 % of the samples lie
             between amount / gsd2 and amount * gsd2
    Errors   OutOfBounds for a gsd2 below 1 or above ``WIDEST``; WrongShape
    Source   B. Weidema et al., Data quality guideline for ecoinvent 3 (2013), ch. 10
    """
    link_sigma = _sigma(gsd2_edges, (len(equations.amount),))
    shape: tuple[int, ...] = (equations.n, 1)
    if np.ndim(gsd2_direct) == 2 or (groups_direct is not None and np.ndim(groups_direct) == 2):
        shape = (equations.n, equations.columns)
    burden_sigma = _sigma(_rows(gsd2_direct, shape), shape)
    node, column = np.meshgrid(np.arange(shape[0]), np.arange(shape[1]), indexing="ij")
    return Spread(
        _streams(seed, LINK, equations.consumer, equations.supplier, groups_edges),
        link_sigma,
        _streams(seed, BURDEN, node, column, _rows(groups_direct, shape)),
        burden_sigma,
    )


def _rows(values: ArrayLike | None, shape: tuple[int, ...]) -> ArrayLike | None:
    """Values of whole products beside every column; everything else as it is."""
    array = np.asarray(values)
    return np.broadcast_to(array[:, None], (len(array), shape[1])) if array.ndim == 1 else values


def _sigma(gsd2: ArrayLike | None, shape: tuple[int, ...]) -> Floats:
    values = _shaped(gsd2, shape).astype(np.float64)
    if not ((values >= 1.0) & (values <= WIDEST)).all():
        raise OutOfBounds("A squared geometric standard deviation is a number from 1 on; 1 means certain.")
    return np.asarray(np.log(values) / 2.0)


def _shaped(values: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[Any]:
    array = np.asarray(values)
    if array.ndim and array.shape != shape:
        raise WrongShape(f"There are uncertainties or labels of shape {array.shape} for {shape}.")
    return np.broadcast_to(array, shape)


def _streams(seed: int, kind: int, one: ArrayLike, two: ArrayLike, labels: ArrayLike | None) -> Words:
    """The stream of each amount: its own, or that of its label."""
    own = _word(_word(_word(_word(np.uint64(0), seed), kind), one), two)
    if labels is None:
        return own
    label = _shaped(labels, own.shape)
    if label.dtype.kind not in "iu":
        raise WrongShape("Labels of shared samples are whole numbers.")
    shared = _word(_word(_word(_word(np.uint64(0), seed), SHARED), label), 0)
    return np.where(label >= 0, shared, own)


def _word(word: Words | np.uint64, more: ArrayLike) -> Words:
    """Mix whole numbers into a word (splitmix64), wrapping around."""
    added = np.atleast_1d(np.asarray(more)).astype(np.uint64)
    mixed: Words = (np.atleast_1d(word) + STRIDE) ^ added
    for shift, factor in ((30, FIRST), (27, SECOND)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * factor
    return mixed ^ (mixed >> np.uint64(31))


@compiled
def _mix(word: np.uint64) -> np.uint64:
    """The finalizer of splitmix64.

    Source   G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number generators (2014)
    """
    word = (word ^ (word >> np.uint64(30))) * FIRST
    word = (word ^ (word >> np.uint64(27))) * SECOND
    return word ^ (word >> np.uint64(31))


@compiled
def _fraction(word: np.uint64) -> float:
    """The upper 52 bits as a number in [0, 1)."""
    return np.uint64((word >> np.uint64(12)) | np.uint64(0x3FF0000000000000)).view(np.float64) - 1.0


@compiled
def exponential(x: float) -> float:
    """e to the x for |x| < 700, to the last bit or two, by Taylor's series around a power of two.

    Units    none
    Source   M. Abramowitz, I. Stegun, Handbook of Mathematical Functions (1964), ch. 4
    """
    shifted = x * 1.4426950408889634 + ROUNDER
    whole = shifted - ROUNDER
    r = x - whole * 0.6931471803691238
    r = r - whole * 1.9082149292705877e-10
    p = 1.0 / 6227020800.0
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    power = (np.float64(shifted).view(np.uint64) + np.uint64(1023)) << np.uint64(52)
    return p * np.uint64(power).view(np.float64)


@compiled
def logarithm(u: float) -> float:
    """Natural logarithm of a positive normal number, by the series of the inverse hyperbolic tangent.

    Units    none
    Source   M. Abramowitz, I. Stegun, Handbook of Mathematical Functions (1964), ch. 4
    """
    bits = np.float64(u).view(np.uint64) + np.uint64(0x00095F619980C433)
    mantissa = np.uint64((bits & np.uint64(0xFFFFFFFFFFFFF)) + np.uint64(0x3FE6A09E667F3BCD)).view(np.float64)
    exponent = np.uint64((bits >> np.uint64(52)) | np.uint64(0x4330000000000000)).view(np.float64)
    s = (mantissa - 1.0) / (mantissa + 1.0)
    q = s * s
    p = 1.0 / 21.0
    p = p * q + 1.0 / 19.0
    p = p * q + 1.0 / 17.0
    p = p * q + 1.0 / 15.0
    p = p * q + 1.0 / 13.0
    p = p * q + 1.0 / 11.0
    p = p * q + 1.0 / 9.0
    p = p * q + 1.0 / 7.0
    p = p * q + 1.0 / 5.0
    p = p * q + 1.0 / 3.0
    p = p * q + 1.0
    return (exponent - 4503599627371519.0) * 0.6931471805599453 + 2.0 * s * p


@compiled
def circle(quarters: float) -> tuple[float, float]:
    """Cosine and sine of an angle from 0 to 4 right angles, by Taylor's series around the nearest.

    Units    right angles
    Source   M. Abramowitz, I. Stegun, Handbook of Mathematical Functions (1964), ch. 4
    """
    nearest = (quarters + ROUNDER) - ROUNDER
    x = (quarters - nearest) * 1.5707963267948966
    q = x * x
    s = 1.0 / 355687428096000.0
    s = s * q - 1.0 / 1307674368000.0
    s = s * q + 1.0 / 6227020800.0
    s = s * q - 1.0 / 39916800.0
    s = s * q + 1.0 / 362880.0
    s = s * q - 1.0 / 5040.0
    s = s * q + 1.0 / 120.0
    s = s * q - 1.0 / 6.0
    s = x + x * q * s
    c = 1.0 / 20922789888000.0
    c = c * q - 1.0 / 87178291200.0
    c = c * q + 1.0 / 479001600.0
    c = c * q - 1.0 / 3628800.0
    c = c * q + 1.0 / 40320.0
    c = c * q - 1.0 / 720.0
    c = c * q + 1.0 / 24.0
    c = c * q - 0.5
    c = c * q + 1.0
    odd = nearest == 1.0 or nearest == 3.0
    cosine, sine = (s if odd else c), (c if odd else s)
    cosine = -cosine if (nearest == 1.0 or nearest == 2.0) else cosine
    sine = -sine if (nearest == 2.0 or nearest == 3.0) else sine
    return cosine, sine


@compiled
def draw(stream: Words, sigma: Floats, median: Floats, block: int, out: Floats) -> None:
    """Lognormal samples number ``block * LANES`` and following: (k,) amounts -> (k, LANES), in ``out``.

    Units    out: as the medians; sigma: of the natural logarithm
    Source   G. Box, M. Muller, A note on the generation of random normal deviates (1958)
    """
    half = out.shape[1] // 2
    for k in range(len(stream)):
        if sigma[k] == 0.0:
            out[k, :] = median[k]
            continue
        begin, width, amount = stream[k] + np.uint64(block * 2 * half) * STRIDE, sigma[k], median[k]
        for p in range(half):
            one = _mix(begin + np.uint64(2 * p) * STRIDE)
            two = _mix(begin + np.uint64(2 * p + 1) * STRIDE)
            radius = width * np.sqrt(-2.0 * logarithm(1.0 - _fraction(one)))
            cosine, sine = circle(4.0 * _fraction(two))
            out[k, p] = amount * exponential(radius * cosine)
            out[k, half + p] = amount * exponential(radius * sine)
