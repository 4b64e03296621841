"""What a worker remembers between drains: the living network, and up to which column version it goes.

A drain holds the ledger's lock and a snapshot. It first applies the versions that other workers have
appended since; what it makes of them and of its own changes is remembered after its commit and not before,
so a drain that dies or rolls back has changed nothing here. A fresh process, or one whose last version is
not in the store (another database, a restored one), reads all current columns anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

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


_remembered = Memory(NOTHING, 0, None)


def recall() -> Memory:
    """The network of this snapshot; call it within one."""
    if _remembered.run is None:
        return _rebuilt()
    newer = iter(
        ColumnVersion.objects.filter(pk__gte=_remembered.seen)
        .select_related("run")
        .order_by("pk")
        .iterator(chunk_size=CHUNK)
    )
    last = next(newer, None)
    if last is None or (last.pk, last.run.uuid) != (_remembered.seen, _remembered.run):
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
    versions = current(Actor.worker()).select_related("run").iterator(chunk_size=CHUNK)
    return _advanced(Memory(NOTHING, 0, None), versions)


def _advanced(memory: Memory, versions: Iterable[ColumnVersion]) -> Memory:
    """With these versions applied; of one column the last counts."""
    changes: dict[Column, State | None] = {}
    seen, run = memory.seen, memory.run
    for version in versions:
        changes[version.process_id, version.product_id] = state_of(version)
        if version.pk > seen:
            seen, run = version.pk, version.run.uuid
    if not changes:
        return memory
    factors = rows.vectors(memory.live.unknown_factors(changes.values()))
    return Memory(edited(memory.live, changes, factors), seen, run)


def state_of(version: ColumnVersion) -> State | None:
    """What a version says of its column; None when it was removed."""
    if version.is_removed:
        return None
    content = None if version.content is None else Content.of(version.content)
    return State(version.year, content, version.fault, version.digest)
