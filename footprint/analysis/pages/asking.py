"""Levers in an address: every scenario is a link that colleagues can open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from accounts.errors import Refusal, Refusals, Text
from footprint.analysis.levers import PROVIDERS, Lever, read
from footprint.calculation.pages import provider

NAMES = ("line", "amount", "percent", "provider", "share")
SORTS = {"provider_process": "process", "provider_product": "product", "factor_version": "factor"}


@dataclass
class Typed:
    """A lever as it was typed, with what is wrong with it by field."""

    line: str
    amount: str = ""
    percent: str = ""
    provider: str = ""
    share: str = ""
    errors: dict[str, list[Text]] = field(default_factory=dict)

    @property
    def stated(self) -> dict[str, Any]:
        """As ``levers.read`` takes it."""
        chosen = provider.changes(self.provider) if self.provider else {}
        told = {"exchange": self.line, "amount": self.amount, "percent": self.percent, "share": self.share}
        return told | chosen


def typed(query: QueryDict) -> list[Typed]:
    """The levers of an address; a line that is to be added comes last, one to be removed is left out."""
    columns = [query.getlist(name) for name in NAMES]
    rows = []
    for at, line in enumerate(columns[0]):
        told = [column[at] if at < len(column) else "" for column in columns[1:]]
        amount, percent, chosen, share = told
        rows.append(Typed(line, amount, percent, chosen, share))
    added = query.get("add", "")
    if added and all(row.line != added for row in rows):
        rows.append(Typed(added))
    return [row for row in rows if row.line and row.line != query.get("remove")]


def stated(rows: Sequence[Typed]) -> tuple[Lever, ...]:
    """The levers. Raises Refusal, Refusals."""
    return read([row.stated for row in rows])


def address(rows: Iterable[Typed], **more: str) -> str:
    """The query string that says the same again."""
    pairs = [(name, value) for name, value in more.items() if value]
    for row in rows:
        pairs += [(name, getattr(row, name)) for name in NAMES]
    return urlencode(pairs)


def written(records: Iterable[Mapping[str, str]]) -> list[Typed]:
    """Saved levers as somebody would have typed them."""
    return [
        Typed(
            record["exchange"],
            record.get("amount", ""),
            record.get("percent", ""),
            next((f"{SORTS[name]}:{record[name]}" for name in PROVIDERS if name in record), ""),
            record.get("share", ""),
        )
        for record in records
    ]


def place(rows: Sequence[Typed], refused: Refusal | Refusals) -> list[Text]:
    """Put refusals beside the levers they are about; what is about none of them comes back."""
    rest: list[Text] = []
    for refusal in refused.refusals if isinstance(refused, Refusals) else [refused]:
        if isinstance(refusal.row, int) and refusal.row <= len(rows):
            name = "provider" if refusal.field in PROVIDERS else refusal.field or "line"
            name = name if name in NAMES else "line"
            rows[refusal.row - 1].errors.setdefault(name, []).append(refusal.message)
        else:
            rest.append(refusal.message)
    return rest
