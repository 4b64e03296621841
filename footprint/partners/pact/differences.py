"""What differs between two versions of a footprint, value by value. Two documents in, differences out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any

from footprint.partners.pact import values
from footprint.partners.pact.fields import FOOTPRINT, Field, Kind
from footprint.partners.pact.texts import Exact, exact_text

DEEPEST = 50
IDENTITY = "/id"
"""Differs between any two versions, and says nothing."""
DECLARED = ("/pcf/declaredUnitAmount", "/pcf/declaredUnitOfMeasurement")


@dataclass(frozen=True)
class Difference:
    """One value as it was and as it is, None where it is not said; ``change`` as a share of what it was."""

    pointer: str
    before: str | None
    after: str | None
    change: float | None = None


@dataclass(frozen=True)
class Leaf:
    """One value: its text, and what has to be equal for it to be the same."""

    text: str
    kind: Kind | None

    @property
    def number(self) -> Decimal | None:
        """The number of a figure; of what only looks like one (a version, an identifier), none."""
        return values.decimal(self.text) if self.kind is Kind.DECIMAL else None

    @property
    def meaning(self) -> object:
        """1.50 is 1.5, and a moment is the same in every zone; all else is its text."""
        if (number := self.number) is not None:
            return number
        moment = values.moment(self.text) if self.kind is Kind.MOMENT else None
        return moment or self.text


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """In the order of the later document, then what it no longer says."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    pointers = [*new, *(pointer for pointer in old if pointer not in new)]
    found = ((pointer, old.get(pointer), new.get(pointer)) for pointer in pointers if pointer != IDENTITY)
    return [
        Difference(pointer, was.text if was else None, now.text if now else None, _change(was, now))
        for pointer, was, now in found
        if was is None or now is None or not _says_the_same(was, now)
    ]


def _says_the_same(was: Leaf, now: Leaf) -> bool:
    """A number and the same number as a text say the same, too."""
    return was.text == now.text or was.meaning == now.meaning


def is_redeclared(found: list[Difference]) -> bool:
    """Whether the figures are of another amount of the product, and so are no longer side by side."""
    return any(each.pointer in DECLARED for each in found)


def _change(was: Leaf | None, now: Leaf | None) -> float | None:
    before, after = was.number if was else None, now.number if now else None
    if before is None or after is None:
        return None
    try:
        return float(values.EXACT.divide(after - before, abs(before)))
    except (DivisionByZero, InvalidOperation, OverflowError):
        return None


def _kinds(fields: tuple[Field, ...], above: str = "") -> Iterator[tuple[str, Kind]]:
    for each in fields:
        if each.parts and not each.many:
            yield from _kinds(each.parts, f"{above}/{each.name}")
        else:
            yield f"{above}/{each.name}", each.kind


KINDS = dict(_kinds(FOOTPRINT))


def _leaves(value: Any, pointer: str = "", depth: int = 0) -> Iterator[tuple[str, Leaf]]:
    """Every value under its JSON pointer (RFC 6901); a list of single values is one, whatever its order."""
    if isinstance(value, Mapping) and depth < DEEPEST:
        for name, inner in value.items():
            yield from _leaves(inner, f"{pointer}/{_escaped(name)}", depth + 1)
    elif (
        isinstance(value, list) and depth < DEEPEST and any(isinstance(one, Mapping | list) for one in value)
    ):
        for place, inner in enumerate(value):
            yield from _leaves(inner, f"{pointer}/{place}", depth + 1)
    elif isinstance(value, list):
        yield from ((pointer, Leaf(", ".join(sorted(map(_text, value))), None)) for _once in value[:1])
    elif value is not None:
        yield pointer, Leaf(_text(value), _kind(value, pointer))


def _kind(value: Any, pointer: str) -> Kind | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Kind.DECIMAL if is_number else KINDS.get(pointer)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return value.text if isinstance(value, Exact) else exact_text(value)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
