"""Where an elementary flow goes to, from its category path. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

AIR = re.compile(r"\b(air|atmosphere)\b")


def is_air(path: Sequence[str]) -> bool:
    """Whether the path is one of emissions to air: "emission/air/…" or "Emission to air/…", no resource."""
    written = "/".join(path).casefold()
    return bool(AIR.search(written)) and "resource" not in written
