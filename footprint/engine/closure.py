"""Mass, energy and carbon balance of unit processes and of sites.

What goes in must come out, stay, or be recorded as lost. The limits belong to the rule that is
applied; the ones of 1 and 3 % for mass, 2 and 5 % for energy and carbon are proposals.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footprint.engine.equations import Floats, Ints, as_nodes
from footprint.engine.errors import NonFinite, OutOfBounds, WrongShape

BASES = ("mass", "energy", "carbon")
"""Columns of amounts: kg, MJ (LHV for fuels), kg C."""
CO2_PER_C = 44.0 / 12.0
"""kg CO2 per kg C, by the rounded molar masses that inventories use."""
CANCELLED = 1e-9
"""An internal stream that nets to less than this of its size is no stream of the site."""


class Kind(IntEnum):
    """What a flow is to its process."""

    INPUT = 0
    OUTPUT = 1
    EMISSION = 2
    LOSS = 3
    """Recorded and explained: flare, purge, evaporation, heat given off."""
    STOCK = 4
    """What stock grew by; negative where it shrank."""


class Verdict(IntEnum):
    """What a gap means under the limits given."""

    CLOSED = 0
    AMBER = 1
    RED = 2
    NOT_ASSESSABLE = 3


@dataclass(frozen=True, eq=False)
class Flows:
    """Everything that crosses the boundary of a unit process.

    Shapes   process, stream, kind: (f,); amount: (f, 3) in the order of ``BASES``, NaN where unknown and 0
             where there is none; lhv: (f,) or None. ``stream`` names what flows: a product that leaves
             one process and enters another of the same site has one stream
    Units    amount: kg, MJ, kg C per process period; lhv: MJ per kg, NaN where unknown
    Errors   WrongShape; NonFinite for infinite amounts; OutOfBounds for unknown kinds and for negative
             amounts of anything but stock
    """

    process: Ints
    stream: Ints
    kind: Ints
    amount: Floats
    lhv: Floats | None = None

    def __post_init__(self) -> None:
        amount = np.array(self.amount, dtype=np.float64).reshape(-1, len(BASES))
        count = len(amount)
        columns = {
            name: np.array(getattr(self, name), dtype=np.int64) for name in ("process", "stream", "kind")
        }
        lhv = np.full(count, np.nan) if self.lhv is None else np.array(self.lhv, dtype=np.float64)
        if any(len(column) != count for column in columns.values()) or len(lhv) != count:
            raise WrongShape("Every flow needs a process, a stream, a kind and three amounts.")
        if np.isinf(amount).any():
            raise NonFinite("amount of flow", np.flatnonzero(np.isinf(amount).any(axis=1)))
        bad = ~np.isin(columns["kind"], list(Kind))
        bad |= (columns["kind"] != Kind.STOCK) & (amount < 0.0).any(axis=1)
        if bad.any():
            raise OutOfBounds("Flows are of a known kind and not negative; only stock may shrink.",
                              np.flatnonzero(bad))  # fmt: skip
        for name, value in (*columns.items(), ("amount", amount), ("lhv", lhv)):
            object.__setattr__(self, name, value)

    @property
    def sign(self) -> Floats:
        """(f,) one for what comes in, minus one for what has to account for it."""
        return np.where(self.kind == Kind.INPUT, 1.0, -1.0)


@dataclass(frozen=True)
class Limits:
    """Relative gaps up to which a balance is closed, and up to which it is amber.

    Shapes   three numbers each, in the order of ``BASES``
    Units    relative to what comes in
    """

    amber: tuple[float, float, float]
    red: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Balances:
    """One row per process or site.

    Shapes   key: (g,) process or site, ascending; inflow, outflow, gap: (g, 3) in the order of ``BASES``;
             verdict: (g, 3) values of ``Verdict``
    Units    inflow, outflow: kg, MJ, kg C per period, of what is known; gap: (in - out) / in, NaN where
             not assessable, infinite where something comes out of nothing
    """

    key: Ints
    inflow: Floats
    outflow: Floats
    gap: Floats
    verdict: NDArray[np.int8]
    missing: dict[tuple[int, int], tuple[int, ...]]
    """Row and basis -> the flows whose amount is unknown; at a site, of internal streams too."""

    @property
    def worst(self) -> NDArray[np.int8]:
        """(g,) the worst verdict of each row, not counting what cannot be assessed."""
        assessed = np.where(self.verdict == Verdict.NOT_ASSESSABLE, -1, self.verdict)
        worst = assessed.max(axis=1, initial=-1)
        return np.where(worst < 0, Verdict.NOT_ASSESSABLE, worst).astype(np.int8)


def balance(flows: Flows, limits: Limits) -> Balances:
    """Balances of every unit process on every basis.

    Shapes   see ``Flows`` and ``Balances``
    Units    see ``Flows`` and ``Balances``
    Errors   none beyond those of ``Flows``
    Source   conservation of mass, energy and carbon; |in - out - stock change - recorded loss| / in
    """
    key, row = np.unique(flows.process, return_inverse=True)
    return _balances(key.astype(np.int64), row, flows.amount, flows.sign, np.arange(len(row)), limits)


def site_balance(flows: Flows, site: ArrayLike, limits: Limits) -> Balances:
    """Balances of every site: what one of its processes gives to another cancels.

    A stream is netted over the processes of the site. Where its mass nets to nothing it counts for
    nothing on any basis, known or not.

    Shapes   site: (p,) the site of each process; see ``Balances``, whose keys are sites
    Units    as ``balance``
    Errors   OutOfRange when a flow's process has no site
    Source   as ``balance``
    """
    of_process = np.array(site, dtype=np.int64)
    at = of_process[as_nodes(flows.process, len(of_process))]
    crossing = (flows.kind == Kind.INPUT) | (flows.kind == Kind.OUTPUT)
    stream = np.where(crossing, flows.stream, -1 - np.arange(len(at)))
    pairs, member = np.unique(np.stack([at, stream], axis=1), axis=0, return_inverse=True)
    member = member.reshape(-1)
    net = np.zeros((len(pairs), len(BASES)))
    size = np.zeros((len(pairs), len(BASES)))
    np.add.at(net, member, flows.amount * flows.sign[:, None])
    np.add.at(size, member, np.abs(flows.amount))
    gone = np.abs(net) <= CANCELLED * size
    inner = gone[:, 0] & (size[:, 0] > 0.0)
    net[gone] = 0.0
    net[inner] = 0.0
    key, row = np.unique(pairs[:, 0], return_inverse=True)
    stock = np.zeros(len(pairs), dtype=np.bool_)
    stock[member[~crossing]] = True
    inward = np.where(stock[:, None] | (np.nan_to_num(net) < 0.0), -1.0, 1.0)
    return _balances(key, row, net * inward, inward, member, limits)


def _relative(gap: Floats, of: Floats) -> Floats:
    """gap / of; zero where both are, infinite with its sign where only the divisor is."""
    ratio = np.where(of != 0.0, gap / np.where(of != 0.0, of, 1.0), np.copysign(np.inf, gap))
    return np.where((of == 0.0) & (gap == 0.0), 0.0, ratio)


def _balances(key: Ints, row: Ints, amount: Floats, sign: Floats, member: Ints, limits: Limits) -> Balances:
    """Sum entries into rows. ``member`` maps flows to entries; ``sign`` is (e,) or (e, 3)."""
    signs = np.broadcast_to(sign if sign.ndim == 2 else sign[:, None], amount.shape)
    unknown = np.isnan(amount)
    inflow, outflow = np.zeros((len(key), len(BASES))), np.zeros((len(key), len(BASES)))
    np.add.at(inflow, row, np.where(unknown | (signs < 0.0), 0.0, amount))
    np.add.at(outflow, row, np.where(unknown | (signs > 0.0), 0.0, amount))
    open_ = np.zeros((len(key), len(BASES)), dtype=np.bool_)
    np.logical_or.at(open_, row, unknown)
    gap = np.where(open_, np.nan, _relative(inflow - outflow, inflow))
    verdict = (np.abs(gap) > limits.amber).astype(np.int8) + (np.abs(gap) > limits.red).astype(np.int8)
    verdict[open_] = Verdict.NOT_ASSESSABLE
    missing = {
        (int(r), int(b)): tuple(np.flatnonzero((row[member] == r) & unknown[member, b]).tolist())
        for r, b in zip(*np.nonzero(open_), strict=True)
    }
    return Balances(key, inflow, outflow, gap, verdict, missing)
