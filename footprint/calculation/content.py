"""What a column is made of: a record that is kept for ever, and the numbers the network takes from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

Column = tuple[int, int]
"""A process and one of its products."""
GasKey = tuple[str, str]
"""A gas code and an origin."""
Supplier = tuple[str, Any, Any]
"""("gas", code, origin), ("factor", version, 0) or ("column", process, product)."""

NAMES = {"gas": ("gas", "origin"), "factor": ("version", ""), "column": ("process", "product")}


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    return json.dumps(text)


# written by hand, for a column has them by the dozen; names in their order, as json.dumps sorts them
WRITTEN: dict[str, Callable[[str, str, str, Any, Any], str]] = {
    "gas": lambda data, line, rest, gas, origin: (
        f'{{"data_type":{data},"gas":{_quoted(gas)},"kind":"gas",{line},"origin":{_quoted(origin)},{rest}}}'
    ),
    "factor": lambda data, line, rest, version, _: (
        f'{{"data_type":{data},"kind":"factor",{line},{rest},"version":{version}}}'
    ),
    "column": lambda data, line, rest, process, product: (
        f'{{"data_type":{data},"kind":"column",{line},"process":{process},"product":{product},{rest}}}'
    ),
}


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

    @property
    def text(self) -> str:
        """As JSON keeps it, by name; exact decimals as text."""
        kind, first, second = self.supplier
        known = f'"line":{self.line}', f'"share":{self.share!r},"taken":"{self.taken}"'
        return WRITTEN[kind](_quoted(self.data_type), *known, first, second)

    @classmethod
    def of(cls, record: dict[str, Any]) -> Burden:
        """The reverse of ``text``."""
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

    @property
    def text(self) -> str:
        """As JSON keeps it, by name; exact decimals as text."""
        burdens = ",".join([burden.text for burden in self.burdens])
        share = "null" if self.share is None else repr(self.share)
        return (
            f'{{"burdens":[{burdens}],"made":"{self.made}","method":{_quoted(self.method)},"share":{share},'
            f'"unit":{_quoted(self.unit)}}}'
        )

    @classmethod
    def of(cls, record: dict[str, Any]) -> Content:
        """The reverse of ``text``."""
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

    @cached_property
    def text(self) -> str:
        """The content as JSON keeps it."""
        return self.content.text if self.content else "null"

    @cached_property
    def digest(self) -> str:
        """Identifies year, content and fault; equal digests are no change."""
        if self.known_digest:
            return self.known_digest
        told = json.dumps(self.fault, sort_keys=True, separators=(",", ":"))
        text = f"[{self.year},{self.text},{told}]"
        return hashlib.sha256(text.encode()).hexdigest()
