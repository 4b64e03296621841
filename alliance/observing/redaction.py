"""Secrets do not belong into a log, whoever put them into a message."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "[hidden]"
NAMES = (
    r"pass(?:word|wd|phrase)?\d?|secret|(?:client|signing)[_-]?secret|token|(?:access|refresh|id|csrf|csrfmiddleware)"
    r"[_-]?token|api[_-]?key|(?:secret|signing|private|audit[_-]signing)[_-]?key|authorization|cookie|set-cookie"
    r"|session(?:id|[_-]?key)?|__host-\w+|code[_-]verifier|assertion|otp|recovery[_-]codes?"
)
NAME = rf"(?i)((?<![a-z0-9])(?:[a-z0-9]{{1,30}}_){{0,6}}(?:{NAMES}))(['\"]?\s*[:=]\s*)"
PATTERNS = (
    # a whole header, up to the end of its line or of its quotes
    (
        re.compile(
            r"(?i)(\b(?:proxy-)?authorization|\b(?:set-)?cookie)(['\"]?\s*[:=]\s*)(['\"]?)[^\r\n'\"]+"
        ),
        r"\1\2\3",
    ),
    # name='the value', name=value, name: value, 'name': 'value'
    (re.compile(NAME + r"(['\"])(?:(?!\3)[^\r\n])+"), r"\1\2\3"),
    (re.compile(NAME + r"()[^\s'\"&,;)}\]]+"), r"\1\2\3"),
    (re.compile(r"(?i)\b(bearer|basic)(\s+)()[A-Za-z0-9._~+/=-]{6,}"), r"\1\2\3"),
    (re.compile(r"()(\b[a-z][a-z0-9+.-]{0,20}://[^\s:/@]{0,200}:)()[^\s/@]+(?=@)"), r"\1\2\3"),
    (re.compile(r"()()()\beyJ[A-Za-z0-9_-]{6,2000}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), r"\1\2\3"),
)
SHORTEST_SECRET = 8
LONGEST_TEXT = 20_000  # of a longer one beginning and end tell enough, and no pattern walks far


class Redaction:
    """Hides what looks like a secret, and the secrets of this installation wherever they turn up."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self.secrets = sorted({one for one in secrets if len(one) >= SHORTEST_SECRET}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without them."""
        if len(text) > LONGEST_TEXT:
            text = f"{text[: LONGEST_TEXT // 2]} … {text[-LONGEST_TEXT // 2 :]}"
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        for pattern, kept in PATTERNS:
            text = pattern.sub(kept + HIDDEN, text)
        return text
