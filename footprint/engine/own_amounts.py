"""A calculation bundle with amounts of somebody's own in place of those that were entered.

So a verifier tests the calculation itself: with amounts whose result they worked out elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from footprint.engine.bundle import Bundle, Row, shown
from footprint.engine.bundle_rows import DIVISION, GWP_SETS, decimal_in, objects_in, recipe
from footprint.engine.errors import BadBundle
from footprint.engine.replay import figures, makers_of

FURTHEST = Decimal("1e9")
"""Times which an amount may be, or the same part of it."""


def figure_with(bundle: Bundle, times: Mapping[str, Decimal]) -> dict[str, float]:
    """What the product's figure is when lines are so many times what was entered, by GWP set.

    Shapes   times: by the identifier of a line that a burden names
    Units    times: dimensionless; result: kg CO2e per declared unit
    Errors   BadBundle: no burden is of such a line, or an amount that cannot be meant; NonFinite,
             NotProductive and SingularNetwork where it cannot be solved
    Source   PACT Methodology v3, verification of a calculation model by test data
    """
    changed = with_amounts(bundle, times)
    known = recipe(changed)
    found = figures(known, makers_of(changed, known))
    return dict(zip(GWP_SETS, found.product.tolist(), strict=True))


def with_amounts(bundle: Bundle, times: Mapping[str, Decimal]) -> Bundle:
    """The bundle with other amounts; nothing else of it changes, and its hashes are not made anew.

    Shapes   as ``figure_with``
    Units    dimensionless
    Errors   BadBundle
    Source   as ``figure_with``
    """
    for factor in times.values():
        if factor and not 1 / FURTHEST <= abs(factor) <= FURTHEST:
            raise BadBundle("An amount is too far from the one that was entered to be meant.")
    if strange := set(times) - lines_in(bundle):
        raise BadBundle(f"No burden of the bundle is of the line {shown(sorted(strange)[0])} alone.")
    return replace(bundle, columns=[_changed(row, times) for row in bundle.columns])


def lines_in(bundle: Bundle) -> set[str]:
    """The lines whose amount can be another: inputs and emissions that count for themselves.

    Units    none
    Errors   BadBundle
    """
    burdens = (burden for row in bundle.columns for burden in objects_in(row, "burdens", "columns.jsonl"))
    return {str(each["line"]) for each in burdens if each.get("line") and "taken" in each}


def _changed(row: Row, times: Mapping[str, Decimal]) -> Row:
    where = "columns.jsonl"
    burdens = [_scaled(burden, times, where) for burden in objects_in(row, "burdens", where)]
    return {**row, "burdens": burdens}


def _scaled(burden: Row, times: Mapping[str, Decimal], where: str) -> Row:
    factor = times.get(str(burden.get("line")))
    if factor is None or "taken" not in burden:
        return burden
    taken = DIVISION.multiply(decimal_in(burden, "taken", where), factor)
    return {**burden, "taken": f"{taken:f}"}
