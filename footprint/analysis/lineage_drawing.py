"""A lineage as a picture: versions in columns by how far they are away, own products behind them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 190, 46
BETWEEN, ROW = 60, 62
LONGEST = 24


@dataclass(frozen=True)
class Thing:
    """What is drawn: its column, its words, where it leads, and the keys of what it is made of."""

    key: str
    column: int
    title: str
    note: str
    href: str
    of: tuple[str, ...] = ()
    is_own: bool = False


@dataclass(frozen=True)
class Box:
    """A thing at its place."""

    thing: Thing
    x: int
    y: int
    is_asked: bool

    @property
    def title(self) -> str:
        """As much of it as fits."""
        whole = self.thing.title
        return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1]}…"

    @property
    def middle(self) -> int:
        """Where words stand."""
        return self.x + WIDTH // 2


@dataclass(frozen=True)
class Drawing:
    """Boxes, the paths between them, and the size of it all."""

    boxes: tuple[Box, ...]
    paths: tuple[str, ...]
    width: int
    height: int


def draw(things: Sequence[Thing], asked: str) -> Drawing:
    """Columns from left to right without gaps, each in the middle of the height."""
    columns = sorted({thing.column for thing in things})
    stacked = [[thing for thing in things if thing.column == column] for column in columns]
    most = max((len(column) for column in stacked), default=0)
    boxes = [
        Box(thing, place * (WIDTH + BETWEEN), (most - len(column)) * ROW // 2 + row * ROW, thing.key == asked)
        for place, column in enumerate(stacked)
        for row, thing in enumerate(column)
    ]
    at = {box.thing.key: box for box in boxes}
    paths = [_path(at[key], box) for box in boxes for key in box.thing.of if key in at]
    width = max(len(columns) * (WIDTH + BETWEEN) - BETWEEN, 0)
    return Drawing(tuple(boxes), tuple(paths), width, max(most * ROW - (ROW - HEIGHT), 0))


def _path(one: Box, other: Box) -> str:
    """From the right side of one to the left of the other."""
    x1, y1, x2, y2 = one.x + WIDTH, one.y + HEIGHT // 2, other.x, other.y + HEIGHT // 2
    bend = (x2 - x1) // 2
    return f"M{x1} {y1} C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
