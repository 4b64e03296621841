"""Who provides one product, who provides the providers, and so on: best first, down to a cut-off."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from footprint.engine.compilation import compiled
from footprint.engine.contributions import CLOSING
from footprint.engine.equations import Floats, Ints
from footprint.engine.errors import NonFinite, NotClosed, OutOfBounds
from footprint.engine.score import Scored

CUT_OFF = 0.01
"""Share of the figure below which a provider is only summed up."""
BUDGET = 2000
"""Occurrences of products that a tree has at most."""
ANY_DEPTH = 2**31 - 1


@dataclass(frozen=True, eq=False)
class ProviderTree:
    """Occurrences of products under one root, heaviest first, each after its parent.

    A product that several take, or that takes from itself in a loop, occurs several times. At every
    occurrence ``score = direct + scores of its children + cut``.

    Shapes   product, parent, depth, link, cut_count: (t,); amount, score, direct, cut: (t,); parent and
             link are -1 at the root; link: position among the network's links; cut_count: how many
             providers are summed up in ``cut``
    Units    amount: units of the product per unit of the root; score, direct, cut: kg CO2e per unit of
             the root
    """

    root: int
    entering: float
    """What enters the root, direct burden included, credits counted as burdens; kg CO2e per unit."""
    cutoff: float
    """Share of ``entering`` below which a provider is only summed up."""
    complete: bool
    """Whether everything above the cut-off is there; not so when budget or depth ran out."""
    product: Ints
    parent: Ints
    depth: Ints
    link: Ints
    amount: Floats
    score: Floats
    direct: Floats
    cut: Floats
    cut_count: Ints

    def __len__(self) -> int:
        return len(self.product)

    def share(self) -> Floats:
        """The score of every occurrence in that of the root; NaN when the root's is zero: (t,)."""
        whole = self.score[0]
        return self.score / whole if whole != 0.0 else np.full(len(self), np.nan)

    def children(self, occurrence: int) -> Ints:
        """The occurrences right under one, heaviest first."""
        return np.flatnonzero(self.parent == occurrence)

    def route(self, occurrence: int) -> list[int]:
        """The occurrences from the root to one, both included."""
        found = [int(occurrence)]
        while self.parent[found[-1]] >= 0:
            found.append(int(self.parent[found[-1]]))
        return found[::-1]


def provider_tree(
    scored: Scored, node: int, *, cutoff: float = CUT_OFF, depth: int = ANY_DEPTH, budget: int = BUDGET
) -> ProviderTree:
    """Unfold the providers of one product, always the heaviest next.

    The cut-off is relative to what enters the root, credits counted as burdens. A provider below it is
    not unfolded, whatever lies behind it.

    Shapes   see ``ProviderTree``; depth: levels below the root; budget: occurrences
    Units    cutoff: relative; see ``ProviderTree``
    Errors   NonFinite where a figure of the tree is missing; NotClosed where the figures belong to
             another network; OutOfBounds, OutOfRange
    Source   y_j = e_j + sum of z_ij y_i, applied to itself
    """
    equations, whole = scored.equations, scored.of(node)
    if not (0.0 <= cutoff <= 1.0 and depth >= 0 and budget >= 1):
        raise OutOfBounds("A tree needs a cut-off from 0 to 1, a depth from 0 on and a budget from 1 on.")
    links = equations.links_of(node)
    through = equations.amount[links] * scored.score[equations.supplier[links]]
    entering = float(abs(scored.direct[node]) + np.abs(through).sum())
    count, complete, index, value = _unfold(
        node, whole, cutoff * entering, min(depth, ANY_DEPTH), budget,
        equations.indptr, equations.supplier, equations.amount, scored.direct, scored.score,
    )  # fmt: skip
    index, value = index[:, :count], value[:, :count]
    tree = ProviderTree(
        root=int(node), entering=entering, cutoff=float(cutoff), complete=bool(complete),
        product=index[0], parent=index[1], depth=index[2], link=index[3], cut_count=index[4],
        amount=value[0], score=value[1], direct=value[2], cut=value[3],
    )  # fmt: skip
    _check(tree, value[4])
    return tree


def _check(tree: ProviderTree, passed: Floats) -> None:
    """Raise unless every occurrence is the sum of its parts; ``passed``: absolute size of the providers."""
    below = np.bincount(tree.parent[1:], weights=tree.score[1:], minlength=len(tree))
    gap = np.abs(tree.direct + below + tree.cut - tree.score)
    size = np.abs(tree.direct) + passed + np.abs(tree.score)
    if not np.isfinite(gap).all():
        raise NonFinite("intensity of product", np.unique(tree.product[~np.isfinite(gap)]))
    relative = gap / np.where(size > 0.0, size, 1.0)
    worst = int(np.argmax(relative))
    if relative[worst] > CLOSING:
        raise NotClosed(int(tree.product[worst]), float(relative[worst]))


@compiled
def _unfold(
    root: int, whole: float, least: float, depth: int, budget: int, indptr: Ints, supplier: Ints,
    amount: Floats, direct: Floats, score: Floats,
) -> tuple[int, bool, Ints, Floats]:  # fmt: skip
    """Admit the heaviest candidate until none is left or the budget is spent.

    A candidate on the heap is (minus its size, its turn, parent, link): ties go by turn. What is not
    admitted is summed up in the ``cut`` of its parent.
    """
    index, value = np.zeros((5, budget), dtype=np.int64), np.zeros((5, budget))
    heap = [(-np.inf, 0, -1, -1)]
    turn, count, complete = 1, 0, True
    while len(heap) > 0:
        _, _, parent, link = heapq.heappop(heap)
        if count == budget:
            index[4, parent] += 1
            value[3, parent] += amount[link] * value[0, parent] * score[supplier[link]]
            complete = False
            continue
        at = count
        count += 1
        j = root if link < 0 else supplier[link]
        index[0, at], index[1, at], index[3, at] = j, parent, link
        index[2, at] = 0 if link < 0 else index[2, parent] + 1
        value[0, at] = 1.0 if link < 0 else value[0, parent] * amount[link]
        value[1, at] = whole if link < 0 else value[0, at] * score[j]
        value[2, at] = value[0, at] * direct[j]
        for k in range(indptr[j], indptr[j + 1]):
            passed = value[0, at] * amount[k] * score[supplier[k]]
            value[4, at] += abs(passed)
            heavy = abs(passed) >= least and passed != 0.0
            if heavy and index[2, at] < depth:
                heapq.heappush(heap, (-abs(passed), turn, at, k))
                turn += 1
            else:
                complete = complete and not heavy
                index[4, at] += 1
                value[3, at] += passed
    return count, complete, index, value
