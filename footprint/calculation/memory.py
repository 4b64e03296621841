"""What a worker remembers between drains: the living network, and up to which column version it goes.

A drain holds the ledger's lock and a snapshot. It first applies the versions that other workers have
appended since; what it makes of them and of its own changes is remembered after its commit and not before,
so a drain that dies or rolls back has changed nothing here. A fresh process, or one whose last version is
not in the store (another database, a restored one), reads all current columns anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.actor import Actor
from footprint.calculation import inputs as rows
from footprint.calculation.columns import current
from footprint.calculation.content import Column, Content, State
from footprint.calculation.edit import edited
from footprint.calculation.live import NOTHING, Live
from footprint.calculation.models import ColumnVersion

CHUNK = 2000


@dataclass(frozen=True)
class Memory:
    """The network as of a column version; ``run`` tells whether it is still the same one in the store."""

    live: Live
    seen: int
    run: UUID | None


class _Version(NamedTuple):
    """What is read of a column version; ``run`` is the uuid of its run."""

    pk: int
    process: int
    product: int
    year: int
    content: dict[str, Any] | None
    fault: dict[str, Any] | None
    digest: str
    run: UUID


_remembered = Memory(NOTHING, 0, None)


def recall() -> Memory:
    """The network of this snapshot; call it within one."""
    if _remembered.run is None:
        return _rebuilt()
    newer = _told(ColumnVersion.objects.filter(pk__gte=_remembered.seen).order_by("pk"))
    last = next(newer, None)
    if last is None or (last.pk, last.run) != (_remembered.seen, _remembered.run):
        return _rebuilt()
    return _advanced(_remembered, newer)


def remember(memory: Memory) -> None:
    """From the commit of this transaction on."""

    def keep() -> None:
        global _remembered
        _remembered = memory

    transaction.on_commit(keep)


def forget() -> None:
    """As a fresh process."""
    global _remembered
    _remembered = Memory(NOTHING, 0, None)


def _rebuilt() -> Memory:
    return _advanced(Memory(NOTHING, 0, None), _told(current(Actor.worker())))


def _told(versions: QuerySet[ColumnVersion]) -> Iterator[_Version]:
    """Without making an object of each row and its run."""
    rows = versions.values_list(
        "pk", "process_id", "product_id", "year", "content", "fault", "digest", "run__uuid"
    )
    return map(_Version._make, rows.iterator(chunk_size=CHUNK))


def _advanced(memory: Memory, versions: Iterable[_Version]) -> Memory:
    """With these versions applied; of one column the last counts."""
    changes: dict[Column, State | None] = {}
    seen, run = memory.seen, memory.run
    for version in versions:
        changes[version.process, version.product] = _state_of(version)
        if version.pk > seen:
            seen, run = version.pk, version.run
    if not changes:
        return memory
    factors = rows.vectors(memory.live.unknown_factors(changes.values()))
    return Memory(edited(memory.live, changes, factors), seen, run)


def _state_of(version: _Version) -> State | None:
    """What a version says of its column; None when it was removed."""
    if version.content is None and version.fault is None:
        return None
    content = None if version.content is None else Content.of(version.content)
    return State(version.year, content, version.fault, version.digest)
