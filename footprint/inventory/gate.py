"""The gate at submission: everything that is checked before people look, and what it found.

This room knows whether an inventory is complete; whether its figures are current and its balances close is
known further up. Those rooms register their checks here, as they register who settles the ledger.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.module_loading import import_string

from accounts.actor import Actor
from footprint.inventory.models import Exchange, Inventory, Submission, UnitProcess
from footprint.inventory.providers import MAKES

BLOCKS, WARNS = "blocks", "warns"


@dataclass(frozen=True)
class Finding:
    """One thing a check found: where, which field, and a code that ``gate_words`` has a sentence for.

    ``severity``: whether it blocks the submission, or is there for the people who check.
    """

    check: str
    code: str
    severity: str = BLOCKS
    process: UnitProcess | None = None
    line: Exchange | None = None
    field: str = ""
    words: dict[str, Any] = dataclasses.field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """As the frozen copy keeps it."""
        process = self.process or (self.line.process if self.line else None)
        return {
            "check": self.check,
            "code": self.code,
            "severity": self.severity,
            "process": str(process.uuid) if process else "",
            "process_code": process.code if process else "",
            "line": str(self.line.uuid) if self.line else "",
            "field": self.field,
            "words": self.words,
        }


_checks: list[str] = []
_figures: list[str] = []


def register(path: str) -> None:
    """A further check, of a room further up: ``check(actor, inventory)`` yields findings.

    Every command registers and few submit, so it is named by its dotted path and loaded when asked.
    """
    _checks.append(path)


def register_figures(path: str) -> None:
    """Who knows what was calculated from an inventory, as ``register``."""
    _figures[:] = [path]


def figures_of(actor: Actor, inventory: Inventory) -> list[dict[str, Any]]:
    """What was calculated from the inventory, as the frozen copy keeps it."""
    told: list[dict[str, Any]] = import_string(_figures[0])(actor, inventory) if _figures else []
    return told


def findings(actor: Actor, inventory: Inventory) -> list[Finding]:
    """Everything every check found, what blocks first."""
    found = [*complete(actor, inventory), *duplicate_period(actor, inventory)]
    for path in _checks:
        found += import_string(path)(actor, inventory)
    return sorted(found, key=lambda each: each.severity != BLOCKS)


def complete(actor: Actor, inventory: Inventory) -> Iterable[Finding]:
    """There are processes, each makes something and says from what, and every input has a provider."""
    processes = list(UnitProcess.objects.visible_to(actor).filter(inventory=inventory).order_by("code"))
    if not processes:
        yield Finding("completeness", "no_process")
    lines = Exchange.objects.visible_to(actor).filter(process__inventory=inventory).select_related("process")
    makes = set(lines.filter(MAKES, amount__gt=0).values_list("process_id", flat=True))
    takes = set(lines.exclude(Q(direction="output", kind="product")).values_list("process_id", flat=True))
    for process in processes:
        if process.pk not in makes:
            yield Finding("completeness", "makes_nothing", process=process, field="output")
        elif process.pk not in takes:
            yield Finding("completeness", "takes_nothing", process=process, field="input", severity=WARNS)
    without = lines.filter(
        direction="input",
        kind="product",
        provider_process__isnull=True,
        provider_product__isnull=True,
        factor_version__isnull=True,
        exempted_kg_co2e__isnull=True,
    )
    for line in without.select_related("product").order_by("process__code", "position", "pk"):
        yield Finding("completeness", "no_provider", line=line, field="provider", severity=WARNS)


def duplicate_period(actor: Actor, inventory: Inventory) -> Iterable[Finding]:
    """No other inventory of the site was accepted for a part of this period."""
    others = Submission.objects.visible_to(actor).filter(
        inventory__site_id=inventory.site_id,
        state=Submission.State.ACCEPTED,
        period_start__lte=inventory.period_end,
        period_end__gte=inventory.period_start,
    )
    for other in others.exclude(inventory=inventory):
        words = {"start": str(other.period_start), "end": str(other.period_end)}
        yield Finding("period", "duplicate_period", field="period_start", words=words)
