"""Whether an inventory's processes and its site close, and which line is most likely off where not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from accounts.actor import Actor
from footprint.analysis.streams import SiteStreams, Stream
from footprint.engine.closure import BASES, Balances, Flows, Limits, Verdict, balance, site_balance
from footprint.engine.suspicion import Suspect, suspects
from footprint.inventory.models import UnitProcess
from footprint.rules.queries import closure_rules_in_force

LIMITS = Limits(amber=(0.01, 0.02, 0.02), red=(0.03, 0.05, 0.05))
"""Proposals for mass, energy and carbon; a product category rule prevails."""


SEVERITY = (Verdict.NOT_ASSESSABLE, Verdict.CLOSED, Verdict.AMBER, Verdict.RED)


@dataclass(frozen=True)
class Finding:
    """The line most likely off in an open balance, and others that would explain it as well."""

    suspect: Suspect
    stream: Stream
    others: Sequence[Stream]


@dataclass(frozen=True)
class BasisBalance:
    """One basis of one process or of the site.

    ``missing`` are the streams whose amount is not known: with one of them the balance cannot be assessed,
    and gap, verdict and finding are what they would be if those streams carried nothing. Nor can it where
    something leaves and nothing comes in: what a process takes from nature is often not recorded.
    """

    basis: str
    inflow: float
    outflow: float
    gap: float
    verdict: Verdict
    missing: Sequence[Stream]
    finding: Finding | None = None

    @property
    def is_assessed(self) -> bool:
        """Whether every amount is known."""
        return not self.missing and self.verdict is not Verdict.NOT_ASSESSABLE

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
        """The worst verdict on any basis; what cannot be assessed counts least."""
        return max((each.verdict for each in self.bases), key=SEVERITY.index, default=Verdict.CLOSED)


@dataclass(frozen=True)
class SiteBalance:
    """The site's balance and those of its processes, the worst first."""

    site: ProcessBalance
    processes: Sequence[ProcessBalance]
    limits: Limits


def limits_for(actor: Actor, on: date) -> Limits:
    """The thresholds in force on a day; until there are any, the proposals."""
    rules = closure_rules_in_force(actor, on)
    found = [rules.get(basis) for basis in BASES]
    amber = [float(rule.amber) if rule else LIMITS.amber[at] for at, rule in enumerate(found)]
    red = [float(rule.red) if rule else LIMITS.red[at] for at, rule in enumerate(found)]
    return Limits((amber[0], amber[1], amber[2]), (red[0], red[1], red[2]))


def balance_of(found: SiteStreams, limits: Limits = LIMITS) -> SiteBalance:
    """The balances of every process and of the site, with suspects where one does not close."""
    rows = found.streams
    if not rows:
        return SiteBalance(ProcessBalance(None, ()), (), limits)
    number = {process: at for at, process in enumerate(found.processes)}
    flows = Flows(
        process=np.array([number[row.process.pk] for row in rows], dtype=np.int64),
        stream=np.array([_stream(row) for row in rows], dtype=np.int64),
        kind=np.array([row.kind for row in rows], dtype=np.int64),
        amount=np.array([row.amounts for row in rows]),
        lhv=np.array([row.lhv for row in rows]),
    )
    known = Flows(flows.process, flows.stream, flows.kind, np.nan_to_num(flows.amount), flows.lhv)
    here = np.zeros(len(number), dtype=np.int64)
    whole = _rows(site_balance(flows, here, limits), site_balance(known, here, limits), rows)
    balances = balance(known, limits)
    named = {(each.process, each.basis): each for each in suspects(known, balances, limits)}
    parts = _rows(balance(flows, limits), balances, rows, named)
    processes = list(found.processes.values())
    told = [ProcessBalance(processes[at], bases) for at, bases in parts.items()]
    ranked = sorted(told, key=lambda each: (-SEVERITY.index(each.worst), -_widest(each)))
    return SiteBalance(ProcessBalance(None, whole[0]), ranked, limits)


def _widest(row: ProcessBalance) -> float:
    return max((abs(each.gap) for each in row.bases if np.isfinite(each.gap)), default=0.0)


def _stream(row: Stream) -> int:
    """What flows: the same for what one process gives and another takes. Losses net with nothing."""
    return row.line.product_id or 0 if row.line else 0


def _rows(
    strict: Balances,
    known: Balances,
    streams: Sequence[Stream],
    named: Mapping[tuple[int, str], Suspect] | None = None,
) -> dict[int, list[BasisBalance]]:
    found: dict[int, list[BasisBalance]] = {}
    for row, key in enumerate(known.key.tolist()):
        found[key] = [
            _basis(known, row, at, strict.missing, streams, (named or {}).get((key, basis)))
            for at, basis in enumerate(BASES)
        ]
    return found


def _basis(
    known: Balances,
    row: int,
    at: int,
    missing: Mapping[tuple[int, int], tuple[int, ...]],
    streams: Sequence[Stream],
    suspect: Suspect | None,
) -> BasisBalance:
    gap = float(known.gap[row, at])
    has_inflow = bool(np.isfinite(gap))
    return BasisBalance(
        basis=BASES[at],
        inflow=float(known.inflow[row, at]),
        outflow=float(known.outflow[row, at]),
        gap=gap,
        verdict=Verdict(int(known.verdict[row, at])) if has_inflow else Verdict.NOT_ASSESSABLE,
        missing=[streams[flow] for flow in missing.get((row, at), ())],
        finding=_finding(suspect, streams) if has_inflow else None,
    )


def _finding(suspect: Suspect | None, streams: Sequence[Stream]) -> Finding | None:
    if suspect is None:
        return None
    return Finding(suspect, streams[suspect.flow], [streams[other] for other in suspect.others])
