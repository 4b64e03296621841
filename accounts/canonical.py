"""One text for one thing: canonical JSON (RFC 8785), and the hash that stands for it."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785


def canonical(thing: Any) -> bytes:
    """The one way to write texts, numbers, lists and objects; exact decimals come as text."""
    return rfc8785.dumps(thing)


def content_hash(thing: Any) -> str:
    """SHA-256 of the canonical text, in hexadecimal digits."""
    return hashlib.sha256(canonical(thing)).hexdigest()
