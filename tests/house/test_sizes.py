"""Nothing is longer than a person can hold in mind. Complexity is ruff's C901, set in pyproject.toml."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from tests.house.tree import files, is_migration, parsed, text

FILE_LINES = 400
FUNCTION_LINES = 50
TEMPLATE_LINES = 120
COMPLEXITY = 8
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def lines(path: Path) -> int:
    return len(text(path).splitlines())


def test_files_are_short() -> None:
    """Migrations are left out: their length is that of the tables they make."""
    written = [path for path in files(".py", ".js", ".css") if not is_migration(path)]
    assert [f"{path}: {lines(path)}" for path in written if lines(path) > FILE_LINES] == []


def test_functions_are_short() -> None:
    found = [
        f"{path}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1}"
        for path in files(".py")
        for node in ast.walk(parsed(path))
        if isinstance(node, FUNCTIONS)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]
    assert found == []


def test_templates_are_short() -> None:
    assert [f"{path}: {lines(path)}" for path in files(".html") if lines(path) > TEMPLATE_LINES] == []


def test_complexity_is_limited_by_the_linter() -> None:
    lint = tomllib.loads(text(Path("pyproject.toml")))["tool"]["ruff"]["lint"]
    assert "C90" in lint["select"]
    assert lint["mccabe"]["max-complexity"] <= COMPLEXITY
    unlimited = [
        path for path, ignored in lint["per-file-ignores"].items() if any(c.startswith("C9") for c in ignored)
    ]
    assert unlimited == []


def test_nobody_excuses_a_function_from_the_limit() -> None:
    excuse = "noqa: " + "C901"
    assert [str(path) for path in files(".py") if excuse in text(path)] == []
