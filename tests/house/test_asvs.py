"""docs/asvs.csv: every item of OWASP ASVS 5.0.0 level 2 has a test, or says why it has none.

Identifiers and levels are those of the standard (OWASP, CC BY-SA 4.0); the words are ours.
"""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from alliance.runtime.environment import ROOT

STATES = {
    "kept": "a test shows it",
    "accepted": "kept by the framework, a library or the way it is run; or a risk that is taken",
    "partly": "something is missing, and it says what",
    "not applicable": "the product has no such part",
}
# how many requirements of level 1 and of level 2 each chapter has
CHAPTERS = {
    1: (8, 19), 2: (4, 7), 3: (8, 11), 4: (2, 8), 5: (4, 5), 6: (13, 22), 7: (6, 12), 8: (4, 3), 9: (4, 3),
    10: (5, 24), 11: (3, 11), 12: (3, 6), 13: (1, 12), 14: (2, 7), 15: (3, 10), 16: (0, 16), 17: (0, 7),
}  # fmt: skip


def rows() -> list[dict[str, str]]:
    with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def names_in(path: str) -> frozenset[str]:
    place = ROOT / path
    if not place.is_file():
        return frozenset()
    tree = ast.parse(place.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def exists(test: str) -> bool:
    path, _, name = test.partition("::")
    return path.startswith("tests/") and name.startswith("test_") and name in names_in(path)


def faults(row: dict[str, str]) -> list[str]:
    """What is wrong with a row."""
    found = []
    if not row["about"].strip():
        found.append("says nothing")
    if row["state"] not in STATES:
        found.append(f"is in no known state: {row['state']!r}")
    if row["test"] and not exists(row["test"]):
        found.append(f"names a test that does not exist: {row['test']}")
    if row["state"] == "kept" and not row["test"]:
        found.append("is kept by no test")
    if row["state"] != "kept" and not row["reason"].strip():
        found.append("gives no reason")
    return found


def test_every_row_has_a_test_or_a_reason() -> None:
    assert {row["id"]: told for row in rows() if (told := faults(row))} == {}


def test_every_item_of_level_two_is_there_once() -> None:
    ids = [row["id"] for row in rows()]
    assert [one for one, times in Counter(ids).items() if times > 1] == []
    assert [one for one in ids if not re.fullmatch(r"V\d+\.\d+\.\d+", one)] == []
    counted = Counter((int(row["id"][1:].split(".")[0]), row["level"]) for row in rows())
    assert {chapter: (counted[chapter, "1"], counted[chapter, "2"]) for chapter in CHAPTERS} == CHAPTERS


@pytest.mark.parametrize(
    "spoilt",
    [
        {"about": " "},
        {"state": "done"},
        {"state": "kept", "test": ""},
        {"test": "tests/house/test_asvs.py::test_that_is_not_there"},
        {"test": "tests/nowhere.py::test_anything"},
        {"state": "accepted", "reason": ""},
    ],
)
def test_an_empty_cell_or_a_test_that_is_gone_is_seen(spoilt: dict[str, str]) -> None:
    sound = next(row for row in rows() if row["state"] == "kept")
    assert faults(sound) == []
    assert faults({**sound, **spoilt}) != []


def test_the_page_counts_what_the_table_holds() -> None:
    counted = Counter(row["state"] for row in rows())
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for state in STATES:
        assert re.search(rf"^\| {state} \| {counted[state]} \|", page, re.MULTILINE), (state, counted[state])


def test_the_inventory_of_keys_is_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for secret in ("SECRET_KEY", "AUDIT_SIGNING_KEY", "METRICS_TOKEN", "EMAIL_HOST_PASSWORD"):
        assert f"| `{secret}` |" in page


def test_the_inventory_of_logs_is_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r'"(\w+)":', (ROOT / "alliance/observing/lines.py").read_text(encoding="utf-8"))
    fields = {"at", "level", "logger", "message", "request", "task", "person", "client", "companies"}
    assert fields <= set(named)
    assert [name for name in fields if f"`{name}`" not in page] == []


def test_the_table_is_small_enough_to_be_read() -> None:
    assert max(len(row["about"]) for row in rows()) <= 80
    assert Path(ROOT / "docs" / "asvs.csv").stat().st_size < 60_000
