"""Whether the processes of an inventory close, and the site: what the balance is, and what is most likely off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from footprint.analysis.streams import NOTHING, SiteStreams, Stream
from footprint.engine.closure import BASES, Balances, Flows, Kind, Limits, Verdict, balance, site_balance
from footprint.engine.suspicion import Suspect, suspects
from footprint.inventory.models import UnitProcess

LIMITS = Limits(amber=(0.01, 0.02, 0.02), red=(0.03, 0.05, 0.05))
"""Proposals for mass, energy and carbon; a product category rule prevails."""


@dataclass(frozen=True)
class Finding:
    """The line most likely off in an open balance, and others that would explain it as well."""

    suspect: Suspect
    line: Stream | None
    others: Sequence[Stream]


@dataclass(frozen=True)
class BasisBalance:
    """One basis of one process or of the site. ``gap`` is relative to what comes in; ``missing`` unknown."""

    basis: str
    inflow: float
    outflow: float
    gap: float
    verdict: Verdict
    missing: Sequence[Stream]
    finding: Finding | None = None

    @property
    def is_there(self) -> bool:
        """Whether anything flows on this basis, or might."""
        return bool(self.inflow or self.outflow or self.missing)


@dataclass(frozen=True)
class ProcessBalance:
    """The balances of one process, in the order of ``BASES``; without a process, of the site."""

    process: UnitProcess | None
    bases: Sequence[BasisBalance]

    @property
    def worst(self) -> Verdict:
        """The worst verdict; what cannot be assessed counts least."""
        order = (Verdict.NOT_ASSESSABLE, Verdict.CLOSED, Verdict.AMBER, Verdict.RED)
        return max((b.verdict for b in self.bases if b.is_there), key=order.index, default=Verdict.CLOSED)


@dataclass(frozen=True)
class SiteBalance:
    """The site's balance and those of its processes, the worst first."""

    site: ProcessBalance
    processes: Sequence[ProcessBalance]
    limits: Limits


def balance_of(found: SiteStreams, limits: Limits = LIMITS) -> SiteBalance:
    """The balances of every process and of the site, with suspects where one does not close."""
    number = {process: at for at, process in enumerate(found.processes)}
    rows = [*found.streams, *found.losses]
    flows = Flows(
        process=np.array([number[row.line.process_id if row.line else row.process] for row in rows], np.int64),
        stream=np.array([_stream(row) for row in rows], np.int64),
        kind=np.array([row.kind for row in rows], np.int64),
        amount=np.array([row.amounts for row in rows] or [NOTHING][:0]).reshape(-1, len(BASES)),
        lhv=np.array([row.lhv for row in rows]),
    )
    return SiteBalance
