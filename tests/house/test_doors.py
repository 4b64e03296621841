"""Doors ask one question or order one action: they write nothing themselves and know no other door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import files, is_product, parsed

KINDS = ("pages", "api", "tasks", "commands")
"""Where a room meets the world: browsers, systems, the clock, the operator."""
BEHIND_DOORS = (
    "accounts/rest/",
    *(
        f"footprint/exchange/{folder}/"
        for folder in ("openlca", "workbook", "pact_sheet", "factor_table", "cbam")
    ),
)
"""What doors are made of: it writes as little as they do."""
WRITES = {
    "save", "create", "update", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update",
    "asave", "acreate", "aupdate", "adelete",
}  # fmt: skip
ALLOWED: dict[str, str] = dict.fromkeys(
    (
        "footprint/exchange/workbook/writing.py save",
        "footprint/exchange/pact_sheet/writing.py save",
        "footprint/exchange/factor_table/writing.py save",
        "factors/pages/release.py save",
    ),
    "a workbook, into memory",
)
"""Calls that are no writing to the database: "path function": why."""


def kind(path: Path) -> str:
    """Which door a file belongs to, if to any."""
    return next((name for name in KINDS if name in path.parts[:-1] or path.stem == name), "")


def doors() -> list[Path]:
    own = [path for path in files(".py") if is_product(path)]
    return [path for path in own if kind(path) or str(path).startswith(BEHIND_DOORS)]


def writes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Calls that write through the ORM, and SQL of one's own."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr
        if name in ("execute", "executemany", "copy"):
            if _names_a_cursor(node.func.value):
                yield node.lineno, name
        elif name in WRITES and not (name == "update" and node.args):  # only a dict's takes a position
            yield node.lineno, name


def _names_a_cursor(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and "cursor" in node.id.lower()


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every module that is imported, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def test_there_are_doors() -> None:
    assert {kind(path) for path in doors()} >= set(KINDS)


def test_doors_write_nothing() -> None:
    found = [
        f"{path}:{line} {call}"
        for path in doors()
        for line, call in writes(parsed(path))
        if f"{path} {call}" not in ALLOWED
    ]
    assert found == []


def test_doors_do_not_know_each_other() -> None:
    found = [
        f"{path}:{line} imports {module}"
        for path in doors()
        if kind(path)
        for line, module in imported(parsed(path))
        if module.split(".")[0] in ("accounts", "factors", "footprint", "alliance")
        and set(module.split(".")) & (set(KINDS) - {kind(path)})
    ]
    assert found == []


def test_what_decides_does_not_know_who_asks() -> None:
    """Actions, queries, models and numbers import no door."""
    found = [
        f"{path}:{line} imports {module}"
        for path in files(".py")
        if is_product(path) and not kind(path)
        if {"actions", "models", "engine"} & set(path.parts) or path.stem in ("queries", "policy", "ledger")
        for line, module in imported(parsed(path))
        if module.split(".")[0] in ("accounts", "factors", "footprint", "alliance")
        and set(module.split(".")) & set(KINDS)
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "thing.save()",
        "Thing.objects.create(a=1)",
        "Thing.objects.filter(a=1).update(a=2)",
        "things.delete()",
        "Thing.objects.bulk_update(things, ['a'])",
        "cursor.execute('DELETE FROM thing')",
    ],
)
def test_a_write_is_seen(code: str) -> None:
    assert list(writes(ast.parse(code)))


@pytest.mark.parametrize(
    "code", ["shown.update({'a': 1})", "change_thing(thing, by=actor)", "Thing.objects.filter(a=1).first()"]
)
def test_a_question_is_no_write(code: str) -> None:
    assert not list(writes(ast.parse(code)))
