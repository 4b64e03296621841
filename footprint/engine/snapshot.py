"""What one run was calculated from, line by line, on nodes that it shares with another run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footprint.engine.equations import Floats, Ints, as_nodes
from footprint.engine.errors import NonFinite, NotCharacterised, OutOfRange, WrongShape

UNSAID = -1
"""No cause given: it follows from what changed."""


class Role(IntEnum):
    """What a node stands for; a leaf of a run has a vector and takes nothing."""

    PROCESS = 0
    FACTOR = 1
    """A shared factor, or a gas that processes emit."""
    OUTSIDE = 2
    """A supplier of whom only the figure is known."""


class Cause(IntEnum):
    """Why a figure differs between two runs."""

    ACTIVITY = 0
    """More or less is taken, emitted or made."""
    ALLOCATION = 1
    """A co-product carries another share."""
    STRUCTURE = 2
    """A line, or a process with its lines, is there on one side only."""
    FACTOR = 3
    """A shared factor has another vector, or another factor stands in its place."""
    SUPPLIER = 4
    """An outside supplier has another figure, or another provider stands in the same place."""
    METHOD = 5
    """A line counts under one method only; the caller says so."""
    GWP = 6
    """Gases are characterised otherwise."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The lines, burdens and weights of one run.

    A line says that for ``made`` of its consumer, ``taken`` of its supplier goes in, of which the
    consumer carries ``share``: share * taken / made is its amount. So that emissions of processes can be
    told apart too, let them be lines to a leaf that stands for the gas, whose vector is 1 in its column;
    a change in ``direct`` of a process counts as activity.

    Shapes   role, present, direct_cause: (n,); direct: (n, m); weights: (m,); consumer, supplier, line,
             share, taken, made, cause: (k,); nodes that are not present have no lines and are not taken
             from; line: whole numbers from 0 on, once per consumer, the same in both runs for the same line
    Units    direct: kg of each column per unit of product; weights: kg CO2e per unit of each column, NaN
             where unknown; taken: units of the supplier, made: units of the consumer, negative taken for
             a credit; share dimensionless; causes: ``Cause`` or -1 where it follows from what changed
    """

    role: NDArray[np.int8]
    present: NDArray[np.bool_]
    direct: Floats
    weights: Floats
    consumer: Ints
    supplier: Ints
    line: Ints
    share: Floats
    taken: Floats
    made: Floats
    cause: NDArray[np.int8]
    direct_cause: NDArray[np.int8]

    @classmethod
    def of(
        cls, *, role: ArrayLike, direct: ArrayLike, weights: ArrayLike, consumer: ArrayLike,
        supplier: ArrayLike, line: ArrayLike, share: ArrayLike, taken: ArrayLike, made: ArrayLike,
        present: ArrayLike | None = None, cause: ArrayLike | None = None,
        direct_cause: ArrayLike | None = None,
    ) -> Snapshot:  # fmt: skip
        """From any sequences, checked; everything is present and no cause is given unless said.

        Raises:
            WrongShape, OutOfRange, NonFinite.
        """
        roles = np.asarray(role, dtype=np.int8).reshape(-1)
        n, links = len(roles), as_nodes(consumer, len(roles))
        made_of = cls(
            role=roles,
            present=np.ones(n, dtype=np.bool_) if present is None else np.asarray(present, dtype=np.bool_),
            direct=np.array(direct, dtype=np.float64),
            weights=np.array(weights, dtype=np.float64),
            consumer=links,
            supplier=as_nodes(supplier, n),
            line=np.asarray(line, dtype=np.int64).reshape(-1),
            share=np.asarray(share, dtype=np.float64).reshape(-1),
            taken=np.asarray(taken, dtype=np.float64).reshape(-1),
            made=np.asarray(made, dtype=np.float64).reshape(-1),
            cause=_codes(cause, len(links)),
            direct_cause=_codes(direct_cause, n),
        )
        _check(made_of)
        return made_of

    @property
    def n(self) -> int:
        """Number of nodes, of both runs."""
        return len(self.role)

    @property
    def amount(self) -> Floats:
        """Units of the supplier's product per unit of the consumer's, of every line: (k,)."""
        return self.share * self.taken / self.made

    def completed_by(self, other: Snapshot) -> Snapshot:
        """This run with the nodes that only the other has, as they are there.

        Nothing in this run takes from them, so that no figure of it moves; but what it would have meant
        to take from them is known, and a new factor in an old place is no new structure.
        """
        missing = other.present & ~self.present
        if not missing.any():
            return self
        lent = missing[other.consumer]
        lines = {name: np.append(getattr(self, name), getattr(other, name)[lent]) for name in LINES}
        direct = np.where(missing[:, None], other.direct, self.direct)
        role = np.where(missing, other.role, self.role)
        cause = np.where(missing, other.direct_cause, self.direct_cause)
        return replace(
            self, role=role, direct=direct, present=self.present | missing, direct_cause=cause, **lines
        )

    def limited_to(self, nodes: Ints, place: Ints) -> Snapshot:
        """The nodes given, numbered anew, with the lines of their own; all suppliers are among them."""
        kept = place[self.consumer] >= 0
        lines = {name: getattr(self, name)[kept] for name in LINES}
        lines["consumer"], lines["supplier"] = place[lines["consumer"]], place[lines["supplier"]]
        return replace(
            self, role=self.role[nodes], present=self.present[nodes], direct=self.direct[nodes],
            direct_cause=self.direct_cause[nodes], **lines,
        )  # fmt: skip

    def with_weights(self, weights: Floats) -> Snapshot:
        """The same run under other weights."""
        return replace(self, weights=weights)


LINES = ("consumer", "supplier", "line", "share", "taken", "made", "cause")


def known_weights(first: Snapshot, second: Snapshot) -> tuple[Floats, Floats]:
    """The weights of two runs, 0 for a gas that occurs in neither.

    Shapes   results: (m,)
    Units    kg CO2e per unit of each column
    Errors   NotCharacterised when a gas occurs that a run has no weight for; WrongShape
    Source   none: an absent gas has no effect
    """
    if first.direct.shape != second.direct.shape:
        raise WrongShape("Two runs must be given on the same nodes and the same columns.")
    unknown = ~(np.isfinite(first.weights) & np.isfinite(second.weights))
    occurring = ((first.direct != 0.0) | (second.direct != 0.0)).any(axis=0)
    if (unknown & occurring).any():
        raise NotCharacterised(np.flatnonzero(unknown & occurring))
    return np.where(unknown, 0.0, first.weights), np.where(unknown, 0.0, second.weights)


def _codes(given: ArrayLike | None, count: int) -> NDArray[np.int8]:
    if given is None:
        return np.full(count, UNSAID, dtype=np.int8)
    return np.asarray(given, dtype=np.int8).reshape(-1)


def _check(run: Snapshot) -> None:
    """Raise unless the arrays fit, are finite, and speak of nodes that are present."""
    sizes = {len(getattr(run, name)) for name in LINES}
    if len(sizes) != 1:
        raise WrongShape("Every line needs a consumer, a supplier, a key, a share, two amounts and a cause.")
    if (run.line < 0).any():
        raise WrongShape("The keys of lines must be whole numbers from 0 on.")
    if not run.present.shape == run.direct_cause.shape == (run.n,):
        raise WrongShape("Every node needs a role, and where given a presence and a cause.")
    if run.direct.ndim != 2 or run.direct.shape != (run.n, len(run.weights)):
        raise WrongShape("The burdens need one row for each node and one column for each weight.")
    if not np.isin(np.append(run.cause, run.direct_cause), [UNSAID, *Cause]).all():
        raise WrongShape("A cause must be one of those there are, or -1.")
    _check_values(run)


def _check_values(run: Snapshot) -> None:
    absent = ~(run.present[run.consumer] & run.present[run.supplier])
    if absent.any():
        raise OutOfRange(np.unique(run.consumer[absent]), int(run.present.sum()))
    with np.errstate(divide="ignore", invalid="ignore"):
        bad = ~np.isfinite(run.amount)
    if bad.any():
        raise NonFinite("amount of a line of product", np.unique(run.consumer[bad]))
    if not np.isfinite(run.direct).all():
        raise NonFinite("direct burden of product", np.flatnonzero(~np.isfinite(run.direct).all(axis=1)))
