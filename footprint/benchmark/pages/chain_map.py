"""The supply chain as a map: what is made of what, by how many company groups, as bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.errors import Text

ROW, TOP = 30, 16
LEFT, RIGHT, WIDTH = 180, 320, 500
LEVELS = {"5-7": 2, "8-11": 4, "12+": 7}
"""How broad a flow is drawn."""


@dataclass(frozen=True)
class End:
    """A category on the left, from which, or on the right, to which."""

    name: str
    y: int


@dataclass(frozen=True)
class Flow:
    """One line of the map and of its table."""

    source: End
    target: End
    width: int
    words: Text

    @property
    def path(self) -> str:
        """Of an SVG."""
        middle = (LEFT + RIGHT) // 2
        start, end = self.source.y, self.target.y
        return f"M {LEFT} {start} C {middle} {start}, {middle} {end}, {RIGHT} {end}"


@dataclass(frozen=True)
class ChainMap:
    """Everything the template draws; positions are units of the SVG."""

    flows: Sequence[Flow]
    sources: Sequence[End]
    targets: Sequence[End]
    left: int = LEFT
    right: int = RIGHT
    width: int = WIDTH

    @property
    def height(self) -> int:
        """As high as the longer side."""
        return 2 * TOP + ROW * max(len(self.sources), len(self.targets))


def drawn(flows: Sequence[Sequence[str]], names: Mapping[str, str], words: Mapping[str, Text]) -> ChainMap:
    """``names`` by code in the order of the chain; what is no category any more is left out."""
    known = [(taken, made, band) for taken, made, band in flows if taken in names and made in names]
    order = list(names)
    ends = [
        {
            code: End(names[code], TOP + ROW * place + ROW // 2)
            for place, code in enumerate(sorted({each[side] for each in known}, key=order.index))
        }
        for side in (0, 1)
    ]
    lines = [
        Flow(ends[0][taken], ends[1][made], LEVELS.get(band, 1), words.get(band, band.replace("-", "–")))
        for taken, made, band in sorted(known, key=lambda each: (order.index(each[0]), order.index(each[1])))
    ]
    return ChainMap(lines, list(ends[0].values()), list(ends[1].values()))
