"""Whoever calls the engine reads in one place which units go in and out, what is refused, and who says so."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import files, parsed

INNER = {
    "compilation": "a decorator",
    "errors": "the refusals themselves",
    "kernels": "loops over indices, called by the engine alone",
    "equations": "the arrays; the units stand in its class",
    "lanes": "arithmetic on registers, called by the engine alone",
    "part": "positions of links, called by the engine alone",
    "plan": "an order of solving: no quantity in it",
    "certificate": "relative numbers, called by the engine alone",
    "simplex": "called by the engine alone",
    "relaxation": "called by the engine alone",
    "stubborn": "called by the engine alone",
    "substitution": "called by the engine alone",
    "throng": "called by the engine alone",
    "warming": "computes nothing of meaning",
}
"""Modules whose functions handle no quantity of a caller's, and why; a new module is public."""


def modules() -> list[Path]:
    return [path for path in files(".py") if path.parts[:2] == ("footprint", "engine")]


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in parsed(path).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def test_inner_modules_exist() -> None:
    assert set(INNER) <= {path.stem for path in modules()}


def test_every_public_thing_says_what_it_is() -> None:
    silent = [
        f"{path.stem}.{node.name}"
        for path in modules()
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_public_functions_state_units_and_errors_or_source() -> None:
    unclear = []
    for path in modules():
        if path.stem in INNER:
            continue
        for node in functions(path):
            said = [line.strip() for line in (ast.get_docstring(node) or "").splitlines()]
            has = {
                word for word in ("Units", "Errors", "Source") if any(s.startswith(word + " ") for s in said)
            }
            if "Units" not in has or len(has) < 2:
                unclear.append(f"{path.stem}.{node.name}: {sorted(has)}")
    assert unclear == []


def test_the_engine_has_no_clock_and_no_chance() -> None:
    words = {"random", "time", "datetime", "secrets", "os", "pathlib", "io", "requests", "logging"}
    found = [
        f"{path.stem}:{node.lineno}"
        for path in modules()
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Import) and words & {alias.name.split(".")[0] for alias in node.names})
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in words)
    ]
    assert found == []
