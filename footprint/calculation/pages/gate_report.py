"""What the gate says of a submission, each finding with the process and the line it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.actor import Actor
from accounts.forms import named
from footprint.inventory import gate, queries
from footprint.inventory import submission_words as words
from footprint.inventory.gate_words import check_name, sentence
from footprint.inventory.lines import line_name
from footprint.inventory.models import FrozenCopy, Submission

Record = dict[str, Any]


def findings_shown(actor: Actor, found: Submission, copy: FrozenCopy | None, *, is_own: bool) -> list[Record]:
    """What it says now, while it can still be mended; later what it said of the copy."""
    if is_own and found.state in ("draft", "returned"):
        records = [each.record() for each in gate.findings(actor, found.inventory)]
        return _told(records, _names_now(actor, found, records))
    return _told(list(copy.findings), _names_then(copy)) if copy else []


def _told(records: Sequence[Record], names: dict[str, str]) -> list[Record]:
    return [
        {
            "check": check_name(record["check"]),
            "blocks": record["severity"] == gate.BLOCKS,
            "process": names.get(record["process"], record["process_code"]),
            "process_uuid": record["process"],
            "line": record["line"],
            "line_name": names.get(record["line"], ""),
            "field": words.field_name(record["field"]) if record["field"] else "",
            "words": sentence(record),
            "clause_url": _clause_url(record.get("words", {})),
        }
        for record in records
    ]


def _clause_url(words: Record) -> str:
    """Where the rule says what a finding is about; of copies that are older than this, nowhere."""
    if "category" not in words:
        return ""
    query = urlencode({"version": words["version"], "tab": "rules"})
    return f"{reverse('rules:rule', args=[words['category']])}?{query}#{words['address']}"


def _names_now(actor: Actor, found: Submission, records: Sequence[Record]) -> dict[str, str]:
    """By uuid, what the processes and the lines of these findings are called."""
    lines = queries.lines(actor).filter(uuid__in=[each["line"] for each in records if each["line"]])
    processes = queries.processes(actor, [found.inventory_id])
    return {
        **{str(process.uuid): named(process) for process in processes},
        **{
            str(line.uuid): line_name(line)
            for line in lines.select_related("product", "factor_version__factor")
        },
    }


def _names_then(copy: FrozenCopy) -> dict[str, str]:
    """As ``_names_now``, of what was handed in."""
    names: dict[str, str] = {}
    for process in copy.content["processes"]:
        names[process["uuid"]] = named(process)
        names |= {line["uuid"]: words.line_name(line) for line in process["lines"]}
    return names
