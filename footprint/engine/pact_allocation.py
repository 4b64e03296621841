"""The allocation tree of PACT over recorded answers: which method, by which steps, how stable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.allocation import Basis, known
from footprint.engine.errors import OutOfBounds, Unanswered, WrongShape

PRICE_RATIO = 5.0
"""Highest over lowest value beyond which PACT orders economic allocation; a profile may say another."""
KNIFE_EDGE = 1e-12
"""Relative rounding of decimal prices: a ratio of exactly five stays five."""
ENOUGH_YEARS = 3
"""Years of prices from which on a flip says something."""


class Method(StrEnum):
    """What the tree can end in."""

    SINGLE = "single"
    FROZEN = "frozen"
    SUBDIVISION = "subdivision"
    SUBSTITUTION = "substitution"
    ECONOMIC = "economic"
    PHYSICAL = "physical"
    OTHER = "other"


class Question(StrEnum):
    """What is asked on the way, in this order."""

    SEVERAL = "several"
    """Does the process have more than one co-product?"""
    FROZEN = "frozen"
    """Does a product category rule order a method?"""
    SUBDIVISION = "subdivision"
    """Can the process be divided so that nothing has to be allocated?"""
    SUBSTITUTION = "substitution"
    """Is there a dominant, identifiable displaced product, by consensus of the sector?"""
    PRICE_RATIO = "price_ratio"
    """Is the highest price more than so many times the lowest? No answer where there are no prices."""
    PHYSICAL = "physical"
    """Is there a physical amount that every co-product carries?"""


@dataclass(frozen=True)
class Step:
    """One question with its answer and the numbers it rests on; kept with the result and shown."""

    question: Question
    answer: bool | None
    evidence: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """What was recorded for one process; None where nobody has answered.

    Shapes   prices: year -> one price per co-product, NaN where not looked up; None says that no
             prices exist. A co-product without value has a price of zero
    Units    prices: one currency per one physical unit common to all co-products
    """

    co_products: int
    subdivision_possible: bool | None = None
    dominant_displaced: bool | None = None
    prices: Mapping[int, tuple[float, ...]] | None = None
    physical: Basis | None = Basis.MASS
    """Mass unless the rule says litres for liquids or energy for carriers; None where none is known."""
    frozen: Basis | None = None


@dataclass(frozen=True)
class Decision:
    """The method, how it was found, and in which years prices alone would have found another.

    ``basis`` is what to allocate by: the frozen or physical one, ECONOMIC, CAUSAL after subdivision;
    None for substitution and where the tree leaves it open.
    """

    method: Method
    basis: Basis | None
    steps: tuple[Step, ...]
    ratio: float | None
    """Of the prices averaged over complete years."""
    ratios: Mapping[int, float]
    flips: tuple[int, ...]
    """Years whose own ratio orders another basis than the one decided on."""

    @property
    def flip_warning(self) -> bool:
        """Whether the method hangs on the year looked at."""
        return bool(self.flips)

    @property
    def enough_years(self) -> bool:
        """Whether there are prices of at least three complete years."""
        return len(self.ratios) >= ENOUGH_YEARS


def price_ratio(prices: ArrayLike) -> float:
    """Highest over lowest price of the co-products, per common physical unit.

    Shapes   (n,) prices in one currency per one unit; result: one number, infinite when one has no value
    Units    dimensionless
    Errors   NoBasis when a price is missing or all are zero; NegativeBasis
    Source   PACT Methodology v3, allocation: co-products with the highest and the lowest value
    """
    amount = known(np.array(prices, dtype=np.float64).reshape(-1), "price")
    lowest, highest = float(amount.min()), float(amount.max())
    return highest / lowest if lowest > 0.0 else float("inf")


def decide(
    answers: Answers, limit: float = PRICE_RATIO, questions: Sequence[Question] = tuple(Question)
) -> Decision:
    """Walk the tree and write down every step.

    Shapes   see ``Answers`` and ``Decision``; limit: the ratio of prices of the method;
             questions: in the order in which it asks them
    Units    see ``Answers``; limit dimensionless
    Errors   OutOfBounds unless the limit is above 1; Unanswered, with the question that is open; WrongShape
             when a year has not one price per co-product; NoBasis, NegativeBasis for impossible prices
    Source   PACT Methodology v3 by way of its how-to guide: subdivision, substitution, economic above a
             ratio of five, physical, other; a product category rule comes first
    """
    if not limit > 1.0:
        raise OutOfBounds("A ratio of prices that orders economic allocation is above 1.")
    steps: list[Step] = []
    prices = answers.prices or {}
    ratios = _ratios(prices, answers.co_products)
    ratio = price_ratio(np.mean([prices[year] for year in ratios], axis=0)) if ratios else None
    for question in questions:
        step, method = _ask(question, answers, ratio, limit, len(ratios))
        steps.append(step)
        if method is not None:
            basis = _basis(method, answers)
            return Decision(method, basis, tuple(steps), ratio, ratios, _flips(basis, ratios, answers, limit))
    method = Method.ECONOMIC if ratio is not None else Method.OTHER
    basis = _basis(method, answers)
    return Decision(method, basis, tuple(steps), ratio, ratios, ())


def _ask(
    question: Question, answers: Answers, ratio: float | None, limit: float, years: int
) -> tuple[Step, Method | None]:
    """One step, and the method where it ends the walk."""
    evidence: dict[str, float | str] = {}
    answer: bool | None
    match question:
        case Question.SEVERAL:
            answer, evidence = answers.co_products > 1, {"co_products": float(answers.co_products)}
            return Step(question, answer, evidence), None if answer else Method.SINGLE
        case Question.FROZEN:
            answer = answers.frozen is not None
            evidence = {"basis": answers.frozen.value} if answers.frozen is not None else {}
        case Question.SUBDIVISION:
            answer = _answered(answers.subdivision_possible, question)
        case Question.SUBSTITUTION:
            answer = _answered(answers.dominant_displaced, question)
        case Question.PRICE_RATIO:
            if answers.prices is not None and ratio is None:
                raise Unanswered(question)
            answer = None if ratio is None else _above(ratio, limit)
            evidence = {} if ratio is None else {"ratio": ratio, "limit": limit, "years": float(years)}
        case Question.PHYSICAL:
            answer = answers.physical is not None
            evidence = {"basis": answers.physical.value} if answers.physical is not None else {}
    return Step(question, answer, evidence), _ENDS[question] if answer else None


_ENDS = {
    Question.FROZEN: Method.FROZEN,
    Question.SUBDIVISION: Method.SUBDIVISION,
    Question.SUBSTITUTION: Method.SUBSTITUTION,
    Question.PRICE_RATIO: Method.ECONOMIC,
    Question.PHYSICAL: Method.PHYSICAL,
}
"""What a yes ends in."""


def _basis(method: Method, answers: Answers) -> Basis | None:
    return {
        Method.SINGLE: Basis.NONE,
        Method.FROZEN: answers.frozen,
        Method.SUBDIVISION: Basis.CAUSAL,
        Method.ECONOMIC: Basis.ECONOMIC,
        Method.PHYSICAL: answers.physical,
    }.get(method)


def _answered(answer: bool | None, question: Question) -> bool:
    if answer is None:
        raise Unanswered(question)
    return answer


def _above(ratio: float, limit: float) -> bool:
    return ratio > limit * (1.0 + KNIFE_EDGE)


def _ratios(prices: Mapping[int, tuple[float, ...]], co_products: int) -> dict[int, float]:
    """The ratio of every year that is complete, ascending."""
    found: dict[int, float] = {}
    for year in sorted(prices):
        if len(prices[year]) != co_products:
            raise WrongShape(f"The year {year} must have {co_products} prices.")
        if np.isfinite(prices[year]).all():
            found[year] = price_ratio(prices[year])
    return found


def _flips(
    basis: Basis | None, ratios: Mapping[int, float], answers: Answers, limit: float
) -> tuple[int, ...]:
    """Years in which the ratio test alone would order another basis; none where it plays no part."""
    physical = answers.physical
    if physical is None or basis not in (Basis.ECONOMIC, physical):
        return ()
    return tuple(
        year
        for year, ratio in ratios.items()
        if (Basis.ECONOMIC if _above(ratio, limit) else physical) is not basis
    )
