"""How a version came from its parents: what its derivation says, and what was converted on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from factors import units
from factors.content import PARENTS, RELATION, Fault, Relation
from factors.models import FactorVersion


@dataclass(frozen=True)
class Conversion:
    """What of the child is not as of the parent: ``unit``, ``gwp_set``, ``geography`` or ``reference_year``.

    ``factor``: how many of the child's units one of the parent's is; None where they measure different
    things, and of all else. An empty GWP set: resolved by gas, or not stated.
    """

    what: str
    before: str
    after: str
    factor: Decimal | None = None


@dataclass(frozen=True)
class Link:
    """One step of a lineage."""

    parent: FactorVersion
    relation: Relation
    conversions: tuple[Conversion, ...]


def relation_of(version: FactorVersion) -> Relation:
    """As its derivation states it; of old ones that it was derived is all that is known."""
    given = version.derivation.get(RELATION, "")
    return Relation(given) if given in set(Relation) else Relation.DERIVED


def links(version: FactorVersion, parents: Sequence[FactorVersion]) -> list[Link]:
    """Every parent with what was converted on the way from it."""
    relation = relation_of(version)
    return [Link(each, relation, tuple(conversions(version, each))) for each in parents]


def conversions(child: FactorVersion, parent: FactorVersion) -> Iterator[Conversion]:
    """Units, GWP sets, places and years that differ.

    Units    the factor is dimensionless: child's units per parent's unit
    Errors   none: units that measure different things have no factor
    """
    then, now = parent.factor.unit, child.factor.unit
    if then != now:
        ratio = units.convert(Decimal(1), then, now) if units.same_dimension(then, now) else None
        yield Conversion("unit", then, now, ratio)
    for what in ("gwp_set", "geography", "reference_year"):
        before, after = (str(getattr(each, what) or "") for each in (parent, child))
        if before != after:
            yield Conversion(what, before, after)


def relation_faults(
    stated: Mapping[str, Any], geography: str, parents: Sequence[FactorVersion]
) -> Iterator[Fault]:
    """A relation that is none, or does not fit the parents that are named."""
    given, count = stated.get(RELATION, ""), len({str(each) for each in stated.get(PARENTS, ())})
    if not given:
        return
    if given not in set(Relation):
        yield Fault("unknown_relation", RELATION, {"relation": str(given)[:40]})
    elif given == Relation.AVERAGED and count < 2:
        yield Fault("average_of_few", RELATION)
    elif given != Relation.AVERAGED and not count:
        yield Fault("no_parents", RELATION)
    elif given in (Relation.CONVERTED, Relation.ADAPTED) and count > 1:
        yield Fault("one_parent", RELATION)
    elif given == Relation.ADAPTED and any(each.geography == geography for each in parents):
        yield Fault("same_region", RELATION)
