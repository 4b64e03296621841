"""The allocation band through the network, against a network rebuilt and solved for every case."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import footprint.engine.loop_gain as gains
from footprint.engine.band import IN_FORCE, AllocationBand, everybody, own
from footprint.engine.burdens import Burdens
from footprint.engine.equations import Equations
from footprint.engine.errors import NonFinite, OutOfRange, WrongShape
from footprint.engine.solve import solve


class Site:
    """Processes with one to four co-products that take from each other; all products belong to one."""

    def __init__(self, seed: int, processes: int, loops: float) -> None:
        draw = np.random.default_rng(seed)
        made = draw.integers(1, 5, processes)
        process = np.repeat(np.arange(processes), made)
        n, lines = len(process), processes * 4
        taker, supplier = draw.integers(0, processes, lines), draw.integers(0, n, lines)
        backward = process[supplier] >= taker
        keep = ~backward | (draw.random(lines) < loops)
        quantity = draw.lognormal(0, 2, n)
        part = draw.uniform(0.0, 0.2, lines) / made[taker]
        amount = part * quantity[supplier] * np.where(draw.random(lines) < 0.1, -0.3, 1.0)
        self.burdens = Burdens(
            process, quantity, taker[keep], supplier[keep], amount[keep], draw.lognormal(3, 1, processes)
        )
        self.shares = {name: self.split(draw.random(n)) for name in ("mass", "energy")}
        self.shares["energy"][np.isin(process, draw.integers(0, processes, 2))] = np.nan
        self.in_force = self.split(draw.random(n) * (draw.random(n) < 0.8) + 1e-12)
        self.n = n

    def split(self, weight: np.ndarray) -> np.ndarray:
        process = self.burdens.process
        return weight / np.bincount(process, weights=weight)[process]

    def equations(self, share: np.ndarray) -> Equations:
        """The whole network from nothing, product by product."""
        b = self.burdens
        consumer, supplier, amount, direct = [], [], [], []
        for j in range(self.n):
            per_unit = share[j] / b.quantity[j]
            direct.append([b.direct_kg[b.process[j]] * per_unit])
            for line in np.flatnonzero(b.taker == b.process[j]):
                consumer.append(j)
                supplier.append(b.supplier[line])
                amount.append(b.amount[line] * per_unit)
        return Equations(self.n, np.array(consumer, int), np.array(supplier, int), np.array(amount), direct)

    def mixed(self, name: str, changing: np.ndarray) -> np.ndarray:
        """Figures when some products go by a method and the others stay."""
        share = self.shares[name]
        share = np.where(changing & np.isfinite(share), share, self.in_force)
        return solve(self.equations(share)).intensity[:, 0]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.sampled_from([0.0, 0.3, 1.0]))
def test_everybody_by_one_method_is_the_network_built_anew(seed: int, processes: int, loops: float) -> None:
    site = Site(seed, processes, loops)
    band = everybody(site.equations(site.in_force), site.burdens, site.shares, [1.0])
    assert band.methods == (IN_FORCE, "mass", "energy")
    for k, name in enumerate(site.shares, 1):
        expected = site.mixed(name, np.ones(site.n, dtype=bool))
        assert band.ghg_kg[k] == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.abs(expected).max())
        assert band.applies[k].tolist() == np.isfinite(site.shares[name]).tolist()
    assert (band.low <= band.ghg_kg).all()
    assert (band.high >= band.ghg_kg).all()


def check_own(site: Site, band: AllocationBand) -> None:
    for k, name in enumerate(site.shares, 1):
        for process in range(len(site.burdens.direct_kg)):
            products = site.burdens.process == process
            expected = site.mixed(name, products)[products]
            size = 1e-8 * np.abs(band.ghg_kg).max()
            assert band.ghg_kg[k, products] == pytest.approx(expected, rel=1e-8, abs=size)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.sampled_from([0.0, 0.3, 1.0]))
def test_own_process_alone_is_a_solve_with_its_rows_changed(seed: int, processes: int, loops: float) -> None:
    site = Site(seed, processes, loops)
    equations = site.equations(site.in_force)
    check_own(site, own(equations, site.burdens, site.shares, solve(equations).intensity[:, 0]))


def test_large_loops_are_solved_column_by_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gains, "LARGEST_INVERSE", 2)
    monkeypatch.setattr(gains, "BLOCK", 3)
    site = Site(5, 8, 1.0)
    equations = site.equations(site.in_force)
    check_own(site, own(equations, site.burdens, site.shares, solve(equations).intensity[:, 0]))


CRACKER = Burdens(
    process=np.array([0, 0, -1, -1]), quantity=np.array([2.0, 8.0, 1.0, 1.0]), taker=np.array([0]),
    supplier=np.array([2]), amount=np.array([10.0]), direct_kg=np.array([50.0]),
)  # fmt: skip
"""A process takes 10 feed (5 kg each) and emits 50; product 3 is made of 4 of product 0."""
PLAIN = Equations(4, [0, 1, 3], [2, 2, 0], [1.0, 1.0, 4.0], [[5.0], [5.0], [5.0], [0.0]])
SHARES = {"mass": [0.2, 0.8, np.nan, np.nan], "economic": [0.5, 0.5, np.nan, np.nan],
          "moles": [np.nan, 0.5, np.nan, np.nan]}  # fmt: skip


def test_the_band_reaches_the_buyer_and_names_the_methods() -> None:
    band = everybody(PLAIN, CRACKER, SHARES, [1.0])
    assert band.ghg_kg.tolist() == [
        [10.0, 10.0, 5.0, 40.0],
        [10.0, 10.0, 5.0, 40.0],
        [25.0, 6.25, 5.0, 100.0],
        [10.0, 10.0, 5.0, 40.0],
    ]
    assert band.low.tolist() == [10.0, 6.25, 5.0, 40.0]
    assert [band.methods[k] for k in band.lowest] == [IN_FORCE, "economic", IN_FORCE, IN_FORCE]
    assert [band.methods[k] for k in band.highest] == ["economic", IN_FORCE, IN_FORCE, "economic"]
    assert not band.applies[3].any()


def test_a_buyer_without_co_products_has_no_band_of_its_own() -> None:
    band = own(PLAIN, CRACKER, SHARES, [10.0, 10.0, 5.0, 40.0])
    assert band.high.tolist() == [25.0, 10.0, 5.0, 40.0]
    assert band.low.tolist() == [10.0, 6.25, 5.0, 40.0]


def test_a_method_that_makes_a_loop_unproductive_has_no_figure() -> None:
    """Product 0 needs 1.5 of itself per period: with all of the burden on one unit, more than it makes."""
    burdens = Burdens([0, 0], [1.0, 1.0], [0], [0], [1.5], [1.0])
    equations = Equations(2, [0, 1], [0, 0], [0.15, 1.35], [[0.1], [0.9]])
    figures = solve(equations).intensity[:, 0]
    shares = {"mass": [0.9, 0.1], "energy": [0.5, 0.5]}
    for band in (everybody(equations, burdens, shares, [1.0]), own(equations, burdens, shares, figures)):
        assert np.isnan(band.ghg_kg[1]).all()
        assert band.ghg_kg[2] == pytest.approx([2.0, 2.0])
        assert band.high == pytest.approx(np.maximum(figures, 2.0))


def test_a_product_refused_under_every_method_has_no_row_to_name() -> None:
    burdens = Burdens([0, 0], [1.0, 1.0], [0], [0], [9.0], [1.0])
    equations = Equations(2, [0, 1], [0, 0], [4.5, 4.5], [[0.5], [0.5]])
    band = everybody(equations, burdens, {"mass": [0.9, 0.1]}, [1.0])
    assert band.lowest.tolist() == [-1, -1]
    assert np.isnan(band.low).all()


def test_subdivided_rows_are_kept_as_they_are() -> None:
    """In force: all feed to product 0, all emissions to product 1; no share could say that."""
    equations = Equations(4, [0, 3], [2, 0], [5.0, 4.0], [[0.0], [6.25], [5.0], [0.0]])
    band = everybody(equations, CRACKER, SHARES, [1.0])
    assert band.ghg_kg[0].tolist() == [25.0, 6.25, 5.0, 100.0]
    assert band.ghg_kg[1].tolist() == [10.0, 10.0, 5.0, 40.0]


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(WrongShape):
        everybody(PLAIN, CRACKER, {"mass": [0.5, 0.5]}, [1.0])
    with pytest.raises(WrongShape):
        own(PLAIN, CRACKER, SHARES, [1.0])
    with pytest.raises(NonFinite):
        Burdens([0], [0.0], [], [], [], [1.0])
    with pytest.raises(OutOfRange):
        Burdens([1], [1.0], [], [], [], [1.0])
    with pytest.raises(WrongShape):
        Burdens([0], [1.0, 2.0], [], [], [], [1.0])
