"""The policy file as answers: what an address owes an asker, by method and by the state of the thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from alliance.runtime.environment import ROOT
from tests.interface import read_yaml
from tests.permissions.asker import Asker

FILE = ROOT / "docs" / "permissions.yaml"
SAFE = ("GET", "HEAD")
API_METHODS, PAGE_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE"), ("GET", "POST")
PROBES = frozenset(
    {
        "own.owner",
        "own.erp_reader",
        "partner.erp",
        "foreign.owner",
        "alliance.platform_admin",
        "nobody.anonymous",
    }
)
"""Who tries the methods that nobody has, and what is the same for everybody."""
COMPARING = frozenset({"foreign.owner", "foreign.erp", "partner.owner", "sister.owner", "alliance.auditor"})
"""Who compares what is hidden with what is nowhere."""
PAGED_MACHINES = frozenset({"own.erp", "foreign.erp"})
"""Machines that try pages: none has any."""
ROW = re.compile(r"(?P<body>body: )?(?P<knows>[\w ]+?)(?: > (?P<may>[\w ]+?))?(?P<reads>, reads)?")


class Answer(StrEnum):
    """What a reply comes to."""

    LOGIN = "sent to sign in"
    HIDDEN = "does not exist"
    DENIED = "is not allowed"
    DONE = "done"
    NO_METHOD = "no such method"
    OPEN = "whatever, but no error"


@dataclass(frozen=True)
class Rule:
    """For whom a thing exists, and who of them may do this with it."""

    knows: frozenset[str]
    may: frozenset[str]
    is_open: bool = False
    in_body: bool = False
    writes: bool = True
    has_states: bool = False


@dataclass(frozen=True)
class Cell:
    """One question; ``what`` is a method, with the name of the form where a page has several."""

    route: str
    what: str
    asker: str
    state: str
    expected: Answer

    @property
    def method(self) -> str:
        return self.what.split()[0]

    def __str__(self) -> str:
        return f"{self.what} /{self.route} by {self.asker} ({self.state})"


@cache
def stated() -> dict[str, Any]:
    """The file."""
    return dict(read_yaml(FILE))


def rows() -> dict[str, dict[str, str]]:
    """Methods by address, as they are written down."""
    return dict(stated()["addresses"])


def members(name: str, state: str) -> frozenset[str]:
    """Everybody in a set; those a product was opened to are nobody where it was not."""
    if name == "partners" and state == "closed":
        return frozenset()
    found = frozenset[str]()
    for each in stated()["who"][name]:
        found |= frozenset([each]) if "." in each else members(each, state)
    return found


@cache
def rule(written: str, state: str) -> Rule:
    """One cell of the file."""
    if written == "open":
        return Rule(frozenset(), frozenset(), is_open=True)
    parts = ROW.fullmatch(written)
    assert parts, f"not a rule: {written!r}"
    knows = frozenset[str]().union(*(members(each, state) for each in parts["knows"].split()))
    allowed = (parts["may"] or parts["knows"]).split()
    may = frozenset[str]().union(*(members(each, state) for each in allowed))
    return Rule(
        knows,
        may & knows,
        in_body=bool(parts["body"]),
        writes=not parts["reads"],
        has_states="partners" in written,
    )


def expected(route: str, what: str, written: str | None, asker: Asker, state: str) -> Answer:
    """What the product owes."""
    is_api, is_safe = route.startswith("api/"), what.split()[0] in SAFE
    if written == "open":
        return Answer.OPEN
    if asker.reads_only and is_api and not is_safe:
        return Answer.DENIED  # said of the token, before anybody looks for the method
    if written is None and "open" in rows()[route].values():
        return Answer.NO_METHOD
    if asker.name in ("nobody.anonymous", "nobody.switched_off") or (asker.is_machine and not is_api):
        return Answer.LOGIN
    if written is None:
        return Answer.NO_METHOD
    asked = rule(written, state)
    if asker.name not in asked.knows:
        return Answer.HIDDEN
    return Answer.DONE if asker.name in asked.may else Answer.DENIED


def cells(askers: dict[str, Asker], routes: list[str] | None = None) -> list[Cell]:
    """The whole matrix, or some addresses of it."""
    found = []
    for route, row in rows().items():
        if "elsewhere" not in row and (routes is None or route in routes):
            found += [*_written(route, row, askers), *_unwritten(route, row, askers)]
    return found


def _written(route: str, row: dict[str, str], askers: dict[str, Asker]) -> Iterator[Cell]:
    for what, written in row.items():
        asked = rule(written, "opened")
        for state in ("opened", "closed") if asked.has_states else ("opened",):
            for asker in askers.values():
                if state == "closed" and asker.relation != "partner":
                    continue
                if not _is_spared(route, asked, asker):
                    yield Cell(route, what, asker.name, state, expected(route, what, written, asker, state))


def _is_spared(route: str, asked: Rule, asker: Asker) -> bool:
    if asked.is_open:
        return asker.name not in PROBES
    return asker.is_machine and not route.startswith("api/") and asker.name not in PAGED_MACHINES


def _unwritten(route: str, row: dict[str, str], askers: dict[str, Asker]) -> Iterator[Cell]:
    for method in API_METHODS if route.startswith("api/") else PAGE_METHODS:
        if not any(what.split()[0] == method for what in row):
            for name in sorted(PROBES):
                yield Cell(
                    route, method, name, "opened", expected(route, method, None, askers[name], "opened")
                )
