"""All products under one method profile: the network it sees, solved gas by gas, or why it cannot be."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from factors.origins import CO2E
from footprint.analysis.answers import walk_of
from footprint.analysis.ground import Ground
from footprint.analysis.left_out import flows, left_out, missing_kg
from footprint.analysis.methods import Joint
from footprint.analysis.profiles import Reading, in_scope, kind_of, name_of, new_shares
from footprint.calculation.live import FACTOR
from footprint.engine.equations import Equations, Floats, Ints
from footprint.engine.position import Position
from footprint.engine.solve import solve_tolerant
from footprint.rules.models.profile import Boundary

AS_PUBLISHED = "as_published"
"""The part, within the others, of totals of another or no stated GWP set: they cannot be weighed again."""
DIRECT, INDIRECT = "direct", "indirect"
"""At the border: the figure without any electricity, and what electricity brings anywhere behind the good.

Whether the total holds the latter depends on the good itself, not on what it is made of.
"""


@dataclass(frozen=True)
class ByProfile:
    """One product under one profile, kg CO2e per unit; a failure instead where it cannot be applied."""

    node: int
    kg_co2e: float | None = None
    including_uptake: float | None = None
    excluding_uptake: float | None = None
    parts: dict[str, float] = field(default_factory=dict)
    method: str = ""
    walk: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    exempted_share: float | None = None
    largest_exempted: float | None = None
    cut_off: str = ""
    failure: dict[str, Any] | None = None


class Views:
    """The network as profiles see it; what several questions have in common is solved once."""

    def __init__(self, ground: Ground, every: list[Joint]) -> None:
        self.ground, self.every = ground, every
        self._seen: dict[tuple[int, int], tuple[Equations, Floats]] = {}
        self._figures: dict[int, list[ByProfile]] = {}
        self._kept_alive: list[Reading] = []
        """So that no two readings ever have one id."""

    def seen(self, scope: Reading, shares: Reading) -> Floats:
        """(n, 2m) kg of each gas in every figure: what the one counts, by the shares of the other."""
        intensity = self.network(scope, shares)[1]
        if scope.listed.any():
            of_listed = self.network(scope.of_listed, shares)[1]
            intensity = np.where(scope.listed[:, None], of_listed, intensity)
        return intensity

    def network(self, scope: Reading, shares: Reading) -> tuple[Equations, Floats]:
        """What ``keep`` of the one counts, by the shares of the other, and (n, 2m) kg of each gas."""
        key = id(scope), id(shares)
        if key not in self._seen:
            seen = network_under(self.ground, self.every, replace(scope, choices=shares.choices))
            self._seen[key] = seen, solve_tolerant(seen, certify=False).intensity
            self._kept_alive += [scope, shares]
        return self._seen[key]

    def figures(self, reading: Reading) -> list[ByProfile]:
        """Every product with a figure, in the order of the network."""
        if id(reading) not in self._figures:
            found = self._of(reading)
            if reading.version.boundary == Boundary.INSTALLATION:
                pairs = zip(found, self._of(reading.of_listed), strict=True)
                found = [_apart(reading, without, everything) for without, everything in pairs]
            self._figures[id(reading)] = self._judged(reading, found)
        return self._figures[id(reading)]

    def _judged(self, reading: Reading, found: list[ByProfile]) -> list[ByProfile]:
        """With what is left out of each figure, and what the profile's cut-off rule says of that."""
        ground, ghg_kg = self.ground, np.full(self.ground.n, np.nan)
        for each in found:
            ghg_kg[each.node] = np.nan if each.excluding_uptake is None else each.excluding_uptake
        lines = flows(ground, self.every, reading)
        of_listed = np.full(ground.n, np.nan)
        if reading.listed.any():
            behind = missing_kg(ground, lines, self.network(reading.of_listed, reading)[0])
            of_listed = np.where(reading.listed, behind, np.nan)
        left = left_out(ground, lines, self.network(reading, reading)[0], of_listed, ghg_kg)
        return [
            each
            if each.failure
            else replace(
                each,
                exempted_share=_known(left.share[each.node]),
                largest_exempted=_known(left.largest[each.node]),
                cut_off=left.verdict(reading, each.node).value,
            )
            for each in found
        ]

    def _of(self, reading: Reading) -> list[ByProfile]:
        return _figures(self.ground, self.every, reading, *self.network(reading, reading))


