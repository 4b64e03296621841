"""The order in which a network can be solved: components, suppliers first, in levels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.equations import Adjacency, Equations, Ints, as_nodes
from footprint.engine.errors import PlanMismatch
from footprint.engine.kernels import (
    component_levels,
    count_sort,
    find_hubs,
    finish_order,
    reach,
    strong_components,
)
from footprint.engine.substitution import DENSE_LIMIT

HUB_RATIO = 4
"""Consumers for each supplier, inside one large loop, from which on a product comes before the others."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Components of a network in solving order; depends on which links there are, not on amounts.

    Component ``c`` has the nodes ``members[start[c]:start[c + 1]]`` in depth-first finishing order,
    which depends on nothing outside the component; in one too large for dense LU, hubs come first, for
    then few links run backwards and sweeps settle sooner. Components are walked in the order in which the
    depth-first search finishes them, suppliers first: that keeps a site's products close together in
    memory. Components of one level take nothing from each other.

    Shapes   members, component, place: (n,); start: (components + 1,); level: (components,)
    """

    suppliers: Adjacency
    consumers: Adjacency
    members: Ints
    start: Ints
    component: Ints
    place: Ints
    level: Ints

    @property
    def components(self) -> int:
        """Number of components."""
        return len(self.start) - 1

    @property
    def levels(self) -> int:
        """Number of levels: the longest chain of suppliers, a loop counting as one."""
        return int(self.level.max(initial=-1)) + 1

    def members_of(self, component: int) -> Ints:
        """The nodes of one component, in solving order."""
        return self.members[self.start[component] : self.start[component + 1]]

    def loops(self) -> tuple[int, ...]:
        """Components with several members, or with one that takes from itself."""
        looping = np.diff(self.start) > 1
        consumer = np.repeat(np.arange(len(self.component)), np.diff(self.suppliers.indptr))
        looping[self.component[consumer[consumer == self.suppliers.node]]] = True
        return tuple(int(c) for c in np.flatnonzero(looping))

    @cached_property
    def loop_members(self) -> tuple[tuple[int, ...], ...]:
        """The products of every loop, ascending."""
        return tuple(tuple(np.sort(self.members_of(c)).tolist()) for c in self.loops())

    def check(self, equations: Equations) -> None:
        """Raise PlanMismatch unless the network has exactly the links this plan was made for."""
        same = self.suppliers.node is equations.supplier and self.suppliers.indptr is equations.indptr
        if not same and not (
            np.array_equal(self.suppliers.indptr, equations.indptr)
            and np.array_equal(self.suppliers.node, equations.supplier)
        ):
            raise PlanMismatch


def make_plan(equations: Equations) -> Plan:
    """Find components and levels; equal links give an equal plan.

    Shapes   see ``Plan``
    Units    none: amounts play no part
    Errors   none
    Source   R. Tarjan (1972) for the components; levels are longest paths over them
    """
    indptr, node = equations.suppliers
    component, count = strong_components(indptr, node)
    by_component = count_sort(component, count)
    level = component_levels(indptr, node, component, by_component, count)
    start = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(component, minlength=count), out=start[1:])
    hub = find_hubs(indptr, node, component, start, DENSE_LIMIT, HUB_RATIO)
    members = finish_order(indptr, node, component, by_component, start, hub)
    place = np.empty(equations.n, dtype=np.int64)
    place[members] = np.arange(equations.n)
    for array in (members, start, component, place, level):
        array.setflags(write=False)
    return Plan(equations.suppliers, equations.consumers, members, start, component, place, level)


def closure(consumers: Adjacency, dirty: ArrayLike) -> Ints:
    """Every product that can depend on a dirty one, itself included, ascending.

    Shapes   dirty: (k,) nodes; result: (r,) nodes
    Units    none
    Errors   OutOfRange
    Source   reachability over consumers
    """
    origin = as_nodes(dirty, len(consumers.indptr) - 1)
    return np.flatnonzero(reach(consumers.indptr, consumers.node, origin))
