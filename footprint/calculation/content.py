"""What a column is made of: a record that is kept for ever, and the numbers the network takes from it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

Column = tuple[int, int]
"""A process and one of its products."""
GasKey = tuple[str, str]
"""A gas code and an origin."""
Supplier = tuple[str, Any, Any]
"""("gas", code, origin), ("factor", version, 0) or ("column", process, product)."""

NAMES = {"gas": ("gas", "origin"), "factor": ("version", ""), "column": ("process", "product")}


class Burden(NamedTuple):
    """One line's part in a column.

    ``taken`` is what the whole process takes in the period, in the supplier's unit (kg of a gas), negative
    for a credit; ``share`` is the column's part of it.
    """

    line: int
    data_type: str
    supplier: Supplier
    taken: Decimal
    share: float

    def record(self) -> dict[str, Any]:
        """As JSON keeps it; exact decimals as text."""
        kind, *what = self.supplier
        named = {name: value for name, value in zip(NAMES[kind], what, strict=True) if name}
        return {
            "line": self.line,
            "data_type": self.data_type,
            "kind": kind,
            **named,
            "taken": str(self.taken),
            "share": self.share,
        }

    @classmethod
    def of(cls, record: dict[str, Any]) -> Burden:
        """The reverse of ``record``."""
        kind = record["kind"]
        first, second = NAMES[kind]
        supplier = (kind, record[first], record[second] if second else 0)
        return cls(record["line"], record["data_type"], supplier, Decimal(record["taken"]), record["share"])


@dataclass(frozen=True, slots=True)
class Content:
    """What a column takes and emits, as the whole process does in its period.

    ``made`` is the process's output of the product in ``unit``, the product's declared unit. ``share`` is the
    column's part of the process, None where every line has its own.
    """

    unit: str
    made: Decimal
    share: float | None
    method: str
    burdens: tuple[Burden, ...]

    def per_unit(self, burden: Burden) -> float:
        """The burden per declared unit of the product."""
        return burden.share * float(burden.taken / self.made)

    def record(self) -> dict[str, Any]:
        """As JSON keeps it; exact decimals as text."""
        return {
            "unit": self.unit,
            "made": str(self.made),
            "share": self.share,
            "method": self.method,
            "burdens": [burden.record() for burden in self.burdens],
        }

    @classmethod
    def of(cls, record: dict[str, Any]) -> Content:
        """The reverse of ``record``."""
        burdens = tuple(map(Burden.of, record["burdens"]))
        share = record["share"]
        made = Decimal(record["made"])
        return cls(record["unit"], made, None if share is None else float(share), record["method"], burdens)


@dataclass(frozen=True)
class State:
    """A column between two changes: its content, or why its process cannot be calculated."""

    year: int
    content: Content | None = None
    fault: dict[str, Any] | None = None
    known_digest: str = field(default="", compare=False)

    @property
    def record(self) -> dict[str, Any] | None:
        """The content as JSON keeps it."""
        return self.content.record() if self.content else None

    @cached_property
    def text(self) -> str:
        """The record as text."""
        return _told(self.record)

    @cached_property
    def digest(self) -> str:
        """Identifies year, content and fault; equal digests are no change."""
        if self.known_digest:
            return self.known_digest
        text = f"[{self.year},{self.text},{_told(self.fault)}]"
        return hashlib.sha256(text.encode()).hexdigest()


def _told(record: dict[str, Any] | None) -> str:
    return json.dumps(record, sort_keys=True, separators=(",", ":"))
