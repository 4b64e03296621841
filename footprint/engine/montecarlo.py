"""Monte Carlo for all products at once: many samples of all amounts, one plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footprint.engine.compilation import compiled
from footprint.engine.equations import Equations, Floats, Ints
from footprint.engine.errors import OutOfBounds, WrongShape
from footprint.engine.plan import Plan
from footprint.engine.sampling import LANES, Spread, draw
from footprint.engine.throng import OPEN, Throng, substitute_throng
from footprint.engine.walk import Walk

ROOM = 2_500_000_000
"""Bytes of samples kept at a time."""
QUANTILES = (0.025, 0.5, 0.975)


@dataclass(frozen=True, eq=False)
class SampleBlock:
    """Samples ``first`` and following of every product.

    Shapes   values: (n, c, count) for c columns, or one score; NaN where a sample has no figure
    Units    kg of each column per unit of product; a score as its weights say
    """

    first: int
    values: Floats

    @property
    def count(self) -> int:
        """Number of samples."""
        return int(self.values.shape[2])


@dataclass(frozen=True, eq=False)
class Summary:
    """What the samples of every product and column, or score, look like.

    A sample in which a loop has no meaningful solution gives the loop and what hangs on it no
    figure: it is counted in ``refused`` and left out of the rest, which then says how things are
    when the loop works. NaN where no sample (for ``sd``: fewer than two) has a figure.

    Shapes   mean, sd, low, median, high: (n, c); refused: (n, c) numbers of samples
    Units    as ``SampleBlock``; low, high: 2.5 and 97.5 % quantiles, exact, between two samples linearly
    """

    samples: int
    mean: Floats
    sd: Floats
    low: Floats
    median: Floats
    high: Floats
    refused: Ints


def sample_block(
    equations: Equations,
    plan: Plan,
    spread: Spread,
    first: int,
    count: int,
    *,
    weights: Floats | None = None,
    columns: slice = slice(None),
    products: slice = slice(None),
) -> SampleBlock:
    """Solve the equations for samples ``first`` to ``first + count``.

    Sample number s has the same bits in whichever block it is asked for. Blocks that begin and end
    at multiples of 16 waste nothing.

    Shapes   weights: (m,) for one score instead of columns; columns: which of them, else; products: whose
             samples are kept, for all are solved
    Units    see ``SampleBlock``
    Errors   OutOfBounds for a negative number; WrongShape; PlanMismatch
    Source   ISO 14044 and GUM supplement 1 (JCGM 101:2008): propagation of distributions
    """
    if first < 0 or count < 0:
        raise OutOfBounds("Samples are numbered from 0 on.")
    if weights is not None and np.shape(weights) != (equations.columns,):
        raise WrongShape(f"There are {equations.columns} columns and weights of shape {np.shape(weights)}.")
    plan.check(equations)
    chosen = np.arange(equations.columns)[columns]
    width = len(chosen) if weights is None else 1
    values = np.empty((len(range(equations.n)[products]), width, count))
    amount = np.empty((len(equations.amount), LANES))
    for block in range(first // LANES, -(-(first + count) // LANES)):
        draw(spread.link_stream, spread.link_sigma, equations.amount, block, amount)
        burden = _burdens(equations, spread, block, chosen, weights)
        solved = _solve(equations, plan, amount, burden)
        begin, end = max(block * LANES, first), min((block + 1) * LANES, first + count)
        lanes = slice(begin - block * LANES, end - block * LANES)
        values[:, :, begin - first : end - first] = solved[products, :, lanes]
    return SampleBlock(first, values)


def merge(blocks: Iterable[SampleBlock]) -> Summary:
    """Summarise blocks of one study, in any order; the cutting into blocks leaves no trace.

    Shapes   see ``SampleBlock`` and ``Summary``
    Units    as the blocks
    Errors   WrongShape when they do not follow each other without gap or overlap, or differ in shape
    Source   JCGM 101:2008, 7.6 and 7.7: mean, standard deviation, coverage interval
    """
    ordered = sorted(blocks, key=lambda block: block.first)
    if not ordered:
        raise WrongShape("There are no samples to summarise.")
    ends = [block.first + block.count for block in ordered]
    follow = [block.first for block in ordered[1:]] == ends[:-1]
    if not follow or len({block.values.shape[:2] for block in ordered}) > 1:
        raise WrongShape("Blocks of samples must belong to one study and follow each other.")
    if len(ordered) == 1:
        return summarise(ordered[0].values.copy())
    return summarise(np.concatenate([block.values for block in ordered], axis=2))


def summarise(values: Floats) -> Summary:
    """Mean, standard deviation and quantiles of samples, whose order is lost: they are sorted in place.

    Shapes   values: (n, c, samples), NaN or infinite where refused; see ``Summary``
    Units    as the values
    Errors   none
    Source   JCGM 101:2008, 7.6 and 7.7; quantiles by linear interpolation (R. Hyndman, Y. Fan, type 7)
    """
    n, c, samples = values.shape
    flat = values.reshape(n * c, samples)
    flat[~np.isfinite(flat)] = np.nan
    flat.sort(axis=1)
    found, missing = moments(flat, np.array(QUANTILES))
    mean, sd, low, median, high = (found[:, k].reshape(n, c) for k in range(5))
    return Summary(samples, mean, sd, low, median, high, missing.reshape(n, c))


@compiled
def moments(samples: Floats, shares: Floats) -> tuple[Floats, Ints]:
    """Of ascending samples with NaN in the end: mean, standard deviation, quantiles; how many are NaN.

    Shapes   samples: (k, count); shares: (q,); results: (k, 2 + q), (k,)
    Units    as the samples
    Source   see ``summarise``
    """
    found, missing = np.full((len(samples), 2 + len(shares)), np.nan), np.zeros(len(samples), dtype=np.int64)
    for r in range(len(samples)):
        some = samples.shape[1]
        while some > 0 and np.isnan(samples[r, some - 1]):
            some -= 1
        missing[r] = samples.shape[1] - some
        if some == 0:
            continue
        middle, total, square = samples[r, some // 2], 0.0, 0.0
        for s in range(some):
            total += samples[r, s] - middle
        mean = middle + total / some
        for s in range(some):
            square += (samples[r, s] - mean) ** 2
        found[r, 0] = mean
        if some > 1:
            found[r, 1] = np.sqrt(square / (some - 1))
        for q in range(len(shares)):
            at = shares[q] * (some - 1)
            below = int(at)
            above = min(below + 1, some - 1)
            found[r, 2 + q] = samples[r, below] + (at - below) * (samples[r, above] - samples[r, below])
    return found, missing


def monte_carlo(
    equations: Equations, plan: Plan, spread: Spread, samples: int, *, weights: Floats | None = None
) -> Summary:
    """The summary of samples 0 to ``samples``, in bounded memory.

    As many columns at a time as fit; where not one does, as many products of it, solved anew for each part.

    Shapes   see ``sample_block`` and ``Summary``
    Units    as ``SampleBlock``
    Errors   as ``sample_block``
    Source   as ``sample_block``
    """
    every = equations.columns if weights is None else 1
    fitting = max(1, ROOM // max(1, 8 * samples))
    found = []
    for columns in _pieces(every, fitting // max(1, equations.n)):
        rows = (
            sample_block(equations, plan, spread, 0, samples, weights=weights, columns=columns, products=some)
            for some in _pieces(equations.n, fitting)
        )
        found.append(_joined([summarise(each.values) for each in rows], np.vstack))
    return _joined(found, np.hstack)


def _pieces(count: int, most: int) -> list[slice]:
    """The range cut into pieces of so many, one at least."""
    step = max(1, most)
    return [slice(begin, begin + step) for begin in range(0, max(1, count), step)]


def _joined(parts: list[Summary], join: Callable[[list[Any]], Any]) -> Summary:
    if len(parts) == 1:
        return parts[0]
    names = ("mean", "sd", "low", "median", "high", "refused")
    return Summary(parts[0].samples, *(join([getattr(part, name) for part in parts]) for name in names))


def _burdens(
    equations: Equations, spread: Spread, block: int, chosen: Ints, weights: Floats | None
) -> Floats:
    """Sampled burdens of some columns, or their score: (n, c, lanes)."""
    n, whole_row = equations.n, spread.burden_sigma.shape[1] == 1
    if weights is not None and whole_row:
        return _drawn(spread.burden_stream, spread.burden_sigma, (equations.direct @ weights)[:, None], block)
    if weights is None:
        at = np.zeros_like(chosen) if whole_row else chosen
        return _drawn(
            spread.burden_stream[:, at], spread.burden_sigma[:, at], equations.direct[:, chosen], block
        )
    score = np.zeros((n, 1, LANES))
    for c in range(equations.columns):
        one = slice(c, c + 1)
        score += weights[c] * _drawn(
            spread.burden_stream[:, one], spread.burden_sigma[:, one], equations.direct[:, one], block
        )
    return score


def _drawn(stream: NDArray[np.uint64], sigma: Floats, median: Floats, block: int) -> Floats:
    out = np.empty((*median.shape, LANES))
    draw(stream.ravel(), sigma.ravel(), median.ravel(), block, out.reshape(-1, LANES))
    return out


def _solve(equations: Equations, plan: Plan, amount: Floats, burden: Floats) -> Floats:
    """Solve for the samples of one block; what cannot be decided for all at once is decided one by one."""
    solved = burden.copy()
    throng = Throng(*equations.suppliers, amount, plan.members, plan.start, plan.place)
    verdict = substitute_throng(throng, solved)
    for lane in np.flatnonzero(verdict == OPEN):
        single = equations.over(
            np.ascontiguousarray(amount[:, lane]), np.ascontiguousarray(burden[:, :, lane])
        )
        walk = Walk.from_nothing(single, plan)
        walk.whole()
        solved[:, :, lane] = walk.intensity
    return solved
