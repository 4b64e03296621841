"""A living network: products and links that change, and the intensities that follow them."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footprint.engine.certificate import worst_gap
from footprint.engine.equations import Equations, Floats, Ints, as_nodes
from footprint.engine.errors import EngineError, NonFinite, WrongShape
from footprint.engine.kernels import find_links
from footprint.engine.montecarlo import SampleBlock, Summary, monte_carlo, sample_block
from footprint.engine.part import links_of
from footprint.engine.plan import Plan, make_plan
from footprint.engine.sampling import Spread, spread
from footprint.engine.solve import prove, states
from footprint.engine.walk import Walk

Links = tuple[ArrayLike, ArrayLike, ArrayLike]
"""Suppliers, consumers, and one amount for each."""
Rows = tuple[ArrayLike, ArrayLike]
"""Products, and one row of direct burdens for each."""


class Edges(NamedTuple):
    """The links of a network, sorted by consumer, then supplier; no pair occurs twice."""

    supplier: Ints
    consumer: Ints
    amount: Floats


class Network:
    """Equations, the plan to solve them, and their solution, kept together while the data change.

    Products are numbered from 0 and never renumbered. After any sequence of updates intensities
    have the very bits of a full solve of the same data. A refused loop leaves itself and what hangs
    on it without a figure (NaN); ``solve`` and ``update`` then raise, ``solve_tolerant`` and
    ``update_tolerant`` go on. Not safe for several threads at once.

    Shapes   intensities: (n, m) for n products and m result columns
    Units    amounts: units of the supplier's product per unit of the consumer's product, negative
             for a credit; direct, intensities: kg of each column per unit of product
    Errors   WrongShape, OutOfRange, NonFinite for data; NotProductive, SingularNetwork, NonFinite
             for loops and results, naming the products
    """

    def __init__(self, equations: Equations) -> None:
        self._walk: Walk | None = None
        self._adopt(equations)

    @classmethod
    def from_arrays(
        cls, supplier: ArrayLike, consumer: ArrayLike, amount: ArrayLike, direct: ArrayLike
    ) -> Self:
        """A network of as many products as ``direct`` has rows.

        Links between the same two products are added up, and a link of zero is no link.
        """
        burden = np.asarray(direct)
        return cls(Equations(len(burden) if burden.ndim else 0, consumer, supplier, amount, burden))  # type: ignore[arg-type]

    def _adopt(self, equations: Equations) -> None:
        """Keep amounts and burdens of some equations in arrays of our own, that change in place."""
        self._amount, self._direct = np.array(equations.amount), np.array(equations.direct)
        self._equations = equations.over(self._amount, self._direct)
        self._lent = False

    @property
    def n(self) -> int:
        """Number of products."""
        return self._equations.n

    @property
    def columns(self) -> int:
        """Number of result columns."""
        return self._equations.columns

    @property
    def edges(self) -> Edges:
        """The links as they are now; a copy."""
        now = self._equations
        return Edges(now.supplier.copy(), now.consumer.copy(), now.amount.copy())

    @property
    def equations(self) -> Equations:
        """The data as they are now; later updates do not change this value."""
        return self._equations.with_amount(self._amount).with_direct(self._direct)

    def links_to(self, consumers: ArrayLike) -> Edges:
        """The links of some products to what they take; a copy."""
        now = self._equations
        at = links_of(now, as_nodes(consumers, self.n))
        return Edges(now.supplier[at], now.consumer[at], self._amount[at])

    def copy(self) -> Self:
        """The same network with the same figures; neither changes with the other from now on."""
        other = object.__new__(type(self))
        other._adopt(self._equations)
        other._walk = self._solved.copied(other._equations)
        return other

    def positions(self, supplier: ArrayLike, consumer: ArrayLike) -> Ints:
        """Where links stand in ``edges``; -1 where there is none."""
        now = self._equations
        return find_links(now.indptr, now.supplier, as_nodes(supplier, self.n), as_nodes(consumer, self.n))

    def solve(self) -> Floats:
        """Compute all products anew: their intensities, or the first refusal."""
        self.solve_tolerant()
        self._raise_refusal()
        return self.intensities

    def solve_tolerant(self) -> Floats:
        """Compute all products anew: intensities, NaN for refused loops and what hangs on them."""
        plan = self._walk.plan if self._walk else make_plan(self._equations)
        self._walk, self._lent = Walk.from_nothing(self._equations, plan), False
        self._walk.whole()
        return self.intensities

    @property
    def intensities(self) -> Floats:
        """What is known now, solved tolerantly if it never was; later updates do not change this array."""
        self._lent = True
        view = self._solved.intensity.view()
        view.setflags(write=False)
        return view

    def rows(self, nodes: ArrayLike) -> Floats:
        """Intensities of a few products; cheaper than ``intensities`` between updates."""
        return self._solved.intensity[as_nodes(nodes, self.n)]

    @property
    def plan(self) -> Plan:
        """In which order the products are solved; it depends on the links alone."""
        return self._solved.plan

    @property
    def refused_by(self) -> Ints:
        """(n,) the component without a figure that a product is in or hangs on, or -1; a copy."""
        return self._solved.refused_by.copy()

    @property
    def refusals(self) -> tuple[EngineError, ...]:
        """Why loops have no figure, each naming its products, suppliers' loops first."""
        known = self._solved.refusals
        return tuple(known[component] for component in sorted(known))

    def status(self) -> NDArray[np.int8]:
        """(n,) values of ``Status``: solved, in a refused loop, or hanging on one."""
        walk = self._solved
        return states(walk.refused_by, walk.refusals)

    def reason(self, node: int) -> EngineError | None:
        """Why this product has no figure, naming the loop it is in or hangs on; None if it has one."""
        walk = self._solved
        return walk.refusals.get(int(walk.refused_by[as_nodes([node], self.n)[0]]))

    @property
    def residual(self) -> float:
        """Largest relative residual over all equations that have a figure, computed when asked for."""
        walk, now = self._solved, self._equations
        nodes = np.flatnonzero(walk.refused_by < 0)
        return worst_gap(now.indptr, now.supplier, now.amount, now.direct, walk.intensity, nodes)

    @property
    def loops(self) -> tuple[tuple[int, ...], ...]:
        """Products of each loop, ascending, suppliers' loops first."""
        return self._solved.plan.loop_members

    def bound(self) -> float | None:
        """Proven largest relative error of a row; None where credits are too strong. Costs a solve."""
        return prove(self._solved)

    def update(self, edges: Links | None = None, direct: Rows | None = None) -> Ints:
        """Change links and burdens; the products whose intensities changed, ascending.

        ``edges``: suppliers, consumers and the amounts their links have from now on: 0 removes a
        link, a new pair adds one. ``direct``: products and their rows from now on. Where one is named
        twice the last counts. All or nothing: when it leaves any product without a figure the
        refusal is raised and everything is as it was.
        """
        return self._changed(edges, direct, strict=True)

    def update_tolerant(self, edges: Links | None = None, direct: Rows | None = None) -> Ints:
        """As ``update``, but products may lose their figures, which counts as a change, and regain them."""
        return self._changed(edges, direct, strict=False)

    def grow(self, direct: ArrayLike) -> Ints:
        """Append products without links, one for each row of burdens: their numbers."""
        now, rows = self._equations, np.array(direct, dtype=np.float64)
        if rows.ndim != 2 or rows.shape[1] != self.columns:
            raise WrongShape(f"New products need rows of {self.columns} direct burdens.")
        burdens = np.vstack([now.direct, rows])
        grown = Equations(len(burdens), now.consumer, now.supplier, now.amount, burdens)
        new = np.arange(self.n, grown.n)
        self._replace(grown, new)
        return new

    def monte_carlo(
        self,
        gsd2_edges: ArrayLike | Links = 1.0,
        gsd2_direct: ArrayLike = 1.0,
        samples: int = 1000,
        seed: int = 0,
        *,
        groups_edges: ArrayLike | Links | None = None,
        groups_direct: ArrayLike | None = None,
        weights: ArrayLike | None = None,
    ) -> Summary:
        """Mean, standard deviation and 95 % interval of every product, for each column or one score.

        Amounts and burdens are medians of lognormal distributions. What concerns links is one value,
        one for each link in the order of ``edges``, or (suppliers, consumers, values) for some of
        them. What concerns burdens is one value, (n,) for one factor on a product's whole row, or
        (n, m). ``groups_*``: whole numbers; equal labels share their samples, negative ones (and
        links not named) stand alone. ``weights``, (m,), turn the columns into one score.
        """
        uncertain = self.spread(gsd2_edges, gsd2_direct, seed, groups_edges, groups_direct)
        return monte_carlo(self._equations, self.plan, uncertain, samples, weights=_weights(weights))

    def spread(
        self,
        gsd2_edges: ArrayLike | Links = 1.0,
        gsd2_direct: ArrayLike = 1.0,
        seed: int = 0,
        groups_edges: ArrayLike | Links | None = None,
        groups_direct: ArrayLike | None = None,
    ) -> Spread:
        """The uncertainty of all amounts as they stand, for ``sample_block``; as in ``monte_carlo``."""
        widths, labels = self._per_link(gsd2_edges, 1.0), groups_edges
        if labels is not None:
            labels = self._per_link(labels, -1)
        return spread(self._equations, widths, gsd2_direct, seed, labels, groups_direct)

    def sample_block(
        self, uncertain: Spread, first: int, count: int, *, weights: ArrayLike | None = None
    ) -> SampleBlock:
        """Samples ``first`` and following, the same bits however a study is cut; ``merge`` sums blocks up."""
        return sample_block(self._equations, self.plan, uncertain, first, count, weights=_weights(weights))

    def _per_link(self, values: ArrayLike | Links, default: float) -> ArrayLike:
        """What was said of some links, for all of them."""
        if not (isinstance(values, tuple) and len(values) == 3 and np.ndim(values[0]) == 1):
            return values  # type: ignore[return-value]
        supplier, consumer, said = values
        at = self.positions(supplier, consumer)
        if (at < 0).any() or np.shape(said) not in ((), at.shape):
            raise WrongShape("Every link named must exist and have one value.")
        every = np.full(len(self._amount), default, dtype=np.asarray(said).dtype)
        every[at] = said
        return every

    @property
    def _solved(self) -> Walk:
        if self._walk is None:
            self.solve_tolerant()
            self._lent = False
        assert self._walk is not None
        return self._walk

    def _raise_refusal(self) -> None:
        refusal = self._solved.first_refusal()
        if refusal is not None:
            raise refusal

    def _changed(self, edges: Links | None, direct: Rows | None, *, strict: bool) -> Ints:
        """Apply an edit, and take it back if it is strict and leaves a product without a figure."""
        before = self._solved, self._equations, self._amount, self._direct
        edit = self._edit(edges, direct)
        rewiring = bool((edit.at < 0).any() or (edit.amount == 0.0).any())
        changed = self._rewire(edit) if rewiring else self._rewrite(edit)
        try:
            if strict:
                self._raise_refusal()
        except EngineError:
            if rewiring:
                self._walk, self._equations, self._amount, self._direct = before
                self._lent = True
            else:
                self._rewrite(edit.undone())
            raise
        return changed

    def _edit(self, edges: Links | None, direct: Rows | None) -> Edit:
        """An update, checked, without what removes nothing and what is named again later."""
        supplier, consumer, amount = _links(edges or ([], [], []), self.n)
        at = self.positions(supplier, consumer)
        wanted = _last(consumer * self.n + supplier) & ((at >= 0) | (amount != 0.0))
        nodes, rows = _rows(direct or ([], np.empty((0, self.columns))), self.n, self.columns)
        named = _last(nodes)
        at, nodes = at[wanted], nodes[named]
        was = np.zeros(len(at))
        was[at >= 0] = self._amount[at[at >= 0]]
        return Edit(supplier[wanted], consumer[wanted], at, was, amount[wanted],
                    nodes, self._direct[nodes], rows[named])  # fmt: skip

    def _rewrite(self, edit: Edit) -> Ints:
        """Other values on the same links."""
        walk = self._solved
        self._amount[edit.at], self._direct[edit.nodes] = edit.amount, edit.rows
        if self._lent:
            walk.part_with_intensity()
            self._lent = False
        return walk.onward(edit.dirty())

    def _rewire(self, edit: Edit) -> Ints:
        """Other links, and another plan."""
        direct, there = self._direct.copy(), edit.at >= 0
        direct[edit.nodes] = edit.rows
        new = edit.amount != 0.0
        rewired = self._equations.relinked(
            edit.at[there], edit.consumer[new], edit.supplier[new], edit.amount[new], direct
        )
        return self._replace(rewired, edit.dirty())

    def _replace(self, equations: Equations, dirty: Ints) -> Ints:
        """Go on with other equations, carrying over what is known."""
        walk = self._solved
        self._adopt(equations)
        self._walk, changed = walk.carried(self._equations, make_plan(self._equations), dirty)
        return changed


