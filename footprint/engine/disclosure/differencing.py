"""What two releases say together: who joined, left or changed between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

CHANGED_AT_LEAST = 3
"""Contributors between two releases; fewer could be solved for from their difference."""
SAME = 1e-9
"""Values that differ by less, of their size, are the same."""


def changed(earlier: Mapping[int, float], later: Mapping[int, float]) -> int:
    """How many contributors joined, left or have another value.

    Shapes   contributor -> value, each
    Units    values alike
    Errors   none
    Source   own differencing study: with three or more changed contributors, fixed epochs and two digits an
             attacker gains about one percentage point over a blind guess
    """
    moved = sum(
        1
        for each in earlier.keys() & later.keys()
        if abs(earlier[each] - later[each]) > SAME * max(abs(earlier[each]), abs(later[each]))
    )
    return moved + len(earlier.keys() ^ later.keys())


def gives_away(earlier: Iterable[Mapping[int, float]], later: Mapping[int, float]) -> bool:
    """Whether one of the earlier cohorts differs from this one by some, but too few.

    Cohorts that share nobody have nothing in common to subtract.

    Shapes   contributor -> value, each
    Units    values alike
    Errors   none
    Source   as for ``changed``; disclosure by differencing in the Handbook on Statistical Disclosure Control
    """
    overlapping = (one for one in earlier if one.keys() & later.keys())
    return any(0 < changed(one, later) < CHANGED_AT_LEAST for one in overlapping)
