"""What a bundle says is solved again: the same bits, or a sentence that says what is wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance.runtime.environment import ROOT
from footprint.engine import bundle_rows
from footprint.engine import replay as replaying
from footprint.engine.bundle import pack, unpack
from footprint.engine.bundle_rows import recipe
from footprint.engine.equations import Equations
from footprint.engine.errors import BadBundle, EngineError, NotProductive
from footprint.engine.replay import replay
from tests.footprint.engine.bundles import changed, members_of, random_bundle, small
from tests.footprint.engine.reference import dense_solve, gap, networks

Change = Callable[[dict[str, Any], dict[str, Any]], None]
NO_DJANGO = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("django", "psycopg", "celery", "rest_framework", "accounts", "factors"):
            raise ModuleNotFoundError(f"{name} is not there")
sys.meta_path.insert(0, Blocked())
import runpy
sys.argv = ["replay", *sys.argv[1:]]
runpy.run_module("footprint.engine.replay", run_name="__main__")
"""


@settings(max_examples=40, deadline=None)
@given(networks(largest=60), st.integers(0, 2**32 - 1))
def test_a_random_bundle_comes_back_to_the_same_bits(equations: Equations, seed: int) -> None:
    facts, members = members_of(equations, seed)
    raw = pack(facts, members)
    verdict = replay(raw)
    assert verdict.is_same
    assert verdict.worst == 0.0
    assert verdict.same_bits == verdict.columns == len(members["columns.jsonl"])
    known = recipe(unpack(raw))
    expected = dense_solve(known.equations)[list(known.column)] @ known.weight
    stated = np.array(
        [[float(row["shown"][name]) for name in ("AR5", "AR6")] for row in members["columns.jsonl"]]
    )
    assert gap(stated, expected) < 1e-9


def test_the_arithmetic_is_that_of_the_document() -> None:
    """A reader that knows docs/bundle.md and nothing of the engine comes to the same figures."""
    _, members = small()
    gwp = {
        (row["gas"], row["origin"]): float(row["AR5"]) for row in members["characterization.json"]["values"]
    }
    mass = lambda row, kg: float(row[kg]) * gwp[row["gas"], row["origin"]]  # noqa: E731
    known = {row["place"]: float(row["totals"]["AR5"]) for row in members["suppliers.jsonl"]}
    known |= {row["place"]: sum(mass(gas, "kg") for gas in row["gases"]) for row in members["factors.jsonl"]}
    figure = {row["place"]: 0.0 for row in members["columns.jsonl"]}
    for _ in range(100):
        for row in members["columns.jsonl"]:
            total = 0.0
            for burden in row["burdens"]:
                if burden["kind"] == "total":
                    total += float(burden["totals"]["AR5"])
                    continue
                is_gas = burden["kind"] == "gas"
                each = (
                    gwp[burden["gas"], burden["origin"]] if is_gas else {**known, **figure}[burden["place"]]
                )
                total += float(burden["share"]) * float(burden["taken"]) / float(row["made"]) * each
            figure[row["place"]] = total
    shown = {row["place"]: float(row["shown"]["AR5"]) for row in members["columns.jsonl"]}
    assert figure == pytest.approx(shown, rel=1e-12)


def _result(facts: dict[str, Any], members: dict[str, Any]) -> None:
    members["results.jsonl"][1]["co2e"]["AR6"] = "1.5"


def _amount(facts: dict[str, Any], members: dict[str, Any]) -> None:
    members["columns.jsonl"][2]["burdens"][0]["taken"] += "1"


def _factor(facts: dict[str, Any], members: dict[str, Any]) -> None:
    members["factors.jsonl"][0]["gases"][0]["kg"] = "99"


def _supplier(facts: dict[str, Any], members: dict[str, Any]) -> None:
    members["suppliers.jsonl"][0]["totals"]["AR5"] = "99.0"


def _weight(facts: dict[str, Any], members: dict[str, Any]) -> None:
    members["characterization.json"]["values"][0]["AR5"] = "25.0"


def _shown(facts: dict[str, Any], members: dict[str, Any]) -> None:
    row = members["columns.jsonl"][0]["shown"]
    row["AR5"] = repr(float(row["AR5"]) * (1 + 1e-8))


def _figure(facts: dict[str, Any], members: dict[str, Any]) -> None:
    facts["figure"]["co2e"]["AR5"] = "1.0"


@pytest.mark.parametrize("change", [_result, _amount, _factor, _supplier, _weight, _shown, _figure])
def test_a_bundle_that_lies_with_fitting_hashes_is_found_out(change: Change) -> None:
    verdict = replay(changed(change))
    assert not verdict.is_same
    assert "OTHER FIGURES" in list(verdict.lines())[-1]


def test_one_bit_is_a_difference_here_and_allowed_elsewhere() -> None:
    def one_bit(facts: dict[str, Any], members: dict[str, Any]) -> None:
        row = members["results.jsonl"][0]["co2e"]
        row["AR6"] = repr(float(np.nextafter(float(row["AR6"]), np.inf)))

    def elsewhere(facts: dict[str, Any], members: dict[str, Any]) -> None:
        one_bit(facts, members)
        facts["platform"]["machine"] = "another"

    assert not replay(changed(one_bit)).is_same
    verdict = replay(changed(elsewhere))
    assert verdict.is_same
    assert verdict.elsewhere == ("machine another",)
    assert verdict.same_bits == verdict.columns - 1


