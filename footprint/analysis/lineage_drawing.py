"""A lineage as a picture: from documents over versions and own lines to own products, in columns. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

WIDTH, HEIGHT = 180, 46
BETWEEN, ROW = 46, 60
EDGE = 2
"""Room around it all for the strokes of the outermost boxes."""
LONGEST = 24
"""Letters that a box holds; a Chinese character takes the room of two."""


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
        return fitting(self.thing.title)

    @property
    def note(self) -> str:
        """As much of it as fits."""
        return fitting(self.thing.note)

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
        Box(
            thing,
            EDGE + place * (WIDTH + BETWEEN),
            EDGE + (most - len(column)) * ROW // 2 + row * ROW,
            thing.key == asked,
        )
        for place, column in enumerate(stacked)
        for row, thing in enumerate(column)
    ]
    at = {box.thing.key: box for box in boxes}
    paths = [_path(at[key], box) for box in boxes for key in box.thing.of if key in at]
    width = max(len(columns) * (WIDTH + BETWEEN) - BETWEEN, 0) + 2 * EDGE
    return Drawing(tuple(boxes), tuple(paths), width, max(most * ROW - (ROW - HEIGHT), 0) + 2 * EDGE)


def fitting(words: str) -> str:
    """The words, or their beginning with a mark that there is more.

    >>> fitting("氢气（天然气制氢，西屿） · 天然气制氢")
    '氢气（天然气制氢，西屿…'
    """
    kept = words
    while sum(map(_breadth, kept)) > LONGEST - (kept != words):
        kept = kept[:-1]
    return words if kept == words else f"{kept.rstrip()}…"


def _breadth(letter: str) -> int:
    return 2 if east_asian_width(letter) in "WF" else 1


def _path(one: Box, other: Box) -> str:
    """From the right side of one to the left of the other."""
    x1, y1, x2, y2 = one.x + WIDTH, one.y + HEIGHT // 2, other.x, other.y + HEIGHT // 2
    bend = (x2 - x1) // 2
    return f"M{x1} {y1} C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
