"""Replay a calculation bundle: solve again what it says was solved, and compare.

    python -m footprint.engine.replay BUNDLE.zip

Needs neither database nor web. Exit code 0: the same figures. 1: other figures. 2: the file was refused.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from footprint.engine import ENGINE_VERSION
from footprint.engine.bundle import MOST_BYTES, Bundle, Row, platform_facts, shown, unpack
from footprint.engine.bundle_rows import GWP_SETS, Recipe, float_in, objects_in, place_in, recipe
from footprint.engine.characterise import characterise
from footprint.engine.equations import Floats
from footprint.engine.errors import BadBundle, EngineError, NonFinite
from footprint.engine.plan import make_plan
from footprint.engine.solve import Solution, solve

LARGEST_LOOP = 2_000
"""A loop larger than any company's would be a way to keep a reader's machine busy."""
OTHER_BITS = 1e-12
"""Relative difference allowed where engine or platform are others than those that wrote the bundle."""
AS_SHOWN = 1e-9
"""Relative difference allowed against the platform's figures: there, suppliers outside count gas by gas."""


@dataclass(frozen=True, eq=False)
class Figures:
    """What a recipe comes to.

    Shapes   kg: (k, m), co2e and size: (k, sets), k columns in the order of the recipe; product: (sets,)
    Units    kg: of each gas per declared unit; co2e, size, product: kg CO2e per declared unit
    """

    kg: Floats
    outside: Floats
    co2e: Floats
    size: Floats
    """The same with every part counted positive: what a difference is relative to."""
    product: Floats
    solution: Solution


