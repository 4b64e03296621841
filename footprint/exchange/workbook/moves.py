"""What a comparison asks for, put to the actions of the inventory: tried out, or carried out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.figures import is_chinese
from factors.models import FactorVersion
from factors.origins import Origin
from footprint.exchange.workbook.compare import AT_ROW, Fault, Move
from footprint.exchange.workbook.content import Offered, offered
from footprint.exchange.workbook.layout import BY_KEY
from footprint.exchange.workbook.sentences import SENTENCES
from footprint.inventory import lines as rules
from footprint.inventory import queries
from footprint.inventory.actions import add_exchange, change_exchange, remove_exchange, write_exchanges
from footprint.inventory.actions.exchange import Change
from footprint.inventory.models import SCORES, Exchange, Inventory, Product, UnitProcess

PROVIDERS = ("provider_process", "provider_product", "factor_version")
LANGUAGES = {"zh": "zh-hans", "en": "en"}
SHAPING = frozenset({"direction", "kind", "product", "provider", "is_reference", "is_avoided"})
"""Cells on which other lines may rest."""
Act = Callable[[], None]


class Moves:
    """The lines of one inventory, and everything its rows can name."""

    def __init__(self, actor: Actor, inventory: Inventory, lines: Iterable[Exchange]) -> None:
        self.actor, self.inventory = actor, inventory
        self.lines = {str(line.uuid): line for line in lines}
        self.processes = {each.code: each for each in queries.processes(actor, [inventory.pk])}
        self.offered: Offered = offered(actor, inventory)
        self.touched: set[int] = set()

    def try_out(self, moves: Iterable[Move]) -> list[Fault]:
        """What would be refused; nothing is stored.

        What stands for itself is only checked. What others may rest on is done for real and taken back, so
        that a line may lean on another one of the same workbook. The inventory words its refusals when it
        makes them: what was refused is tried in the other language, too.
        """
        moves = list(moves)
        faults = self._tried(moves)
        if not faults:
            return []
        rows = {fault.row for fault in faults}
        again = [move for move in moves if move.row in rows or _is_shaping(move)]
        language, other = ("zh", "en") if is_chinese(get_language() or "zh-hans") else ("en", "zh")
        with translation.override(LANGUAGES[other]):
            others = self._tried(again)
        return [
            replace(fault, values={language: fault.values[language], other: twin.values[other]})
            for fault, twin in zip(faults, others, strict=True)
        ]

    def _tried(self, moves: Iterable[Move]) -> list[Fault]:
        faults: list[Fault] = []
        shaping: list[Move] = []
        for move in moves:
            if _is_shaping(move):
                shaping.append(move)
            else:
                faults += self._refused(move, self._check)
        with transaction.atomic():
            faults += self._in_any_order(shaping)
            transaction.set_rollback(True)
        return sorted(faults, key=lambda fault: fault.row)

    def carry_out(self, moves: Iterable[Move]) -> list[Fault]:
        """Add, change and remove; the caller takes everything back when something is refused.

        What stands for itself is written in a few statements, the rest one after the other.
        """
        moves = list(moves)
        alone = [move for move in moves if move.key and not _is_shaping(move)]
        others = [move for move in moves if not move.key or _is_shaping(move)]
        return self._written(alone) or self._in_any_order(others)

    def _written(self, moves: Iterable[Move]) -> list[Fault]:
        changes: list[Change] = []
        faults: list[Fault] = []
        for move in moves:
            faults += self._refused(move, lambda each: changes.append(self._filled(each)))
        if not faults and changes:
            write_exchanges(self.inventory, changes, by=self.actor)
            self.touched |= {line.process_id for line, _version, _changed in changes}
        return sorted(faults, key=lambda fault: fault.row)

    def _filled(self, move: Move) -> Change:
        line = self._line(move)
        assert line is not None
        return line, move.version, rules.fill(line, self._given(move, line), by=self.actor)

    def _in_any_order(self, moves: list[Move]) -> list[Fault]:
        """Do them, those that were refused once more after the others, as long as that helps."""
        while moves:
            refused = [(move, faults) for move in moves if (faults := self._refused(move, self._do))]
            if len(refused) == len(moves):
                return [fault for _move, faults in refused for fault in faults]
            moves = [move for move, _faults in refused]
        return []

    def _refused(self, move: Move, act: Callable[[Move], None]) -> list[Fault]:
        try:
            act(move)  # an action that is refused has taken back what it did
        except NotAllowed:
            raise
        except Refusals as several:
            return [_fault(move, refusal) for refusal in several.refusals]
        except Refusal as refusal:
            return [_fault(move, refusal)]
        return []

    def _check(self, move: Move) -> None:
        line = self._line(move)
        if line is None:
            process, given = self._new(move)
            line = Exchange(company_id=self.inventory.company_id, process=process)
        else:
            given = self._given(move, line)
        rules.fill(line, given, by=self.actor)

    def _do(self, move: Move) -> None:
        line = self._line(move)
        if line is None:
            process, given = self._new(move)
            add_exchange(process, by=self.actor, **given)
            self.touched.add(process.pk)
            return
        if move.edits:
            change_exchange(line, by=self.actor, version=move.version, **self._given(move, line))
        else:
            remove_exchange(line, by=self.actor, version=move.version)
        self.touched.add(line.process_id)

    def _line(self, move: Move) -> Exchange | None:
        """A copy: an action that is refused leaves its line half changed."""
        return copy.copy(self.lines[move.key]) if move.key else None

    def _new(self, move: Move) -> tuple[UnitProcess, dict[str, Any]]:
        given = self._given(move, None)
        process = given.pop("process", None)
        if process is None:
            raise Refusal(_("Say which process the line belongs to."), field="process", code="required")
        return process, given

    def _given(self, move: Move, line: Exchange | None) -> dict[str, Any]:
        """The edits as the actions take them. Raises Refusal."""
        given: dict[str, Any] = {}
        for edit in move.edits:
            given |= self._field(edit.column, edit.after, line)
        return given

    def _field(self, column: str, value: str, line: Exchange | None) -> dict[str, Any]:
        if column == "process" and line is not None:
            raise Refusal(SENTENCES["fixed_process"], field=column, code="fixed")
        if column in ("process", "product"):
            known: Mapping[str, UnitProcess | Product] = (
                self.processes if column == "process" else self.offered.products
            )
            return {column: self._named(known, value, column)}
        if column == "provider":
            return self._provider(value, line)
        if column in ("is_reference", "is_avoided"):
            return {column: value == "yes"}
        if column == "origin":
            return {column: value or Origin.UNSPECIFIED.value}
        return {column: value or None if column in SCORES else value}

    def _provider(self, value: str, line: Exchange | None) -> dict[str, Any]:
        chosen = self._named(self.offered.providers, value, "provider")
        given: dict[str, Any] = dict.fromkeys(PROVIDERS) if line is not None else {}
        if isinstance(chosen, UnitProcess):
            return given | {"provider_process": chosen}
        if isinstance(chosen, FactorVersion):
            return given | {"factor_version": chosen}
        return given | ({"provider_product": chosen} if chosen else {})

    def _named(self, known: Mapping[str, Any], value: str, column: str) -> Any:
        if not value:
            return None
        if value not in known:
            raise Refusal(SENTENCES["unknown_thing"], field=column, code="not_found")
        return known[value]


def _is_shaping(move: Move) -> bool:
    told = {edit.column: edit.after for edit in move.edits}
    if not told:
        return True
    if move.key:
        return bool(SHAPING & set(told))
    leans = told.get("provider", "").startswith(("process", "product"))
    makes = told.get("direction") == "output" and told.get("kind") == "product"
    return leans or makes or "is_reference" in told


def _fault(move: Move, refusal: Refusal) -> Fault:
    column = refusal.field or AT_ROW
    if column in PROVIDERS:
        column = "provider"
    words = dict.fromkeys(LANGUAGES, str(refusal))
    return Fault(move.row, column if column in BY_KEY else AT_ROW, "refused", words)
