"""The arithmetic of samples."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from footprint.engine.sampling import LANES, circle, draw, exponential, logarithm

PINNED = ["0x1.fc10aad3c9682p-1", "0x1.faa03ed0af2d6p-1"]


def normals(streams: int, block: int) -> np.ndarray:
    """(streams, LANES) standard normal deviates."""
    out = np.empty((streams, LANES))
    stream = np.random.default_rng(2).integers(0, 2**63, streams).astype(np.uint64)
    draw(stream, np.ones(streams), np.ones(streams), block, out)
    return np.log(out)


def test_samples_are_normal_and_independent() -> None:
    found = np.hstack([normals(4000, 0), normals(4000, 1)])
    assert stats.kstest(found.ravel(), "norm").pvalue > 1e-3
    correlation = np.corrcoef(found.T) - np.eye(2 * LANES)
    assert np.abs(correlation).max() < 5 / math.sqrt(4000)
    assert abs(stats.kurtosis(found.ravel())) < 0.1


def test_functions_agree_with_the_library() -> None:
    for x in np.linspace(-30.0, 30.0, 997):
        assert math.isclose(exponential(x), math.exp(x), rel_tol=4e-16)
    for u in [*np.linspace(1e-6, 1.0, 499), 2.0**-52, 0.5, math.sqrt(0.5)]:
        assert math.isclose(logarithm(u), math.log(u), rel_tol=1e-15, abs_tol=1e-15)
    for quarters in np.linspace(0.0, 4.0, 401):
        cosine, sine = circle(quarters)
        assert abs(cosine - math.cos(quarters * math.pi / 2)) < 1e-15
        assert abs(sine - math.sin(quarters * math.pi / 2)) < 1e-15


def test_the_first_samples_are_what_they_were() -> None:
    """Published figures rest on them: other bits are another engine."""
    out = np.empty((1, LANES))
    draw(np.array([42], dtype=np.uint64), np.array([0.1]), np.array([1.0]), 0, out)
    assert [value.hex() for value in out[0, :2].tolist()] == PINNED
