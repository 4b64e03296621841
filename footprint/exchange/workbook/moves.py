"""What a comparison asks for, put to the actions of the inventory: tried out, or carried out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
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
from footprint.exchange.workbook.content import Offered, offered, present
from footprint.exchange.workbook.layout import BY_KEY
from footprint.exchange.workbook.sentences import SENTENCES
from footprint.inventory import queries
from footprint.inventory.actions import (
    Batch,
    Unmade,
    change_exchange,
    remove_lines,
    stage_line,
    twin,
    write_lines,
)
from footprint.inventory.loaded import Loaded
from footprint.inventory.models import SCORES, Exchange, Inventory, Product, UnitProcess

PROVIDERS = ("provider_process", "provider_product", "factor_version")
LANGUAGES = {"zh": "zh-hans", "en": "en"}
MAKING = frozenset({"direction", "kind", "product", "is_reference", "is_avoided"})
"""Cells on which other lines may rest."""
SHAPING = MAKING | {"provider"}
"""Cells that rest on other lines, or other lines on them."""
TELL_EVERY = 100
Act = Callable[[Move], None]
Progress = Callable[[int, int], None]
Refused = tuple[Move, list[Fault]]


class Counted:
    """Tells now and then how many there are of how many."""

    def __init__(self, progress: Progress | None, done: int, every: int) -> None:
        self.progress, self.done, self.every = progress, done, every

    def more(self, several: int = 1) -> None:
        """So many are done."""
        before, self.done = self.done // TELL_EVERY, self.done + several
        if self.progress and self.done // TELL_EVERY > before:
            self.progress(self.done, self.every)


class Moves:
    """The lines of one inventory, and everything its rows can name."""

    def __init__(self, actor: Actor, inventory: Inventory, lines: Iterable[Exchange]) -> None:
        self.actor, self.inventory = actor, inventory
        self.lines = {str(line.uuid): line for line in lines}
        self.present = present(self.lines.values())
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
        moves = list(moves)
        alone = [move for move in moves if not _is_shaping(move)]
        loaded = self._loaded(alone)
        refused = self._as_long_as_it_helps(alone, lambda move: self._stage(move, Batch(), loaded))
        faults = [fault for _move, several in refused for fault in several]
        with transaction.atomic():
            faults += self._in_any_order([move for move in moves if _is_shaping(move)])
            transaction.set_rollback(True)
        return sorted(faults, key=lambda fault: fault.row)

    def carry_out(self, moves: Iterable[Move], progress: Progress | None = None) -> list[Fault]:
        """Add, change and remove; the caller takes everything back when something is refused."""
        return self._in_any_order(list(moves), progress)

    def _in_any_order(self, moves: list[Move], progress: Progress | None = None) -> list[Fault]:
        """Do them, those that were refused once more after the others, as long as that helps.

        Most are written together, and those that go are taken away together, in a few statements; those that
        change what others may rest on one after the other.
        """
        every = len(moves)
        while moves:
            single = [move for move in moves if _is_single(move)]
            going = [move for move in moves if not move.edits]
            together = [move for move in moves if move.edits and not _is_single(move)]
            counted = Counted(progress, every - len(moves), every)
            refused = self._together(together, counted)
            refused += self._gone(going, counted)
            refused += self._as_long_as_it_helps(single, partial(self._do, counted))
            if len(refused) == len(moves):
                return [fault for _move, faults in refused for fault in faults]
            moves = [move for move, _faults in refused]
        return []

    def _together(self, moves: list[Move], counted: Counted) -> list[Refused]:
        """Those that are refused; the others are written."""
        if not moves:
            return []
        batch, loaded = Batch(), self._loaded(moves)

        def stage(move: Move) -> None:
            self._stage(move, batch, loaded)
            counted.more()

        refused = self._as_long_as_it_helps(moves, stage)
        write_lines(self.inventory, batch, by=self.actor, loaded=loaded)
        return refused

    def _gone(self, moves: list[Move], counted: Counted) -> list[Refused]:
        """Those that are refused, for others need the line; the other lines are taken away."""
        refused: list[Refused] = []
        going = {self.lines[move.key].uuid: move for move in moves}
        while going:
            lines = [self.lines[move.key] for move in going.values()]
            try:
                remove_lines(self.inventory, lines, by=self.actor)
            except Unmade as needed:
                for uuid, refusal in needed.by_line.items():
                    move = going.pop(uuid)
                    refused.append((move, [_fault(move, refusal)]))
            else:
                self.touched |= {line.process_id for line in lines}
                counted.more(len(lines))
                break
        return refused

    def _as_long_as_it_helps(self, moves: list[Move], act: Act) -> list[Refused]:
        while moves:
            refused = [(move, faults) for move in moves if (faults := self._refused(move, act))]
            if len(refused) == len(moves):
                return refused
            moves = [move for move, _faults in refused]
        return []

    def _loaded(self, moves: Iterable[Move]) -> Loaded:
        """Read once what the lines are checked against."""
        names: dict[str, set[str]] = defaultdict(set)
        for move in moves:
            for edit in move.edits:
                if edit.column == "product" and edit.after in self.offered.products:
                    names["product"].add(str(self.offered.products[edit.after].uuid))
                elif edit.column == "provider" and edit.after in self.offered.providers:
                    for field, thing in _provided(self.offered.providers[edit.after]).items():
                        names[field].add(str(thing.uuid))
        return Loaded(self.inventory, self.actor, names)

    def _stage(self, move: Move, batch: Batch, loaded: Loaded) -> None:
        line = self._line(move)
        process, given = (line.process, self._given(move, line)) if line is not None else self._new(move)
        staged, outcome = stage_line(batch, line, given, process=process, by=self.actor, loaded=loaded)
        if line is not None:
            batch.seen[line.pk] = move.version
        if outcome != "unchanged":
            self.touched.add(staged.process_id)

    def _refused(self, move: Move, act: Act) -> list[Fault]:
        try:
            act(move)  # an action that is refused has taken back what it did
        except NotAllowed:
            raise
        except Refusals as several:
            return [_fault(move, refusal) for refusal in several.refusals]
        except Refusal as refusal:
            return [_fault(move, refusal)]
        return []

    def _do(self, counted: Counted, move: Move) -> None:
        line = self._line(move)
        assert line is not None
        change_exchange(line, by=self.actor, version=move.version, **self._given(move, line))
        self.touched.add(line.process_id)
        counted.more()

    def _line(self, move: Move) -> Exchange | None:
        """A copy: an action that is refused leaves its line half changed."""
        return twin(self.lines[move.key]) if move.key else None

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
        return given | (_provided(chosen) if chosen else {})

    def _named(self, known: Mapping[str, Any], value: str, column: str) -> Any:
        if not value:
            return None
        if value not in known:
            raise Refusal(SENTENCES["unknown_thing"], field=column, code="not_found")
        return known[value]


def _provided(thing: UnitProcess | Product | FactorVersion) -> dict[str, Any]:
    """A provider in the field it belongs into."""
    if isinstance(thing, UnitProcess):
        return {"provider_process": thing}
    return {"factor_version" if isinstance(thing, FactorVersion) else "provider_product": thing}


def _is_single(move: Move) -> bool:
    """Whether others may rest on what it changes."""
    return bool(move.key) and any(edit.column in MAKING for edit in move.edits)


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
