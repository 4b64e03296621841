"""Run all cases against one endpoint, in order, each with what was said during it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from footprint.partners.conformance.asking import Endpoint, Exchange, Reply


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


class Failed(Exception):
    """The endpoint does not do what the case expects; the text says what came instead."""


class Warned(Exception):
    """It does, but not quite as it should."""


class Skipped(Exception):
    """The case cannot be tried here."""


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


@dataclass(frozen=True)
class Case:
    """One check."""

    number: str
    title_zh: str
    title_en: str
    kind: Kind
    check: Check


@dataclass(frozen=True)
class Result:
    """What became of a case."""

    case: Case
    outcome: Outcome
    why: str
    exchanges: list[Exchange]


def run(cases: list[Case], endpoint: Endpoint, reference: Reference) -> Iterator[Result]:
    """Every case, one after the other."""
    for case in cases:
        begun = len(endpoint.exchanges)
        outcome, why = Outcome.PASSED, ""
        try:
            case.check(endpoint, reference)
        except Warned as warning:
            outcome, why = Outcome.WARNED, str(warning)
        except Skipped as reason:
            outcome, why = Outcome.SKIPPED, str(reason)
        except (Failed, KeyError, TypeError, AttributeError, IndexError) as failure:
            # an answer of another shape than expected is the endpoint's failure, not ours
            outcome, why = Outcome.FAILED, str(failure) or type(failure).__name__
        yield Result(case, outcome, why, endpoint.exchanges[begun:])


def expect(is_so: bool, why: str) -> None:
    """Go on, or fail with what is wrong."""
    if not is_so:
        raise Failed(why)


def expect_status(reply: Reply, *wanted: int) -> None:
    """One of the statuses."""
    expect(reply.status in wanted, f"HTTP {reply.status} instead of {' or '.join(map(str, wanted))}")


def is_conformant(results: list[Result]) -> bool:
    """Whether every mandatory case passed."""
    fine = (Outcome.PASSED, Outcome.WARNED)
    return all(each.outcome in fine for each in results if each.case.kind is Kind.MANDATORY)
