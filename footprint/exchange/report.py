"""What an import wants its reader to know, as a table that any spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from accounts.errors import Text
from accounts.exports import Figure, safe
from footprint.exchange.confined.problems import Problem
from footprint.exchange.openlca.sentences import sentence

HEADER = ("kind", "process", "flow", "amount", "unit", "message", "file", "field")
KINDS: dict[str, Text] = {
    "cut_off": gettext_lazy("Cut-off"),
    "unlinked_waste": gettext_lazy("Waste without treatment"),
    "provider_replaced": gettext_lazy("Other provider taken"),
    "allocation_unused": gettext_lazy("Allocation not in force"),
    "note": gettext_lazy("Note"),
    "count": gettext_lazy("Number"),
}
COUNTS: dict[str, Text] = {
    "processes": gettext_lazy("Unit processes"),
    "columns": gettext_lazy("Product columns"),
    "products": gettext_lazy("Products and wastes"),
    "exchanges": gettext_lazy("Exchanges"),
    "cut_offs": gettext_lazy("Cut-offs"),
    "unlinked_wastes": gettext_lazy("Wastes without treatment"),
    "replaced_providers": gettext_lazy("Other providers taken"),
    "unused_allocations": gettext_lazy("Allocation sets not in force"),
    "uncharacterised_flows": gettext_lazy("Other elementary flows"),
    "notes": gettext_lazy("Notes"),
}


def rows(summary: Mapping[str, int], findings: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    """The report: the counts, then a row for every finding, in the language of the moment."""
    for count, label in COUNTS.items():
        yield ["count", "", "", Figure(summary.get(count, 0)), "", str(label), "", ""]
    for found in findings:
        problem = problem_of(found["problem"])
        yield [
            *(found["kind"], found["process"], found["flow"], found["amount"], found["unit"]),
            *(sentence(problem), problem.file, problem.field),
        ]


def as_csv(summary: Mapping[str, int], findings: Iterable[Mapping[str, Any]]) -> str:
    """The report as a file of an operator's."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows([safe(cell) for cell in row] for row in rows(summary, findings))
    return out.getvalue()


def counts(summary: Mapping[str, int]) -> list[tuple[str, int]]:
    """The counts with their labels."""
    return [(str(label), summary.get(name, 0)) for name, label in COUNTS.items()]


def problem_of(record: Mapping[str, Any]) -> Problem:
    """A stored problem."""
    return Problem(record["code"], record["file"], record["field"], dict(record["values"]))


def problem_rows(records: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Stored problems as (file, field, sentence)."""
    found = [problem_of(record) for record in records]
    return [(one.file, one.field, sentence(one)) for one in found]
