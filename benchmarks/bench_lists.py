"""How long the server takes for a page of the product list and of the API's list, out of 100,000 products.

Prints one JSON object per line. PostgreSQL runs as in production: durable, row-level security, the web login.
Usage: python benchmarks/bench_lists.py [PRODUCTS]
"""

from __future__ import annotations

import itertools
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.runtime.environment import LOGINS, socket_url
from alliance.runtime.postgres import Cluster
from benchmarks.measure import throwaway_home
from tests.servers import running_postgres

LIMIT_MS = 100.0
REQUESTS = 200
WARMING = 10
PROCESSES = 2000
YEARS = (2024, 2025)
OPENED = 500
NAMES = ("Ethylene", "Propylene", "Methanol", "Naphtha", "Steam", "Polyethylene", "Benzene", "Hydrogen")


def main() -> None:
    """Build, then measure."""
    products = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with throwaway_home() as directory, running_postgres(directory) as cluster:
        prepare_django(directory, cluster)
        random.seed(7)
        begun = time.monotonic()
        company, partner = build(products)
        say(step="built", products=products, seconds=round(time.monotonic() - begun, 1))
        sign_in_as_web(cluster)
        measure(company, partner, products)


def prepare_django(directory: Path, cluster: Cluster) -> None:
    """The product's own settings, as the owner of the tables for now."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
        "DATABASE_URL": socket_url(cluster.sockets, LOGINS["owner"]),
        "DATABASE_LOGIN": "owner",
        "DATA_DIR": str(directory),
        "SECRET_KEY": "for-benchmarks-only-" + "x" * 40,
        "REDIS_URL": f"unix://{directory}/no-broker.sock",
        "LOG_LEVEL": "ERROR",
        "API_REQUESTS_PER_MINUTE": "0",
        "SECOND_FACTOR": "offered",
    }
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    call_command("migrate", verbosity=0)


def build(products: int) -> tuple[Any, Any]:
    """A company with all of them, figures for two years, and a partner that opened some of its own."""
    from django.db import connection, transaction

    from accounts.actor import Actor
    from accounts.models import Company, CompanyGroup, Site
    from accounts.visibility import acting_as

    group = CompanyGroup.objects.create(code="bench", name_zh="基准", name_en="bench")
    companies = [
        Company.objects.create(code=code, group=group, name_zh=code, name_en=code)
        for code in ("own", "partner")
    ]
    with transaction.atomic(), acting_as(Actor.worker()):
        for company, number in zip(companies, (products, products // 5), strict=True):
            site = Site.objects.create(company=company, code="plant", name_zh="厂", name_en="plant")
            fill(company, site, number)
        first = f"SELECT id FROM inventory_product WHERE company_id = {companies[1].pk} LIMIT {OPENED}"
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO inventory_productgrant (company_id, product_id, recipient_id, created_at)"
                f" SELECT {companies[1].pk}, id, {companies[0].pk}, now() FROM ({first}) AS opened"
            )
    with connection.cursor() as cursor:
        # what was copied counts as computed, except one process that waits
        cursor.execute("DELETE FROM calculation_recomputemark WHERE gen > 1")
        cursor.execute("VACUUM ANALYZE")  # as the server would by itself before long
    return companies[0], companies[1]


def fill(company: Any, site: Any, number: int) -> None:
    """Inventories, processes, products and figures of one company, by COPY."""
    from django.utils import timezone

    from footprint.calculation.models import CalculationRun, Footprint
    from footprint.inventory.models import Inventory, Product, UnitProcess

    now = timezone.now()
    copy(product(Product, company, n) for n in range(number))
    product_ids = list(Product.objects.filter(company=company).order_by("pk").values_list("pk", flat=True))
    run = CalculationRun.objects.create(
        engine_version="1",
        started_at=now,
        finished_at=now,
        columns=number,
        changed=number,
        residual=0.0,
        input_digest="0" * 64,
    )
    for year in YEARS:
        inventory = Inventory.objects.create(
            company=company, site=site, period_start=f"{year}-01-01", period_end=f"{year}-12-31"
        )
        copy(process(UnitProcess, inventory, n) for n in range(PROCESSES))
        turns = itertools.cycle(UnitProcess.objects.filter(inventory=inventory).values_list("pk", flat=True))
        copy(
            Footprint(
                uuid=uuid(),
                company=company,
                inventory=inventory,
                process_id=next(turns),
                product_id=key,
                run=run,
                computed_at=now,
                **figure(year),
            )
            for key in product_ids
        )


def product(model: Any, company: Any, n: int) -> Any:
    """A product, named like many others."""
    name = f"{random.choice(NAMES)} grade {n}"
    return model(
        uuid=uuid(),
        company=company,
        code=f"P-{n:06d}",
        name_zh=f"产品 {n}",
        name_en=name,
        unit="t",
        kind="product",
    )


def process(model: Any, inventory: Any, n: int) -> Any:
    """A unit process."""
    return model(
        uuid=uuid(),
        company_id=inventory.company_id,
        inventory=inventory,
        code=f"U-{n}",
        name_zh=f"装置 {n}",
        name_en=f"Unit {n}",
        allocation_method="none",
    )


def figure(year: int) -> dict[str, Any]:
    """What a figure says."""
    ar5, ar6 = random.random() * 3000, random.random() * 3000
    said = {
        "year": year,
        "unit": "t",
        "production": 1000.0,
        "share": 1.0,
        "kg_co2e_ar5": ar5,
        "kg_co2e_ar6": ar6,
    }
    return {**said, "state": "current", "input_digest": "0" * 64, "generation": 1}


def copy(things: Iterator[Any]) -> None:
    """Add new things to their table by COPY."""
    from django.db import connection

    from accounts.bulk_sql import add_rows

    first = next(things)
    fields = [field for field in first._meta.concrete_fields if not field.primary_key]
    rows = (
        [field.get_db_prep_save(field.pre_save(thing, True), connection) for field in fields]
        for thing in itertools.chain([first], things)
    )
    add_rows(first._meta.db_table, [field.column for field in fields], rows)


def uuid() -> UUID:
    """A random one, from the seeded generator."""
    return UUID(int=random.getrandbits(128), version=4)


def sign_in_as_web(cluster: Cluster) -> None:
    """From here on the connection is the web's own: it owns nothing and sees what its role may see."""
    sign_in(cluster, "app")
    import_module("alliance.wsgi")  # loads and settles what the web server does at its start


