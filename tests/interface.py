"""The OpenAPI document of the repository, read once for every process that tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from alliance.runtime.environment import ROOT

FILE = ROOT / "docs" / "openapi.yaml"
# the loader in C reads a megabyte in one second, the one in Python in six
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """What a file of ours says; the caller owns it."""
    return yaml.load(path.read_text(encoding="utf-8"), LOADER)


@cache
def document() -> dict[str, Any]:
    """Everybody's: nobody may change it."""
    return dict(read_yaml(FILE))
