"""Which lines a verifier looks at: by what they weigh, how good they are and how much they changed. Pure.

A line's risk is its share of the figure times its quality times its change. Lines above a share are looked at
in any case; of the others a systematic sample is drawn with probability proportional to risk, from a seed, so
that anybody draws the same one again.

Source: the alliance's sampling plan (contribution x quality x change); systematic sampling with probability
proportional to size (Madow 1949).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

CERTAIN_SHARE = 0.10
"""Who carries a tenth of the figure or more is looked at in any case."""
FLOOR = 1e-4
"""No line weighs nothing: one left out by mistake would look like it."""
UNKNOWN_QUALITY, WORST_QUALITY = 3.0, 5.0
NEW, MOST_CHANGE = 1.0, 2.0
BIG_CHANGE = 0.2


class Reason(StrEnum):
    """Why a line is in the sample."""

    CERTAIN = "certain"
    WEIGHT = "weight"
    QUALITY = "quality"
    CHANGE = "change"
    NEW = "new"
    CHANCE = "chance"
    ADDED = "added"


@dataclass(frozen=True)
class Candidate:
    """A line as the plan sees it.

    ``share``: of the figure, as a fraction, whatever its sign. ``quality``: 1 (best) to 5, None where nobody
    said. ``change``: how much its amount moved since the last acceptance, as a fraction; None for a new line
    or where nothing was accepted before, when ``is_first`` says so.
    """

    key: str
    share: float
    quality: float | None = None
    change: float | None = None
    is_first: bool = False


@dataclass(frozen=True)
class Drawn:
    """A line of the sample, its risk as a share of all, and why it is there."""

    key: str
    risk: float
    reasons: tuple[Reason, ...]


def risk(line: Candidate) -> float:
    """Contribution times quality times change; never nothing."""
    quality = (line.quality if line.quality is not None else UNKNOWN_QUALITY) / WORST_QUALITY
    return max(abs(line.share), FLOOR) * quality * (1.0 + _change(line))


def draw(lines: Iterable[Candidate], *, size: int, seed: int) -> list[Drawn]:
    """The sample, riskiest first: what is certain, and as many others as are left of ``size``."""
    every = sorted(lines, key=lambda line: line.key)
    total = sum(risk(line) for line in every) or 1.0
    certain = [line for line in every if abs(line.share) >= CERTAIN_SHARE]
    others = [line for line in every if abs(line.share) < CERTAIN_SHARE]
    chosen = _systematic(others, max(0, size - len(certain)), seed)
    found = [Drawn(line.key, risk(line) / total, _why(line, is_certain=True)) for line in certain]
    found += [Drawn(line.key, risk(line) / total, _why(line, is_certain=False)) for line in chosen]
    return sorted(found, key=lambda each: (-each.risk, each.key))


def _systematic(lines: list[Candidate], count: int, seed: int) -> list[Candidate]:
    """Steps of one length along all risks laid end to end; a line longer than a step is met once."""
    shuffled = sorted(lines, key=lambda line: _noise(seed, line.key))
    if count >= len(shuffled):
        return shuffled
    if not count:
        return []
    weights = [Fraction(risk(line)) for line in shuffled]
    taken, left = _longer_than_a_step(shuffled, weights, count)
    rest = [(line, weight) for line, weight in zip(shuffled, weights, strict=True) if line in left]
    wanted = count - len(taken)
    if not wanted:
        return taken
    step = sum((weight for _line, weight in rest), Fraction(0)) / wanted
    at, place = step * Fraction(_noise(seed, "start"), 2**256), Fraction(0)
    for line, weight in rest:
        place += weight
        if at < place:
            taken.append(line)
            at += step
    return taken


def _longer_than_a_step(
    lines: list[Candidate], weights: list[Fraction], count: int
) -> tuple[list[Candidate], set[Candidate]]:
    """Lines that any start would meet; taking them shortens the step for the others."""
    taken: list[Candidate] = []
    left = dict(zip(lines, weights, strict=True))
    while len(taken) < count:
        step = sum(left.values(), Fraction(0)) / (count - len(taken))
        long = [line for line, weight in left.items() if weight >= step]
        if not long:
            break
        for line in long[: count - len(taken)]:
            taken.append(line)
            del left[line]
    return taken, set(left)


def _why(line: Candidate, *, is_certain: bool) -> tuple[Reason, ...]:
    found = [Reason.CERTAIN] if is_certain else []
    if not is_certain and abs(line.share) >= CERTAIN_SHARE / 5:
        found.append(Reason.WEIGHT)
    if line.quality is None or line.quality >= UNKNOWN_QUALITY:
        found.append(Reason.QUALITY)
    if line.change is None and not line.is_first:
        found.append(Reason.NEW)
    elif line.change is not None and abs(line.change) >= BIG_CHANGE:
        found.append(Reason.CHANGE)
    return tuple(found) or (Reason.CHANCE,)


def _change(line: Candidate) -> float:
    if line.is_first:
        return 0.0
    return NEW if line.change is None else min(abs(line.change), MOST_CHANGE)


def _noise(seed: int, key: str) -> int:
    """The same for ever, on every machine: no library's generator."""
    return int.from_bytes(hashlib.sha256(f"{seed}\n{key}".encode()).digest(), "big")
