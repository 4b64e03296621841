"""How long a change takes until its effect is seen, in the demo alliance with real worker, web and broker.

One amount is changed over REST a hundred times, and the footprint is asked for over REST until it has moved
and is current. Then a new version of the national grid factor is adopted by all members at once. Both are
compared with everything computed anew in the same session. Prints one JSON object per line.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.demo.directory import clients
from benchmarks.measure import Client, Product, quantile, running, say, throwaway_home

CHANGES = 100
GOALS = {"median": 1.0, "worst": 3.0, "grid": 5.0}
GRID = "electricity-cn-footprint-average"
LOOK_SECONDS = 0.01
LONGEST = 30.0
PROVIDERS = ("provider_process", "provider_product", "factor_version")


def main() -> None:
    """A running demo alliance: everything once, single changes, the grid."""
    with throwaway_home() as home, running(home) as product:
        whole = measured_inside(product, "everything")
        say("change", "everything recomputed", baseline=True, **whole)
        single_changes(product, float(whole["seconds"]))
        say("change", "everything again, nothing may move", **measured_inside(product, "everything"))
        grid = measured_inside(product, "grid")
        compared(grid, "seconds", float(whole["seconds"]), GOALS["grid"])
        say("change", "national grid factor adopted by all", **grid)


def compared(report: dict[str, Any], figure: str, baseline: float, goal: float) -> None:
    """Add what a figure is of the baseline and of its goal."""
    report |= {"ratio": report[figure] / baseline, "goal": goal, "of_goal": report[figure] / goal}


# -- over REST ---------------------------------------------------------------------------------------------
def single_changes(product: Product, whole: float) -> None:
    """Change one line at a time; seconds from the answer to the write until the new figure is read."""
    chance = random.Random(7)
    machines = [Client(product.root, each.client_id, each.client_secret) for each in clients()]
    lines = [
        [line for line in machine.every("/api/v1/exchanges/?limit=100") if counts(line)]
        for machine in machines
    ]
    writes, visible = [], []
    for turn in range(CHANGES):
        place = turn % len(machines)
        write, wait = change_one(machines[place], chance.choice(lines[place]), chance)
        writes.append(write)
        visible.append(wait)
    report: dict[str, Any] = {
        "changes": CHANGES,
        "lines": sum(map(len, lines)),
        "median": statistics.median(visible),
        "p95": quantile(visible, 0.95),
        "worst": max(visible),
        "write_median": statistics.median(writes),
        "write_worst": max(writes),
    }
    compared(report, "median", whole, GOALS["median"])
    say("change", "one exchange, committed to visible", **report, goal_worst=GOALS["worst"])


def counts(line: dict[str, Any]) -> bool:
    """Whether the amount of a line has an effect on a footprint: it comes from somewhere, or is a gas."""
    return any(line[provider] for provider in PROVIDERS) or bool(line["gas"])


def change_one(machine: Client, line: dict[str, Any], chance: random.Random) -> tuple[float, float]:
    """Seconds the write took, and from then on until the process's footprint has moved and is current."""
    figure = machine.get(f"/api/v1/footprints/?process={line['process']}&limit=1")["results"][0]
    path = f"/api/v1/footprints/{figure['uuid']}/"
    amount = str(round(float(line["amount"]) * chance.uniform(0.97, 1.03), 6))
    _answer, write = machine.change(f"/api/v1/exchanges/{line['uuid']}/", amount=amount)
    begun = time.perf_counter()
    while time.perf_counter() < begun + LONGEST:
        now = machine.get(path)
        if now["computed_at"] != figure["computed_at"] and now["freshness"] == "current":
            return write, time.perf_counter() - begun
        time.sleep(LOOK_SECONDS)
    raise SystemExit(f"{path} did not move within {LONGEST:g} s after line {line['uuid']} was changed")


# -- beside the product, on its database -------------------------------------------------------------------
def measured_inside(product: Product, what: str) -> dict[str, Any]:
    """What a process beside the product measures on its database."""
    found: dict[str, Any] = json.loads(product.run(__file__, what).splitlines()[-1])
    return found


def inside(what: str) -> None:
    """Change rows, commit, wake the worker, and wait until no footprint is pending; print what happened."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "alliance.settings"
    import django

    django.setup()
    from django.db.models import Max

    from footprint.calculation.models import CalculationRun, Footprint

    prepare: dict[str, Callable[[], Callable[[], int]]] = {"everything": everything, "grid": grid}
    change = prepare[what]()
    newest = Footprint.objects.aggregate(newest=Max("computed_at"))["newest"]
    last_run = CalculationRun.objects.aggregate(last=Max("pk"))["last"]
    touched, seconds = timed(change)
    report = {
        "seconds": seconds,
        "touched": touched,
        "footprints": Footprint.objects.count(),
        "moved": Footprint.objects.filter(computed_at__gt=newest).count(),
        "runs": CalculationRun.objects.filter(pk__gt=last_run).count(),
    }
    print(json.dumps(report))


def timed(change: Callable[[], int]) -> tuple[int, float]:
    """Rows touched, and seconds from the commit until nothing waits."""
    from django.db import transaction

    from footprint.calculation import ledger

    committed: list[float] = []
    with transaction.atomic():
        touched = change()
        transaction.on_commit(lambda: committed.append(time.perf_counter()))
        ledger.wake()
    while ledger.pending():
        if time.perf_counter() > committed[0] + LONGEST:
            raise SystemExit(f"{ledger.pending()} keys still wait")
        time.sleep(LOOK_SECONDS)
    return touched, time.perf_counter() - committed[0]


def everything() -> Callable[[], int]:
    """Mark every process."""
    from django.db import connection

    from footprint.inventory.models import UnitProcess

    def mark() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT calculation_mark('process', ARRAY(SELECT id FROM inventory_unitprocess))")
        return UnitProcess.objects.count()

    return mark


def grid() -> Callable[[], int]:
    """Publish a lighter version of the grid factor that most lines use; adopting it is the change."""
    from dataclasses import replace

    from django.db.models import Count

    from accounts.actor import Actor
    from accounts.models import Company
    from factors.actions.publish_version import publish_version
    from factors.content import Emission, VersionContent
    from factors.models import FactorVersion
    from footprint.inventory.actions import adopt_version

    used = FactorVersion.objects.select_related("factor", "source").filter(factor__code=GRID)
    old = used.annotate(lines=Count("exchanges")).order_by("-lines", "-reference_year")[0]
    names = (
        "geography reference_year scope boundary source_locator transcription technology gwp_set "
        "note_zh note_en derivation uncertainty_gsd2"
    )
    emissions = tuple(Emission(row.gas, row.origin, row.kg_per_unit) for row in old.emissions.all())
    content = VersionContent(
        emissions=emissions, source=old.source.code, **{name: getattr(old, name) for name in names.split()}
    )
    lighter = tuple(replace(emission, kg_per_unit=emission.kg_per_unit * 97 / 100) for emission in emissions)
    newer = publish_version(
        old.factor,
        by=Actor.worker(),
        content=replace(content, emissions=lighter),
        replaces=old,
        prepared_by="benchmark",
    )

    def adopt() -> int:
        every = Company.objects.order_by("code")
        return sum(adopt_version(old, newer, by=Actor.worker(), company=company) for company in every)

    return adopt


if __name__ == "__main__":
    inside(sys.argv[1]) if len(sys.argv) > 1 else main()
