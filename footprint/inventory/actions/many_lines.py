"""Many lines of one inventory: each checked in memory, then all written or taken away in a few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models.base import ModelState
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.bulk_sql import AT_ONCE, Behind, insert_rows, update_rows
from accounts.errors import Refusal, Refusals, Stale
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory import lines, providers
from footprint.inventory.actions.exchange import MAKING, conflicts
from footprint.inventory.actions.removal import take_away
from footprint.inventory.actions.rule_order import follow_rule
from footprint.inventory.loaded import Loaded
from footprint.inventory.models import Exchange, Inventory, UnitProcess
from footprint.inventory.supply import Supply, still_needed

BLANK = Exchange()
"""What a line says before anything is said of it."""
NAMES_NOTHING = dict.fromkeys(lines.LINKS)
"""Read by the ORM as it looks what an empty reference names up: nothing."""


@dataclass
class Batch:
    """What is to be written.

    ``seen`` are the versions in which changed lines were read, where it matters; ``unmade`` are lines that
    make something else from now on, as they are stored.
    """

    new: list[Exchange] = field(default_factory=list)
    changed: dict[frozenset[str], list[Exchange]] = field(default_factory=dict)
    makers: dict[int, UnitProcess] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    unmade: list[Exchange] = field(default_factory=list)

    def write_full(self, behind: Behind) -> None:
        """Write what makes one statement already; it is no part of the batch any more."""
        if len(self.new) >= AT_ONCE:
            behind.insert(self.new)
            self.new = []
        for columns, several in self.changed.items():
            if len(several) >= AT_ONCE:
                behind.update(several, columns)
                self.changed[columns] = []


class Unmade(Refusals):
    """What would leave lines without a maker, by the uuid of the line that was to change or to go."""

    def __init__(self, by_line: Mapping[UUID, Refusal]) -> None:
        super().__init__(list(by_line.values()))
        self.by_line = by_line


def stage_line(
    batch: Batch,
    line: Exchange | None,
    given: Mapping[str, Any],
    *,
    process: UnitProcess,
    by: Actor,
    loaded: Loaded,
) -> tuple[Exchange, str]:
    """One more line, and what will become of it: created, changed or unchanged.

    No line adds one to the process. A line that is refused is half filled and no part of the batch.

    Raises:
        Refusal, Refusals.
    """
    is_new = line is None
    if line is None:
        line = _blank(process)
    changed = lines.fill(line, given, by=by, beside=loaded)
    if not is_new and MAKING & set(changed):
        batch.unmade.append(Exchange.objects.select_related("product").get(pk=line.pk))
    loaded.note(line)
    if is_new:
        line.position = loaded.next_places.setdefault(process.pk, 0)
        loaded.next_places[process.pk] += 1
        batch.new.append(line)
        if providers.makes(line):
            batch.makers[process.pk] = process
    elif changed:
        batch.changed.setdefault(frozenset(changed), []).append(line)
    return line, "created" if is_new else "changed" if changed else "unchanged"


def _blank(process: UnitProcess) -> Exchange:
    """A new line of the process: ``Exchange(process=process, …)`` in a fraction of its time."""
    line, state = Exchange.__new__(Exchange), ModelState()
    state.__dict__["fields_cache"] = {"process": process, **NAMES_NOTHING}
    line.__dict__.update(BLANK.__dict__)
    own = {"_state": state, "uuid": uuid4(), "company_id": process.company_id, "process_id": process.pk}
    line.__dict__.update(own)
    return line


def twin(line: Exchange) -> Exchange:
    """A copy that may be filled and refused: ``copy.copy(line)`` in a fraction of its time."""
    state = ModelState()
    state.__dict__ |= line._state.__dict__ | {"fields_cache": dict(line._state.fields_cache)}
    copied = Exchange.__new__(Exchange)
    copied.__dict__ |= line.__dict__ | {"_state": state}
    return copied


@transaction.atomic
def write_lines(inventory: Inventory, batch: Batch, *, by: Actor, loaded: Loaded) -> None:
    """Write what was staged. A second product brings in the method that the rule in force orders.

    Raises:
        NotAllowed; Stale: a line is not in the version that was seen, or gone; Refusal: an external key is
        another line's; Unmade.
    """
    require(by, Permission.EDIT_INVENTORY, company_id=inventory.company_id, site_id=inventory.site_id)
    _check_unchanged(inventory, batch.seen)
    with checks.refusing(conflicts()):
        insert_rows(batch.new)
        for columns, several in batch.changed.items():
            update_rows(several, columns)
    _check_still_made(batch)
    for process in batch.makers.values():
        if loaded.has_coproducts(process):
            follow_rule(process, by=by)


@transaction.atomic
def remove_lines(inventory: Inventory, several: Sequence[Exchange], *, by: Actor) -> None:
    """Take all these lines away, with their prices and declared shares, or none; what they were is kept.

    Raises:
        NotAllowed; Stale: a line is not in the version that was seen, or gone; Unmade: others need it.
    """
    require(by, Permission.EDIT_INVENTORY, company_id=inventory.company_id, site_id=inventory.site_id)
    _check_unchanged(inventory, {line.pk: line.version for line in several})
    if needed := still_needed(several):
        raise Unmade(needed)
    take_away(several, by=by)


def _check_unchanged(inventory: Inventory, seen: Mapping[int, int]) -> None:
    """Nobody else changes these lines until the end. Raises Stale."""
    if not seen:
        return
    rows = Exchange.objects.filter(process__inventory=inventory, pk__in=seen)
    if dict(rows.select_for_update(of=("self",)).values_list("pk", "version")) != seen:
        raise Stale(_("Somebody else changed some of these lines meanwhile."))


def _check_still_made(batch: Batch) -> None:
    """Of all lines together: two of them may end the last two makers, or move a maker and its users."""
    supply = Supply(batch.unmade)
    refused: dict[UUID, Refusal] = {}
    for stored in batch.unmade:
        try:
            supply.check(stored)
        except Refusal as refusal:
            refused[stored.uuid] = refusal
    if refused:
        raise Unmade(refused)
