"""Between a rule document and JSON: what is written is read back the same; mistakes are named by place."""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from accounts.decimals import is_too_fine
from footprint.rules.document.content import RuleDocument

LONGEST_TEXT = 2000
MOST_ROWS = 60


@dataclass(frozen=True)
class Problem:
    """Something wrong with a document: where, and which mistake."""

    path: str
    code: str
    value: str = ""


class BadDocument(ValueError):
    """The JSON is no rule document."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{each.path}: {each.code} {each.value}".strip() for each in problems))
        self.problems = problems


def read(given: Any) -> RuleDocument:
    """The document that JSON holds.

    Raises:
        BadDocument: with every problem that was found.
    """
    problems: list[Problem] = []
    found = _read(RuleDocument, given, "", problems)
    if problems:
        raise BadDocument(problems)
    assert isinstance(found, RuleDocument)
    return found


def written(part: Any) -> Any:
    """The part as JSON: decimals are strings in plain notation."""
    if is_dataclass(part):
        return {each.name: written(getattr(part, each.name)) for each in fields(part)}
    if isinstance(part, tuple):
        return [written(each) for each in part]
    if isinstance(part, Decimal):
        return f"{part:f}"
    return str(part) if isinstance(part, StrEnum) else part


def texts(document: RuleDocument) -> Iterator[tuple[str, str]]:
    """Every text in it, by place."""
    waiting: list[tuple[str, Any]] = [("", written(document))]
    while waiting:
        path, part = waiting.pop()
        if isinstance(part, str):
            yield path, part
        elif isinstance(part, dict | list):
            inner = part.items() if isinstance(part, dict) else enumerate(part)
            waiting += [(_at(path, str(name)), each) for name, each in inner]


def digest(document: RuleDocument) -> str:
    """What a trial and a vote were about."""
    content = json.dumps(written(document), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _read(kind: Any, given: Any, path: str, problems: list[Problem]) -> Any:
    if get_origin(kind) is types.UnionType:
        if given is None:
            return None
        kind = next(each for each in get_args(kind) if each is not type(None))
    if is_dataclass(kind):
        return _object(kind, given, path, problems)
    if get_origin(kind) is tuple:
        return _rows(get_args(kind)[0], given, path, problems)
    return _value(kind, given, path, problems)


def _object(kind: Any, given: Any, path: str, problems: list[Problem]) -> Any:
    if not isinstance(given, Mapping):
        problems.append(Problem(path, "not_an_object"))
        return None
    before = len(problems)
    known = _fields(kind)
    problems += [Problem(_at(path, str(name)), "unknown_name") for name in given if name not in known]
    values = dict(_values(known, given, path, problems))
    return kind(**values) if len(problems) == before else None


def _values(
    known: Mapping[str, tuple[Field[Any], Any]], given: Mapping[str, Any], path: str, problems: list[Problem]
) -> Iterator[tuple[str, Any]]:
    for name, (field, kind) in known.items():
        if name in given:
            yield name, _read(kind, given[name], _at(path, name), problems)
        elif field.default is MISSING:
            problems.append(Problem(_at(path, name), "missing"))


def _rows(kind: Any, given: Any, path: str, problems: list[Problem]) -> Any:
    if not isinstance(given, list) or len(given) > MOST_ROWS:
        problems.append(Problem(path, "not_a_list" if not isinstance(given, list) else "too_many"))
        return ()
    return tuple(_read(kind, each, _at(path, str(place)), problems) for place, each in enumerate(given))


def _value(kind: Any, given: Any, path: str, problems: list[Problem]) -> Any:
    if kind is Decimal:
        return _number(given, path, problems)
    if kind is str:
        right = isinstance(given, str) and len(given) <= LONGEST_TEXT
    elif isinstance(kind, type) and issubclass(kind, StrEnum):
        right = isinstance(given, str) and given in {each.value for each in kind}
        given = kind(given) if right else given
    else:
        right = type(given) is kind
    if not right:
        problems.append(Problem(path, "wrong_value", str(given)[:40]))
    return given


def _number(given: Any, path: str, problems: list[Problem]) -> Decimal | None:
    try:
        found = Decimal(given) if isinstance(given, str | int) and not isinstance(given, bool) else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite() or abs(found) > Decimal("1e15") or is_too_fine(found):
        problems.append(Problem(path, "not_a_number", str(given)[:40]))
        return None
    return found


@cache
def _fields(kind: Any) -> dict[str, tuple[Field[Any], Any]]:
    hints = get_type_hints(kind)
    return {each.name: (each, hints[each.name]) for each in fields(kind)}


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
