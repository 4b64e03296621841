"""One line as a calculation takes it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from footprint.inventory import stages

PRIMARY = frozenset({"measured", "calculated"})
"""Data types that count as primary: measured, or calculated from what was measured."""

Rating = tuple[int | None, int | None, int | None]
"""Data quality 1 (best) to 5: technology, time, geography; None where nobody rated it."""
Pedigree = tuple[int | None, int | None, int | None, int | None, int | None]
"""Scores 1 (best) to 5: reliability, completeness, temporal, geographical, technological; None unknown."""


class Line(NamedTuple):
    """One exchange, in the order of the columns that are read; ``own_stage`` is what the member said."""

    id: int
    process: int
    direction: str
    kind: str
    product: int | None
    gas: str
    origin: str
    amount: Decimal
    unit: str
    is_reference: bool
    is_avoided: bool
    provider_process: int | None
    provider_product: int | None
    factor_version: int | None
    data_type: str = "measured"
    own_stage: str = ""
    gsd2: Decimal | None = None
    basis: Decimal | None = None
    basis_unit: str = ""
    carrier: str = ""
    reference_efficiency: Decimal | None = None
    heat_celsius: Decimal | None = None
    exempted_kg_co2e: Decimal | None = None
    factor_kind: str | None = None
    pedigree_reliability: int | None = None
    pedigree_completeness: int | None = None
    pedigree_temporal: int | None = None
    pedigree_geographical: int | None = None
    pedigree_technological: int | None = None
    dqr_technology: int | None = None
    dqr_time: int | None = None
    dqr_geography: int | None = None

    @property
    def stage(self) -> str:
        """The life-cycle stage in force: the member's own, else the derived one."""
        if self.own_stage:
            return self.own_stage
        return stages.derived(
            direction=self.direction,
            kind=self.kind,
            unit=self.unit,
            is_avoided=self.is_avoided,
            has_process=self.provider_process is not None,
            factor_kind=self.factor_kind,
        ).value

    @property
    def pedigree(self) -> Pedigree:
        """How good the amount is, by the pedigree matrix."""
        return (
            self.pedigree_reliability,
            self.pedigree_completeness,
            self.pedigree_temporal,
            self.pedigree_geographical,
            self.pedigree_technological,
        )

    @property
    def dqr(self) -> Rating:
        """How good the amount is, by the ratings of PACT."""
        return self.dqr_technology, self.dqr_time, self.dqr_geography

    @property
    def is_output(self) -> bool:
        """Whether it makes a column: a product put out, or the waste a treatment process takes in."""
        if self.kind == "product":
            return self.direction == "output" and not self.is_avoided
        return self.kind == "waste" and self.direction == "input" and self.is_reference

    @property
    def is_left_out(self) -> bool:
        """Whether it takes something in, or gives a waste away, that nobody provides: it counts nothing."""
        provided = self.provider_process or self.provider_product or self.factor_version
        is_input = self.direction == "input" and self.kind == "product"
        return not provided and bool(self.amount) and (is_input or self.exempted_kg_co2e is not None)

    @property
    def is_primary(self) -> bool:
        """Whether the amount rests on the member's own measurement."""
        return self.data_type in PRIMARY
