"""Some products of a network with the links between them, numbered anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.equations import Equations, Floats, Ints, as_nodes
from footprint.engine.errors import NonFinite, RefusedLoop
from footprint.engine.kernels import reach


@dataclass(frozen=True, eq=False)
class Part:
    """The links between some products of a larger network.

    Shapes   nodes: (r,) in the whole network, ascending; consumer, supplier: (k,) places in ``nodes``;
             link: (k,) positions among the links of the whole network, ascending
    """

    nodes: Ints
    consumer: Ints
    supplier: Ints
    link: Ints


def upstream(equations: Equations, nodes: ArrayLike) -> Ints:
    """Every product that can be needed for these, themselves included, ascending.

    Shapes   nodes: (k,); result: (r,)
    Units    none
    Errors   OutOfRange, WrongShape
    Source   reachability over suppliers
    """
    indptr, supplier = equations.suppliers
    return np.flatnonzero(reach(indptr, supplier, as_nodes(nodes, equations.n)))


def links_of(equations: Equations, nodes: Ints) -> Ints:
    """Positions of all links of these consumers, in the order of the consumers: (r,) -> (k,)."""
    first = equations.indptr[nodes]
    count = equations.indptr[nodes + 1] - first
    before = np.cumsum(count) - count
    return np.repeat(first - before, count) + np.arange(int(count.sum()))


def places(n: int, nodes: Ints) -> Ints:
    """Where each product of a network stands among these, -1 where it does not: (r,) -> (n,)."""
    place = np.full(n, -1)
    place[nodes] = np.arange(len(nodes))
    return place


def part_of(equations: Equations, nodes: Ints) -> Part:
    """The links between these products, given in ascending order."""
    place, link = places(equations.n, nodes), links_of(equations, nodes)
    consumer, supplier = place[equations.consumer[link]], place[equations.supplier[link]]
    inner = supplier >= 0
    return Part(nodes, consumer[inner], supplier[inner], link[inner])


def spread(consumer: Ints, rows: Floats, n: int) -> Floats:
    """Add up the rows of each consumer, in the order given: (k,), (k, m) -> (n, m)."""
    total = np.empty((n, rows.shape[1]))
    for column in range(rows.shape[1]):
        total[:, column] = np.bincount(consumer, weights=rows[:, column], minlength=n)
    return total


@contextmanager
def named(nodes: Ints) -> Iterator[None]:
    """Let a refusal from inside a part speak of the products of the whole network."""
    try:
        yield
    except RefusedLoop as refusal:
        raise type(refusal)(np.sort(nodes[list(refusal.nodes)]).tolist()) from refusal
    except NonFinite as refusal:
        raise NonFinite("intensity of product", nodes[list(refusal.nodes)].tolist()) from refusal
