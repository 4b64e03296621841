"""Every way the engine refuses, each naming the nodes it is about.

A node is the index of a product in its network; the caller knows the product's name.
"""

from __future__ import annotations

from collections.abc import Iterable

SHOWN = 8
"""How many node indices a sentence spells out; ``nodes`` always carries all of them."""


def spell(nodes: Iterable[int]) -> str:
    """The first few indices as text, and how many more there are."""
    listed = [str(node) for node in nodes]
    more = len(listed) - SHOWN
    return ", ".join(listed[:SHOWN]) + (f" and {more} more" if more > 0 else "")


class EngineError(ValueError):
    """A refusal in one plain English sentence, with the nodes it is about."""

    def __init__(self, sentence: str, nodes: Iterable[int] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.nodes = tuple(int(node) for node in nodes)


class RefusedLoop(EngineError):
    """A loop of products that has no meaningful solution."""

    @property
    def members(self) -> tuple[int, ...]:
        """The products of the loop, ascending."""
        return self.nodes


class NotProductive(RefusedLoop):
    """A loop whose products need at least as much of each other as they yield."""

    def __init__(self, members: Iterable[int]) -> None:
        listed = tuple(members)
        super().__init__(f"The loop of products {spell(listed)} uses up at least what it makes.", listed)


class SingularNetwork(RefusedLoop):
    """A loop whose equations do not determine its products within working precision."""

    def __init__(self, members: Iterable[int]) -> None:
        listed = tuple(members)
        super().__init__(f"The loop of products {spell(listed)} has no unique solution.", listed)


class NonFinite(EngineError):
    """An amount, an emission or a result that is not a finite number."""

    def __init__(self, what: str, nodes: Iterable[int] = ()) -> None:
        listed = tuple(nodes)
        at = f" at {spell(listed)}" if listed else ""
        super().__init__(f"The {what}{at} is not a finite number.", listed)


class WrongShape(EngineError):
    """Arrays that do not fit each other."""


class OutOfRange(EngineError):
    """A link that names a product the network does not have."""

    def __init__(self, nodes: Iterable[int], n: int) -> None:
        listed = tuple(nodes)
        super().__init__(f"Products {spell(listed)} are not among the {n} products of the network.", listed)


class NoSuchLink(EngineError):
    """A change of a link that the network does not have."""

    def __init__(self, consumer: int, supplier: int) -> None:
        sentence = f"Product {consumer} takes nothing from product {supplier}; name a link that is there."
        super().__init__(sentence, (consumer, supplier))


class OutOfBounds(EngineError):
    """A parameter outside the values it may take."""


class PlanMismatch(EngineError):
    """A plan that was made for other links than the network has."""

    def __init__(self) -> None:
        super().__init__("The plan was made for a network with other links.")


class NoBasis(EngineError):
    """An allocation method for which the co-products carry nothing to divide by."""

    def __init__(self, basis: str, nodes: Iterable[int] = ()) -> None:
        super().__init__(f"The amounts to allocate by {basis} are missing or all zero.", nodes)


class NegativeBasis(EngineError):
    """A co-product with a negative amount, price or share."""

    def __init__(self, basis: str, nodes: Iterable[int]) -> None:
        listed = tuple(nodes)
        super().__init__(f"Co-products {spell(listed)} have a negative {basis}.", listed)


class MixedUnits(EngineError):
    """Co-products whose amounts are not in one unit."""

    def __init__(self, units: Iterable[str]) -> None:
        super().__init__(f"The co-products are given in different units: {', '.join(sorted(set(units)))}.")


class SharesDoNotSum(EngineError):
    """Declared shares that do not sum to one."""

    def __init__(self, total: float, nodes: Iterable[int] = ()) -> None:
        super().__init__(f"The declared shares sum to {total:.12g} and must sum to 1.", nodes)
        self.total = total


class NotClosed(EngineError):
    """Contributions that do not add up to the total they explain."""

    def __init__(self, node: int, gap: float) -> None:
        super().__init__(f"The contributions to product {node} miss its total by {gap:.3g} of it.", (node,))
        self.gap = gap


class NotCharacterised(EngineError):
    """An emission that occurs but has no characterization factor; ``nodes`` are columns."""

    def __init__(self, columns: Iterable[int]) -> None:
        listed = tuple(columns)
        sentence = f"Emission columns {spell(listed)} occur but have no characterization factor."
        super().__init__(sentence, listed)


class Unanswered(EngineError):
    """A question of a decision tree that nobody has answered."""

    def __init__(self, question: str, nodes: Iterable[int] = ()) -> None:
        super().__init__(f"The question {question} has to be answered first.", nodes)
        self.question = question


class BadBundle(EngineError):
    """A calculation bundle that cannot be trusted or read; nothing of it was calculated."""
