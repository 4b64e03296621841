"""What changed lines take from: nodes of the own network, or leaves that are added to it.

Of other companies only open totals are known, so a product of theirs counts as made by one maker, ``OTHERS``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property

import numpy as np
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from factors import queries as factor_queries
from footprint.analysis.levers import Pulled
from footprint.analysis.solved import Solved, weights_of
from footprint.calculation import inputs as rows
from footprint.calculation.assemble import assemble, makers_of_year
from footprint.calculation.content import Burden, Column, Content, GasKey, State
from footprint.calculation.faults import WORDS
from footprint.calculation.inputs import Inputs, Made, Thing
from footprint.calculation.line import Line
from footprint.calculation.models import Footprint
from footprint.calculation.own_network import GWP_SETS, NodeKind
from footprint.calculation.own_network.assembly import weight_of
from footprint.calculation.own_network.rows import factors
from footprint.engine.equations import Equations, Floats
from footprint.inventory.models import SCORES, Exchange, Product

OTHERS = 0
"""Stands for the processes of another company, which nobody else sees."""
CLOSE = 1e-12
STORED_AS = {
    "process": "process_id",
    "product": "product_id",
    "provider_process": "provider_process_id",
    "provider_product": "provider_product_id",
    "factor_version": "factor_version_id",
    "basis": "allocation_basis",
    "basis_unit": "allocation_basis_unit",
    "own_stage": "stage",
}
OF_NO_FIGURE = ("factor_kind", *SCORES)
"""What a line says of its quality moves no figure, nor what it is provided by."""


class Suppliers:
    """Finds the node for what a changed column takes; keeps the leaves that the network lacks."""

    def __init__(self, actor: Actor, base: Solved, told: Sequence[Pulled]) -> None:
        self._actor, self._base = actor, base
        self._processes = sorted({each.line.process_id for each in told})
        self._codes = {each.line.process_id: each.line.process.code for each in told}
        self._inputs = self._read(_instead(told))
        self._at = {(node.kind, node.key): place for place, node in enumerate(base.own.nodes)}
        links = base.own.links
        self._leaf_of_line: dict[tuple[int, int], int] = {
            (consumer, line): supplier
            for consumer, line, supplier in zip(
                links.consumer.tolist(), links.line.tolist(), links.supplier.tolist(), strict=True
            )
        }
        self._added: list[Floats] = []
        self._unseen: dict[Column, dict[int, float]] = defaultdict(dict)

    def inputs(self) -> Inputs:
        """What the touched processes are assembled from, under the levers."""
        return self._inputs

    def code(self, column: Column) -> str:
        """What the column's process is called."""
        return self._codes[column[0]]

    def link(self, column: Column, burden: Burden, value: float) -> tuple[int, float]:
        """The node that a burden is taken from, and how much of it per unit of the column."""
        kind, first, second = burden.supplier
        if kind == "factor":
            return self._factor(first), value
        if first != OTHERS:
            return self._own((first, second), burden.line), value
        leaf = self._others(column, burden, second)
        if leaf is None:
            # its amount is found with those of all others behind the same leaf
            self._unseen[column][burden.line] = value
            leaf, value = self._unseen_leaf(column, burden.line), 0.0
        return leaf, value

    def rest(self, column: Column, content: Content, taken: Mapping[int, float]) -> dict[int, float]:
        """What is taken of suppliers whose totals are not open: only together, and only in proportion."""
        leaf = self._at.get((NodeKind.UNSEEN, column))
        if leaf is None:
            return {}
        node, now = self._base.own.index[column], self._unseen[column]
        links = self._base.equations.links_of(node)
        at = self._base.equations.supplier[links].tolist().index(leaf)
        amount = float(self._base.equations.amount[links][at])
        ratios = [now.get(line, 0.0) / value for line, value in self._unseen_before(column).items() if value]
        if not ratios or max(ratios) - min(ratios) > CLOSE * max(map(abs, ratios)):
            message = _(
                "%(process)s takes from several suppliers whose totals are not open to you. Only their sum "
                "is known, so one of them cannot be changed alone."
            )
            raise _refused(message % {"process": self.code(column)})
        return {leaf: amount * ratios[0]}

    def weight(self, gas: GasKey) -> Floats:
        """kg CO2e per kg of a gas: (sets,)."""
        own = self._base.own
        if gas in own.gases:
            row: Floats = own.weight[own.gases.index(gas)]
            return row
        return np.array([weight_of(values, gas) for values in self._gwp])

    def extended(self) -> tuple[Equations, Floats]:
        """The network with the leaves that were added, and its intensities."""
        equations, intensity = self._base.equations, self._base.intensity
        if not self._added:
            return equations, intensity
        added = np.array(self._added)
        larger = Equations(
            equations.n + len(added), equations.consumer, equations.supplier, equations.amount,
            np.vstack([equations.direct, added]),
        )  # fmt: skip
        return larger, np.vstack([intensity, added])

    def _read(self, instead: Mapping[int, Line]) -> Inputs:
        """The rows; of other companies' makers nothing but that there is one."""
        found = rows.read(self._processes, instead)
        _share_alike(found, instead)
        bought = {
            line.provider_product: line
            for lines in found.lines.values()
            for line in lines
            if line.provider_product
        }
        own = set(Product.objects.own(self._actor).filter(pk__in=bought).values_list("pk", flat=True))
        for product, line in bought.items():
            if product not in own:
                thing = found.products.setdefault(product, Thing(line.unit, {}, None))
                found.makers[product] = [Made(OTHERS, 0, Decimal(1), thing.unit)]
        return found

    def _own(self, column: Column, line: int) -> int:
        found = self._base.own.index.get(column)
        if found is None:
            raise _refused(str(WORDS["supplier_failed"]), field="provider_process")
        return found

    def _factor(self, version: int) -> int:
        key = (NodeKind.FACTOR, (version,))
        if key not in self._at:
            gases = factors({version})[version].gases
            total = sum((float(kg) * self.weight(gas) for gas, kg in gases.items()), np.zeros(len(GWP_SETS)))
            self._at[key] = self._add(total)
        return self._at[key]

    def _others(self, column: Column, burden: Burden, product: int) -> int | None:
        """The leaf of another company's product: as the line has it now, else by the year; None: not open."""
        present = self._leaf_of_line.get((self._base.own.index[column], burden.line))
        if present is not None:
            node = self._base.own.nodes[present]
            if node.kind is NodeKind.SUPPLIER and node.key[0] == product:
                return present
        year = self._inputs.processes[column[0]].year
        open_ = self._open.get(product, [])
        makers = makers_of_year([Made(at, f.year, Decimal(0), f.unit) for at, f in enumerate(open_)], year)
        if not makers:
            return None
        key = (NodeKind.SUPPLIER, (product, makers[0].year))
        if key not in self._at:
            chosen = [open_[maker.process] for maker in makers]
            values = np.array([[f.kg_co2e_ar5, f.kg_co2e_ar6] for f in chosen], dtype=np.float64)
            self._at[key] = self._add(np.array(weights_of([f.production for f in chosen])) @ values)
        return self._at[key]

    def _unseen_leaf(self, column: Column, line: int) -> int:
        leaf = self._at.get((NodeKind.UNSEEN, column))
        if leaf is None:
            raise _refused(str(WORDS["not_reported"]), field="provider_product")
        return leaf

    def _unseen_before(self, column: Column) -> dict[int, float]:
        state = self._before[column]
        assert state.content is not None
        found: dict[int, float] = {}
        for burden in state.content.burdens:
            kind, process, product = burden.supplier
            if kind == "column" and process == OTHERS and self._others(column, burden, product) is None:
                found[burden.line] = state.content.per_unit(burden)
        return found

    @cached_property
    def _before(self) -> Mapping[Column, State]:
        return assemble(self._read({}))

    @cached_property
    def _gwp(self) -> list[Mapping[GasKey, Decimal]]:
        return [factor_queries.characterization(self._actor, name) for name in GWP_SETS]

    @cached_property
    def _open(self) -> dict[int, list[Footprint]]:
        """Figures of others' products that are open, by product."""
        bought = {product for product, makers in self._inputs.makers.items() if makers[0].process == OTHERS}
        found: dict[int, list[Footprint]] = defaultdict(list)
        for figure in Footprint.objects.visible_to(self._actor).filter(
            product_id__in=bought, state=Footprint.State.CURRENT
        ):
            found[figure.product_id].append(figure)
        return dict(found)

    def _add(self, total: Floats) -> int:
        self._added.append(total)
        return self._base.equations.n + len(self._added) - 1


def _instead(told: Sequence[Pulled]) -> dict[int, Line]:
    """The lines as they would be. The part that another provider takes over has the line's id, negative."""
    found: dict[int, Line] = {}
    for each in told:
        pk = each.line.pk
        if each.rest is None:
            found[pk] = line_of(each.changed)
        else:
            found |= {pk: line_of(each.rest), -pk: line_of(each.changed)._replace(id=-pk)}
    return found


def _share_alike(inputs: Inputs, instead: Mapping[int, Line]) -> None:
    """A part of a line is shared among the co-products as its line is."""
    for pk, line in instead.items():
        known = inputs.shares.get(line.process, {})
        own = {key: share for key, share in known.items() if pk < 0 and key[2] == -pk}
        known |= {(method, product, pk): share for (method, product, _line), share in own.items()}


def line_of(exchange: Exchange) -> Line:
    """A line as the assembly takes it."""
    names = [name for name in Line._fields if name not in OF_NO_FIGURE]
    return Line(**{name: getattr(exchange, STORED_AS.get(name, name)) for name in names})


def _refused(words: str, field: str = "exchange") -> Refusal:
    return Refusal(words, field=field, code="cannot_be_calculated")
