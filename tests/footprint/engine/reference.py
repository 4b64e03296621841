"""The reference the engine is held against: whole matrices, dense algebra, brute force."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from footprint.engine.equations import Equations


def matrix_of(network: Equations) -> np.ndarray:
    """(n, n) amounts, consumers down, suppliers across."""
    matrix = np.zeros((network.n, network.n))
    matrix[network.consumer, network.supplier] = network.amount
    return matrix


def dense_solve(network: Equations) -> np.ndarray:
    """All intensities by dense algebra, refined in extended precision.

    Partial pivoting mixes rows, so that a product without any emission would get rounding of the largest one.
    """
    system = np.eye(network.n) - matrix_of(network)
    found = np.linalg.solve(system, network.direct)
    exact = system.astype(np.longdouble)
    for _ in range(2):
        rest = network.direct - exact @ found.astype(np.longdouble)
        found += np.linalg.solve(system, rest.astype(np.float64))
    return found


def gap(found: np.ndarray, expected: np.ndarray) -> float:
    """Largest difference, relative to the largest entry of each row; below 1e-13 a dense solve is noise."""
    noise = 1e-13 * float(np.abs(expected).max(initial=0.0)) + 1e-300
    size = np.maximum(np.abs(expected).max(axis=1, initial=0.0, keepdims=True), noise)
    return float(np.max(np.abs(found - expected) / size, initial=0.0))


def random_network(
    seed: int,
    n: int,
    degree: float,
    *,
    backward: float,
    credits: float = 0.0,
    selfish: float = 0.1,
    columns: int = 3,
) -> Equations:
    """Links mostly from earlier to later products; ``backward`` of them run the other way.

    The amounts a product takes sum to at most 0.9, so that every loop is productive.
    """
    draw = np.random.default_rng(seed)
    links = int(n * degree)
    a, b = draw.integers(0, n, links), draw.integers(0, n, links)
    consumer, supplier = np.maximum(a, b), np.minimum(a, b)
    turned = draw.random(links) < backward
    consumer, supplier = np.where(turned, supplier, consumer), np.where(turned, consumer, supplier)
    keep = (consumer != supplier) | (draw.random(links) < selfish)
    consumer, supplier = consumer[keep], supplier[keep]
    amount = draw.uniform(0.05, 1.0, len(consumer))
    taken = np.bincount(consumer, weights=amount, minlength=n)
    amount *= 0.9 / np.maximum(taken, 0.9)[consumer]
    amount[draw.random(len(amount)) < credits] *= -1.0
    direct = draw.lognormal(0, 2, (n, columns)) * (draw.random((n, columns)) < 0.7)
    return Equations(n, consumer, supplier, amount, direct)


@st.composite
def networks(draw: st.DrawFn, largest: int = 160, credit: bool = True) -> Equations:
    """Chains, small loops, self-links, credits and components too large for the dense kernel."""
    return random_network(
        draw(st.integers(0, 2**32 - 1)),
        draw(st.integers(1, largest)),
        draw(st.sampled_from([0.5, 1.5, 4.0])),
        backward=draw(st.sampled_from([0.0, 0.05, 0.5])),
        credits=draw(st.sampled_from([0.0, 0.2])) if credit else 0.0,
    )
