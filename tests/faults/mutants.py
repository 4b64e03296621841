"""Seeded bugs that a fault storm has to see: each takes one promise out of the ledger.

Triggers that are taken away are in `schema`. Source: the reliability mutants of the alliance's design (no
generation check, early acknowledgement, downstream marks in a second transaction, no lock and no snapshot,
marks written after commit; a signal in place of the trigger, a swallowed exception). The eighth, a lock under
a wrong key, is rarely to be seen by a storm: tests/footprint/calculation/test_drain.py sees it, and no lock.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models.signals import post_save

from accounts.actor import Actor, Holding
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.calculation import ledger
from footprint.calculation.models import RecomputeMark
from footprint.inventory.models import Exchange

# between two transactions that ought to be one: a network hop on a busy day
GAP = 0.01
MUTANTS = (
    "no_generation",
    "early_acknowledgement",
    "second_transaction",
    "no_lock",
    "mark_after_commit",
    "signal_in_place_of_trigger",
    "swallowed_exception",
)


def apply(mutant: str) -> None:
    """Take the promise out of this process's ledger."""
    if mutant == "no_generation":
        ledger._settle = _settle_by_key  # type: ignore[assignment]
    elif mutant == "early_acknowledgement":
        ledger._settle = _settle_after_acknowledging  # type: ignore[assignment]
    elif mutant == "second_transaction":
        ledger._settle = _settle_then_mark  # type: ignore[assignment]
    elif mutant == "swallowed_exception":
        ledger._settle = _settle_whatever_happens  # type: ignore[assignment]
    elif mutant == "no_lock":
        ledger._claimed = unclaimed  # type: ignore[assignment]
        ledger.snapshot = transaction.atomic  # type: ignore[assignment]
        _dawdle_before_writing()


def _settle_by_key(kind: str, keys: list[int]) -> None:
    """Deletes whatever marks the keys have by then, newer ones included."""
    with transaction.atomic():
        (ledger._settlers | ledger._waiting)[kind](keys, 0)
        RecomputeMark.objects.filter(kind=kind, key__in=keys).delete()


def _settle_after_acknowledging(kind: str, keys: list[int]) -> None:
    with transaction.atomic():
        RecomputeMark.objects.filter(kind=kind, key__in=keys).delete()
    with transaction.atomic():
        (ledger._settlers | ledger._waiting)[kind](keys, 0)


def _settle_whatever_happens(kind: str, keys: list[int]) -> None:
    """What breaks on the way, as now and then something does, is written to a log, and the marks are gone."""
    with ledger.snapshot():
        read = list(RecomputeMark.objects.filter(kind=kind, key__in=keys).values_list("gen", "key"))
        try:
            if random.random() < 0.2:
                raise TimeoutError("the computation took too long")
            if read:
                (ledger._settlers | ledger._waiting)[kind](sorted({key for _gen, key in read}), max(read)[0])
        except TimeoutError:
            pass
        RecomputeMark.objects.filter(gen__in=[gen for gen, _key in read]).delete()


_honest = ledger._settle


def _settle_then_mark(kind: str, keys: list[int]) -> None:
    """What rests on the figures hears of them a little later, and never of those of a worker that died."""
    _honest(kind, keys)
    if kind != ledger.CELL:
        time.sleep(30 * GAP)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO calculation_recomputemark (kind, key) SELECT %s, id FROM benchmark_definition",
                [ledger.CELL],
            )


def _dawdle_before_writing() -> None:
    """Now and then a drain that read later can write first: what the lock is there to prevent."""
    from footprint.calculation.actions import settle

    honest, chance = settle.write_figures, random.Random()

    def write_figures(*arguments: Any) -> None:
        time.sleep(chance.choice((0, 0, 10 * GAP, 40 * GAP)))
        honest(*arguments)

    settle.write_figures = write_figures


@contextmanager
def unclaimed(lock: int) -> Iterator[bool]:
    """No lock."""
    yield True


@contextmanager
def claimed_under_a_wrong_key(lock: int) -> Iterator[bool]:
    """Another one in each process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, pg_backend_pid())", [lock])
        yield bool(cursor.fetchone()[0])
        cursor.execute("SELECT pg_advisory_unlock(%s, pg_backend_pid())", [lock])


def _mark_when_saved(instance: Exchange, **_: Any) -> None:
    RecomputeMark.objects.create(kind=ledger.PROCESS, key=instance.process_id)


def write_amount(mutant: str, key: int, company: int, process: int, amount: Decimal) -> None:
    """One change of one amount, as a person of the company; the broken way marks afterwards."""
    if mutant == "signal_in_place_of_trigger":
        _write_with_signals(key, amount)
        return
    with acting_as(Actor(holdings=(Holding(company, Role.OWNER),))):
        Exchange.objects.filter(pk=key).update(amount=amount)
    if mutant == "mark_after_commit":
        time.sleep(10 * GAP)
        RecomputeMark.objects.create(kind=ledger.PROCESS, key=process)


def _write_with_signals(key: int, amount: Decimal) -> None:
    """One way of writing in five sends no signal: nobody remembers which."""
    post_save.connect(_mark_when_saved, sender=Exchange)
    with acting_as(Actor.worker()):
        if random.random() < 0.2:
            Exchange.objects.filter(pk=key).update(amount=amount)
        else:
            line = Exchange.objects.get(pk=key)
            line.amount = amount
            line.save(update_fields=["amount"])
