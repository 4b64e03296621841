"""What a line leaves out, in the text that openLCA keeps of a line, which has no place of its own for it."""

from __future__ import annotations

import re
from decimal import Decimal

NOTE = "[left out: {kg} kg CO2e]"
_NOTE = re.compile(r"\s*\[left out: (\d{1,30}(?:\.\d{1,30})?) kg CO2e\]\s*\Z")


def with_estimate(comment: str, kg_co2e: Decimal | None) -> str:
    """A comment with the estimate at its end."""
    if kg_co2e is None:
        return comment
    return f"{comment} {NOTE.format(kg=format(kg_co2e, 'f'))}".strip()


def without_estimate(description: str) -> tuple[str, Decimal | None]:
    """The comment, and the estimate where there is one."""
    found = _NOTE.search(description)
    if found is None:
        return description, None
    return description[: found.start()], Decimal(found.group(1))
