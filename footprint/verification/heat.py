"""Where the risk lies that a sample is to meet: lines by what they contribute and how good they are. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from footprint.verification.sampling import CERTAIN_SHARE, Candidate, risk

SHARES = (CERTAIN_SHARE, CERTAIN_SHARE / 5, CERTAIN_SHARE / 50, 0.0)
"""From which share of the figure on a row counts a line, whatever its sign; the heaviest first."""
QUALITIES: tuple[float | None, ...] = (1.5, 2.5, 3.5, 5.0, None)
"""Up to which mean score a column counts a line, 1 (best) to 5; None where nobody said."""
HEATS = (0.0, 0.02, 0.1, 0.3)
"""From which share of all risk on a field is hotter."""


@dataclass(frozen=True)
class Field:
    """How many lines there are, how many of them are in the sample, and their risk as a share of all."""

    lines: int
    drawn: int
    risk: float

    @property
    def heat(self) -> int:
        """0 (cold) to 3."""
        return sum(self.risk >= least for least in HEATS) - 1


def heat_map(lines: Iterable[Candidate], drawn: Collection[str]) -> list[list[Field]]:
    """A row for each of ``SHARES``, in it a field for each of ``QUALITIES``; ``drawn`` are keys of lines."""
    every = list(lines)
    total = sum(risk(line) for line in every) or 1.0
    placed: dict[tuple[int, int], list[Candidate]] = {}
    for line in every:
        placed.setdefault((_row(line), _column(line)), []).append(line)
    return [
        [_field(placed.get((row, column), []), drawn, total) for column in range(len(QUALITIES))]
        for row in range(len(SHARES))
    ]


def _field(lines: list[Candidate], drawn: Collection[str], total: float) -> Field:
    met = sum(line.key in drawn for line in lines)
    return Field(len(lines), met, sum(risk(line) for line in lines) / total)


def _row(line: Candidate) -> int:
    return next(at for at, least in enumerate(SHARES) if abs(line.share) >= least)


def _column(line: Candidate) -> int:
    if line.quality is None:
        return QUALITIES.index(None)
    return next(at for at, most in enumerate(QUALITIES) if most is None or line.quality <= most)
