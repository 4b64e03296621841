"""The files of the project as the house rules see them: what git records, without what others wrote."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

from alliance.runtime.environment import ROOT

STOREYS = ("accounts", "factors", "footprint", "alliance")
WRITTEN_BY_OTHERS = ("static/vendor/", "tests/vendor/", "LICENSE")
MADE_BY_PROGRAMS = (
    "requirements.lock",
    "requirements-dev.lock",
    "package-lock.json",
    "docs/openapi.yaml",
)


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Our own files with these endings (all without any), relative to the root."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True
    ).stdout.decode()
    return tuple(
        Path(name)
        for name in sorted(filter(None, listed.split("\0")))
        if (not suffixes or Path(name).suffix in suffixes)
        and not name.startswith(WRITTEN_BY_OTHERS)
        and (ROOT / name).is_file()
    )


@cache
def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(text(path), filename=str(path))


def is_migration(path: Path) -> bool:
    return "migrations" in path.parts


def is_product(path: Path) -> bool:
    """Code that runs in the product, neither a test nor a benchmark."""
    return path.parts[0] in STOREYS