@dataclass(frozen=True)
class Replay:
    """What came of a replay.

    ``elsewhere`` names what differs from where the bundle was written; empty when bits must agree.
    ``faults`` are sentences; none means the same figures.
    """

    root: str
    title: str
    facts: tuple[str, ...]
    elsewhere: tuple[str, ...]
    same_bits: int
    columns: int
    worst: float
    worst_shown: float
    faults: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether every figure was found again."""
        return not self.faults

    def lines(self) -> Iterable[str]:
        """The verdict as it is printed."""
        yield f"bundle   {self.title}"
        yield f"root     {self.root}"
        yield from self.facts
        bits = f"{self.same_bits} of {self.columns} columns to the same bits"
        yield f"replay   {bits}, largest difference {self.worst:.1e}"
        if self.elsewhere:
            yield f"         written elsewhere ({', '.join(self.elsewhere)}): {OTHER_BITS:g} is allowed"
        yield f"platform its figures differ by {self.worst_shown:.1e} at most, {AS_SHOWN:g} is allowed"
        yield from (f"fault    {fault}" for fault in self.faults[:10])
        yield "THE SAME FIGURES" if self.is_same else f"OTHER FIGURES ({len(self.faults)})"


def replay(raw: bytes) -> Replay:
    """Solve a bundle again and compare every figure.

    Shapes   raw: the bytes of the file
    Units    see ``Figures``
    Errors   BadBundle; NonFinite, NotProductive and SingularNetwork where the content cannot be solved
    Source   docs/bundle.md
    """
    bundle = unpack(raw)
    known = recipe(bundle)
    found = figures(known, makers_of(bundle, known))
    elsewhere = _elsewhere(bundle.manifest)
    faults: list[str] = []
    same, worst = _compare_results(bundle, known, found, OTHER_BITS if elsewhere else 0.0, faults)
    worst_shown = _compare_shown(bundle, known, found, faults)
    return Replay(
        bundle.root, shown(bundle.manifest.get("title", "")), tuple(_facts(bundle, known, found)), elsewhere,
        same, len(known.column), worst, worst_shown, tuple(faults),
    )  # fmt: skip


def figures(known: Recipe, makers: Sequence[int]) -> Figures:
    """Solve a recipe; the product's figure is the mean of its makers, weighted by what they made.

    Shapes   makers: places of columns; see ``Figures``
    Units    see ``Figures``
    Errors   BadBundle for a loop too large; NonFinite, NotProductive, SingularNetwork
    Source   ISO 14067:2018 quantification; the mean as the platform shows it
    """
    plan = make_plan(known.equations)
    if any(len(loop) > LARGEST_LOOP for loop in plan.loop_members):
        raise BadBundle(f"A loop has more than {LARGEST_LOOP} columns.")
    solution = solve(known.equations, plan)
    intensity = solution.intensity[list(known.column)]
    with np.errstate(over="ignore", invalid="ignore"):
        co2e = characterise(intensity, known.weight)
        size = characterise(np.abs(intensity), np.abs(known.weight))
        product = _mean(co2e, known, makers)
    if not (np.isfinite(size).all() and np.isfinite(product).all()):
        raise NonFinite("kg CO2e of a column")
    kg, outside = np.hsplit(intensity, [len(known.gases)])
    return Figures(kg, outside, co2e, size, product, solution)


def _mean(co2e: Floats, known: Recipe, makers: Sequence[int]) -> Floats:
    at = [known.column.index(place) for place in makers]
    if len(at) == 1:
        return np.array(co2e[at[0]])
    production = np.array([known.made[place] for place in makers])
    total = np.zeros(co2e.shape[1])
    for row, weight in zip(at, production, strict=True):
        total += weight * co2e[row]
    return np.asarray(total / production.sum())


def result_rows(known: Recipe, found: Figures) -> list[Row]:
    """The figures as a bundle states them, every float64 by its bits.

    Units    kg, kg CO2e per declared unit
    Errors   none
    """
    return [
        {
            "place": place,
            "kg": [
                {"gas": gas, "origin": origin, "kg": repr(kg)}
                for (gas, origin), kg in zip(known.gases, found.kg[at].tolist(), strict=True)
                if kg
            ],
            "outside": _by_set(found.outside[at]),
            "co2e": _by_set(found.co2e[at]),
        }
        for at, place in enumerate(known.column)
    ]


def _by_set(values: Floats) -> dict[str, str]:
    return {name: repr(value) for name, value in zip(GWP_SETS, values.tolist(), strict=True)}


def makers_of(bundle: Bundle, known: Recipe) -> list[int]:
    """The places of the columns that make the product, as the manifest names them.

    Shapes   result: (n,) places, each once
    Units    none
    Errors   BadBundle: none is named, or one that the bundle does not have
    """
    figure = bundle.manifest.get("figure")
    makers = figure.get("columns") if isinstance(figure, dict) else None
    if not isinstance(makers, list) or not makers or not all(type(m) is int for m in makers):
        raise BadBundle("manifest.json must name the columns that make the product.")
    if not set(makers) <= set(known.column) or len(set(makers)) < len(makers):
        raise BadBundle("manifest.json names columns that the bundle does not have.")
    return makers


def _elsewhere(manifest: Row) -> tuple[str, ...]:
    stated = manifest.get("platform")
    if not isinstance(stated, dict):
        raise BadBundle("manifest.json must say on which platform it was written.")
    here = {"engine": ENGINE_VERSION, **platform_facts()}
    there = {"engine": manifest.get("engine"), **stated}
    return tuple(
        f"{name} {shown(there.get(name, 'unknown'))}" for name in here if there.get(name) != here[name]
    )


def _compare_results(
    bundle: Bundle, known: Recipe, found: Figures, allowed: float, faults: list[str]
) -> tuple[int, float]:
    """Stated results against found ones: how many columns have the same bits, and the worst difference."""
    if len(bundle.results) != len(known.column):
        raise BadBundle("results.jsonl must have one line for every column.")
    same, worst = 0, 0.0
    for at, (place, row) in enumerate(zip(known.column, bundle.results, strict=True)):
        where = f"results.jsonl, line {at + 1}"
        if place_in(row, where) != place:
            raise BadBundle(f"{where}: the columns must stand in the order of their places.")
        stated = _stated(row, known, where)
        mine = np.concatenate([found.kg[at], found.outside[at], found.co2e[at]])
        gap = _gap(mine, stated, np.maximum(np.abs(mine), np.abs(stated)))
        same += bool((stated == mine).all())
        worst = max(worst, gap)
        if gap > allowed:
            faults.append(f"column {place} differs by {gap:.1e} from what the bundle states")
    return same, worst


def _stated(row: Row, known: Recipe, where: str) -> Floats:
    at = {gas: column for column, gas in enumerate(known.gases)}
    kg = np.zeros(len(at))
    for each in objects_in(row, "kg", where):
        column = at.get((str(each.get("gas")), str(each.get("origin"))))
        if column is None:
            raise BadBundle(f"{where}: states a gas that nothing emits.")
        kg[column] = float_in(each, "kg", where)
    return np.concatenate([kg, _sets(row, "outside", where), _sets(row, "co2e", where)])


def _sets(row: Row, key: str, where: str) -> Floats:
    values = row.get(key)
    if not isinstance(values, dict):
        raise BadBundle(f"{where}: {key} must be an object.")
    return np.array([float_in(values, name, where) for name in GWP_SETS])


def _compare_shown(bundle: Bundle, known: Recipe, found: Figures, faults: list[str]) -> float:
    """The platform's own figures against found ones: the worst difference."""
    worst = 0.0
    at = {place: row for row, place in enumerate(known.column)}
    for number, row in enumerate(bundle.columns, 1):
        where, column = f"columns.jsonl, line {number}", at[row["place"]]
        gap = _gap(found.co2e[column], _sets(row, "shown", where), found.size[column])
        worst = max(worst, gap)
        if gap > AS_SHOWN:
            faults.append(f"column {row['place']} differs by {gap:.1e} from what the platform shows")
    size = found.size[[at[place] for place in bundle.manifest["figure"]["columns"]]].max(axis=0)
    gap = _gap(found.product, _sets(bundle.manifest["figure"], "co2e", "manifest.json"), size)
    if gap > AS_SHOWN:
        faults.append(f"the product's figure differs by {gap:.1e} from what the platform shows")
    return max(worst, gap)


