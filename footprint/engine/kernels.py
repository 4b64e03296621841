"""Compiled loops over the structure of a network: sorting, components, levels, closures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from footprint.engine.compilation import compiled

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@compiled
def count_sort(keys: Ints, bins: int) -> Ints:
    """Stable order of ``keys``, each in ``range(bins)``: (links,) -> (links,) positions."""
    place = np.zeros(bins + 1, dtype=np.int64)
    for key in keys:
        place[key + 1] += 1
    for b in range(bins):
        place[b + 1] += place[b]
    order = np.empty(len(keys), dtype=np.int64)
    for k in range(len(keys)):
        order[place[keys[k]]] = k
        place[keys[k]] += 1
    return order


@compiled
def order_links(n: int, consumer: Ints, supplier: Ints) -> Ints:
    """Order of links by consumer, then supplier: (links,) -> (links,) positions."""
    by_supplier = count_sort(supplier, n)
    return by_supplier[count_sort(consumer[by_supplier], n)]


@compiled
def _sort(values: Floats) -> None:
    """Put values in ascending order, in place; numpy's own sort takes seconds to compile.

    Source   D. Shell, A high-speed sorting procedure, Communications of the ACM 2 (1959); gaps of D. Knuth
    """
    gap = 1
    while gap < len(values):
        gap = 3 * gap + 1
    while gap > 1:
        gap //= 3
        for k in range(gap, len(values)):
            at, value = k, values[k]
            while at >= gap and values[at - gap] > value:
                values[at] = values[at - gap]
                at -= gap
            values[at] = value


@compiled
def merge_duplicates(consumer: Ints, supplier: Ints, amount: Floats) -> tuple[Ints, Ints, Floats]:
    """Add up sorted links between the same two products, smallest amount first; drop zeros.

    What stands in ``amount`` is put in order on the way.
    """
    kept = 0
    k = 0
    to, of, by = np.empty_like(consumer), np.empty_like(supplier), np.empty_like(amount)
    while k < len(consumer):
        end = k + 1
        while end < len(consumer) and consumer[end] == consumer[k] and supplier[end] == supplier[k]:
            end += 1
        total = amount[k]
        if end > k + 1:
            total = 0.0
            _sort(amount[k:end])
            for e in range(k, end):
                total += amount[e]
        if total != 0.0:
            to[kept], of[kept], by[kept] = consumer[k], supplier[k], total
            kept += 1
        k = end
    return to[:kept].copy(), of[:kept].copy(), by[:kept].copy()


@compiled
def find_links(indptr: Ints, supplier: Ints, of: Ints, to: Ints) -> Ints:
    """Where the links from suppliers ``of`` to consumers ``to`` stand: (k,) positions, -1 for none."""
    found = np.full(len(of), -1)
    for q in range(len(of)):
        low, high = indptr[to[q]], indptr[to[q] + 1]
        while low < high:
            middle = (low + high) // 2
            if supplier[middle] < of[q]:
                low = middle + 1
            else:
                high = middle
        if low < indptr[to[q] + 1] and supplier[low] == of[q]:
            found[q] = low
    return found


@compiled
def _descend(
    root: int, indptr: Ints, node: Ints, seen: Ints, low: Ints, component: Ints, cursor: Ints,
    path: Ints, stack: Ints, tally: Ints,
) -> None:  # fmt: skip
    """Tarjan's walk from one root; ``tally`` counts nodes seen, components found, stack height."""
    path[0] = root
    depth = 1
    while depth > 0:
        v = path[depth - 1]
        if seen[v] < 0:
            seen[v] = low[v] = tally[0]
            stack[tally[2]] = v
            tally[0] += 1
            tally[2] += 1
        k = cursor[v]
        if k < indptr[v + 1]:
            cursor[v] = k + 1
            w = node[k]
            if seen[w] < 0:
                path[depth] = w
                depth += 1
            elif component[w] < 0:
                low[v] = min(low[v], seen[w])
            continue
        depth -= 1
        if depth > 0:
            low[path[depth - 1]] = min(low[path[depth - 1]], low[v])
        if low[v] == seen[v]:
            _close(v, component, stack, tally)


@compiled
def _close(v: int, component: Ints, stack: Ints, tally: Ints) -> None:
    """Take the finished component of ``v`` off the stack."""
    member = -1
    while member != v:
        tally[2] -= 1
        member = stack[tally[2]]
        component[member] = tally[1]
    tally[1] += 1