def _known(share: float) -> float | None:
    return float(share) if np.isfinite(share) else None


def _apart(reading: Reading, without: ByProfile, everything: ByProfile) -> ByProfile:
    """A good's figure with its direct and indirect part, from those without and with all electricity."""
    if everything.failure or without.failure:
        return everything if everything.failure else without
    assert everything.excluding_uptake is not None and without.excluding_uptake is not None
    direct = without.excluding_uptake
    parts = {DIRECT: direct, INDIRECT: everything.excluding_uptake - direct}
    figure = everything if reading.listed[without.node] else without
    return replace(figure, parts={**figure.parts, **parts})


def _figures(
    ground: Ground, every: list[Joint], reading: Reading, seen: Equations, intensity: Floats
) -> list[ByProfile]:
    failures = _failures(ground, seen, reading, intensity)
    left_out = _left_out(ground, reading)
    methods = _methods(ground, every, reading)
    found = []
    for (_, product), node in sorted(ground.columns.items(), key=lambda item: item[1]):
        if not in_scope(ground, reading.version, product):
            found.append(ByProfile(node, failure={"code": "out_of_scope"}))
        elif node in failures:
            found.append(ByProfile(node, failure=failures[node]))
        else:
            method, walk = methods.get(node, ("none", []))
            found.append(_figure(node, intensity[node], reading, method, walk, left_out.get(node, [])))
    return found


def _figure(
    node: int,
    row: Floats,
    reading: Reading,
    method: str,
    walk: list[dict[str, Any]],
    left_out: list[dict[str, Any]],
) -> ByProfile:
    parts = dict.fromkeys(Position, 0.0)
    for position, weight, kg in zip(reading.position, reading.weight.tolist(), row.tolist(), strict=True):
        if kg:
            parts[position] += weight * kg
    beside = reading.profile.beside
    excluding = sum(kg for position, kg in parts.items() if position not in beside)
    if excluding < 0 and not reading.profile.negative_allowed:
        return ByProfile(node, failure={"code": "negative"})
    including = excluding + parts[Position.BIOGENIC_UPTAKE]
    counted = {position.name.lower(): kg for position, kg in parts.items() if kg}
    if as_published := float(reading.weight[reading.published] @ row[reading.published]):
        counted[AS_PUBLISHED] = as_published
    return ByProfile(
        node,
        kg_co2e=including if reading.profile.uptake else excluding,
        including_uptake=including,
        excluding_uptake=excluding,
        parts=counted,
        method=method,
        walk=walk,
        left_out=left_out,
    )


def network_under(ground: Ground, every: list[Joint], reading: Reading) -> Equations:
    """Links that count, by the shares the profile orders; emitted gases, then what was taken up."""
    keep = reading.keep
    consumer, supplier, amount = ground.consumer[keep], ground.supplier[keep], ground.amount[keep]
    direct = direct_of(ground, reading)
    for joint in every:
        shares = new_shares(reading, joint)
        if shares is None:
            continue
        own = np.isin(consumer, joint.nodes)
        taken = _whole(joint, consumer[own], amount[own])
        per_unit = shares / joint.made
        burden = (direct[joint.nodes] * joint.made[:, None]).sum(axis=0) / joint.portions
        direct[joint.nodes] = per_unit[:, None] * burden
        consumer = np.concatenate([consumer[~own], np.repeat(joint.nodes, len(taken))])
        amount = np.concatenate([amount[~own], np.outer(per_unit, taken).ravel()])
        supplier = np.concatenate([supplier[~own], np.tile(supplier[own], len(joint.nodes))])
    return Equations(ground.n, consumer, supplier, amount, direct)


def _whole(joint: Joint, consumer: Ints, amount: Floats) -> Floats:
    """What the process takes in the period through each of its products' links."""
    made = dict(zip(joint.nodes.tolist(), joint.made.tolist(), strict=True))
    return np.asarray(amount * np.array([made[node] for node in consumer.tolist()]) / joint.portions)


