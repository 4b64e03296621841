"""What is left out of every figure under one method profile, and whether its cut-off rule lets that pass."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from footprint.analysis import scores
from footprint.analysis.ground import Emission, Ground
from footprint.analysis.methods import Joint
from footprint.analysis.profiles import Reading, kind_of, new_shares
from footprint.engine.cut_off import Verdict, judge, largest_flow
from footprint.engine.equations import Equations, Floats
from footprint.engine.profile import counts
from footprint.engine.solve import solve_tolerant


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Shares of what each figure would be with everything, NaN where nobody knows.

    Shapes   share: (n,) of all stages together; largest: (n,) of a single flow of the own process
    """

    share: Floats
    largest: Floats

    def verdict(self, reading: Reading, node: int) -> Verdict:
        """What the profile says of one figure."""
        return judge(reading.profile.cut_off, float(self.share[node]), float(self.largest[node]))


def flows(ground: Ground, every: list[Joint], reading: Reading) -> list[Emission]:
    """Estimates inside the profile's boundary, by the shares it orders: kg CO2e per unit."""
    found = scores.left_out(ground)
    kinds = [int(kind_of(ground, each.line)) for each in found]
    inside = counts(reading.profile, kinds, [bool(reading.listed[each.node]) for each in found], True)
    kept = [each for each, is_inside in zip(found, inside.tolist(), strict=True) if is_inside]
    for joint in every:
        anew = new_shares(reading, joint)
        if anew is not None:
            kept = _shared_anew(joint, anew / joint.made, kept)
    return kept


def _shared_anew(joint: Joint, per_unit: Floats, kept: list[Emission]) -> list[Emission]:
    made = dict(zip(joint.nodes.tolist(), joint.made.tolist(), strict=True))
    whole: dict[int, float] = defaultdict(float)
    lines = {each.line.id: each.line for each in kept if each.node in made}
    for each in kept:
        if each.node in made:
            whole[each.line.id] += each.kg * made[each.node] / joint.portions
    others = [each for each in kept if each.node not in made]
    return others + [
        Emission(node, lines[line], part * kg)
        for line, kg in whole.items()
        for node, part in zip(joint.nodes.tolist(), per_unit.tolist(), strict=True)
    ]


def left_out(
    ground: Ground, found: list[Emission], seen: Equations, of_listed: Floats, ghg_kg: Floats
) -> LeftOut:
    """Through the network that the profile sees.

    Shapes   of_listed: (n,) kg that goods of the rule's list leave out, NaN for others; ghg_kg: (n,) figures
             without biogenic uptake, NaN where there is none
    """
    missing = np.where(np.isnan(of_listed), missing_kg(ground, found, seen), of_listed)
    whole = np.abs(ghg_kg) + missing
    share = np.where(whole > 0.0, missing / np.where(whole > 0.0, whole, 1.0), 0.0)
    unknown = np.isnan(whole) | scores.uncounted(ground)
    largest = largest_flow([each.node for each in found], [each.kg for each in found], whole)
    return LeftOut(np.where(unknown, np.nan, share), largest)


def missing_kg(ground: Ground, found: list[Emission], seen: Equations) -> Floats:
    """(n,) kg CO2e per unit that all stages together leave out."""
    own = scores.exempted_kg(ground, found)
    if not own.any():
        return np.zeros(ground.n)
    solved = solve_tolerant(seen.with_direct(own[:, None]), certify=False)
    return np.asarray(np.abs(solved.intensity[:, 0]))
