"""Which stream is most likely wrong where a balance does not close, and by which slip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from footprint.engine.closure import BASES, CO2_PER_C, Balances, Flows, Kind, Limits, Verdict
from footprint.engine.equations import Ints


class Slip(StrEnum):
    """What may have happened to the recorded amount."""

    THOUSAND_TOO_MUCH = "x1000"
    THOUSAND_TOO_LITTLE = "/1000"
    KWH_AS_MJ = "/3.6"
    MJ_AS_KWH = "x3.6"
    CARBON_AS_CO2 = "x12/44"
    CO2_AS_CARBON = "x44/12"
    ENERGY_AS_MASS = "heating value too much"
    MASS_AS_ENERGY = "heating value missing"
    NONE = "none"
    """No slip of the list closes the balance."""


FACTORS = {
    Slip.THOUSAND_TOO_MUCH: 1000.0,
    Slip.THOUSAND_TOO_LITTLE: 1e-3,
    Slip.KWH_AS_MJ: 1.0 / 3.6,
    Slip.MJ_AS_KWH: 3.6,
    Slip.CARBON_AS_CO2: 1.0 / CO2_PER_C,
    Slip.CO2_AS_CARBON: CO2_PER_C,
}
"""Recorded amount over the true one. 3.6 MJ are one kWh; 44/12 kg CO2 hold one kg C."""
TIED = 1e-9
"""Candidates whose remaining gaps differ by less than this close equally well."""


@dataclass(frozen=True)
class Suspect:
    """The stream most likely off in one process on one basis.

    ``recorded`` and ``corrected`` in the unit of the basis; ``remaining`` is the relative gap after the
    correction, or the present one where nothing is corrected. ``others`` are further flows, best first,
    that would close the balance as well.
    """

    process: int
    basis: str
    flow: int
    slip: Slip
    recorded: float
    corrected: float
    remaining: float
    others: tuple[int, ...]


def suspects(flows: Flows, found: Balances, limits: Limits) -> tuple[Suspect, ...]:
    """For every balance of a process that is amber or red, the stream that would explain it.

    Of all streams and slips whose correction brings the gap below amber, the one that closes best is
    named; of those that close equally well, the largest stream. Where none does: the largest stream
    on the side that weighs more.

    Shapes   found: of ``balance`` for the same flows
    Units    as ``Flows``
    Errors   none
    Source   unit slips met in inventories: t for kg, kWh for MJ, C for CO2, heating value for mass
    """
    order = np.argsort(flows.process, kind="stable")
    bounds = np.searchsorted(flows.process[order], np.append(found.key, found.key.max(initial=0) + 1))
    named = []
    for row, basis in np.argwhere((found.verdict == Verdict.AMBER) | (found.verdict == Verdict.RED)):
        members = order[bounds[row] : bounds[row + 1]]
        named.append(_suspect(flows, found, int(row), int(basis), members, limits.amber[basis]))
    return tuple(named)


def _suspect(flows: Flows, found: Balances, row: int, basis: int, members: Ints, amber: float) -> Suspect:
    closing = sorted(
        (round(remaining / TIED), -max(abs(float(flows.amount[flow, basis])), abs(true)), flow, slip, true,
         remaining)
        for flow, slip, true, remaining in _corrections(flows, found, row, basis, members)
        if remaining <= amber
    )  # fmt: skip
    process = int(found.key[row])
    if closing:
        _, _, flow, slip, true, remaining = closing[0]
        others = tuple(dict.fromkeys(other for _, _, other, *_ in closing if other != flow))
        recorded = float(flows.amount[flow, basis])
        return Suspect(process, BASES[basis], flow, slip, recorded, true, remaining, others)
    heavier = flows.sign[members] == np.sign(found.gap[row, basis])
    size = np.where(heavier, np.abs(flows.amount[members, basis]), -1.0)
    flow = int(members[int(np.argmax(size))])
    recorded = float(flows.amount[flow, basis])
    gap = abs(float(found.gap[row, basis]))
    return Suspect(process, BASES[basis], flow, Slip.NONE, recorded, recorded, gap, ())


def _corrections(
    flows: Flows, found: Balances, row: int, basis: int, members: Ints
) -> Iterator[tuple[int, Slip, float, float]]:
    """Flow, slip, true amount and remaining relative gap of every correction that can be tried."""
    inflow, outflow = float(found.inflow[row, basis]), float(found.outflow[row, basis])
    for flow in members.tolist():
        recorded = float(flows.amount[flow, basis])
        if recorded == 0.0:
            continue
        for slip, factor in _slips(flows, flow):
            true = recorded / factor
            incoming = flows.kind[flow] == Kind.INPUT
            taken = inflow + (true - recorded if incoming else 0.0)
            given = outflow + (0.0 if incoming else true - recorded)
            if taken > 0.0:
                yield flow, slip, true, abs(taken - given) / taken


def _slips(flows: Flows, flow: int) -> Iterator[tuple[Slip, float]]:
    yield from FACTORS.items()
    assert flows.lhv is not None
    lhv = float(flows.lhv[flow])
    if lhv > 0.0:
        yield Slip.ENERGY_AS_MASS, lhv
        yield Slip.MASS_AS_ENERGY, 1.0 / lhv
