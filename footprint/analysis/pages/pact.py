"""PACT's allocation tree as it was walked for one process, and whether the years of prices agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from accounts.actor import Actor
from accounts.policy import can
from accounts.roles import Permission
from footprint.analysis import queries
from footprint.analysis.models import ProfileFigure
from footprint.analysis.pages.differences import method_name
from footprint.analysis.pages.refusals import refused
from footprint.calculation.models import Footprint
from footprint.calculation.pages import pricing
from footprint.engine.pact_allocation import Question
from footprint.inventory import queries as inventory
from footprint.inventory.actions.process import coproducts
from footprint.inventory.models import AllocationAnswer

PACT = "pact"
"""What the code of PACT's profile begins with."""
QUESTIONS = {
    Question.SEVERAL: gettext_lazy("Does the process have more than one co-product?"),
    Question.FROZEN: gettext_lazy("Does a product category rule order a method?"),
    Question.SUBDIVISION: gettext_lazy("Can the process be divided so that nothing has to be allocated?"),
    Question.SUBSTITUTION: gettext_lazy("Is there a dominant, identifiable displaced product?"),
    Question.PRICE_RATIO: gettext_lazy("Is the highest price above the limit, as a multiple of the lowest?"),
    Question.PHYSICAL: gettext_lazy("Is there a physical quantity that every co-product carries?"),
}
OF_PRICES = ("ratio", "limit", "years")
"""Evidence that says something about prices."""


@dataclass(frozen=True)
class Step:
    """A question in words with its answer and what the answer rests on."""

    question: str
    answer: str
    evidence: str
    recorded: AllocationAnswer | None
    """Who answered, when and on what source; None where the inventory was read."""


def asked(actor: Actor, footprint: Footprint) -> dict[str, Any]:
    """Context: the walk, its end, the price years and the warning; ratios for those who may see prices."""
    walked = next(
        (
            figure
            for figure in queries.profile_figures(actor, footprint)
            if figure.profile_version.profile.code.startswith(PACT)
        ),
        None,
    )
    recorded = inventory.answers(actor, footprint.process)
    sees = bool(can(actor, Permission.READ_PRICES, company_id=footprint.company_id))
    process = footprint.process
    prices = pricing.of_process(actor, process, coproducts(process)) if sees else pricing.Judged([])
    return {
        "pact": walked,
        "steps": steps(walked, sees, recorded) if walked else [],
        "pact_failure": _why_not(actor, walked),
        "ends_in": method_name(walked.method) if walked and walked.method else "",
        "sees_prices": sees,
        "prices": prices,
    }


def _why_not(actor: Actor, walked: ProfileFigure | None) -> str:
    if walked is None or walked.failure is None:
        return ""
    return refused(actor, [walked])[walked.pk].words


def steps(walked: ProfileFigure, sees_prices: bool, recorded: Mapping[str, AllocationAnswer]) -> list[Step]:
    """The questions in the order in which they were asked."""
    return [
        Step(
            str(QUESTIONS.get(row["question"], row["question"])),
            _answer(row["answer"]),
            _evidence(row.get("evidence", {}), sees_prices),
            recorded.get(row["question"]) if row.get("recorded") else None,
        )
        for row in walked.walk
    ]


def _answer(answer: bool | None) -> str:
    if answer is None:
        return _("Not answered")
    return _("Yes") if answer else _("No")


def _evidence(evidence: Mapping[str, Any], sees_prices: bool) -> str:
    words = {
        "co_products": _("co-products"),
        "basis": _("by"),
        "ratio": _("ratio"),
        "limit": _("limit"),
        "years": _("complete years of prices"),
    }
    shown = [
        f"{words.get(key, key)}: {_value(value)}"
        for key, value in evidence.items()
        if sees_prices or key not in OF_PRICES
    ]
    return " · ".join(shown)


def _value(value: float | str | None) -> str:
    if value is None:
        return "∞"
    if isinstance(value, str):
        return method_name(value)
    return str(int(value)) if value == int(value) else figures.significant(value, 3)
