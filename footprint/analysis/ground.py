"""The ground assessments stand on: the living network line by line, with what the rows say of it.

Products are counted as the engine counts them. A column without a figure takes and emits nothing here, and
its figure is NaN: whatever has one never rests on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.utils import timezone

from accounts.actor import Actor
from footprint.calculation import inputs as rows
from footprint.calculation.content import Column
from footprint.calculation.faults import Fault
from footprint.calculation.figures import weights
from footprint.calculation.inputs import Inputs, Process, Reference
from footprint.calculation.line import Line
from footprint.calculation.live import COLUMN, FACTOR, Flags, Kept, Live
from footprint.calculation.quantities import in_unit
from footprint.engine.characterise import characterise
from footprint.engine.equations import Equations, Floats, Ints
from footprint.engine.plan import Plan
from footprint.inventory.models import AllocationAnswer, Product, UnitProcess
from footprint.rules.document.content import RuleDocument
from footprint.rules.queries import rules_in_force

AR6 = 1
"""Column of ``footprint.calculation.figures.weights``."""


@dataclass(frozen=True, slots=True)
class Emission:
    """One line of a process that emits a gas; ``kg`` per unit of the product, negative if it takes it up."""

    node: int
    line: Line
    kg: float


@dataclass(frozen=True, eq=False)
class Ground:
    """Links one by one, and rows by key.

    Shapes   consumer, supplier, line, amount: (lines,), ``line`` an exchange id; gwp: (m,) of AR6;
             ghg_kg: (n,) NaN where there is no figure; process: (n,) ids, 0 for what is no column
    Units    amount: supplier's unit per unit of the consumer's product; ghg_kg: kg CO2e per unit
    """

    live: Live
    inputs: Inputs
    references: Mapping[int, Reference]
    answers: Mapping[int, Mapping[str, AllocationAnswer]]
    """What was answered on allocation, by process and question."""
    rules: Mapping[int, RuleDocument]
    """What is in force for categories of products."""
    category: Mapping[int, tuple[int | None, str]]
    """Id and code of each product's category."""
    company: Mapping[int, int]
    hs_code: Mapping[int, str]
    equations: Equations
    plan: Plan
    consumer: Ints
    supplier: Ints
    line: Ints
    amount: Floats
    gwp: Floats
    ghg_kg: Floats
    process: Ints
    kinds: Ints
    columns: Mapping[Column, int]
    """Columns that have a figure, and their places in the network."""

    @property
    def n(self) -> int:
        """How many products and factors there are."""
        return self.equations.n

    @cached_property
    def slot(self) -> Ints:
        """(n,) the slot behind each place."""
        return np.argsort(self.live.solved.place)

    @cached_property
    def lines(self) -> dict[int, Line]:
        """Every line by its id."""
        return {line.id: line for lines in self.inputs.lines.values() for line in lines}

    @cached_property
    def makers(self) -> dict[int, list[tuple[int, int]]]:
        """(product, place) of every column of each process all of whose columns have a figure."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (process, product), node in sorted(self.columns.items()):
            found[process].append((product, node))
        return {
            process: made for process, made in found.items() if len(made) == len(self.live.columns[process])
        }

    @cached_property
    def factors(self) -> dict[int, int]:
        """The factor version in each place that has one."""
        places = np.flatnonzero(self.kinds == FACTOR)
        return dict(zip(places.tolist(), self.live.keys[self.slot[places], 1].tolist(), strict=True))

    @cached_property
    def emissions(self) -> list[Emission]:
        """Every process's own emissions and removals, by column and line."""
        return [found for column, node in self.columns.items() for found in self._emitted(column, node)]

    def kept(self, node: int) -> Kept:
        """The column in a place."""
        kept = self.live.kept(int(self.slot[node]))
        assert kept is not None
        return kept

    def row(self, node: int) -> Process | None:
        """The process of a column."""
        return self.inputs.processes.get(int(self.process[node]))

    def share_of_line(self, column: Column, kept: Kept, line: int) -> float:
        """The column's part of one line of its process."""
        if kept.share is not None:
            return kept.share
        process, product = column
        row = self.inputs.processes.get(process)
        stored = self.inputs.shares.get(process, {})
        return float(stored.get((row.allocation_set, product, line), 0)) if row else 0.0

    def _emitted(self, column: Column, node: int) -> Iterable[Emission]:
        kept = self.kept(node)
        for line in self.inputs.lines.get(column[0], ()):
            if not line.gas or line.factor_version or line.is_output:
                continue
            try:
                kg = float(in_unit(line.amount, line.unit, "kg") / kept.made)
            except Fault:
                continue
            sign = -1.0 if (line.direction == "input") != line.is_avoided else 1.0
            if part := self.share_of_line(column, kept, line.id) * kg * sign:
                yield Emission(node, line, part)


