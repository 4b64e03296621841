"""How long the server takes to open an inventory of 500 lines, and to say what an edit would do.

Prints one JSON object per line, in milliseconds. The member has 500 lines in ten processes, all on one page,
and the year before beside them; 150 further columns at three other sites; the alliance 100,000 products more.
PostgreSQL runs as in production, with the web's own login.
Usage: python benchmarks/bench_editor.py [PRODUCTS]
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import bench_lists, bench_scenario
from benchmarks.bench_lists import prepare_django, sign_in_as_web, signed_in
from benchmarks.measure import quantile, say, throwaway_home
from tests.servers import running_postgres

OPENS_MS, PREVIEW_MS = 200.0, 300.0
UNITS, LINES, BOUGHT = 10, 50, 20
ASKED, WARMING = 60, 3


def main() -> None:
    """Build, then measure."""
    products = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with throwaway_home() as directory, running_postgres(directory) as cluster:
        prepare_django(directory, cluster)
        random.seed(7)
        begun = time.monotonic()
        bench_lists.build(products)
        owner, inventory, lines = build()
        say("editor", "built", products=products, seconds=time.monotonic() - begun)
        sign_in_as_web(cluster)
        measure(owner, inventory, lines, products)


def build() -> tuple[Any, Any, list[Any]]:
    """A member that takes from itself, from shared factors and from another member."""
    from accounts.actor import Actor
    from accounts.visibility import acting_as
    from footprint.calculation.ledger import drain
    from footprint.calculation.models import Footprint
    from tests import builders as new

    owner, _product, _line = bench_scenario.build(3)
    company = owner.memberships.get().company
    with acting_as(Actor.worker()):
        bought = _supplied(company)
        site = new.site(company)
        before, inventory = new.inventory(site, 2024), new.inventory(site, 2025)
        factor = new.factor_version("0.5")
        goods = [new.product(company, unit="t") for _ in range(LINES)]
        for year in (before, inventory):
            lines = _units(year, goods, bought, factor)
    drain()
    with acting_as(Actor.worker()):
        without = Footprint.objects.filter(company=company).exclude(state=Footprint.State.CURRENT)
        assert not without.exists(), list(without.values_list("error", flat=True)[:3])
    return owner, inventory, lines


def _supplied(company: Any) -> list[Any]:
    """What another member makes in both years, open to this one."""
    from tests import builders as new

    maker = new.company("maker")
    goods = [new.product(maker, f"supplied-{at}", "t") for at in range(BOUGHT)]
    site = new.site(maker)
    for year in (2024, 2025):
        inventory = new.inventory(site, year)
        for at, what in enumerate(goods):
            process = new.process(inventory, f"supply-{at}")
            new.output(process, what, "100", is_reference=True)
            new.emits(process, "5")
    for each in goods:
        new.grant(each, company)
    return goods


def _units(inventory: Any, goods: list[Any], bought: list[Any], factor: Any) -> list[Any]:
    from tests import builders as new

    made: list[tuple[Any, Any]] = []
    lines: list[Any] = []
    for at in range(UNITS):
        unit = new.process(inventory, f"unit-{at}")
        new.output(unit, goods[at], "1000", is_reference=True)
        new.emits(unit, "10")
        for place in range(LINES - 2):
            if place < 4 and made:
                maker, what = random.choice(made)
                lines.append(new.takes(unit, what, "5", provider_process=maker))
            elif place < 24:
                taken = goods[UNITS + place]
                lines.append(new.takes(unit, taken, "3", provider_product=random.choice(bought)))
            else:
                lines.append(
                    new.takes(unit, None, "20", "kWh", factor_version=factor, flow_name=f"m {place}")
                )
        made.append((unit, goods[at]))
    return lines


def measure(owner: Any, inventory: Any, lines: list[Any], products: int) -> None:
    """The page as a whole, the picker, a preview at every keystroke, an edit that is stored."""
    client = signed_in(owner)
    editing = random.Random(7)
    some = editing.sample(lines, WARMING + ASKED)

    def opened(_at: int) -> None:
        answer = client.get(f"/inventories/{inventory.uuid}/")
        assert answer.content.count(b"data-line=") == UNITS * LINES

    def previewed(at: int) -> None:
        answer = client.get(f"/exchanges/{some[at].uuid}/preview/", {"amount": str(7 + at)})
        assert answer.status_code == 200
        assert "→" in answer.content.decode(), answer.content.decode()

    def searched(at: int) -> None:
        assert client.get(f"/exchanges/{some[at].uuid}/providers/", {"q": "grade"}).status_code == 200

    def stored(at: int) -> None:
        answer = client.post(
            f"/exchanges/{some[at].uuid}/amount/", {"amount": str(7 + at)}, headers={"HX-Request": "true"}
        )
        assert answer.status_code == 200

    timed("opened, 500 lines", opened, products, OPENS_MS)
    timed("edit to preview", previewed, products, PREVIEW_MS)
    timed("providers, searched", searched, products, None)
    timed("edit, stored", stored, products, None)


def timed(name: str, ask: Callable[[int], None], products: int, goal: float | None) -> None:
    """Median, 95 of 100 and worst of a series of answers; and what of it the web's own process computed."""
    found, computed = [], []
    for at in range(WARMING + ASKED):
        begin, busy = time.perf_counter(), time.process_time()
        ask(at)
        if at >= WARMING:
            found.append((time.perf_counter() - begin) * 1e3)
            computed.append((time.process_time() - busy) * 1e3)
    told = {"median": quantile(found, 0.5), "p95": quantile(found, 0.95), "worst": max(found)}
    busy = {"processor": quantile(computed, 0.5), "processor_p95": quantile(computed, 0.95)}
    say("editor", name, products=products, **told, **busy, goal=goal)


if __name__ == "__main__":
    main()
