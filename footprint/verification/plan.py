"""From a dossier to what a sampling plan takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from footprint.inventory.models import SCORES
from footprint.verification.models import Dossier
from footprint.verification.queries import lines_of
from footprint.verification.sampling import Candidate, Drawn, draw


def candidates(found: Dossier) -> list[Candidate]:
    """Every line that says how much flows; the output that all others are counted for is none."""
    is_first = found.changes is None
    changes: Mapping[str, Any] = found.changes or {}
    return [
        Candidate(
            key,
            share=float(found.shares.get(key, 0.0)),
            quality=quality(line),
            change=_number(changes.get(key, "0")),
            is_first=is_first,
        )
        for key, (_process, line) in lines_of(found).items()
        if not line["is_reference"]
    ]


def planned(found: Dossier, *, size: int, seed: int) -> list[Drawn]:
    """The sample of a dossier."""
    return draw(candidates(found), size=size, seed=seed)


def usual_seed(found: Dossier) -> int:
    """What nobody chose: it follows from what was frozen."""
    return int(found.content_hash[:12], 16)


def quality(line: Mapping[str, Any]) -> float | None:
    """The mean of the scores that were given, 1 to 5."""
    given = [float(line[name]) for name in SCORES if line.get(name) not in (None, "")]
    return sum(given) / len(given) if given else None


def _number(text: Any) -> float | None:
    return None if text is None else float(text)
