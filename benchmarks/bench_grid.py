"""A newer national grid factor among 100,000 products: how far it would reach, and adopted by all.

The synthetic network of the engine's benchmarks is stored as its members would have entered it: a unit
process for each product, an inventory for each site. The power plant of every site buys from the grid, and
so does every tenth other unit; what they make is in nearly everything. Prints one JSON object per line;
``python`` and ``database`` are seconds of the processor. PostgreSQL runs as in production.
Usage: python benchmarks/bench_grid.py [PRODUCTS]
"""

from __future__ import annotations

import itertools
import random
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import bench_lists, bench_settle
from benchmarks.bench_lists import prepare_django, sign_in, sign_in_as_web, signed_in
from benchmarks.bench_scenario import database_seconds
from benchmarks.engine.networks import SITE, alliance
from benchmarks.measure import say, throwaway_home
from tests.servers import running_postgres

NAME = "grid"
FORESEEN, ADOPTED = 2.0, 10.0
COMPANIES = 50
POWER, EVERY = 1, 10
NODES = """
CREATE TEMPORARY TABLE node (n bigint, company_id bigint, inventory_id bigint, process_id bigint,
  product_id bigint, goods_id bigint);
CREATE TEMPORARY TABLE taken (consumer bigint, supplier bigint, amount float8);
"""
LINES = """
INSERT INTO inventory_exchange (uuid, company_id, process_id, position, direction, kind, product_id, gas,
  origin, flow_name, compartment, amount, unit, is_reference, is_avoided, provider_process_id,
  provider_product_id, factor_version_id, data_type, stage, allocation_basis_unit, carrier, comment, version)
SELECT gen_random_uuid(), node.company_id, node.process_id, {position}, {direction}, {kind}, {product}, {gas},
  {origin}, '', '', {amount}, {unit}, {is_reference}, false, {maker}, {bought}, {factor}, 'measured', '', '',
  '', '', 1
FROM node {more}
"""
PLAIN = {"is_reference": "false", "maker": "NULL", "bought": "NULL", "factor": "NULL", "more": ""}
OUTPUT = PLAIN | {
    "position": "0", "direction": "'output'", "kind": "'product'", "product": "node.product_id", "gas": "''",
    "origin": "'unspecified'", "amount": "1000", "unit": "'t'", "is_reference": "true",
}  # fmt: skip
EMITTED = PLAIN | {
    "position": "1", "direction": "'output'", "kind": "'elementary'", "product": "NULL::bigint",
    "gas": "'CO2'", "origin": "'fossil'", "amount": "100 + n % 977", "unit": "'kg'",
}  # fmt: skip
METHANE = EMITTED | {"position": "2", "gas": "'CH4'", "amount": "1 + n % 13", "more": "WHERE n % 10 = 3"}
FROM_GRID = EMITTED | {
    "position": "3", "direction": "'input'", "gas": "''", "origin": "'unspecified'",
    "amount": "50000 + n % 977", "unit": "'kWh'",
}  # fmt: skip
INSIDE = "(node.inventory_id = giver.inventory_id)"
TAKEN = OUTPUT | {
    "position": "4", "direction": "'input'", "is_reference": "false",
    "amount": "round((1000 * amount)::numeric, 6)",
    "product": f"CASE WHEN {INSIDE} THEN giver.product_id ELSE node.goods_id END",
    "maker": f"CASE WHEN {INSIDE} THEN giver.process_id END",
    "bought": f"CASE WHEN NOT {INSIDE} THEN giver.product_id END",
    "more": "JOIN taken ON consumer = node.n JOIN node giver ON giver.n = supplier ORDER BY node.n",
}  # fmt: skip


class Versions(NamedTuple):
    """Of the national grid factor: the one in use, and a lighter one."""

    old: Any
    new: Any


def main() -> None:
    """Build, settle, foresee, adopt."""
    products = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with throwaway_home() as directory, running_postgres(directory) as cluster:
        prepare_django(directory, cluster)
        send_nowhere()
        versions = build(products)
        sign_in(cluster, "worker")
        whole = settle(products)
        foresee(versions, products, whole)
        sign_in_as_web(cluster)
        look(versions, products, whole)
        sign_in(cluster, "worker")
        adopt(versions, products, whole)


