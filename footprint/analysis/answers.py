"""What is answered to the tree of questions before a burden is allocated: by members, else by the rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from footprint.analysis.ground import Ground
from footprint.analysis.methods import Joint
from footprint.analysis.ruled import ordered
from footprint.calculation import shares
from footprint.engine.allocation import Basis
from footprint.engine.pact_allocation import Answers, Decision, Question

PHYSICAL = (
    Basis.MASS, Basis.VOLUME, Basis.ENERGY, Basis.MOLES, Basis.HYDROGEN, Basis.EFFICIENCY, Basis.EXERGY,
)  # fmt: skip
"""Methods that rest on a physical relation."""


def answers_of(ground: Ground, joint: Joint) -> Answers:
    """What was recorded, and where nobody answered, what the inventory says.

    By the rows a process can be divided if its lines have shares of their own, a displaced product is one
    that is credited, and the physical relation is the method in force or mass. Where no price at all is
    recorded there is no price ratio. What the product category rule in force orders ends the walk.
    """
    lines = ground.inputs.lines.get(joint.process, [])
    outputs = [line for line in lines if line.is_output]
    prices = shares.prices_per_kg(joint.products, outputs, ground.inputs)
    priced = any(ground.inputs.prices.get(line.id) for line in outputs)
    divided = recorded(ground, joint.process, Question.SUBDIVISION)
    displaced = recorded(ground, joint.process, Question.SUBSTITUTION)
    return Answers(
        co_products=len(joint.products),
        subdivision_possible=joint.method == Basis.CAUSAL if divided is None else divided,
        dominant_displaced=_is_credited(ground, joint.process) if displaced is None else displaced,
        prices=prices if priced else None,
        physical=_physical(ground, joint),
        frozen=ordered(ground, joint),
    )


def recorded(ground: Ground, process: int, question: Question) -> bool | None:
    """What somebody answered; None where nobody has."""
    found = ground.answers.get(process, {}).get(question.value)
    return None if found is None else found.answer


def denied(ground: Ground) -> frozenset[int]:
    """Processes of which somebody answered that nothing of theirs displaces anything: no credit counts."""
    return frozenset(
        process for process in ground.answers if recorded(ground, process, Question.SUBSTITUTION) is False
    )


def contradiction(ground: Ground, joint: Joint) -> str:
    """Which yes the rows do not bear out any more: nothing is credited or divided by an answer alone.

    Where a rule orders the method, nobody asks.
    """
    if ordered(ground, joint) is not None:
        return ""
    if recorded(ground, joint.process, Question.SUBDIVISION) and joint.method != Basis.CAUSAL:
        return "not_divided"
    credited = _is_credited(ground, joint.process)
    return "no_credit" if recorded(ground, joint.process, Question.SUBSTITUTION) and not credited else ""


def walk_of(ground: Ground, process: int, decision: Decision | None) -> list[dict[str, Any]]:
    """The steps as JSON keeps them; ``recorded`` says that somebody answered the question."""
    if decision is None:
        return []
    return [
        {
            "question": step.question.value,
            "answer": step.answer,
            "evidence": {name: _finite(value) for name, value in step.evidence.items()},
            "recorded": step.question.value in ground.answers.get(process, {}),
        }
        for step in decision.steps
    ]


def _physical(ground: Ground, joint: Joint) -> Basis | None:
    found = ground.answers.get(joint.process, {}).get(Question.PHYSICAL.value)
    if found is not None:
        return Basis(found.basis) if found.answer else None
    return Basis(joint.method) if joint.method in PHYSICAL else Basis.MASS


def _is_credited(ground: Ground, process: int) -> bool:
    return any(line.is_avoided for line in ground.inputs.lines.get(process, []))


def _finite(value: float | str) -> float | str | None:
    return value if isinstance(value, str) or np.isfinite(value) else None
