"""What a method profile decides in numbers, and how that is applied to arrays.

One inventory, one network, several profiles: each says which exchanges count, by which method burdens
are shared, what each column of gases weighs. The profiles themselves are rule data, not code.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footprint.engine.allocation import Basis
from footprint.engine.cut_off import NO_CUT_OFF, CutOffRule
from footprint.engine.errors import NoBasis, OutOfBounds, Unanswered, WrongShape
from footprint.engine.pact_allocation import PRICE_RATIO, Answers, Decision, Question, decide
from footprint.engine.position import Position

Flags = NDArray[np.bool_]


class Exchange(IntEnum):
    """What a link or a part of a direct burden is for, as boundaries speak of it."""

    DIRECT = 0
    """Combustion and process emissions of the process itself."""
    ELECTRICITY = 1
    HEAT = 2
    """Steam, heat and cooling from elsewhere."""
    PRECURSOR = 3
    """A material that is itself in the scope of the rule."""
    MATERIAL = 4
    FUEL_SUPPLY = 5
    """Extraction, processing and transport of fuels before they are burnt."""
    PACKAGING = 6
    INBOUND = 7
    OUTBOUND = 8
    WASTE = 9
    CAPITAL = 10
    CAPTURE = 11
    """Credit for carbon dioxide captured and stored."""
    UTILISATION = 12
    """Credit for carbon dioxide captured and used."""
    OFFSET = 13
    """Credits from outside the product system: no profile counts them."""


class Credit(StrEnum):
    """When a credit counts."""

    NEVER = "never"
    WITH_EVIDENCE = "with evidence"
    """Stored mass proven, or a certificate named."""


@dataclass(frozen=True)
class Profile:
    """The numbers of one method.

    ``preference`` is the order in which allocation methods are tried; empty, PACT's tree decides.
    ``uptake`` says whether the headline is the total with biogenic uptake; both are always calculated.
    Emissions of aircraft are in every total, whoever wants them stated apart.
    """

    code: str
    gwp_set: str
    counted: frozenset[Exchange]
    counted_if_listed: frozenset[Exchange] = frozenset()
    """Counted beyond ``counted`` for goods that the rule lists, as indirect emissions under CBAM."""
    cut_off: CutOffRule = NO_CUT_OFF
    preference: tuple[Basis, ...] = ()
    price_ratio: float = PRICE_RATIO
    """Beyond which PACT's tree orders economic allocation."""
    questions: tuple[Question, ...] = tuple(Question)
    """What the tree asks, in its order."""
    substitution: bool = False
    negative_allowed: bool = False
    uptake: bool = False
    release: bool = False
    """Whether carbon dioxide of biogenic origin counts when it is given off."""
    capture: Credit = Credit.WITH_EVIDENCE
    utilisation: Credit = Credit.WITH_EVIDENCE

    @property
    def beside(self) -> frozenset[Position]:
        """What is in no total without biogenic uptake."""
        return frozenset({Position.BIOGENIC_UPTAKE, Position.BIOGENIC_RELEASE} - self._released)

    @property
    def uncounted(self) -> frozenset[Position]:
        """What the total that the profile calls the footprint leaves out."""
        return self.beside - {Position.BIOGENIC_UPTAKE} if self.uptake else self.beside

    @property
    def _released(self) -> set[Position]:
        return {Position.BIOGENIC_RELEASE} if self.release else set()


@dataclass(frozen=True)
class Choice:
    """The method of one process, and the walk through the tree where one was taken."""

    basis: Basis | None
    decision: Decision | None


def counts(
    profile: Profile, exchange: ArrayLike, listed: ArrayLike = False, evidenced: ArrayLike = False
) -> Flags:
    """Which links, or parts of direct burdens, are inside the boundary.

    Shapes   exchange: (k,) values of ``Exchange``; listed: (k,) or one, whether the product the line
             belongs to is listed; evidenced: (k,) or one, for credits; result: (k,)
    Units    none
    Errors   WrongShape; OutOfBounds for an unknown class
    Source   boundaries as the rules state them; offsets are excluded by ISO 14067, PACT, TfS and CBAM
    """
    kind = np.array(exchange, dtype=np.int64).reshape(-1)
    if len(kind) and not (kind.min() >= 0 and kind.max() < len(Exchange)):
        raise OutOfBounds("An exchange has to be of one of the known classes.")
    always, often = (np.zeros(len(Exchange), dtype=np.bool_) for _ in range(2))
    always[list(profile.counted)] = True
    often[list(profile.counted_if_listed)] = True
    always[Exchange.OFFSET] = often[Exchange.OFFSET] = False
    proven, named = _flags(evidenced, len(kind)), _flags(listed, len(kind))
    inside = always[kind] | (often[kind] & named)
    for credit, rule in ((Exchange.CAPTURE, profile.capture), (Exchange.UTILISATION, profile.utilisation)):
        inside &= (kind != credit) | (proven if rule is Credit.WITH_EVIDENCE else False)
    return inside


def choose_method(profile: Profile, available: Collection[Basis], answers: Answers | None = None) -> Choice:
    """The method of one process: the first of the profile's order, else by PACT's tree.

    Shapes   available: the bases for which every co-product has an amount
    Units    as ``Answers``
    Errors   Unanswered when the tree is asked without answers, and as ``decide``; NoBasis when nothing
             that is ordered is available
    Source   PACT: product category rule before sector rule before the method's own
    """
    if profile.preference:
        ordered = [basis for basis in profile.preference if basis in available]
        if not ordered:
            raise NoBasis(" or ".join(profile.preference))
        return Choice(ordered[0], None)
    if answers is None:
        raise Unanswered("allocation")
    if answers.physical is not None and answers.physical not in available:
        answers = replace(answers, physical=None)
    if not profile.substitution:
        answers = replace(answers, dominant_displaced=False)
    decision = decide(answers, profile.price_ratio, profile.questions)
    if decision.basis in (None, Basis.NONE, Basis.CAUSAL):
        return Choice(decision.basis, decision)
    return Choice(_available(decision.basis, available), decision)


def _available(basis: Basis, available: Collection[Basis]) -> Basis:
    if basis not in available:
        raise NoBasis(basis)
    return basis


def _flags(values: ArrayLike, count: int) -> Flags:
    try:
        return np.broadcast_to(np.array(values, dtype=np.bool_), (count,))
    except ValueError as other:
        raise WrongShape(f"There must be one flag, or one for each of the {count} lines.") from other