def ground_of(live: Live) -> Ground:
    """The ground under a network, read in the caller's snapshot."""
    inputs = rows.read(sorted(live.columns))
    place, links = live.solved.place, live.links
    n = len(live.keys)
    hs_code, category = _categories(set(inputs.products))
    keys, failed = np.empty((n, 3), dtype=np.int64), np.empty(n, dtype=np.bool_)
    keys[place], failed[place] = live.keys, live.failed | _removed(live)
    sound = ~failed[place[links.consumer]]
    equations = live.solved.network.equations
    equations = equations.with_amount(np.where(failed[equations.consumer], 0.0, equations.amount))
    equations = equations.with_direct(np.where(failed[:, None], 0.0, equations.direct))
    gwp = weights(live)[:, AR6]
    ghg = characterise(np.where(failed[:, None], 0.0, live.solved.network.intensities), gwp)
    columns = {
        (process, product): node
        for node, (kind, process, product) in enumerate(keys.tolist())
        if kind == COLUMN and not failed[node]
    }
    return Ground(
        live=live, inputs=inputs, references=rows.references(keys[keys[:, 0] == FACTOR, 1].tolist()),
        answers=_answers(),
        company=dict(UnitProcess.objects.filter(pk__in=list(live.columns)).values_list("id", "company_id")),
        rules=_rules(), category=category, hs_code=hs_code,
        equations=equations, plan=live.solved.network.plan,
        consumer=place[links.consumer][sound], supplier=place[links.supplier][sound],
        line=links.exchange[sound], amount=links.amount[sound],
        gwp=gwp, ghg_kg=np.where(failed, np.nan, ghg),
        process=np.where(keys[:, 0] == COLUMN, keys[:, 1], 0), kinds=keys[:, 0], columns=columns,
    )  # fmt: skip


def _removed(live: Live) -> Flags:
    """Slots of columns that nobody makes any more."""
    gone = live.keys[:, 0] == COLUMN
    gone[[live.slots["column", *column] for column in live.states(live.columns)]] = False
    return np.asarray(gone)


def _answers() -> dict[int, dict[str, AllocationAnswer]]:
    found: dict[int, dict[str, AllocationAnswer]] = defaultdict(dict)
    for answer in AllocationAnswer.objects.all():
        found[answer.process_id][answer.question] = answer
    return dict(found)


def _categories(products: set[int]) -> tuple[dict[int, str], dict[int, tuple[int | None, str]]]:
    """Of each product its own customs code, which begins as the international one does, else that of its
    category; and the category.
    """
    known = Product.objects.filter(pk__in=products).values_list(
        "id", "cn_code", "category__hs_code", "category_id", "category__code"
    )
    codes: dict[int, str] = {}
    categories: dict[int, tuple[int | None, str]] = {}
    for pk, own, of_category, category, code in known:
        categories[pk] = (category, code or "")
        if hs_code := own or of_category:
            codes[pk] = hs_code
    return codes, categories


def _rules() -> dict[int, RuleDocument]:
    in_force = rules_in_force(Actor.worker(), timezone.localdate())
    return {category: rule.content for category, rule in in_force.items()}
