"""The attacks gain next to nothing on what is released, and much on what is neither rounded nor gated.

The figures over many games: benchmarks/bench_attacks.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from footprint.engine.disclosure.decision import Decision
from footprint.engine.disclosure.gates import Contributor
from footprint.engine.disclosure.parts import PartsDecision
from tests.footprint.benchmark.attacks import Apart, Score, play
from tests.footprint.benchmark.cohorts import SIGNING_KEY

pytestmark = pytest.mark.django_db
DIFFERENCES = ("newcomer", "leaver", "collusion")


@pytest.fixture(autouse=True)
def signing(settings: Any) -> None:
    settings.PUBLICATION_SIGNING_KEY = SIGNING_KEY


def unguarded(cohort: Mapping[int, Contributor], **_: Any) -> Decision:
    """A live mean with every digit, as a platform without gates would show it."""
    values = np.array([each.value for each in cohort.values()])
    mean = Decimal(repr(float(values.mean())))
    return Decision({"median": Decimal(repr(float(np.median(values)))), "mean": mean}, "12+", ())


def test_nothing_is_gained_from_what_is_released() -> None:
    score = play([6, 9, 12], seed=3)
    assert score.released >= 6 and score.blocked >= 6
    assert score.gain("metadata") == 0.0
    assert score.singled_out == 0
    assert sum(score.tries[name] for name in DIFFERENCES) > 50
    hits, blind = (sum(found[name] for name in DIFFERENCES) for found in (score.hits, score.blind))
    assert hits - blind <= 0.08 * sum(score.tries[name] for name in DIFFERENCES)


def test_the_attacks_would_work_without_the_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footprint.benchmark.actions.prepare.decide", unguarded)
    score = play([9], seed=3)
    assert score.blocked == 0
    assert score.singled_out >= 3
    assert score.hits["filter"] >= 3, "all but one, taken from all, is that one"
    assert score.hits["metadata"] == score.blind["metadata"] == score.tries["metadata"] / 2


def unguarded_parts(
    cohort: Mapping[int, Contributor], apart: Mapping[int, Mapping[str, float]], *_: Any, **__: Any
) -> PartsDecision:
    """Live means of parts with every digit."""
    names = next(iter(apart.values()))
    means = {name: sum(each[name] for each in apart.values()) / len(apart) for name in names}
    return PartsDecision({name: Decimal(repr(mean)) for name, mean in means.items()}, ())


def lived_through(games: int) -> Score:
    score = Score()
    for game in range(games):
        Apart((5, 6)[game % 2], 40 + game).live_through(score)
    return score


def test_nothing_is_gained_from_the_parts_of_a_median() -> None:
    score = lived_through(30)
    assert score.tries["middle"] > 100 and score.tries["parts"] > 20
    for attack in ("middle", "parts"):
        assert score.gain(attack) <= 0.08


def test_parts_without_gates_give_newcomers_and_leavers_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.footprint.benchmark.attacks.decide", unguarded)
    monkeypatch.setattr("tests.footprint.benchmark.attacks.decide_parts", unguarded_parts)
    score = lived_through(10)
    assert score.gain("parts") > 0.05
