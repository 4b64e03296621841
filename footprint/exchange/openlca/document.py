"""One JSON document of a package: strict parsing, and fields that say where they are wrong. Pure."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeGuard

from footprint.exchange.confined.problems import Problems

MOST_DEPTH = 100
MOST_DIGITS = 60
MAGNITUDES = range(-100, 30)
MOST_TEXT = 100_000
# possessive, and the closing quote may be missing: no text makes this slow
HALF = re.compile("[\ud800-\udfff]")
NESTING = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]+|[\]}]+', re.DOTALL)


@dataclass(frozen=True)
class BadNumber:
    """A number as written that is none we calculate with; the field that asks for it reports it."""

    text: str


class _Duplicate(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def parse(content: bytes, file: str, problems: Problems) -> Node | None:
    """The document's object; None with a problem noted when it is no sound JSON object."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.error("not_utf8", file)
        return None
    if _depth(text) > MOST_DEPTH:
        problems.error("too_deep", file, most=MOST_DEPTH)
        return None
    try:
        found = json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=BadNumber,
            object_pairs_hook=_unique,
        )
    except _Duplicate as duplicate:
        problems.error("duplicate_key", file, duplicate.key)
        return None
    except json.JSONDecodeError as error:
        problems.error("broken_json", file, f"line {error.lineno}", reason=error.msg)
        return None
    if not isinstance(found, dict):
        problems.error("wrong_type", file, "", expected="object")
        return None
    return Node(found, file, "", problems)


def _depth(text: str) -> int:
    """How deep brackets nest; strings are passed over."""
    depth = deepest = 0
    if text.count("[") + text.count("{") <= MOST_DEPTH:
        return 0
    for match in NESTING.finditer(text):
        token = match.group()
        if token[0] == '"':
            continue
        depth += len(token) if token[0] in "[{" else -len(token)
        deepest = max(deepest, depth)
    return deepest


def _is_text(value: Any) -> TypeGuard[str]:
    """Half a character, as JSON can write it, is text nowhere else."""
    return isinstance(value, str) and not HALF.search(value)


def _number(text: str) -> Decimal | BadNumber:
    if len(text) > MOST_DIGITS:
        return BadNumber(text[:40])
    try:
        number = Decimal(text)
    except InvalidOperation:
        return BadNumber(text[:40])
    if number and number.adjusted() not in MAGNITUDES:
        return BadNumber(text[:40])
    return number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Duplicate(key)
        found[key] = value
    return found


class Node:
    """An object inside a document, knowing its path; every getter notes a problem and returns None if wrong.

    A getter takes the names a field has had (schema 1 and 2 of the format); the first one present counts.
    """

    def __init__(self, content: dict[str, Any], file: str, path: str, problems: Problems) -> None:
        self.content = content
        self.file = file
        self.path = path
        self._problems = problems

    def field(self, *names: str) -> str:
        """The path of the field under the name it has here."""
        present = next((name for name in names if name in self.content), names[0])
        return f"{self.path}.{present}" if self.path else present

    def error(self, code: str, *names: str, **values: object) -> None:
        """Note an error at a field of this object, or at the object itself."""
        self._problems.error(code, self.file, self.field(*names) if names else self.path, **values)

    def warning(self, code: str, *names: str, **values: object) -> None:
        """Note a warning likewise."""
        self._problems.warning(code, self.file, self.field(*names) if names else self.path, **values)

    def has(self, *names: str) -> bool:
        """Whether the field is there and not null."""
        return self._get(names) is not None

    def text(self, *names: str, required: bool = False) -> str:
        """A text, or nothing."""
        value = self._get(names)
        if value is None:
            if required:
                self.error("missing", *names)
            return ""
        if not _is_text(value) or len(value) > MOST_TEXT:
            self.error("wrong_type", *names, expected="text")
            return ""
        if required and not value.strip():
            self.error("missing", *names)
        return value.replace("\x00", "").strip()

    def flag(self, *names: str) -> bool:
        """True or false; absent is false."""
        value = self._get(names)
        if value is not None and not isinstance(value, bool):
            self.error("wrong_type", *names, expected="true/false")
        return value is True

    def number(self, *names: str, required: bool = True) -> Decimal | None:
        """A finite number, exactly as written."""
        value = self._get(names)
        if value is None:
            if required:
                self.error("missing", *names)
            return None
        if isinstance(value, BadNumber):
            self.error("bad_number", *names, value=value.text)
            return None
        if not isinstance(value, Decimal):
            self.error("wrong_type", *names, expected="number")
            return None
        return value

    def key(self, *names: str) -> str:
        """A required UUID in its canonical spelling; empty with a problem noted when it is none."""
        value = self.text(*names, required=True)
        try:
            return str(uuid.UUID(value)) if value else ""
        except ValueError:
            self.error("not_a_uuid", *names, value=value[:40])
            return ""

    def reference(self, *names: str, required: bool = False) -> str:
        """The ``@id`` of the thing referred to; empty when absent."""
        value = self.child(*names, required=required)
        return value.key("@id") if value else ""

    def child(self, *names: str, required: bool = False) -> Node | None:
        """An object inside this one."""
        value = self._get(names)
        if value is None:
            if required:
                self.error("missing", *names)
            return None
        if not isinstance(value, dict):
            self.error("wrong_type", *names, expected="object")
            return None
        return Node(value, self.file, self.field(*names), self._problems)

    def children(self, *names: str) -> Iterator[Node]:
        """The objects of a list; an absent list is empty."""
        value = self._get(names)
        if value is None:
            return
        if not isinstance(value, list):
            self.error("wrong_type", *names, expected="list")
            return
        for place, item in enumerate(value):
            path = f"{self.field(*names)}[{place}]"
            if isinstance(item, dict):
                yield Node(item, self.file, path, self._problems)
            else:
                self._problems.error("wrong_type", self.file, path, expected="object")

    def texts(self, *names: str) -> tuple[str, ...]:
        """The texts of a list or, as one name has it in either schema, of a separated text."""
        value = self._get(names)
        if _is_text(value):
            return tuple(part.strip() for part in re.split(r"[;,]", value) if part.strip())
        if value is None:
            return ()
        if not isinstance(value, list) or not all(_is_text(item) for item in value):
            self.error("wrong_type", *names, expected="list")
            return ()
        return tuple(value)

    def _get(self, names: tuple[str, ...]) -> Any:
        return next((self.content[name] for name in names if name in self.content), None)