def _gap(found: Floats, stated: Floats, size: Floats) -> float:
    return float(np.max(np.abs(found - stated) / np.where(size > 0.0, size, 1.0), initial=0.0))


def _facts(bundle: Bundle, known: Recipe, found: Figures) -> Iterable[str]:
    links = len(known.equations.amount)
    yield (
        f"network  {len(known.column)} columns, {len(bundle.factors)} factors, "
        f"{len(bundle.suppliers)} suppliers, {links} links, {len(known.gases)} gases"
    )
    proven = found.solution.bound
    bound = "not proven: strong credits" if proven is None else f"proven below {proven:.1e}"
    yield f"solved   residual {found.solution.residual:.1e}, error {bound}"
    for name, value in zip(GWP_SETS, found.product.tolist(), strict=True):
        yield f"{name:<8} {value!r} kg CO2e per {shown(bundle.manifest['figure'].get('unit', 'unit'))}"


def read_file(path: str) -> bytes:
    """The bytes of a file, and no more of it than a bundle may have.

    Units    bytes
    Errors   OSError
    """
    with open(path, "rb") as file:  # noqa: PTH123  (the engine knows no paths)
        return file.read(MOST_BYTES + 1)


def main(arguments: Sequence[str]) -> int:
    """Print the verdict on one bundle; the exit code says it again.

    Units    none
    Errors   none: a refusal is one line and exit code 2
    """
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: python -m footprint.engine.replay BUNDLE.zip", file=sys.stderr)
        return 2
    try:
        verdict = replay(read_file(arguments[0]))
    except OSError as error:
        print(f"refused: {shown(arguments[0])}: {error.strerror or 'cannot be read'}", file=sys.stderr)
        return 2
    except EngineError as error:
        print(f"refused: {error.sentence}", file=sys.stderr)
        return 2
    for line in verdict.lines():
        print(line if sys.stdout.encoding == "utf-8" else line.encode("ascii", "replace").decode())
    return 0 if verdict.is_same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
