"""How a package comes out of the confined process: said thing by thing there, put together again here. Pure.

Nothing but texts, numbers as texts, flags and lists of texts crosses, and each is looked at again: a reader
that was taken over by its file can at most tell of another package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from footprint.exchange.confined.problems import Problem, Unreadable
from footprint.exchange.openlca.package import (
    AllocationFactor,
    Flow,
    FlowProperty,
    FlowType,
    Location,
    Package,
    PackageExchange,
    PackageProcess,
    PackageUnit,
    UnitGroup,
)
from footprint.exchange.openlca.reader import Progress, read

T = TypeVar("T")


class Garbled(Exception):
    """What the confined process said is no package."""


def answer(content: bytes, say: Callable[[str, Any], None]) -> None:
    """Say, in the confined process, everything that is in the package, or why it is refused."""
    try:
        package = read(content, lambda done, every: say("progress", (done, every)))
    except Unreadable as unreadable:
        return say("refused", unreadable.problems)
    for word, things in (
        ("unit_group", package.unit_groups),
        ("property", package.properties),
        ("flow", package.flows),
        ("location", package.locations),
    ):
        for thing in things.values():
            say(word, thing)
    for process in package.processes.values():
        say("process", replace(process, exchanges=(), factors=()))
        for exchange in process.exchanges:
            say("exchange", exchange)
        for factor in process.factors:
            say("factor", factor)
    for warning in package.warnings:
        say("warning", warning)


def package_from(words: Iterable[tuple[str, Any]], progress: Progress | None = None) -> Package:
    """Put together outside what was said inside.

    Raises:
        Unreadable: the refusal that was said.
        Garbled: it is no package.
    """
    heard = _Heard()
    for word, value in words:
        try:
            if word == "progress" and progress is not None:
                progress(*(int(number) for number in value))
            elif word == "refused":
                raise Unreadable([_problem(one) for one in value])
            elif word in HEARD:
                HEARD[word](heard, value)
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
            raise Garbled(word) from error
    return heard.package()


class _Heard:
    """The package as far as it was said."""

    def __init__(self) -> None:
        self.unit_groups: dict[str, UnitGroup] = {}
        self.properties: dict[str, FlowProperty] = {}
        self.flows: dict[str, Flow] = {}
        self.processes: list[tuple[PackageProcess, list[PackageExchange], list[AllocationFactor]]] = []
        self.warnings: list[Problem] = []
        self.locations: dict[str, Location] = {}

    def unit_group(self, value: dict[str, Any]) -> None:
        units = {key: _made(PackageUnit, unit) for key, unit in value["units"].items()}
        reference = _made(PackageUnit, value["reference"])
        self.unit_groups[value["id"]] = UnitGroup(_text(value["id"]), _text(value["file"]), units, reference)

    def property(self, value: dict[str, Any]) -> None:
        self.properties[value["id"]] = _made(FlowProperty, value)

    def flow(self, value: dict[str, Any]) -> None:
        known = {_text(key): Decimal(factor) for key, factor in value.pop("properties").items()}
        self.flows[value["id"]] = _made(Flow, value, properties=known, type=FlowType(value.pop("type")))

    def location(self, value: dict[str, Any]) -> None:
        self.locations[value["id"]] = _made(Location, value)

    def process(self, value: dict[str, Any]) -> None:
        del value["exchanges"], value["factors"]
        self.processes.append((_made(PackageProcess, value, exchanges=(), factors=()), [], []))

    def exchange(self, value: dict[str, Any]) -> None:
        self.processes[-1][1].append(_made(PackageExchange, value))

    def factor(self, value: dict[str, Any]) -> None:
        self.processes[-1][2].append(_made(AllocationFactor, value))

    def warning(self, value: dict[str, Any]) -> None:
        self.warnings.append(_problem(value))

    def package(self) -> Package:
        whole = (
            replace(process, exchanges=tuple(exchanges), factors=tuple(factors))
            for process, exchanges, factors in self.processes
        )
        return Package(
            self.unit_groups,
            self.properties,
            self.flows,
            {process.id: process for process in whole},
            warnings=tuple(self.warnings),
            locations=self.locations,
        )


HEARD: dict[str, Callable[[_Heard, Any], None]] = {
    "unit_group": _Heard.unit_group,
    "property": _Heard.property,
    "flow": _Heard.flow,
    "location": _Heard.location,
    "process": _Heard.process,
    "exchange": _Heard.exchange,
    "factor": _Heard.factor,
    "warning": _Heard.warning,
}


def _made(kind: type[T], value: dict[str, Any], **given: Any) -> T:
    """A value of this kind, each field of the type it is declared with."""
    checks = _checks(kind)  # type: ignore[arg-type]  # a class can be hashed, though T does not say so
    return kind(**given, **{name: checks[name](one) for name, one in value.items()})


@cache
def _checks(kind: Any) -> dict[str, Callable[[Any], Any]]:
    return {field.name: CHECKED[field.type] for field in fields(kind) if field.type in CHECKED}


def _problem(value: dict[str, Any]) -> Problem:
    told = {_text(name): _text(one) for name, one in value.pop("values").items()}
    return _made(Problem, value, values=told)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _place(value: Any) -> int | None:
    return None if value is None else int(value)


CHECKED: dict[str, Callable[[Any], Any]] = {
    "str": _text,
    "bool": _flag,
    "Decimal": lambda value: Decimal(_text(value)),
    "int | None": _place,
    "tuple[str, ...]": lambda value: tuple(_text(one) for one in value),
}
