"""A full release of 200 comparisons over the data of 1,000 company groups, all gates included; then pages.

python benchmarks/bench_release.py; CELLS and GROUPS say how many.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.runtime.environment import LOGINS, socket_url
from benchmarks.measure import quantile, say
from tests.servers import throwaway_postgres

CELLS, GROUPS = int(os.environ.get("CELLS", "200")), int(os.environ.get("GROUPS", "1000"))
SIZES = (5, 6, 7, 8, 9, 10, 12, 15, 20, 40)
PAGES = 60


def main() -> int:
    """Print the figures."""
    with throwaway_postgres() as cluster:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
            "DATABASE_URL": socket_url(cluster.sockets, LOGINS["owner"]),
            "DATABASE_LOGIN": "owner",
            "SECRET_KEY": "for-benchmarks-only-" + "x" * 40,
            "PUBLICATION_SIGNING_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        }
        from benchmarks.bench_attacks import _prepare

        _prepare()
        logging.disable(logging.CRITICAL)
        _measure()
    return 0


def _world() -> tuple[Any, list[Any]]:
    import numpy as np

    from accounts.models import Company, CompanyGroup
    from footprint.rules.models import ProductCategory
    from tests.footprint.benchmark.cohorts import STARTS, Office, apart, give, profile

    groups = CompanyGroup.objects.bulk_create(
        CompanyGroup(code=f"g{number}", name_zh=f"g{number}", name_en=f"g{number}")
        for number in range(GROUPS)
    )
    companies = Company.objects.bulk_create(
        Company(code=f"c{number}", group=group, name_zh=f"c{number}", name_en=f"c{number}")
        for number, group in enumerate(groups)
    )
    office, rng, definitions = Office(), np.random.default_rng(1), []
    for number in range(CELLS):
        code = f"product-{number}"
        category = ProductCategory.objects.create(code=code, name_zh=code, name_en=code, unit="kg")
        definitions.append(office.define(category, profile(), year=2020, at=STARTS))
        size = SIZES[number % len(SIZES)]
        chosen = [companies[place] for place in sorted(rng.choice(len(companies), size, replace=False))]
        values = (1.6 * rng.lognormal(0, 0.3, size)).tolist()
        volumes = rng.lognormal(4, 0.3, size).tolist()
        give(definitions[-1], values, chosen, volumes, apart(values, seed=number))
    return office, definitions


def _measure() -> None:
    from accounts.visibility import acting_as
    from footprint.benchmark.actions import ask_for_release, move_release, prepare_waiting
    from footprint.benchmark.models import Release
    from footprint.calculation.models import RecomputeMark
    from footprint.engine.disclosure.decision import decide
    from footprint.engine.disclosure.gates import Contributor
    from tests.footprint.benchmark.cohorts import STARTS

    office, definitions = _world()
    RecomputeMark.objects.all().delete()
    decide(
        {number: Contributor(1.0 + 0.2 * number, 1.0) for number in range(6)}
    )  # compiled once, by the worker
    began = time.monotonic()
    with acting_as(office.steward):
        for definition in definitions:
            ask_for_release(definition, by=office.steward, at=STARTS)
    prepare_waiting()
    prepared = time.monotonic()
    cleared = list(Release.objects.filter(state="cleared").select_related("definition__category"))
    for release in cleared:
        for move, by in (("sign", office.steward), ("release", office.compliance)):
            with acting_as(by):
                move_release(release, move, by=by, at=STARTS)
    ended = time.monotonic()
    say(
        "release", "full release", cells=CELLS, groups=GROUPS, released=len(cleared),
        blocked=CELLS - len(cleared), gates_s=prepared - began, signed_s=ended - prepared,
        total_s=ended - began, limit_s=60,
    )  # fmt: skip
    _pages(cleared)


def _pages(released: list[Any]) -> None:
    from django.test import Client

    from accounts.roles import Role
    from footprint.benchmark.models import CohortMember
    from tests import builders as new

    member = CohortMember.objects.filter(release=released[0]).first()
    assert member is not None
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(new.person(member.company, Role.OWNER))
    path = f"/categories/{released[0].definition.category.code}/"
    client.get(path)
    times = []
    for _turn in range(PAGES):
        start = time.perf_counter()
        answer = client.get(path)
        times.append((time.perf_counter() - start) * 1000)
        assert answer.status_code == 200
    say(
        "release", "benchmark page", pages=PAGES, p50_ms=quantile(times, 0.5), p95_ms=quantile(times, 0.95),
        limit_ms=100,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
