"""JSON whose numbers keep the digits they came with."""

from __future__ import annotations

import json
import re
from typing import Any

MARK = re.compile(r'"\\u0001(\d+)\\u0001"')


class Exact(float):
    """A JSON number with a fraction or an exponent, and the text it came as."""

    text: str

    def __new__(cls, text: str) -> Exact:
        """From its text."""
        made = super().__new__(cls, text)
        made.text = text
        return made


def exact_json(text: str) -> Any:
    """The value. Raises ValueError, for NaN and Infinity as well: they are no JSON."""
    return json.loads(text, parse_float=Exact, parse_int=_whole, parse_constant=_no_number)


def _whole(text: str) -> int | Exact:
    """No integer of ours tells a negative nought from nought."""
    return Exact(text) if text == "-0" else int(text)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def exact_text(value: Any) -> str:
    """The same value as compact JSON, number for number."""
    kept: list[str] = []
    text = json.dumps(_marked(value, kept), ensure_ascii=False, separators=(",", ":"))
    return MARK.sub(lambda found: kept[int(found[1])], text)


def _marked(value: Any, kept: list[str]) -> Any:
    if isinstance(value, Exact):
        kept.append(value.text)
        return f"\x01{len(kept) - 1}\x01"
    if isinstance(value, dict):
        return {_unmarked(name): _marked(inner, kept) for name, inner in value.items()}
    if isinstance(value, list):
        return [_marked(inner, kept) for inner in value]
    return _unmarked(value) if isinstance(value, str) else value


def _unmarked(text: str) -> str:
    """A text of theirs must not be taken for a mark."""
    return text.replace("\x01", "\ufffd")
