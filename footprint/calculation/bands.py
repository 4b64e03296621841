"""A frozen copy against the bands of the rules: which figures and inputs lie where they may be expected.

Everything comes from the copy and from rules, which are open to all who signed in: a reviewer sees no row of
the company, and nobody sees anything of a peer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.actor import Actor
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Thing
from footprint.calculation.quantities import figure_per, in_unit
from footprint.inventory.models import FrozenCopy, Submission
from footprint.rules import queries as rules
from footprint.rules.document.bands import Place, place
from footprint.rules.document.checking import Coproduct, Line, Subject, measured, weighed_by
from footprint.rules.document.content import Band, Direction, Measured, RuleDocument, Source


@dataclass(frozen=True)
class Banded:
    """One product of one process against one band of its rule; ``band`` is None where its rule has none.

    ``value`` is in the band's unit per ``per``, None where nothing says how much that is. ``lines`` are the
    public identifiers of the lines that were measured.
    """

    process: Mapping[str, Any]
    product: Mapping[str, Any]
    band: Band | None
    value: Decimal | None = None
    per: str = ""
    source: Source | None = None
    rule: int = 0
    lines: tuple[str, ...] = ()

    @property
    def place(self) -> Place | None:
        """Where the value lies; None where either is unknown."""
        return None if self.band is None or self.value is None else place(self.band, self.value)


def banded(actor: Actor, submission: Submission, copy: FrozenCopy) -> list[Banded]:
    """Every product of the copy against every band of its rule, in the order of the copy."""
    applicable = {
        rule.category.code: rule for rule in rules.applicable_rules(actor, submission.period_end).values()
    }
    processes = {process["uuid"]: process for process in copy.content["processes"]}
    found: list[Banded] = []
    for figure in copy.figures:
        process, rule = processes.get(figure["process"]), applicable.get(figure.get("category", ""))
        if process is None:
            continue
        made = [line for line in process["lines"] if _makes(line, figure["product"])]
        if rule is None or not rule.content.bands:
            found.append(Banded(process, figure, None, lines=_keys(made)))
        else:
            found += _against(rule.content, rule.number, process, figure, made)
    return found


def _against(
    document: RuleDocument,
    number: int,
    process: Mapping[str, Any],
    figure: Mapping[str, Any],
    made: Sequence[Mapping[str, Any]],
) -> list[Banded]:
    sources = {each.key: each for each in document.sources}
    subject = _subject(document, process, figure, made)
    rows = []
    for band in document.bands:
        is_figure = band.measured is Measured.FOOTPRINT
        weighed = _keys(made) if is_figure else tuple(line.key for line in weighed_by(band, subject.lines))
        value = measured(band, subject)
        if is_figure or value is not None:
            source = sources.get(band.source)
            rows.append(Banded(process, figure, band, value, document.unit, source, number, weighed))
    return rows or [Banded(process, figure, None, lines=_keys(made))]


def _subject(
    document: RuleDocument,
    process: Mapping[str, Any],
    figure: Mapping[str, Any],
    made: Sequence[Mapping[str, Any]],
) -> Subject:
    """As much of the subject of a rule as bands ask for."""
    others = {line["product"]["code"] for line in process["lines"] if _makes(line) and line not in made}
    amounts = [_amount(line, document.unit) for line in made]
    units = {band.unit for band in document.bands if band.measured is Measured.INPUT}
    taken = figure.get("taken", {})
    return Subject(
        year=0,
        method=process["allocation_method"],
        made=None if None in amounts or not made else sum((each for each in amounts if each), Decimal(0)),
        own_methods=frozenset(),
        coproducts=[Coproduct(code, frozenset()) for code in sorted(others)],
        lines=[_line(line, taken[line["uuid"]], units) for line in process["lines"] if line["uuid"] in taken],
        footprint=_per(figure, made, document.unit),
    )


def _makes(line: Mapping[str, Any], product: str = "") -> bool:
    """As ``footprint.inventory.providers.makes``, of a line of a copy."""
    if not line["product"] or line["is_avoided"] or (product and line["product"]["uuid"] != product):
        return False
    if line["kind"] == "waste":
        return bool(line["direction"] == "input" and line["is_reference"])
    return bool(line["kind"] == "product" and line["direction"] == "output")


def _line(line: Mapping[str, Any], category: str, units: set[str]) -> Line:
    amounts = {unit: _amount(line, unit) for unit in units}
    return Line(
        key=line["uuid"],
        direction=Direction(line["direction"]),
        kind=line["kind"],
        category=category,
        is_avoided=line["is_avoided"],
        amounts={unit: amount for unit, amount in amounts.items() if amount is not None},
    )


def _per(figure: Mapping[str, Any], made: Sequence[Mapping[str, Any]], unit: str) -> Decimal | None:
    """The figure per unit of the rule."""
    if figure["kg_co2e_ar6"] is None or not made:
        return None
    try:
        return figure_per(Decimal(figure["kg_co2e_ar6"]), figure["unit"], unit, _thing(made[0]["product"]))
    except Fault:
        return None


def _amount(line: Mapping[str, Any], unit: str) -> Decimal | None:
    thing = _thing(line["product"]) if line["product"] else None
    try:
        return in_unit(Decimal(line["amount"]), line["unit"], unit, thing)
    except Fault:
        return None


def _thing(product: Mapping[str, Any]) -> Thing:
    lhv = product["lhv_mj_per_unit"]
    return Thing(product["unit"], product["conversions"] or {}, None if lhv is None else Decimal(lhv))


def _keys(lines: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(line["uuid"] for line in lines)
