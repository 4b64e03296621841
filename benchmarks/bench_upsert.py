"""How long a job of activity rows takes from accepted to stored: all new, all unchanged, all changed.

Prints one JSON object per line. PostgreSQL runs as in production: durable, three logins. The ratio is to the
goal of 30 s for 100,000 rows; `UPSERT_ROWS` takes another number. `inserted` is the time of the bare rows by
one bulk insert each 5,000, without rules, on the same server.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_import import manage
from benchmarks.measure import say, throwaway_home
from tests.servers import running_postgres

ROWS = int(os.environ.get("UPSERT_ROWS", "100000"))
SECONDS_PER_100_000 = 30.0
LINES_PER_PROCESS = 100
PROGRAM = """
import json, time
from datetime import date
from accounts.models import Company, CompanyGroup, Site
from accounts.queries import actor_for_company
from accounts.visibility import acting_as
from footprint.exchange.actions import Target, queue_upsert, run_upsert
from footprint.exchange.models import UpsertJob
from accounts.actor import Holding, Actor
from accounts.models import Membership, User
from footprint.inventory.models import Exchange, Inventory, Product, UnitProcess

rows, per = {rows}, {per}
group = CompanyGroup.objects.create(code="bench", name_zh="bench", name_en="bench")
company = Company.objects.create(code="bench", group=group, name_zh="bench", name_en="bench")
owner = User.objects.create_user("bench@example.com", "a long password 1")
Membership.objects.create(user=owner, company=company, role="owner")
site = Site.objects.create(company=company, code="site", name_zh="s", name_en="s", province="CN-SD")
days = dict(period_start=date(2025, 1, 1), period_end=date(2025, 12, 31))
inventory = Inventory.objects.create(company=company, site=site, **days)
count = max(1, rows // per)
products = Product.objects.bulk_create(
    Product(company=company, code=f"P-{{n}}", name_zh="p", name_en="p", unit="kg") for n in range(count + per)
)
processes = UnitProcess.objects.bulk_create(
    UnitProcess(company=company, inventory=inventory, code=f"U-{{n}}", name_zh="u", name_en="u")
    for n in range(count)
)


def body(factor):
    made = []
    for number in range(rows):
        process, place = divmod(number, per)
        process = min(process, count - 1)
        base = {{"external_id": f"K-{{number}}", "process": f"U-{{process}}", "unit": "kg"}}
        if place == 0:
            more = {{"direction": "output", "kind": "product", "product": f"P-{{process}}", "amount": "1000"}}
        elif place % 2:
            more = {{"direction": "input", "kind": "product", "product": f"P-{{count + place}}"}}
            more["amount"] = f"{{place * factor}}.5"
        else:
            more = {{"direction": "output", "kind": "elementary", "gas": "CO2"}}
            more["amount"] = f"{{place * factor}}"
        made.append(base | more)
    return json.dumps({{"inventory": str(inventory.uuid), "rows": made}}).encode()


actor = Actor(user_id=owner.pk, uuid=owner.uuid, holdings=actor_for_company(company).holdings)
for step, factor in (("new", 1), ("unchanged", 1), ("changed", 2)):
    content = body(factor)
    begun = time.perf_counter()
    with acting_as(actor):
        job = queue_upsert(Target("activities", company, inventory), content, rows, by=actor)
    accepted = time.perf_counter() - begun
    run_upsert(job.pk)
    job = UpsertJob.objects.get(pk=job.pk)
    assert job.state == "done", list(job.results.values_list("number", "code", "detail")[:3])
    told = [job.state, job.created, job.changed, job.unchanged, job.refused]
    print(json.dumps([step, accepted, time.perf_counter() - begun, len(content), told]), flush=True)
bare = [
    Exchange(company=company, process=process, direction="output", kind="elementary", gas="CO2",
             amount=1, unit="kg", position=1000 + place)
    for process in processes for place in range(per)
][:rows]
begun = time.perf_counter()
with acting_as(actor):
    Exchange.objects.bulk_create(bare, batch_size=5000)
print(json.dumps(["inserted", 0, time.perf_counter() - begun, 0, ["done"]]), flush=True)
"""


def main() -> None:
    """One line for each step."""
    limit = SECONDS_PER_100_000 * ROWS / 100_000
    with throwaway_home() as directory, running_postgres(directory) as cluster:
        manage(directory, cluster, "owner", "migrate", "-v0")
        manage(directory, cluster, "worker", "load_factors")
        said = manage(
            directory,
            cluster,
            "worker",
            "shell",
            "-v0",
            "-c",
            PROGRAM.format(rows=ROWS, per=LINES_PER_PROCESS),
        )
    for line in filter(lambda each: each.startswith("["), said.splitlines()):
        step, accepted, seconds, size, told = json.loads(line)
        figures = {"rows": ROWS, "bytes": size, "accepted": accepted, "seconds": seconds, "told": told}
        say("upsert", step, **figures, limit=limit, ratio=seconds / limit)


if __name__ == "__main__":
    main()
