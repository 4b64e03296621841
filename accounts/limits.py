"""How often somebody may ask: exact counts in the broker, shared by all web processes.

A window begins with its first request and lasts ``seconds``; within it ``most`` are let through and never one
more, however many come at once: the broker adds and answers in one step (a script), and who is told a number
above ``most`` is turned away. While the broker is away each process counts for itself: nobody is turned away
who would not be, and what gets through is bounded by ``most`` times the processes.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

PREFIX = "limit:"
BROKER_DATABASE = 1
AWAY_SECONDS = 1.0
MOST_REMEMBERED = 10_000
COUNT = """
local number = redis.call('INCR', KEYS[1])
if number == 1 then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return {number, redis.call('PTTL', KEYS[1])}
"""


@dataclass(frozen=True)
class Limit:
    """So many requests of one caller in so many seconds."""

    name: str
    most: int
    seconds: int


@dataclass(frozen=True)
class Count:
    """The number this request was in its window, and when the window ends."""

    limit: Limit
    number: int
    seconds_left: int

    @property
    def is_admitted(self) -> bool:
        """Whether the request is one of those the limit allows."""
        return self.number <= self.limit.most

    @property
    def remaining(self) -> int:
        """How many more may come in this window."""
        return max(0, self.limit.most - self.number)


def limit_named(name: str) -> Limit | None:
    """The limit of this name; None where it is switched off."""
    found = settings.RATE_LIMITS.get(name)
    return Limit(name, *found) if found else None


def count(limit: Limit, caller: str) -> Count:
    """Count this request of a caller; never fails and never waits long."""
    key = f"{PREFIX}{limit.name}:{caller}"
    if not _own.broker_is_away:
        try:
            return _count_in_broker(limit, key)
        except RedisError as error:
            logger.warning("rate limits count by process, the broker is away: %s", error)
            _own.put_off()
    return _own.count(limit, key)


def _count_in_broker(limit: Limit, key: str) -> Count:
    number, milliseconds = _counter(settings.REDIS_URL)([key], [limit.seconds])
    return Count(limit, int(number), max(1, -(-int(milliseconds) // 1000)))


@cache
def _counter(url: str) -> Script:
    broker = Redis.from_url(
        url,
        db=BROKER_DATABASE,
        socket_timeout=settings.BROKER_SECONDS,
        socket_connect_timeout=settings.BROKER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    return broker.register_script(COUNT)


class ByProcess:
    """The same windows, counted in this process while the broker is away."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[float, int]] = {}
        self._ask_again_at = 0.0

    @property
    def broker_is_away(self) -> bool:
        """Whether the broker failed so recently that asking again would only cost time."""
        return time.monotonic() < self._ask_again_at

    def put_off(self) -> None:
        """The broker failed: leave it alone for a moment."""
        self._ask_again_at = time.monotonic() + AWAY_SECONDS

    def count(self, limit: Limit, key: str) -> Count:
        """Count in the window of this key, or in a new one."""
        now = time.monotonic()
        with self._lock:
            ends, number = self._windows.get(key, (0.0, 0))
            if ends <= now:
                self._forget(now)
                ends, number = now + limit.seconds, 0
            self._windows[key] = (ends, number + 1)
        return Count(limit, number + 1, max(1, int(ends - now + 0.999)))

    def _forget(self, now: float) -> None:
        """Windows that ended; a flood of callers must not fill the memory."""
        if len(self._windows) >= MOST_REMEMBERED:
            self._windows = {key: window for key, window in self._windows.items() if window[0] > now}
        if len(self._windows) >= MOST_REMEMBERED:
            self._windows.clear()


_own = ByProcess()