@compiled
def strong_components(indptr: Ints, node: Ints) -> tuple[Ints, int]:
    """Component of every node, numbered so that suppliers come first; and how many there are.

    Source   R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972)
    """
    n = len(indptr) - 1
    seen, component = np.full(n, -1), np.full(n, -1)
    low, path, stack = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    cursor = indptr[:n].copy()
    tally = np.zeros(3, dtype=np.int64)
    for root in range(n):
        if seen[root] < 0:
            _descend(root, indptr, node, seen, low, component, cursor, path, stack, tally)
    return component, tally[1]


@compiled
def component_levels(indptr: Ints, node: Ints, component: Ints, by_component: Ints, count: int) -> Ints:
    """Longest path from a component without suppliers: (count,) levels, suppliers lower."""
    level = np.zeros(count, dtype=np.int64)
    for v in by_component:
        own = component[v]
        for k in range(indptr[v], indptr[v + 1]):
            other = component[node[k]]
            if other != own:
                level[own] = max(level[own], level[other] + 1)
    return level


@compiled
def find_hubs(indptr: Ints, node: Ints, component: Ints, start: Ints, large: int, ratio: int) -> Flags:
    """Members of components above ``large`` that have more consumers in it than ``ratio`` times suppliers.

    Source   P. Eades, X. Lin, W. Smyth (1993): an order of few backward links begins with what is taken from
             most and takes least; here in one step
    """
    n = len(indptr) - 1
    surplus = np.zeros(n, dtype=np.int64)
    for v in range(n):
        own = component[v]
        if start[own + 1] - start[own] > large:
            for k in range(indptr[v], indptr[v + 1]):
                if component[node[k]] == own:
                    surplus[v] -= ratio
                    surplus[node[k]] += 1
    return surplus > 0


@compiled
def finish_order(indptr: Ints, node: Ints, component: Ints, members: Ints, start: Ints, hub: Flags) -> Ints:
    """Members of every component in depth-first finishing order: its hubs first, then the others.

    Only links between hubs, and between others, of the same component are walked, so that its order depends
    on nothing outside it.
    """
    n = len(indptr) - 1
    part = 2 * component + ~hub
    cursor = indptr[:n].copy()
    opened = np.zeros(n, dtype=np.bool_)
    path, ordered = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    for c in range(len(start) - 1):
        done = start[c]
        for wanted in range(2 * c, 2 * c + 2):
            for root in members[start[c] : start[c + 1]]:
                if part[root] == wanted and not opened[root]:
                    done = _finish(root, done, indptr, node, part, cursor, opened, path, ordered)
    return ordered


@compiled
def _finish(
    root: int, done: int, indptr: Ints, node: Ints, part: Ints, cursor: Ints, opened: Flags, path: Ints,
    ordered: Ints,
) -> int:  # fmt: skip
    """Walk one tree and put its nodes into the order from place ``done`` on; the place behind them."""
    path[0] = root
    opened[root] = True
    depth = 1
    while depth > 0:
        v = path[depth - 1]
        step = _next_inside(v, indptr, node, part, cursor, opened)
        if step < 0:
            ordered[done] = v
            done += 1
            depth -= 1
        else:
            path[depth] = step
            depth += 1
    return done


@compiled
def _next_inside(v: int, indptr: Ints, node: Ints, part: Ints, cursor: Ints, opened: Flags) -> int:
    """The next unopened supplier of ``v`` in its own part, now opened; -1 when there is none."""
    while cursor[v] < indptr[v + 1]:
        w = node[cursor[v]]
        cursor[v] += 1
        if part[w] == part[v] and not opened[w]:
            opened[w] = True
            return w  # type: ignore[no-any-return]
    return -1


@compiled
def reach(indptr: Ints, node: Ints, origin: Ints) -> Flags:
    """Flags of all nodes that can be reached from ``origin``, itself included."""
    n = len(indptr) - 1
    reached = np.zeros(n, dtype=np.bool_)
    stack = np.empty(n, dtype=np.int64)
    height = 0
    for v in origin:
        if not reached[v]:
            reached[v] = True
            stack[height] = v
            height += 1
    while height > 0:
        height -= 1
        v = stack[height]
        for k in range(indptr[v], indptr[v + 1]):
            if not reached[node[k]]:
                reached[node[k]] = True
                stack[height] = node[k]
                height += 1
    return reached