def sign_in(cluster: Cluster, login: str) -> None:
    """From here on the connection is that of another login."""
    from django.db import connection

    connection.close()
    connection.settings_dict.update(USER=LOGINS[login], HOST=str(cluster.sockets))


def measure(company: Any, partner: Any, products: int) -> None:
    """Each list: first page, deep pages, another order, a search."""
    from accounts.models import Membership, User
    from accounts.roles import Role

    person = User.objects.create_user("bench@example.com", "a long password 1")
    Membership.objects.create(user=person, company=company, role=Role.OWNER)
    client = signed_in(person)
    chance = random.Random(7)
    deep = (f"/products/?page={chance.randint(1, products // 50)}" for _ in itertools.count())
    places: dict[str, tuple[bool, Callable[[], str]]] = {
        "page": (True, lambda: "/products/"),
        "page, any": (True, lambda: next(deep)),
        "page, by code": (True, lambda: "/products/?sort=code"),
        "page, opened by partners": (True, lambda: "/products/?from=partners"),
        "page, search": (False, lambda: f"/products/?search=grade+{chance.randint(1, products)}"),
        "api": (True, lambda: "/api/v1/products/?limit=50"),
        "api, following": (True, Following(client, "/api/v1/products/?limit=50")),
        "api, by name": (True, lambda: "/api/v1/products/?limit=50&ordering=name_en"),
        "api, following by name": (True, Following(client, "/api/v1/products/?limit=50&ordering=name_en")),
        "api, footprints": (True, lambda: "/api/v1/footprints/?limit=50"),
        "api, search": (False, lambda: f"/api/v1/products/?search=grade+{chance.randint(1, products)}"),
    }
    for name, (limited, address) in places.items():
        times, queries = timed(client, address)
        report: dict[str, Any] = {
            "list": name,
            "p50_ms": at(times, 0.5),
            "p95_ms": at(times, 0.95),
            "queries": queries,
        }
        if limited:
            report |= {"limit_ms": LIMIT_MS, "ratio": round(at(times, 0.95) / LIMIT_MS, 3)}
        say(step="measured", **report)


def signed_in(person: Any) -> Any:
    """A browser of that person's."""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS.append("testserver")
    client = Client()
    client.force_login(person)
    return client


class Following:
    """Each time the next page of a list."""

    def __init__(self, client: Any, start: str) -> None:
        self.client, self.start, self.address = client, start, start

    def __call__(self) -> str:
        answer = self.client.get(self.address).json()
        self.address = answer["next"] or self.start
        return self.address


def timed(client: Any, address: Callable[[], str]) -> tuple[list[float], int]:
    """Milliseconds of each request, and how many queries one makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times = []
    for number in range(WARMING + REQUESTS):
        place = address()
        begun = time.perf_counter()
        answer = client.get(place)
        took = (time.perf_counter() - begun) * 1000
        assert answer.status_code == 200, (place, answer.status_code, answer.content[:300])
        if number >= WARMING:
            times.append(took)
    with CaptureQueriesContext(connection) as captured:
        client.get(address())
    return sorted(times), len(captured)


def at(times: list[float], share: float) -> float:
    """A quantile."""
    return round(times[min(len(times) - 1, int(share * len(times)))], 1)


def say(**report: Any) -> None:
    """One line."""
    print(json.dumps({"benchmark": "lists", **report}), flush=True)


if __name__ == "__main__":
    main()
