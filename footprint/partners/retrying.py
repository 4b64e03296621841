"""When something is tried again: after growing waits, and not before the other side wants to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=6)
LONGEST_ASKED = timedelta(days=1)
"""No more than this is waited because the other side says so."""
PASSING = frozenset({401, 408, 425, 429})
"""Answers that may be other ones later, beside those of a server in trouble."""


def wait_after(attempts: int, asked: timedelta | None = None) -> timedelta:
    """Doubled each time, up to six hours; longer where the other side asked for it."""
    own = min(FIRST_WAIT * (1 << min(max(attempts, 1) - 1, 20)), LONGEST_WAIT)
    return max(own, min(asked or timedelta(0), LONGEST_ASKED))


def asked_wait(headers: Mapping[str, str], *, at: datetime) -> timedelta | None:
    """What ``Retry-After`` says, in seconds or as a moment (RFC 9110, 10.2.3); None where it says nothing."""
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    if told.isascii() and told.isdigit():
        return min(timedelta(seconds=int(told[:9])), LONGEST_ASKED)
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - at, timedelta(0))


def may_pass(status: int) -> bool:
    """Whether another answer can be had later."""
    return status in PASSING or status >= 500