def send_nowhere() -> None:
    """This process is the worker: nobody has to be woken, and there is no broker."""
    from celery import current_app

    current_app.send_task = lambda *_arguments, **_named: None


# -- the alliance ------------------------------------------------------------------------------------------
def build(products: int) -> Versions:
    """Everything but figures. Triggers rest meanwhile, except of keys: the rows are sound."""
    from django.db import connection, transaction

    from accounts.actor import Actor
    from accounts.visibility import acting_as
    from tests import builders as new

    random.seed(7)
    begun, network, background = time.perf_counter(), alliance(products, "loops"), max(products // 25, 20)
    new.gwp()
    old = new.factor_version("0.5703", unit="kWh")
    versions = Versions(old, new.factor_version("0.5366", factor=old.factor))
    grid = f"WHERE n >= {background} AND (n % {EVERY} = 0 OR (n - {background}) % {SITE} = {POWER})"
    lines = (OUTPUT, EMITTED, METHANE, FROM_GRID | {"factor": str(old.pk), "more": grid}, TAKEN)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inventory_exchange DISABLE TRIGGER USER")
        with transaction.atomic(), acting_as(Actor.worker()):
            cursor.execute(NODES)
            copied("node", nodes(products, background))
            taken = (network.consumer, network.supplier, network.amount)
            copied("taken", zip(*(each.tolist() for each in taken), strict=True))
            cursor.execute("ANALYZE node; ANALYZE taken")
            for line in lines:
                cursor.execute(LINES.format(**line))
        cursor.execute("ALTER TABLE inventory_exchange ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")  # as the server would by itself before long
    say(NAME, "built", products=products, links=len(network.amount), seconds=time.perf_counter() - begun)
    return versions


def copied(table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Into a table of this session."""
    from django.db import connection

    from accounts.bulk_sql import copy_rows

    with connection.cursor() as cursor:
        copy_rows(cursor, table, (), rows)


def nodes(products: int, background: int) -> list[tuple[int, ...]]:
    """Each node of the network with its company, inventory, process and product, and what it calls goods."""
    from footprint.inventory.models import Product, UnitProcess
    from tests import builders as new

    companies = [new.company(f"bench-{number}") for number in range(COMPANIES + 1)]
    goods = [new.product(company, unit="t").pk for company in companies]
    places = []
    begins = [0, *range(background, products, SITE), products]
    for place, (begin, end) in enumerate(itertools.pairwise(begins)):
        at = 1 + place % COMPANIES if place else 0
        places += [(new.inventory(new.site(companies[at])), at)] * (end - begin)
    bench_lists.copy(
        bench_lists.process(UnitProcess, inventory, n) for n, (inventory, _at) in enumerate(places)
    )
    bench_lists.copy(bench_lists.product(Product, companies[at], n) for n, (_, at) in enumerate(places))
    processes = dict(UnitProcess.objects.values_list("code", "pk"))
    made = dict(Product.objects.values_list("code", "pk"))
    return [
        (n, companies[at].pk, inventory.pk, processes[f"U-{n}"], made[f"P-{n:06d}"], goods[at])
        for n, (inventory, at) in enumerate(places)
    ]


# -- measurements ------------------------------------------------------------------------------------------
def measured(act: Callable[[], Any]) -> dict[str, Any]:
    """Seconds of something, and what it took of the processor; of phases of a drain, where there is one."""
    bench_settle.spent.clear()
    begun, busy, served = time.perf_counter(), time.process_time(), database_seconds()
    act()
    told = {
        "seconds": time.perf_counter() - begun,
        "python": time.process_time() - busy,
        "database": database_seconds() - served,
    }
    return told | {phase: float(f"{seconds:.3g}") for phase, seconds in bench_settle.spent.items()}


def against(told: dict[str, Any], whole: float, goal: float) -> dict[str, Any]:
    """What it is of everything recomputed, and of its goal."""
    return told | {"ratio": told["seconds"] / whole, "goal": goal, "of_goal": told["seconds"] / goal}


def settle(products: int) -> float:
    """Every figure for the first time, then again: nothing moves, which is what the rest is compared with."""
    from footprint.calculation import ledger
    from footprint.calculation.models import Footprint

    ledger.prepare()
    for phase, (module, name) in bench_settle.PHASES.items():
        bench_settle.watch(phase, module, name)
    for name in ("everything, first figures", "everything, nothing moves"):
        bench_settle.everything()
        told = measured(lambda: ledger.finish(figures=True))
        say(NAME, name, products=products, **told)
    assert not Footprint.objects.exclude(state=Footprint.State.CURRENT).exists()
    return float(told["seconds"])


def foresee(versions: Versions, products: int, whole: float) -> None:
    """How far it would reach in the alliance, by a worker that knows the network and by one that starts."""
    from accounts.actor import Actor
    from footprint.analysis.actions.foresee import ask_for_impact, foresee_waiting
    from footprint.analysis.models import FactorImpact
    from footprint.calculation import memory

    def ask() -> None:
        ask_for_impact(versions.old, by=Actor.worker(), new=versions.new)
        assert foresee_waiting()

    for name, turns in (("warm", 3), ("by a fresh worker", 1)):
        if turns == 1:
            memory.forget()
        told = min((measured(ask) for _ in range(turns)), key=lambda one: float(one["seconds"]))
        found = FactorImpact.objects.latest("pk").found
        say(NAME, f"reach, {name}", products=products, **against(told, whole, FORESEEN), found=found)


def look(versions: Versions, products: int, whole: float) -> None:
    """The page of the impact on own products, read anew and kept, and over REST, as somebody of a member."""
    from accounts.models import Company
    from accounts.roles import Role
    from footprint.analysis.kept_networks import forget
    from tests import builders as new

    company = Company.objects.get(code="bench-1")
    client = signed_in(new.person(company, Role.OWNER))
    factor, old, newer = versions.old.factor, versions.old, versions.new
    page = f"/factors/{factor.uuid}/impact/?old={old.number}&new={newer.number}"
    rest = f"/api/v1/factor-versions/{old.uuid}/impact/?new={newer.uuid}"

    def ask(place: str) -> None:
        answer = client.get(place)
        assert answer.status_code == 200, (place, answer.status_code)

    ask(page)
    for name, place, anew in (("page, anew", page, True), ("page, kept", page, False), ("REST", rest, False)):
        forget() if anew else ask(place)
        say(NAME, name, products=products, **against(measured(lambda: ask(place)), whole, FORESEEN))  # noqa: B023


def adopt(versions: Versions, products: int, whole: float) -> None:
    """By every company in a transaction of its own, then until no figure is stale."""
    from accounts.actor import Actor
    from accounts.models import Company
    from accounts.visibility import acting_as
    from footprint.analysis.actions.decide_adoption import decide_adoption
    from footprint.calculation import ledger
    from footprint.calculation.models import CalculationRun

    lines = []

    def decide() -> None:
        with acting_as(Actor.worker()):
            companies = list(Company.objects.order_by("code"))
        for company in companies:
            with acting_as(Actor.worker()):
                made = decide_adoption(*versions, by=Actor.worker(), company=company, choice="accepted")
            lines.append(made.lines)

    def both() -> None:
        decided.update(measured(decide))
        drained.update(measured(lambda: ledger.finish(figures=True)))

    decided: dict[str, Any] = {}
    drained: dict[str, Any] = {}
    told = measured(both)
    say(NAME, "adopted by all, until committed", products=products, lines=sum(lines), **decided)
    written = CalculationRun.objects.latest("pk").changed
    say(NAME, "from there until all figures are current", products=products, written=written, **drained)
    say(NAME, "adopted by all, all figures current", products=products, **against(told, whole, ADOPTED))


if __name__ == "__main__":
    main()
