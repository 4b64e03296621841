"""What a company's own network is made of: nodes, links and emissions in parallel arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

import numpy as np
from django.utils.translation import gettext, override

from accounts.figures import is_chinese
from footprint.calculation.content import Column, GasKey
from footprint.engine.equations import Equations, Floats, Ints

GWP_SETS = ("AR5", "AR6")


class NodeKind(StrEnum):
    """What a node is; in the order in which the engine adds."""

    COLUMN = "column"
    SUPPLIER = "supplier"
    UNSEEN = "unseen"
    FACTOR = "factor"


class Stage(StrEnum):
    """Where in the chain a node stands, as charts colour it."""

    PROCESS = "process"
    ENERGY = "energy"
    TRANSPORT = "transport"
    PURCHASED = "purchased"


@dataclass(frozen=True, slots=True)
class Node:
    """A column or a leaf.

    ``key`` is (process, product) of a column and of what is unseen in it, (product, year) of a supplier's
    product, (version,) of a factor. ``maker`` names the unit process, the company or the place a factor is
    for; ``site`` is of own columns. ``production`` is in ``unit``. ``footprints`` are those whose totals are
    open, of a supplier's product, or the column's own.
    """

    kind: NodeKind
    key: tuple[int, ...]
    stage: Stage
    unit: str
    code: str
    name_zh: str
    name_en: str
    maker_zh: str = ""
    maker_en: str = ""
    site_zh: str = ""
    site_en: str = ""
    uuid: str = ""
    year: int | None = None
    production: float | None = None
    footprints: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        """Name and maker."""
        if self.kind is NodeKind.UNSEEN:
            with override(language):
                return gettext("Suppliers whose totals are not open")
        chinese = is_chinese(language)
        name, maker = (self.name_zh, self.maker_zh) if chinese else (self.name_en, self.maker_en)
        return f"{name} · {maker}" if maker else name


@dataclass(frozen=True, eq=False)
class Links:
    """What columns take from nodes, line by line; parallel.

    Shapes   all (links,); ``line`` is an exchange id, 0 where several unseen lines count together
    Units    taken: supplier's unit for the whole process, negative for a credit; made: declared unit;
             amount = share * float(taken / made): supplier's unit per declared unit
    """

    consumer: Ints
    supplier: Ints
    line: Ints
    taken: tuple[Decimal, ...]
    made: tuple[Decimal, ...]
    share: Floats
    amount: Floats
    data_type: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Emissions:
    """What own columns emit or take out of the air themselves, line by line; parallel.

    Shapes   all (emissions,); ``gas`` is a place in ``OwnNetwork.gases``
    Units    taken: kg for the whole process; amount: kg per declared unit
    """

    node: Ints
    gas: Ints
    line: Ints
    taken: tuple[Decimal, ...]
    made: tuple[Decimal, ...]
    share: Floats
    amount: Floats
    data_type: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class OwnNetwork:
    """Nodes, links and direct burdens; the first ``columns`` nodes are own columns, the rest leaves.

    Shapes   mass: (n, m) of the gases, zero where a leaf is known by its total only; total: (n, sets) of
             those leaves, zero elsewhere; weight: (m, sets); stored: (n, sets), NaN for leaves; sets as
             in ``GWP_SETS``
    Units    mass: kg per unit; total, stored: kg CO2e per unit; weight: kg CO2e per kg
    """

    nodes: tuple[Node, ...]
    links: Links
    emissions: Emissions
    gases: tuple[GasKey, ...]
    mass: Floats
    total: Floats
    weight: Floats
    stored: Floats
    roots: tuple[int, ...]
    """The columns that were asked for; the others are upstream of them."""
    run_id: int | None

    @cached_property
    def index(self) -> Mapping[Column, int]:
        """Own columns by process and product."""
        return {(n.key[0], n.key[1]): at for at, n in enumerate(self.nodes) if n.kind is NodeKind.COLUMN}

    @cached_property
    def columns(self) -> int:
        """How many nodes are own columns."""
        return len(self.index)

    @cached_property
    def direct(self) -> Floats:
        """(n, sets) kg CO2e per unit: own emissions of columns, totals of leaves."""
        return np.asarray(self.mass @ self.weight + self.total)

    def network(self) -> Equations:
        """The scalar view: one result column of kg CO2e per GWP set."""
        return self._with(self.direct)

    def gas_network(self) -> Equations:
        """The view gas by gas, with the totals of what is not known by gas as last columns."""
        return self._with(np.hstack([self.mass, self.total]))

    def characterise(self, intensity: Floats) -> Floats:
        """(k, m + sets) of the gas view -> (k, sets) kg CO2e."""
        return np.asarray(intensity @ np.vstack([self.weight, np.eye(len(GWP_SETS))]))

    def labels(self, language: str) -> list[str]:
        """What to call every node."""
        return [node.label(language) for node in self.nodes]

    def _with(self, direct: Floats) -> Equations:
        return Equations(len(self.nodes), self.links.consumer, self.links.supplier, self.links.amount, direct)
