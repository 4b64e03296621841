"""What is kept of a run, and how it is told: in a page, as JSON, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.errors import Text
from accounts.outgoing import SENTENCES
from footprint.partners.conformance.endings import worded
from footprint.partners.conformance.run import Kind, Outcome, Result, Verdict, verdict

Record = dict[str, Any]
OUTCOMES: dict[Outcome, tuple[Text, str]] = {
    Outcome.PASSED: (_("Passed"), "good"),
    Outcome.WARNED: (_("Passed with a warning"), "wait"),
    Outcome.FAILED: (_("Failed"), "bad"),
    Outcome.SKIPPED: (_("Not tried"), ""),
}
KINDS: dict[Kind, Text] = {
    Kind.MANDATORY: _("Mandatory"),
    Kind.OPTIONAL: _("Optional"),
    Kind.STRICT: _("Beyond the official suite"),
}
HEADS: tuple[Text, ...] = (
    _("Case"),
    _("What is tried"),
    _("Demand"),
    _("Outcome"),
    _("Why"),
    _("Request"),
    _("What was sent"),
    _("Status"),
    _("Answer"),
    _("Seconds"),
)


@dataclass(frozen=True)
class Line:
    """One case as a page shows it."""

    number: str
    title: str
    kind: str
    outcome: str
    label: str
    tone: str
    why: str
    exchanges: list[Record]


def record(result: Result) -> Record:
    """A result as it is kept: sentences are put into words when they are read."""
    return {
        "case": result.case.number,
        "title_zh": result.case.title_zh,
        "title_en": result.case.title_en,
        "kind": result.case.kind.value,
        "outcome": result.outcome.value,
        "sentence": result.sentence,
        "told": result.told,
        "exchanges": [asdict(each) for each in result.exchanges],
    }


def counted(records: Iterable[Record]) -> tuple[Verdict, dict[str, int]]:
    """What the cases say together, and how many ended how."""
    kept = [(Kind(each["kind"]), Outcome(each["outcome"])) for each in records]
    ended = [outcome for _kind, outcome in kept]
    numbers = {
        "passed": ended.count(Outcome.PASSED) + ended.count(Outcome.WARNED),
        "failed": ended.count(Outcome.FAILED),
        "skipped": ended.count(Outcome.SKIPPED),
    }
    return verdict(kept), numbers


def lines(records: Iterable[Record]) -> list[Line]:
    """For a page, in the language of the moment."""
    return [_line(each) for each in records]


def _line(each: Record) -> Line:
    outcome = Outcome(each["outcome"])
    label, tone = OUTCOMES[outcome]
    is_chinese = (translation.get_language() or "").startswith("zh")
    return Line(
        each["case"],
        each["title_zh"] if is_chinese else each["title_en"],
        str(KINDS[Kind(each["kind"])]),
        outcome.value,
        str(label),
        tone,
        worded(each["sentence"], each["told"]),
        [{**one, "answer": _answer(one)} for one in each["exchanges"]],
    )


def _answer(exchange: Mapping[str, Any]) -> str:
    """What came back; where nothing did, why."""
    answer = str(exchange["answer"])
    return str(SENTENCES.get(answer, answer)) if exchange["status"] == 0 else answer


def told(records: Iterable[Record]) -> list[Record]:
    """For systems: both languages at once."""
    return [
        {
            **{name: each[name] for name in ("case", "title_zh", "title_en", "kind", "outcome")},
            "why_zh": _in("zh-hans", each),
            "why_en": _in("en", each),
            "exchanges": each["exchanges"],
        }
        for each in records
    ]


def _in(language: str, each: Record) -> str:
    with translation.override(language):
        return worded(each["sentence"], each["told"])


def table(records: Iterable[Record]) -> Iterator[list[str]]:
    """A row for every exchange, one for a case without any."""
    for each in lines(records):
        case = [each.number, each.title, each.kind, each.label, each.why]
        for one in each.exchanges or [{}]:
            asked = f"{one['method']} {one['url']}" if one else ""
            rest = [str(one.get(name, "")) for name in ("sent", "status", "answer", "seconds")]
            yield [*case, asked, *rest]
