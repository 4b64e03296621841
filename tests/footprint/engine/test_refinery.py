"""A refinery with hydrogen, fuel gas and steam in a loop, allocated unit by unit."""

from __future__ import annotations

import numpy as np
import pytest

from footprint.engine.allocation import Basis, Outputs, Quantity, allocate
from footprint.engine.band import everybody, own
from footprint.engine.burdens import Burdens
from footprint.engine.equations import Equations
from footprint.engine.solve import solve
from tests.footprint.engine.reference import matrix_of

PRODUCTS = ("crude", "naphtha", "gas oil", "residue", "distillation gas", "reformate", "reformer hydrogen",
            "diesel", "gasoline", "cracker gas", "coke", "steam")  # fmt: skip
UNITS = ("distillation", "reformer", "hydrotreater", "cat cracker", "boiler")
MADE = {
    # t per period (steam: GJ), lower heating values GJ/t; round numbers of no refinery
    "distillation": {"naphtha": 200.0, "gas oil": 350.0, "residue": 430.0, "distillation gas": 20.0},
    "reformer": {"reformate": 170.0, "reformer hydrogen": 6.0},
    "hydrotreater": {"diesel": 345.0},
    "cat cracker": {"gasoline": 240.0, "cracker gas": 90.0, "coke": 25.0},
    "boiler": {"steam": 900.0},
}
TAKEN = {
    "distillation": {"crude": 1000.0, "cracker gas": 12.0, "steam": 300.0},
    "reformer": {"naphtha": 180.0, "distillation gas": 8.0, "steam": 60.0},
    "hydrotreater": {"gas oil": 350.0, "reformer hydrogen": 5.0, "steam": 120.0},
    "cat cracker": {"residue": 370.0, "coke": 20.0, "steam": 200.0, "diesel": 2.0},
    "boiler": {"cracker gas": 14.0, "distillation gas": 6.0, "reformer hydrogen": 0.5},
}
DIRECT_T = {"distillation": 40.0, "reformer": 25.0, "hydrotreater": 5.0, "cat cracker": 80.0, "boiler": 60.0}
HEAT = dict(
    zip(PRODUCTS, [42.7, 44.5, 43.0, 40.5, 49.0, 43.5, 120.0, 43.1, 43.6, 48.0, 33.0, 1.0], strict=True)
)


def refinery() -> tuple[Burdens, dict[str, np.ndarray]]:
    at = {name: k for k, name in enumerate(PRODUCTS)}
    process, quantity = np.full(len(PRODUCTS), -1), np.ones(len(PRODUCTS))
    shares = {name: np.full(len(PRODUCTS), np.nan) for name in ("mass", "energy")}
    for unit, made in MADE.items():
        nodes, amount = [at[name] for name in made], np.array(list(made.values()))
        process[nodes], quantity[nodes] = UNITS.index(unit), amount
        outputs = Outputs(len(nodes), {
            Basis.MASS: Quantity.of(amount), Basis.ENERGY: Quantity.of(amount * [HEAT[one] for one in made]),
        })  # fmt: skip
        for name, row in shares.items():
            row[nodes] = allocate(outputs, Basis(name))
    lines = [(UNITS.index(unit), at[name], q) for unit, taken in TAKEN.items() for name, q in taken.items()]
    taker, supplier, amount = zip(*lines, strict=True)
    direct = np.array([DIRECT_T[unit] for unit in UNITS])
    return Burdens(process, quantity, taker, supplier, amount, direct), shares


def by_energy(burdens: Burdens, shares: dict[str, np.ndarray]) -> Equations:
    consumer, supplier, amount = [], [], []
    direct = np.zeros(len(PRODUCTS))
    direct[0] = 0.35
    for j in np.flatnonzero(burdens.process >= 0):
        part = shares["energy"][j] / burdens.quantity[j]
        direct[j] = burdens.direct_kg[burdens.process[j]] * part
        for line in np.flatnonzero(burdens.taker == burdens.process[j]):
            consumer.append(j)
            supplier.append(burdens.supplier[line])
            amount.append(burdens.amount[line] * part)
    return Equations(len(PRODUCTS), consumer, supplier, amount, direct[:, None])


def test_the_loop_is_solved_as_a_long_power_iteration() -> None:
    equations = by_energy(*refinery())
    found = solve(equations)
    assert len(found.loops) == 1
    assert len(found.loops[0]) > 8
    matrix, iterate = matrix_of(equations), np.zeros_like(equations.direct)
    for _ in range(5000):
        iterate = equations.direct + matrix @ iterate
    assert found.intensity == pytest.approx(iterate, rel=1e-9)


def test_nothing_is_lost_in_the_refinery() -> None:
    """What leaves carries what came in and what was emitted."""
    burdens, shares = refinery()
    y = solve(by_energy(burdens, shares)).intensity[:, 0]
    used = np.bincount(burdens.supplier, weights=burdens.amount, minlength=len(PRODUCTS))
    inside = burdens.process >= 0
    left = float(((burdens.quantity - used) * y)[inside].sum())
    assert left == pytest.approx(float(burdens.direct_kg.sum()) + 1000.0 * 0.35, rel=1e-9)


def test_the_band_of_a_refinery_is_widest_for_hydrogen() -> None:
    burdens, shares = refinery()
    equations = by_energy(burdens, shares)
    y = solve(equations).intensity[:, 0]
    for band in (everybody(equations, burdens, shares, [1.0]), own(equations, burdens, shares, y)):
        ratio = band.high / band.low
        assert PRODUCTS[int(np.argmax(ratio))] == "reformer hydrogen"
        assert band.ghg_kg[2] == pytest.approx(y, rel=1e-12)
        assert ratio[0] == 1.0
