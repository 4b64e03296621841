"""Run all cases against one endpoint, in order, each with what was said during it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_noop as _

from footprint.partners.conformance.asking import Endpoint, Exchange
from footprint.partners.conformance.endings import OTHER_SHAPE, Ending, Failed, Skipped, Warned, worded


class Outcome(StrEnum):
    """How a case ended."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    SKIPPED = "skipped"


class Kind(StrEnum):
    """What depends on a case."""

    MANDATORY = "mandatory"
    OPTIONAL = "optional"
    STRICT = "strict"
    """Ours: what the standard says and the official suite does not look at."""


@dataclass
class Reference:
    """What the preparation found, and how answers to our events are heard."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    link: str = ""
    first: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    answer_to: Callable[[str], dict[str, Any] | None] | None = None
    run: str = ""


Check = Callable[[Endpoint, Reference], None]
NOTHING_TRIED = _("Not tried: without a token and a list of footprints nothing can be.")


@dataclass(frozen=True)
class Case:
    """One check. Where ``is_basis`` fails, nothing after it can be tried."""

    number: str
    title_zh: str
    title_en: str
    kind: Kind
    check: Check
    is_basis: bool = False


@dataclass(frozen=True)
class Result:
    """What became of a case."""

    case: Case
    outcome: Outcome
    sentence: str
    told: dict[str, str]
    exchanges: list[Exchange]

    @property
    def why(self) -> str:
        """In the language of the moment; empty where it passed."""
        return worded(self.sentence, self.told)


def run(cases: list[Case], endpoint: Endpoint, reference: Reference) -> Iterator[Result]:
    """Every case, one after the other."""
    lost: Ending | None = None
    for case in cases:
        begun = len(endpoint.exchanges)
        outcome, why = (Outcome.SKIPPED, lost) if lost else _tried(case, endpoint, reference)
        told = {name: endpoint.hushed(value) for name, value in why.told.items()} if why else {}
        yield Result(case, outcome, why.sentence if why else "", told, endpoint.exchanges[begun:])
        if case.is_basis and outcome is not Outcome.PASSED:
            lost = Skipped(NOTHING_TRIED)


def _tried(case: Case, endpoint: Endpoint, reference: Reference) -> tuple[Outcome, Ending | None]:
    try:
        case.check(endpoint, reference)
    except Warned as warning:
        return Outcome.WARNED, warning
    except Skipped as reason:
        return Outcome.SKIPPED, reason
    except Failed as failure:
        return Outcome.FAILED, failure
    except (KeyError, TypeError, AttributeError, IndexError, AssertionError, ValueError) as failure:
        # an answer of another shape than expected is the endpoint's failure, not ours
        return Outcome.FAILED, Failed(OTHER_SHAPE, name=str(failure) or type(failure).__name__)
    return Outcome.PASSED, None


class Verdict(StrEnum):
    """What the cases say together."""

    CONFORMS = "conforms"
    AS_FAR = "as_far"
    """Nothing mandatory failed, and something mandatory could not be tried."""
    FAILS = "fails"


def verdict(outcomes: Iterable[tuple[Kind, Outcome]]) -> Verdict:
    """Of mandatory cases alone."""
    found = {outcome for kind, outcome in outcomes if kind is Kind.MANDATORY}
    if Outcome.FAILED in found:
        return Verdict.FAILS
    return Verdict.AS_FAR if Outcome.SKIPPED in found else Verdict.CONFORMS


def is_conformant(results: list[Result]) -> bool:
    """Whether every mandatory case passed."""
    return verdict((each.case.kind, each.outcome) for each in results) is Verdict.CONFORMS
