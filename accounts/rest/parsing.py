"""Reading JSON bodies strictly: what could be understood in two ways is refused, with a pointer to it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from accounts.errors import Refusal, Text
from accounts.problems import Unreadable, pointer

MAX_BYTES = 5 * 1024 * 1024
MAX_BULK_BYTES = 32 * 1024 * 1024
BULK = "/api/v1/upserts/"
MAX_DEPTH = 50
MAX_DIGITS = 4000
MAX_EXPONENT = 300
MAX_FAULTS = 100

# A string is closed or runs to the end: the scan never starts again inside one.
BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
SURROGATE = re.compile("[\ud800-\udfff]")
ESCAPES = re.compile(r"\\u(?:0000|d[89a-f])", re.IGNORECASE)
"""Only escaped can a character stand in JSON that ``faults`` refuses in texts."""


@dataclass(frozen=True)
class Refused:
    """Stands in the parsed tree where something unacceptable stood."""

    code: str
    message: Text
    key: str = ""


class StrictJSONParser(BaseParser):
    """JSON as RFC 8259 means it, numbers with a fraction as exact decimals."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value in the body.

        Raises:
            Unreadable: too long, not UTF-8, not JSON, nested too deeply, or anything ``faults`` finds.
            UnsupportedMediaType: packed.
        """
        return parse(_read(stream, MAX_BYTES, parser_context))


@dataclass(frozen=True)
class Sent:
    """A body and the value in it, for what is to be done later."""

    body: bytes
    value: Any


class BulkJSONParser(BaseParser):
    """The same for many rows at once."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value in the body, and the body: ``Sent``. Raises Unreadable."""
        body = _read(stream, MAX_BULK_BYTES, parser_context)
        return Sent(body, parse(body))


def most_bytes(path: str) -> int:
    """How long a body sent to this address may be."""
    return MAX_BULK_BYTES if path.startswith(BULK) else MAX_BYTES


def _read(stream: IO[Any], most: int, context: Mapping[str, Any] | None) -> bytes:
    packed = context["request"].headers.get("Content-Encoding", "identity") if context else "identity"
    if packed.strip().lower() != "identity":
        detail = _("The body is packed (%(how)s); send it as it is.")
        raise UnsupportedMediaType(packed, str(detail) % {"how": packed[:40]})
    body: bytes = stream.read(most + 1)
    if len(body) > most:
        message = str(_("The body is longer than %(most)d MB; send it in parts."))
        raise _unreadable("too_large", message % {"most": most // 2**20})
    return body


def parse(body: bytes) -> Any:
    """The value a body holds. Raises Unreadable."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _unreadable("not_utf8", _("The body is not UTF-8 text.")) from error
    reading = _Reading()
    try:
        value = json.loads(
            text,
            parse_float=reading.number,
            parse_int=reading.whole_number,
            parse_constant=reading.constant,
            object_pairs_hook=reading.object,
        )
    except RecursionError as error:
        raise _too_deep() from error
    except json.JSONDecodeError as error:
        if depth(text) > MAX_DEPTH:
            raise _too_deep() from error
        message = str(_("The body is not JSON: line %(line)d, column %(column)d.")) % {
            "line": error.lineno,
            "column": error.colno,
        }
        raise _unreadable("not_json", message) from error
    if _is_too_deep(value):
        raise _too_deep()
    # a walk through a hundred thousand rows takes longer than reading them
    if reading.has_refused or ESCAPES.search(text):
        found = list(faults(value, ()))[:MAX_FAULTS]
        if found:
            raise Unreadable(found)
    return value


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _depth in range(MAX_DEPTH):
        level = [inner for each in level for inner in _inside(each) if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def depth(text: str) -> int:
    """How deep arrays and objects are nested; stops counting once it is too deep."""
    level = deepest = 0
    for match in BRACKETS.finditer(text):
        sign = match[0]
        if sign in ("[", "{"):
            level += 1
            deepest = max(deepest, level)
            if deepest > MAX_DEPTH:
                return deepest
        elif sign in ("]", "}"):
            level -= 1
    return deepest


def faults(value: Any, path: tuple[str | int, ...]) -> Iterator[Refusal]:
    """Everything unacceptable in a parsed tree, with the way to it."""
    if isinstance(value, Refused):
        yield Refusal(
            value.message, field=pointer((*path, value.key) if value.key else path), code=value.code
        )
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from faults(key, path)
            yield from faults(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from faults(inner, (*path, index))
    elif isinstance(value, str):
        yield from _faults_of_text(value, path)


def _faults_of_text(text: str, path: tuple[str | int, ...]) -> Iterator[Refusal]:
    if "\x00" in text:
        yield Refusal(_("Text may not contain the character NUL."), field=pointer(path), code="nul")
    if SURROGATE.search(text):
        yield Refusal(_("Text contains half of a character."), field="", code="lone_surrogate")


class _Reading:
    """What ``json`` asks while it reads, and whether anything was refused."""

    def __init__(self) -> None:
        self.has_refused = False

    def object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any] | Refused:
        """Names are given once."""
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        twice = next(key for key, times in Counter(key for key, _value in pairs).items() if times > 1)
        return self._refused("duplicate_key", _("This name is given twice."), twice)

    def number(self, text: str) -> Decimal | Refused:
        """A number with a fraction, to the last digit."""
        if len(text) > MAX_DIGITS:
            return self._too_long()
        value = Decimal(text)
        if not value.is_finite() or abs(value.adjusted()) > MAX_EXPONENT:
            return self._refused("not_finite", _("This number is too large or too small to be meant."))
        return value

    def whole_number(self, text: str) -> int | Refused:
        """A number without a fraction."""
        return int(text) if len(text) <= MAX_EXPONENT else self._too_long()

    def constant(self, text: str) -> Refused:
        """NaN and Infinity, which JSON does not have."""
        return self._refused("not_finite", _("NaN and Infinity are not numbers here."))

    def _too_long(self) -> Refused:
        return self._refused("too_many_digits", _("This number has too many digits."))

    def _refused(self, code: str, message: Text, key: str = "") -> Refused:
        self.has_refused = True
        return Refused(code, message, key)


def _too_deep() -> Unreadable:
    return _unreadable("too_deep", _("The body is nested more than 50 levels deep."))


def _unreadable(code: str, message: Text) -> Unreadable:
    return Unreadable([Refusal(message, field="", code=code)])


class JSONOnly(BaseContentNegotiation):
    """There is one language to answer in, whatever the caller said it would rather have."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """The JSON parser, for JSON."""
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first one."""
        first = next(iter(renderers))
        return first, first.media_type or ""
