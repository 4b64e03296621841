"""How quickly 200,000 factor versions are searched, a file of them imported, a factor's reach foreseen.

Prints one JSON object per line. PostgreSQL runs as in production: durable, row-level security, the web login.
Usage: python benchmarks/bench_factors.py [VERSIONS] [PRODUCTS] [LINES]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_lists import prepare_django, sign_in_as_web
from benchmarks.measure import quantile, say, throwaway_home
from tests.servers import running_postgres

NAME = "factors"
QUESTIONS = (
    "甲醇", "天然气燃烧", "天燃气", "全国电网 2023", "山东 电力", "聚乙烯 再生", "grade 4711", "methanol",
    "natural gas", "naturel gas", "polyethylen", "steam shandong", "factor-00042", "柴油 运输 平均", "h2",
    "cement 2021", "unobtainium", "氢",
)  # fmt: skip
REPEATS = 6
THINGS = """
VALUES ('甲醇', 'Methanol'), ('天然气燃烧', 'Natural gas, combustion'), ('柴油燃烧', 'Diesel, combustion'),
  ('省级电网平均', 'Provincial grid, average'), ('聚乙烯，再生', 'Polyethylene, recycled'), ('蒸汽', 'Steam'),
  ('水泥熟料', 'Cement clinker'), ('氢气，电解', 'Hydrogen, electrolysis'),
  ('重型货车，柴油，平均', 'HGV, diesel, average'), ('合成氨', 'Ammonia')
"""
FACTORS = f"""
WITH things AS (SELECT row_number() OVER () - 1 AS n, zh, en FROM ({THINGS}) AS named (zh, en)),
     kinds AS (SELECT ARRAY['material', 'fuel', 'fuel', 'electricity', 'material', 'heat'] AS kind)
INSERT INTO factors_factor (uuid, code, name_zh, name_en, kind, unit, category)
SELECT gen_random_uuid(), 'factor-' || lpad(i::text, 6, '0'), zh || ' 牌号' || i, en || ' grade ' || i,
  kind[1 + i %% 6], 'kg', 'table-' || i %% 40
FROM generate_series(1, %s) AS i JOIN things ON things.n = i %% 10 CROSS JOIN kinds
"""
VERSIONS = """
WITH lists AS (SELECT ARRAY['CN', 'CN-SD', 'CN-JS', 'CN-GD', 'GB', 'GLO'] AS place,
                 ARRAY['single', 'confirmed', 'official'] AS checked, min(id) AS source FROM factors_source)
INSERT INTO factors_factorversion (uuid, factor_id, number, geography, reference_year, technology, scope,
  boundary, data_quality, source_id, source_locator, transcription, derivation, note_zh, note_en, digest,
  status, status_reason, published_at, published_by)
SELECT gen_random_uuid(), factor.id, n, place[1 + (factor.id + n) % 6], 2020 + n, '',
  CASE WHEN factor.id % 3 = 0 THEN 'co2' ELSE 'co2e' END, 'cradle_to_gate', '{}', source, 'table 1',
  checked[1 + factor.id % 3], '{}', '', '', factor.id || '-' || n, 'published', '', now(), 'bench'
