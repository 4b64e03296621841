"""Who is called by name in a text, with `@` and a name or an address, of those who may read it. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

CALL = "@"


@dataclass(frozen=True)
class Named:
    """Somebody who can be called."""

    key: int
    name: str
    email: str

    @property
    def calls(self) -> tuple[str, ...]:
        """What calls them: the name with or without its spaces, its part of either script, the address."""
        words = self.name.split()
        wide = [word for word in words if word[0].isalnum() and not _is_latin(word[0])]
        latin = [word for word in words if _is_latin(word[0])]
        names = [" ".join(some) for some in (words, wide, latin)]
        spelt = (*names, *(name.replace(" ", "") for name in names), self.email)
        return tuple({_plain(each) for each in spelt if each})


def mentioned(text: str, people: Iterable[Named]) -> set[int]:
    """The keys of those who are called; the longest name wins, of two people with one name both are.

    A word goes on to its end: `@Ann` does not call Ann in `@Anna`. Chinese has no ends of words, so that
    `@王伟请看` calls 王伟. An `@` inside a word, as in an address, calls nobody.
    """
    known: dict[str, set[int]] = {}
    for person in people:
        for call in person.calls:
            known.setdefault(call, set()).add(person.key)
    longest_first = sorted(known, key=len, reverse=True)
    plain, found = _plain(text), set[int]()
    for at, sign in enumerate(plain):
        if sign != CALL or (at and _is_latin(plain[at - 1])):
            continue
        rest = plain[at + 1 :]
        called = next((call for call in longest_first if _begins(rest, call)), None)
        found |= known[called] if called else set()
    return found


def _begins(rest: str, call: str) -> bool:
    if not rest.startswith(call):
        return False
    return len(rest) == len(call) or not (_is_latin(call[-1]) and _is_latin(rest[len(call)]))


def _is_latin(sign: str) -> bool:
    """A letter or digit of a script that writes words apart."""
    return sign.isalnum() and unicodedata.east_asian_width(sign) not in ("W", "F")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