def direct_of(ground: Ground, reading: Reading) -> Floats:
    """(n, 2m) kg per unit of each gas given off, then of each taken up, negative."""
    removed = np.zeros_like(ground.equations.direct)
    at = {gas: column for column, gas in enumerate(ground.live.gases)}
    for found in ground.emissions:
        if found.line.direction == "input" and (found.line.gas, found.line.origin) in at:
            removed[found.node, at[found.line.gas, found.line.origin]] += found.kg
    emitted = ground.equations.direct - removed
    if not reading.removed_counts:
        biogenic = np.array([origin == "biogenic" for _, origin in ground.live.gases], dtype=np.bool_)
        removed[:, ~biogenic] = 0.0
    return np.hstack([emitted, removed])


def _methods(
    ground: Ground, every: list[Joint], reading: Reading
) -> dict[int, tuple[str, list[dict[str, Any]]]]:
    found: dict[int, tuple[str, list[dict[str, Any]]]] = {}
    for joint in every:
        choice = reading.choices.get(joint.process)
        decision = choice.decision if choice else None
        told = name_of(choice, joint.method), walk_of(ground, joint.process, decision)
        found |= dict.fromkeys(joint.nodes.tolist(), told)
    return found


def _left_out(ground: Ground, reading: Reading) -> dict[int, list[dict[str, Any]]]:
    """What each process's own links bring that the profile does not count, by what they are for."""
    sums: dict[int, dict[str, float]] = {}
    out = np.flatnonzero(~reading.keep)
    brought = ground.amount[out] * ground.ghg_kg[ground.supplier[out]]
    for link, kg in zip(out.tolist(), brought.tolist(), strict=True):
        line = ground.lines.get(int(ground.line[link]))
        what = "credit" if line and line.is_avoided else kind_of(ground, line).name.lower()
        of = sums.setdefault(int(ground.consumer[link]), {})
        of[what] = of.get(what, 0.0) + kg
    return {
        node: [{"what": what, "kg_co2e": kg} for what, kg in sorted(kinds.items())]
        for node, kinds in sums.items()
    }


def _failures(
    ground: Ground, seen: Equations, reading: Reading, intensity: Floats
) -> dict[int, dict[str, Any]]:
    """Why products have no figure: their own reasons, then those of what they take, nearest first."""
    found: dict[int, dict[str, Any]] = {}
    for node, reason in _origins(ground, seen, reading, intensity):
        found.setdefault(node, reason)
    queue = deque(found)
    consumers = seen.consumers
    while queue:
        supplier = queue.popleft()
        for node in consumers.node[consumers.indptr[supplier] : consumers.indptr[supplier + 1]].tolist():
            if node not in found:
                found[node] = _passed_on(ground, supplier, node, found[supplier])
                queue.append(node)
    return found


def _passed_on(ground: Ground, supplier: int, consumer: int, reason: dict[str, Any]) -> dict[str, Any]:
    """The reason itself within a company; of another company's product only that it has no figure."""
    companies = [ground.company.get(int(ground.process[node])) for node in (supplier, consumer)]
    if ground.kinds[supplier] == FACTOR or companies[0] == companies[1]:
        return reason
    return {"code": "supplier_failed"}


def _origins(
    ground: Ground, seen: Equations, reading: Reading, intensity: Floats
) -> Iterable[tuple[int, dict[str, Any]]]:
    """Factors and processes that cannot be weighed, undecided allocations, loops that yield nothing."""
    gases = [*ground.live.gases, *ground.live.gases]
    unknown = np.flatnonzero(~np.isfinite(reading.weight))
    for column in unknown.tolist():
        gas, origin = gases[column]
        for node in np.flatnonzero(seen.direct[:, column]).tolist():
            if gas == CO2E:
                reason = {"code": "co2e_only", "gwp_set": origin, "wanted": reading.version.gwp_set}
            else:
                reason = {"code": "not_characterised", "gas": gas, "wanted": reading.version.gwp_set}
            version = ground.factors.get(node)
            yield node, reason if version is None else {**reason, "factor_version": version}
    for process, reason in reading.refused.items():
        for _, node in ground.makers[process]:
            yield node, {**reason, "process": process}
    for node in np.flatnonzero(~np.isfinite(intensity).all(axis=1)).tolist():
        yield node, {"code": "loop"}
