"""Two people changed one thing: what both said, put together. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Values = Mapping[str, str]


@dataclass(frozen=True)
class Clash:
    """A field that both changed, each to something else."""

    field: str
    before: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Merged:
    """The values with everything in them that only one of the two changed; of a clash, mine."""

    values: dict[str, str]
    clashes: tuple[Clash, ...] = ()
    is_joined: bool = False
    """Whether something of theirs is in it."""


def merge(before: Values, theirs: Values, mine: Values) -> Merged:
    """What I made of ``before`` on top of what they made of it meanwhile.

    A field of which nobody knows what it was before clashes where the two differ.
    """
    values: dict[str, str] = {}
    clashes: list[Clash] = []
    for field, said in mine.items():
        theirs_now, then = theirs.get(field, said), before.get(field)
        values[field] = theirs_now if said == then else said
        if theirs_now != said and then not in (said, theirs_now):
            clashes.append(Clash(field, then or "", theirs_now, said))
    is_joined = any(before.get(field, said) != said for field, said in theirs.items() if field in mine)
    return Merged(values, tuple(clashes), is_joined)