FROM factors_factor factor CROSS JOIN generate_series(1, 4) AS n CROSS JOIN lists
"""
EMISSIONS = """
INSERT INTO factors_factoremission (version_id, gas, origin, kg_per_unit)
SELECT id, 'CO2', 'fossil', 0.1 + (id % 1000) / 100.0 FROM factors_factorversion
"""


def main() -> None:
    """Fill, then ask as somebody of a member does."""
    versions = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    products = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    lines = int(sys.argv[3]) if len(sys.argv) > 3 else 100_000
    with throwaway_home() as directory, running_postgres(directory) as cluster:
        prepare_django(directory, cluster)
        begun = time.monotonic()
        fill(versions)
        say(NAME, "filled", versions=versions, seconds=time.monotonic() - begun)
        take_in(lines)
        sign_in_as_web(cluster)
        ask(versions)
    foresee(products)


def fill(versions: int) -> None:
    """By plain statements: triggers number and index all of them."""
    from django.db import connection, transaction

    from factors.models import Source

    Source.objects.create(
        code="bench", title_zh="基准", title_en="Bench", publisher="bench", year=2026, licence="none",
        redistribution="yes",
    )  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FACTORS, [versions // 4])
        cursor.execute(VERSIONS)
        cursor.execute(EMISSIONS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def take_in(lines: int) -> None:
    """A file that one curator hands in and another confirms, to its last version; 2 gases a version."""
    from accounts.queries import actor_of_user
    from accounts.roles import Role
    from factors.actions.import_job import decide_import, queue_import, run_import
    from factors.models import FactorImport, GreenhouseGas
    from tests import builders

    GreenhouseGas.objects.get_or_create(code="CO2", defaults={"name_zh": "CO2", "name_en": "CO2"})
    curator = actor_of_user(builders.person(builders.company(), Role.CURATOR))
    content = "".join(table(lines)).encode()
    begun, used = time.perf_counter(), time.process_time()
    job = queue_import(by=curator, file_name="bench.csv", content=content)
    queued = time.perf_counter() - begun
    run_import(job.pk)
    read, waited = time.perf_counter() - begun, FactorImport.objects.get(pk=job.pk)
    second = actor_of_user(builders.person(builders.company(), Role.CURATOR))
    decide_import(waited, by=second, is_confirmed=True)
    run_import(job.pk)
    job = FactorImport.objects.get(pk=job.pk)
    say(
        NAME, "import", lines=lines, megabytes=len(content) / 2**20, queued_ms=queued * 1000,
        read_seconds=read,
        seconds=time.perf_counter() - begun, python_seconds=time.process_time() - used,
        state=job.state, versions=job.summary.get("versions"),
    )  # fmt: skip


def table(lines: int) -> Iterator[str]:
    """As a curator's spreadsheet would have it."""
    yield (
        "code,name_zh,name_en,kind,unit,geography,reference_year,scope,boundary,source,source_locator,"
        "transcription,gas,origin,kg_per_unit\n"
    )
    for line in range(lines):
        version, place = line // 2, ("CN", "CN-SD")[line // 2 % 2]
        thing, origin = version // 2, ("fossil", "biogenic")[line % 2]
        yield (
            f"bulk-{thing:06d},批量{thing},Bulk {thing},material,kg,{place},2023,co2e,cradle_to_gate,bench,"
            f"table 7,single,CO2,{origin},{0.1 + line % 977 / 100:.3f}\n"
        )


def ask(versions: int) -> None:
    """The first page of each question, its count, and its facets."""
    from accounts.actor import Actor, Holding
    from accounts.roles import Role
    from accounts.visibility import acting_as
    from factors import queries
    from factors.search import facets

    actor = Actor(name="bench", user_id=1, holdings=(Holding(1, Role.OWNER),))

    def first_page(words: str) -> int:
        found = queries.factors_for(actor, search=words)
        keys = list(found[:50].values_list("pk", flat=True))  # as a list page does
        return len(list(found.filter(pk__in=keys)))

    def narrowed(words: str) -> int:
        return len(facets(lambda chosen: queries.factors_for(actor, search=words), {}))

    def counted(words: str) -> int:
        return queries.factors_for(actor, search=words).count()

    with acting_as(actor):
        for name, act in (("first_page", first_page), ("count", counted), ("facets", narrowed)):
            told(name, act, versions)


def told(name: str, act: Callable[[str], int], versions: int) -> None:
    """Every question several times; the slowest one by name."""
    taken: dict[str, list[float]] = {}
    for _turn in range(REPEATS):
        for words in ("", *QUESTIONS):
            begun = time.perf_counter()
            act(words)
            taken.setdefault(words, []).append((time.perf_counter() - begun) * 1000)
    every: list[float] = [ms for each in taken.values() for ms in each[1:]]
    slowest: Any = max(taken, key=lambda words: quantile(taken[words][1:], 0.5))
    say(
        NAME, name, versions=versions, p50_ms=quantile(every, 0.5), p95_ms=quantile(every, 0.95),
        slowest=slowest, slowest_p50_ms=quantile(taken[slowest][1:], 0.5),
    )  # fmt: skip


def foresee(products: int) -> None:
    """How much of the most used supplier is in every product of a synthetic alliance."""
    import numpy as np

    from benchmarks.engine.networks import alliance
    from footprint.engine.plan import make_plan
    from footprint.engine.reach import reach
    from footprint.engine.warming import warm

    warm()
    network = alliance(products, "loops")
    plan, most = make_plan(network), int(np.bincount(network.supplier).argmax())
    begun = time.perf_counter()
    taken = reach(network, most, plan)
    say(
        NAME, "reach", products=products, ms=(time.perf_counter() - begun) * 1000,
        moved=int(np.count_nonzero(np.nan_to_num(taken))),
    )  # fmt: skip


if __name__ == "__main__":
    main()
