"""Settle unit processes: what their columns are made of now, and every figure that moves with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
from django.utils import timezone

from accounts.actor import Actor
from accounts.arrays import among
from accounts.bulk_sql import Behind
from accounts.jobs import uncollected
from factors import queries as factor_queries
from footprint.calculation import inputs as rows
from footprint.calculation import memory
from footprint.calculation.actions.write import (
    last_version,
    reserved_run,
    write_figures,
    write_versions,
)
from footprint.calculation.assemble import assemble
from footprint.calculation.content import Column, State
from footprint.calculation.edit import edited, moved
from footprint.calculation.figures import Figures, figures_of
from footprint.calculation.live import COLUMN, Flags, Kept, Live
from footprint.calculation.memory import Memory
from footprint.calculation.models import CalculationRun, Footprint
from footprint.engine import ENGINE_VERSION


@uncollected()
def settle_processes(process_ids: list[int], gen: int) -> None:
    """Renew the columns of these processes and write every figure that moved, theirs or downstream."""
    started = timezone.now()
    before = memory.recall()
    processes, states = _read(before.live, process_ids)
    changes = _changes(before.live, processes, states)
    factors = rows.vectors(before.live.unknown_factors(changes.values()))
    _remove_figures_without_column(processes, states)
    run = reserved_run()
    with Behind() as behind:
        write_versions(behind, changes, run)
        live = edited(before.live, changes, factors)
        tally = _written(behind, live, _affected(before.live, live, processes), run, gen)
    if not changes and not tally.moved:
        memory.remember(before)
        return
    recorded = _record_run(run, live, tally, started)
    memory.remember(Memory(live, last_version(), recorded.uuid) if changes else replace(before, live=live))


def _read(live: Live, process_ids: Iterable[int]) -> tuple[set[int], dict[Column, State]]:
    """Columns of the processes, and of those who buy what is not made as it was.

    How much each maker makes decides what a buyer takes from whom, so buyers are assembled again when that
    changed; when a maker cannot be calculated, or could not, nobody knows whether it did.
    """
    asked = set(process_ids)
    states = assemble(rows.read(sorted(asked)))
    known = live.states(asked)
    differing = {
        column
        for column in states.keys() | known.keys()
        if not _makes_the_same(known.get(column), states.get(column))
    }
    buyers = rows.consumers({process for process, _ in differing}, {product for _, product in differing})
    buyers -= asked
    if buyers:
        states |= assemble(rows.read(sorted(buyers)))
    return asked | buyers, states


def _makes_the_same(before: Kept | None, state: State | None) -> bool:
    if before is None or before.fault or state is None or state.content is None:
        return False
    return (before.year, before.unit, before.made) == (state.year, state.content.unit, state.content.made)


def _changes(live: Live, processes: set[int], states: Mapping[Column, State]) -> dict[Column, State | None]:
    """What differs from the columns that are there; None for those that went."""
    before = live.states(processes)
    changes: dict[Column, State | None] = dict.fromkeys(sorted(before.keys() - states.keys()))
    changes |= {
        column: state
        for column, state in states.items()
        if column not in before or before[column].digest != state.digest
    }
    return changes


def _affected(before: Live, live: Live, processes: set[int]) -> Flags:
    """Slots whose figure may be another: renewed, moved or taking from one that moved, lost or found."""
    asked = np.zeros(len(live.keys), dtype=np.bool_)
    renewed = [live.slots["column", *column] for column in live.states(processes)]
    differing = [
        slot
        for slot in before.faults.keys() | live.faults.keys()
        if before.faults.get(slot) != live.faults.get(slot)
    ]
    went = moved(before, live)
    asked[renewed] = True
    asked[differing] = True
    asked[live.links.consumer[went[live.links.supplier]]] = True
    return asked | went


def _remove_figures_without_column(processes: set[int], states: Mapping[Column, State]) -> None:
    stored = Footprint.objects.filter(among("process_id", processes)).values_list(
        "id", "process_id", "product_id"
    )
    gone = [pk for pk, process, product in stored if (process, product) not in states]
    if gone:
        Footprint.objects.filter(pk__in=gone).delete()


@dataclass
class _Tally:
    """How many figures were made, how many are not as stored, and a digest of all."""

    made: int = 0
    moved: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def moving(self, lots: Iterable[Figures], stored: Mapping[Column, str]) -> Iterator[Figures]:
        """Count the figures, and let pass those whose digest is another than the stored one."""
        for figures in lots:
            columns = zip(figures.processes.tolist(), figures.products.tolist(), strict=True)
            before = map(stored.get, columns)
            differs = [was != now for was, now in zip(before, figures.digests, strict=True)]
            self.made += len(differs)
            self.digest.update("".join(figures.digests).encode())
            if moved := sum(differs):
                self.moved += moved
                yield figures.at(np.array(differs))


def _written(behind: Behind, live: Live, affected: Flags, run: int, gen: int) -> _Tally:
    """Make the figures, and write those that moved."""
    processes = np.unique(live.keys[affected & (live.keys[:, 0] == COLUMN), 1]).tolist()
    stored: dict[Column, str] = {
        (process, product): digest
        for process, product, digest in Footprint.objects.filter(among("process_id", processes)).values_list(
            "process_id", "product_id", "input_digest"
        )
    }
    tally = _Tally()
    write_figures(behind, tally.moving(figures_of(live, affected), stored), run, gen)
    return tally


def _record_run(run: int, live: Live, tally: _Tally, started: datetime) -> CalculationRun:
    return CalculationRun.objects.create(
        pk=run,
        engine_version=ENGINE_VERSION,
        started_at=started,
        finished_at=timezone.now(),
        columns=tally.made,
        changed=tally.moved,
        residual=live.solved.network.residual,
        input_digest=tally.digest.hexdigest(),
        factor_release=factor_queries.releases(Actor.worker()).first(),
    )
