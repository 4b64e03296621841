"""A version weighed with every set that is kept: each assessment report, 20 and 100 years."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from accounts.actor import Actor
from factors import queries
from factors.models import FactorVersion


@dataclass(frozen=True)
class WithSet:
    """kg CO2e per unit with one set, or why there is none."""

    gwp_set: str
    horizon: int
    kg_co2e: Decimal | None
    refusal: str


def weighed_with_all(actor: Actor, version: FactorVersion) -> list[WithSet]:
    """Set by set, the newest report first."""
    emissions = queries.emissions_of(actor, [version.pk])[version.pk]
    found = []
    for each in queries.characterization_sets(actor):
        try:
            values = queries.characterization(actor, each.code, each.horizon)
            total, _parts = queries.weigh(version, emissions, values, each.code, each.horizon)
            found.append(WithSet(each.code, each.horizon, total, ""))
        except (queries.NotResolvedByGas, queries.NoCharacterization) as refusal:
            found.append(WithSet(each.code, each.horizon, None, str(refusal)))
    return found
