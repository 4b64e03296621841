"""What of a frozen cohort is told: gate after gate, then the richest figures that pass all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from footprint.engine.disclosure.attack import Narrowest, self_attack, told
from footprint.engine.disclosure.differencing import changed, gives_away
from footprint.engine.disclosure.gates import WIDEST, Contributor, Gate, Outcome
from footprint.engine.disclosure.statistics import (
    ReleasePolicy,
    harrell_davis_weights,
    release_policy,
    significant,
)
from footprint.engine.disclosure.weights import LARGEST_SHARE, is_dominated, largest_share, passes_p_percent
from footprint.engine.equations import Floats
from footprint.engine.errors import NonFinite

LEFT_FREE = 3
"""Unknowns less the attacker and the independent figures: at least so many."""


@dataclass(frozen=True)
class Decision:
    """What may be told: nothing when ``blocked`` names a gate.

    ``figures`` are rounded; ``groups`` is a band.
    """

    figures: Mapping[str, Decimal]
    groups: str
    outcomes: tuple[Outcome, ...]
    blocked: Gate | None = None

    @property
    def is_open(self) -> bool:
        """Whether anything may be told."""
        return self.blocked is None


def decide(
    cohort: Mapping[int, Contributor],
    *,
    last: Mapping[int, float] | None = None,
    others: Iterable[Mapping[int, float]] = (),
) -> Decision:
    """Which figures of a cohort may be told.

    ``last`` is the cohort of the cell's last release, ``others`` those of every release it could be
    subtracted from. The same input gives the same answer.

    Shapes   contributor -> value and volume
    Units    values alike, volumes alike
    Errors   NonFinite
    Source   the alliance's release policy; statistics by size from an attack study on cohorts of 5 to 12
    """
    values = {group: each.value for group, each in cohort.items()}
    if not np.isfinite([*values.values(), *(each.volume for each in cohort.values())]).all():
        raise NonFinite("contribution")
    policy = release_policy(len(cohort))
    if not policy.released:
        return _blocked(Gate.GROUPS, ())
    passed = [Outcome(Gate.GROUPS, True)]
    if last is not None and not changed(last, values):
        return _blocked(Gate.NEWS, passed)
    earlier = [*others, *([last] if last is not None else [])]
    if gives_away(earlier, values):
        return _blocked(Gate.DIFFERENCING, passed)
    passed += [Outcome(Gate.NEWS, True), Outcome(Gate.DIFFERENCING, True)]
    return _richest(cohort, policy, passed)


def _richest(cohort: Mapping[int, Contributor], policy: ReleasePolicy, passed: list[Outcome]) -> Decision:
    ordered = np.sort(np.array([each.value for each in cohort.values()]))
    weighted, withheld = _weighted(cohort, policy)
    failed: list[Outcome] = []
    for names in _steps(policy):
        extra = weighted if "mean" in names else {}
        gate = fault(ordered, names, policy, len(extra))
        if gate is None:
            figures = {
                name: significant(float(weights_of(name, len(ordered)) @ ordered), policy.significant_digits)
                for name in names
            }
            outcomes = [*passed, Outcome(Gate.FREEDOM, True), Outcome(Gate.SELF_ATTACK, True)]
            notes = withheld if "mean" in names else ()
            return Decision(figures | extra, policy.groups_shown, (*outcomes, *failed, *notes))
        failed.append(Outcome(gate, False, names[-1]))
    return _blocked(failed[-1].gate, [*passed, *failed])


def _steps(policy: ReleasePolicy) -> Sequence[tuple[str, ...]]:
    """What may be told, the richest first."""
    steps: list[tuple[str, ...]]
    steps = [("median", "mean", "lower_quartile", "upper_quartile")] if policy.quartiles else []
    steps += [("median", "mean")] if policy.mean else []
    return [*steps, ("median",)]


def fault(ordered: Floats, names: Sequence[str], policy: ReleasePolicy, extra: int = 0) -> Gate | None:
    """The gate that stops these figures of a cohort; ``extra`` are told beside them.

    Shapes   ordered: (n,) ascending
    Units    values alike
    Errors   NonFinite
    Source   the alliance's release policy
    """
    if len(ordered) - 1 - len(names) - extra < LEFT_FREE:
        return Gate.FREEDOM
    return None if _attacked(ordered, names, policy).holds else Gate.SELF_ATTACK


def _attacked(ordered: Floats, names: Sequence[str], policy: ReleasePolicy) -> Narrowest:
    weights = np.array([weights_of(name, len(ordered)) for name in names])
    release = told(ordered, weights, policy.significant_digits)
    middle = abs(float(release.figures[0]))
    low, high = min(middle / WIDEST, ordered[0]), max(middle * WIDEST, ordered[-1])
    return self_attack(ordered, release, float(low), float(high))


def weights_of(name: str, n: int) -> Floats:
    """How a figure weighs the ranks of a cohort.

    Shapes   (n,)
    Units    dimensionless
    Errors   NoBasis when n is 0
    Source   Harrell and Davis (1982)
    """
    quantiles = {"median": 0.5, "lower_quartile": 0.25, "upper_quartile": 0.75}
    return harrell_davis_weights(n, quantiles[name]) if name in quantiles else np.full(n, 1.0 / n)


def _weighted(
    cohort: Mapping[int, Contributor], policy: ReleasePolicy
) -> tuple[dict[str, Decimal], tuple[Outcome, ...]]:
    """The mean weighted by volume, when nobody is too large in it."""
    if not policy.weighted_mean_if_gates_pass:
        return {}, ()
    volumes = np.array([each.volume for each in cohort.values()])
    values = np.array([each.value for each in cohort.values()])
    outcomes = (
        Outcome(Gate.SHARE, largest_share(volumes) <= LARGEST_SHARE, "weighted_mean"),
        Outcome(Gate.P_PERCENT, passes_p_percent(volumes), "weighted_mean"),
        Outcome(Gate.DOMINANCE, not is_dominated(volumes), "weighted_mean"),
    )
    if not all(each.passed for each in outcomes):
        return {}, outcomes
    mean = float(values @ volumes / volumes.sum())
    return {"weighted_mean": significant(mean, policy.significant_digits)}, outcomes


def _blocked(gate: Gate, before: Sequence[Outcome]) -> Decision:
    known = {each.gate for each in before if not each.passed}
    outcomes = (*before, *(() if gate in known else (Outcome(gate, False),)))
    return Decision({}, "", outcomes, gate)