def _set(path: str, value: Any) -> Change:
    """Put a value at columns.0.made and the like."""

    def change(facts: dict[str, Any], members: dict[str, Any]) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        at: Any = {"facts": facts, **{name.split(".")[0]: member for name, member in members.items()}}
        for part in way:
            at = at[part]
        at[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("columns.0.made", "0"),
        ("columns.0.made", "-1"),
        ("columns.0.made", "NaN"),
        ("columns.0.made", 1),
        ("columns.0.made", None),
        ("columns.0.made", "1" * 91),
        ("columns.0.made", "1E+9999"),
        ("columns.0.made", "１"),
        ("columns.0.place", "0"),
        ("columns.0.place", True),
        ("columns.0.place", -1),
        ("columns.0.place", 1),
        ("columns.0.place", 10**17),
        ("columns.0.burdens", {}),
        ("columns.0.burdens", ["x"]),
        ("columns.0.burdens.0.kind", "magic"),
        ("columns.0.burdens.0.taken", "Infinity"),
        ("columns.0.burdens.0.taken", "1E+999"),
        ("columns.0.burdens.0.taken", [1]),
        ("columns.0.burdens.0.share", "nan"),
        ("columns.0.burdens.0.share", "1"),
        ("columns.0.burdens.0.share", "0.1000"),
        ("columns.0.burdens.0.share", "1e999"),
        ("columns.0.burdens.0.gas", 7),
        ("columns.0.burdens.0.gas", "SF6"),
        ("columns.0.burdens.2.place", 99),
        ("columns.0.shown", []),
        ("columns.0.shown", {}),
        ("factors.0.gases", None),
        ("factors.0.totals", {"AR5": "1.0", "AR6": "1.0"}),
        ("factors.0.withheld", True),
        ("columns.1.burdens.4.totals", None),
        ("columns.1.burdens.4.totals.AR6", "NaN"),
        ("suppliers.0.totals", "1.0"),
        ("suppliers.0.totals.AR5", "1e308"),
        ("characterization.values", []),
        ("characterization.values.0.AR5", "inf"),
        ("results.0.place", 2),
        ("results.0.kg", [{"gas": "SF6", "origin": "fossil", "kg": "1.0"}]),
        ("results.0.co2e", 1),
        ("facts.platform", "here"),
        ("facts.figure", []),
        ("facts.figure.columns", []),
        ("facts.figure.columns", [99]),
        ("facts.figure.columns", [0, 0]),
        ("facts.figure.columns", "0"),
        ("facts.figure.co2e", None),
    ],
)
def test_wrong_types_and_values_are_refused_in_a_sentence(path: str, value: Any) -> None:
    try:
        verdict = replay(changed(_set(path, value)))
    except EngineError as refused:
        assert "\n" not in refused.sentence
        assert len(refused.sentence) < 200
    else:
        # a number that can be calculated with is not refused, it leads to other figures
        assert path == "suppliers.0.totals.AR5"
        assert not verdict.is_same


def test_a_loop_that_cannot_be_solved_is_refused() -> None:
    def feed_itself(facts: dict[str, Any], members: dict[str, Any]) -> None:
        row = members["columns.jsonl"][0]
        row["burdens"].append({"kind": "link", "place": 0, "taken": row["made"], "share": "1.0"})

    with pytest.raises(NotProductive):
        replay(changed(feed_itself))


def test_what_would_take_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "LARGEST_LOOP", 1)
    with pytest.raises(BadBundle, match="loop"):
        replay(changed(lambda facts, members: None))
    monkeypatch.setattr(bundle_rows, "MOST_BURDENS", 3)
    with pytest.raises(BadBundle, match="burdens"):
        replay(changed(lambda facts, members: None))
    monkeypatch.setattr(bundle_rows, "MOST_BURDENS", 100)
    monkeypatch.setattr(bundle_rows, "MOST_GASES", 1)
    with pytest.raises(BadBundle, match="gases"):
        replay(changed(lambda facts, members: None))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """In a process where nothing of the web can be imported, with no settings."""
    return subprocess.run(
        [sys.executable, "-c", NO_DJANGO, *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_the_command_needs_no_django(tmp_path: Path) -> None:
    raw = random_bundle()
    path = tmp_path / "bundle.zip"
    path.write_bytes(raw)
    done = run(str(path))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.rstrip().endswith("THE SAME FIGURES")
    assert unpack(raw).root in done.stdout
    path.write_bytes(changed(_amount))
    assert run(str(path)).returncode == 1


def test_the_command_refuses_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(random_bundle()[:-5])
    for arguments in ([str(path)], [str(tmp_path)], [str(tmp_path / "none.zip")], [], ["--help"]):
        done = run(*arguments)
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith(("refused: ", "usage: "))