class Edit(NamedTuple):
    """Links with their amounts before and from now on, and products with their rows before and from now on.

    ``at``: where the links stand in canonical order, -1 where there was none.
    """

    supplier: Ints
    consumer: Ints
    at: Ints
    was: Floats
    amount: Floats
    nodes: Ints
    rows_were: Floats
    rows: Floats

    def dirty(self) -> Ints:
        """Products whose equation changes."""
        moved = (self.rows != self.rows_were).any(axis=1)
        return np.union1d(self.consumer[self.amount != self.was], self.nodes[moved])

    def undone(self) -> Edit:
        """The edit that takes this one back."""
        return self._replace(was=self.amount, amount=self.was, rows_were=self.rows, rows=self.rows_were)


def _links(links: Links, n: int) -> tuple[Ints, Ints, Floats]:
    supplier, consumer = as_nodes(links[0], n), as_nodes(links[1], n)
    amount = np.array(links[2], dtype=np.float64).reshape(-1)
    if not len(supplier) == len(consumer) == len(amount):
        raise WrongShape("Every link needs one consumer, one supplier and one amount.")
    bad = ~np.isfinite(amount)
    if bad.any():
        raise NonFinite("amount of a link of product", np.unique(consumer[bad]))
    return supplier, consumer, amount


def _rows(direct: Rows, n: int, columns: int) -> tuple[Ints, Floats]:
    nodes, rows = as_nodes(direct[0], n), np.array(direct[1], dtype=np.float64)
    if rows.size != len(nodes) * columns:
        raise WrongShape(f"Every product named needs one row of {columns} direct burdens.")
    rows = rows.reshape(len(nodes), columns)
    bad = ~np.isfinite(rows).all(axis=1)
    if bad.any():
        raise NonFinite("direct burden of product", np.unique(nodes[bad]))
    return nodes, rows


def _weights(weights: ArrayLike | None) -> Floats | None:
    return None if weights is None else np.asarray(weights, dtype=np.float64)


def _last(keys: Ints) -> NDArray[np.bool_]:
    """Flags of the last occurrence of each key."""
    last = np.zeros(len(keys), dtype=np.bool_)
    last[len(keys) - 1 - np.unique(keys[::-1], return_index=True)[1]] = True
    return last
