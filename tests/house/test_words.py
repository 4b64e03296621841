"""Names say what a thing is, and the tree speaks of the product alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.house.tree import MADE_BY_PROGRAMS, STOREYS, files, parsed, text

EMPTY_NAMES = {"utils", "helpers", "common", "services", "manager", "handler", "data", "info"}
EMPTY_NAMES |= {name.removesuffix("s") for name in EMPTY_NAMES} | {"managers", "handlers"}

# in brackets, so that this file does not find itself
LATER = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X])\b")
REGISTRIES = re.compile(r"pyp[i]\.|python[h]osted\.|npm[j]s\.|registr[y]\.[a-z]|docke[r]\.io")
PLACES = re.compile(r"(?<![\w.$}/-])/(?:work|home|root|Users)/\w")
TEXTS = (
    ".py",
    ".html",
    ".js",
    ".css",
    ".md",
    ".toml",
    ".json",
    ".yml",
    ".yaml",
    ".csv",
    ".txt",
    ".in",
    ".sh",
)


def found(pattern: re.Pattern[str]) -> list[str]:
    """Where one of our files says this."""
    return [
        f"{path}:{number}"
        for path in files()
        if path.suffix in TEXTS or "." not in path.name or path.suffix in {".lock", ".po"}
        for number, line in enumerate(text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = {path: {Path(part).stem for part in path.parts} for path in files(".py", ".js", ".html")}
    assert [str(path) for path, names in named.items() if names & EMPTY_NAMES] == []


def test_no_class_is_a_manager_or_a_handler() -> None:
    """Django's own managers are called by what they give: People, TenantManager alone is the base of all."""
    endings = ("Manager", "Handler", "Helper", "Utils", "Service")
    named = [
        f"{path}: {node.name}"
        for path in files(".py")
        if path.parts[0] in STOREYS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith(endings)
    ]
    assert named == []


def test_nothing_is_left_for_later() -> None:
    assert found(LATER) == []


def test_no_registry_is_named() -> None:
    """The lock files too: where packages come from is the business of whoever installs them."""
    assert found(REGISTRIES) == []


def test_no_place_on_a_machine_is_named() -> None:
    assert found(PLACES) == []


def test_imports_are_visible() -> None:
    starred = [
        f"{path}:{node.lineno}"
        for path in files(".py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]
    assert starred == []


def test_files_made_by_programs_exist() -> None:
    """The list others leave out by name stays true."""
    known = {str(path) for path in files()}
    assert set(MADE_BY_PROGRAMS) <= known
