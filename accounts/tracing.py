"""What a line of the log belongs to: which request or task, and for whom. Numbers only, never names."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from accounts.actor import Actor

HEADER = "X-Request-ID"


@dataclass(frozen=True)
class Trace:
    """The request that is answered, or the task that is done, on whose request."""

    request: str = ""
    task: str = ""
    person: int | None = None
    client: int | None = None
    companies: tuple[int, ...] = ()


_current: ContextVar[Trace] = ContextVar("trace")


def current() -> Trace:
    """What is being done just now; empty between requests."""
    return _current.get(Trace())


def begin(*, request: str = "", task: str = "") -> None:
    """From here on everything belongs to this request or task."""
    _current.set(Trace(request=request, task=task))


def end() -> None:
    """Nothing is being done any more."""
    _current.set(Trace())


def known(actor: Actor) -> None:
    """Now it is known who asks."""
    companies = tuple(sorted({holding.company_id for holding in actor.holdings}))
    _current.set(replace(current(), person=actor.user_id, client=actor.client_id, companies=companies))


def request_id(named: str = "") -> UUID:
    """The identifier a proxy or a client gave, when it is a UUID as we write it; else a new one."""
    try:
        given = UUID(named)
    except ValueError:
        return uuid4()
    return given if str(given) == named.lower() else uuid4()
