"""The processes of a fault storm: ``python -m tests.faults.fleet ROLE [ARGUMENTS]``.

``drain`` and ``write`` fork children from a parent that has Django and the engine loaded, and fork anew
whatever is killed: a fault costs milliseconds, so a storm can have thousands. ``check`` compares every stored
figure with one computed from scratch, and every acknowledged write with the database.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

CHECK_SECONDS = 60
# how many times as often as another an amount is changed that a comparison rests on
OFTEN = 5
TOLERANCE = 1e-9


def main(role: str, *arguments: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "alliance.settings"
    import django

    django.setup()
    {"build": build, "clients": clients, "drain": drain, "write": write, "check": check}[role](*arguments)


def build(*_: str) -> None:
    """What a release before this one takes besides, that of today ignores: benchmarks/bench_upgrade.py."""
    from footprint.calculation import ledger
    from tests.faults import world

    world.build()
    ledger.drain()


def clients() -> None:
    """Print {company: [client id, secret]} as JSON: a machine client for every company of the world."""
    from accounts.models import Company
    from tests import builders as new

    made = {}
    for company in Company.objects.filter(code__startswith="storm-"):
        secret = f"secret of {company.code} for fault storms"
        made[company.code] = [new.machine_client(company, secret).application.client_id, secret]
    print(json.dumps(made))


def drain(count: str, mutant: str) -> None:
    from footprint.calculation import ledger
    from tests.faults import mutants

    ledger.prepare()
    mutants.apply(mutant)
    keep_forked(int(count), _drain_for_ever)


def _drain_for_ever(slot: int) -> None:
    from django.db import DatabaseError, InterfaceError, connection

    from footprint.calculation import ledger

    while True:
        try:
            ledger.drain()
        except (DatabaseError, InterfaceError):
            connection.close()
        time.sleep(0.005)


@dataclass(frozen=True)
class Target:
    """An exchange whose amount is changed again and again, around what it was at first or among a few."""

    key: int
    company: int
    process: int
    amount: Decimal
    among: tuple[Decimal, ...] = ()

    def another(self, chance: random.Random) -> Decimal:
        """The next amount."""
        return (
            chance.choice(self.among) if self.among else self.amount * Decimal(chance.randint(50, 150)) / 100
        )


def write(count: str, directory: str, mutant: str) -> None:
    from footprint.inventory.models import Exchange
    from tests.faults import world

    rows = Exchange.objects.exclude(process__code=world.COMPARED).order_by("pk")
    targets = [Target(*row) for row in rows.values_list("pk", "company_id", "process_id", "amount")]
    targets += [
        Target(line.pk, line.company_id, line.process_id, line.amount, amounts)
        for line, amounts in world.accepted_amounts()
    ] * OFTEN

    def one(slot: int) -> None:
        own = [target for target in targets if target.key % int(count) == slot]
        _write_for_ever(own, Path(directory) / f"journal-{slot}", mutant)

    keep_forked(int(count), one)


def _write_for_ever(targets: list[Target], diary: Path, mutant: str) -> None:
    """Change random amounts; what was tried and what was acknowledged goes to the journal."""
    from django.db import DatabaseError, InterfaceError, connection

    from tests.faults import mutants

    chance = random.Random()
    pause = diary.with_name("pause")
    with diary.open("a") as journal:
        while True:
            if pause.exists():
                time.sleep(0.01)
                continue
            target = chance.choice(targets)
            amount = target.another(chance)
            journal.write(f"try {target.key} {amount}\n")
            journal.flush()
            try:
                mutants.write_amount(mutant, target.key, target.company, target.process, amount)
            except (DatabaseError, InterfaceError):
                connection.close()
                continue
            journal.write(f"ack {target.key} {amount}\n")
            journal.flush()
            time.sleep(chance.random() * 0.02)


def keep_forked(count: int, work: Callable[[int], None]) -> None:
    """Fork ``count`` children and fork anew each that dies; end with the parent's own end."""
    from django.db import connection

    from alliance.runtime.postgres import die_with_parent

    connection.close()
    slots: dict[int, int] = {}

    def stop(*_: object) -> None:
        for child in slots:
            os.kill(child, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    while True:
        for slot in set(range(count)) - set(slots.values()):
            child = os.fork()
            if not child:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                die_with_parent(signal.SIGKILL)
                work(slot)
                os._exit(1)
            slots[child] = slot
        gone, _ = os.wait()
        slots.pop(gone, None)


def check(directory: str) -> None:
    """For each line asked, one line {"pending", "stale", "lost", "figures", "acknowledged", "waited"}."""
    from django.db import DatabaseError, InterfaceError, connection

    for _ in sys.stdin:
        connection.close()
        try:
            found = _compare(Path(directory))
        except (DatabaseError, InterfaceError):
            connection.close()
            found = _compare(Path(directory))
        print(json.dumps(found), flush=True)


def _compare(directory: Path) -> dict[str, float]:
    """Once the ledger is quiet."""
    from footprint.calculation import ledger

    begun = time.monotonic()
    while ledger.pending() and time.monotonic() < begun + CHECK_SECONDS:
        time.sleep(0.01)
    waited = round(time.monotonic() - begun, 3)
    stale, figures = stale_figures()
    lost, acknowledged = lost_writes(directory)
    return {
        "pending": ledger.pending(),
        "stale": stale,
        "lost": lost,
        "figures": figures,
        "acknowledged": acknowledged,
        "waited": waited,
    }


def stale_figures() -> tuple[int, int]:
    """Stored figures and estimates that differ from a fresh computation; and how many were compared."""
    from footprint.benchmark.actions.settle import by_group, parts_of
    from footprint.benchmark.models import Definition
    from footprint.calculation.models import Footprint
    from footprint.engine.disclosure.statistics import harrell_davis
    from tests import scratch

    fresh = scratch.figures()
    stored = {
        (process, product): value
        for process, product, value in Footprint.objects.values_list(
            "process_id", "product_id", "kg_co2e_ar6"
        )
    }
    stale = sum(not close(stored.get(column), figure.ar6) for column, figure in fresh.items())
    stale += len(stored) - len(fresh)
    cells = list(Definition.objects.select_related("estimate"))
    for cell in cells:
        values = [each.value for each in by_group(parts_of(cell)).values()]
        median = harrell_davis(values, 0.5) if values else None
        stale += not (cell.estimate.groups == len(values) and close(cell.estimate.median, median))
    return stale, len(fresh) + len(cells)


def close(stored: float | None, fresh: float | None) -> bool:
    if stored is None or fresh is None:
        return stored is fresh
    return abs(stored - fresh) <= TOLERANCE * max(abs(stored), abs(fresh), 1e-300)


def lost_writes(directory: Path) -> tuple[int, int]:
    """Acknowledged amounts that are gone: not the stored one, and nothing was tried afterwards that is."""
    from footprint.inventory.models import Exchange

    allowed: dict[int, set[Decimal]] = {}
    acknowledged = 0
    for journal in sorted(directory.glob("journal-*")):
        for line in journal.read_text().splitlines():
            word, key, amount = line.split()
            if word == "ack":
                acknowledged += 1
                allowed[int(key)] = {Decimal(amount)}
            elif int(key) in allowed:
                allowed[int(key)].add(Decimal(amount))
    stored = dict(Exchange.objects.filter(pk__in=allowed).values_list("pk", "amount"))
    return sum(stored.get(key) not in amounts for key, amounts in allowed.items()), acknowledged


if __name__ == "__main__":
    main(*sys.argv[1:])
