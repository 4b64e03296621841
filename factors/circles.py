"""Whether a derivation would lead back to where it began. Pure."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def circle(start: T, parents: Collection[T], parents_of: Mapping[T, Collection[T]]) -> tuple[T, ...]:
    """The way from ``start`` over one of its new parents back to it, the shortest; empty where there is none.

    ``parents_of``: what is derived from what already; what it leaves out is derived from nothing.
    """
    came_from: dict[T, T] = {}
    waiting = list(dict.fromkeys(parents))
    for first in waiting:
        came_from[first] = start
    for each in waiting:
        if each == start:
            return _way(start, came_from)
        for further in parents_of.get(each, ()):
            if further not in came_from:
                came_from[further] = each
                waiting.append(further)
    return ()


def _way(start: T, came_from: Mapping[T, T]) -> tuple[T, ...]:
    way = [start, came_from[start]]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))
