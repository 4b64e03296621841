"""How long a partner's system waits for a page of a million footprints, by every filter and at any depth.

Prints one JSON object per line. PostgreSQL runs as in production: durable, row-level security, the web login.
Usage: python benchmarks/bench_pact.py [FOOTPRINTS]
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_lists import prepare_django, sign_in_as_web
from benchmarks.measure import quantile, say, throwaway_home
from tests.footprint.partners.documents import WHOLE
from tests.servers import running_postgres

NAME = "pact"
LIMIT_MS = 50.0
REQUESTS, WARMING = 40, 5
PRODUCTS = 10_000
"""A hundred footprints of each; one footprint in twenty is deprecated, one in 500 from a rare place."""
FILL = """
INSERT INTO partners_offeredfootprint (uuid, company_id, is_served, lacks, status, deprecated_at, created,
  valid_from, valid_until, period_start, period_end, geography, country, cpc, product_ids, company_ids,
  classifications, document, document_v2, reasons_v2, offered_at)
SELECT gen_random_uuid(), %(company)s, true, '{{}}',
  CASE WHEN n %% 20 = 0 THEN 'Deprecated' ELSE 'Active' END,
  CASE WHEN n %% 20 = 0 THEN now() - interval '1 day' END, now() - (%(number)s - n) * interval '1 second',
  day, day + interval '3 years', day - interval '1 year', day,
  CASE WHEN n %% 500 = 0 THEN 'cn-xj' ELSE 'cn-zj' END, 'cn', (33000 + n %% 400)::text,
  ARRAY['urn:gtin:' || n %% %(products)s, 'urn:uuid:' || n], ARRAY['urn:lei:529900t8bm49aursdo55'],
  ARRAY['urn:cpc:' || 33000 + n %% 400], replace(%(document)s, '{id}', n::text), '{{}}', '{{}}', now()
FROM generate_series(1, %(number)s) AS n,
  LATERAL (
    SELECT timestamptz '2020-01-01 00:00Z' + (n::bigint * 7919 %% 2000) * interval '1 day' AS day
  ) AS days
"""
QUESTIONS = {
    "everything": "",
    "a product": "productId=urn:gtin:4711",
    "one of three products": "productId=urn:gtin:1&productId=urn:gtin:2&productId=urn:uuid:900000",
    "a product nobody has": "productId=urn:gtin:none",
    "the company": "companyId=urn:lei:529900T8BM49AURSDO55",
    "a company that is another": "companyId=abcdefgh",
    "a usual place": "geography=CN-ZJ",
    "a rare place": "geography=CN-XJ",
    "a place nobody has": "geography=XX",
    "a country with its provinces": "x-pcf-geography-within=CN",
    "a classification": "classification=urn:cpc:33021",
    "valid on": "validOn=2023-06-01T00:00:00Z",
    "valid on a day of few": "validOn=2020-01-02T00:00:00Z",
    "valid in 1900": "validOn=1900-01-01T00:00:00Z",
    "valid after": "validAfter=2024-01-01T00:00:00Z",
    "valid after 2099": "validAfter=2099-12-31T00:00:00Z",
    "valid before": "validBefore=2024-01-01T00:00:00Z",
    "valid before 1900": "validBefore=1900-01-01T00:00:00Z",
    "active": "status=Active",
    "deprecated": "status=Deprecated",
    "a deprecated product": "status=Deprecated&productId=urn:gtin:4720",
    "a product in a place at a time": "productId=urn:gtin:4711&geography=CN-ZJ&validOn=2024-01-01T00:00:00Z",
}


def main() -> None:
    """Build, then measure."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with throwaway_home() as directory, running_postgres(directory) as cluster:
        prepare_django(directory, cluster)
        begun = time.monotonic()
        token, connection = build(number)
        say(NAME, "built", footprints=number, seconds=time.monotonic() - begun)
        sign_in_as_web(cluster)
        measure(token, connection, number)


def build(number: int) -> tuple[str, Any]:
    """A company with all of them, and a partner that may see them; how it signs in."""
    from django.db import connection
    from django.utils import timezone

    from accounts.models import Company, CompanyGroup
    from accounts.queries import actor_for_company
    from footprint.partners import actions

    group = CompanyGroup.objects.create(code="bench", name_zh="基准", name_en="bench")
    company = Company.objects.create(code="own", group=group, name_zh="own", name_en="own")
    by = actor_for_company(company)
    made = actions.request_connection(company, by=by, name="partner")
    own = actions.approve_connection(made, by=by, at=timezone.now())
    actions.grant_footprints(made, by=by, at=timezone.now(), level="full")
    document = json.dumps({**WHOLE, "id": "{id}"}, separators=(",", ":"))
    with connection.cursor() as cursor:
        told = {"company": company.pk, "number": number, "products": PRODUCTS, "document": document}
        cursor.execute(FILL.replace("{{}}", "{}"), told)
        cursor.execute("VACUUM ANALYZE partners_offeredfootprint")
    token = actions.issue_token(own.client_id, own.client_secret, scope="footprint:list", at=timezone.now())
    assert token
    return token, made


def measure(token: str, connection: Any, number: int) -> None:
    """Every question; then deep pages; then the shortest calls one after the other."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost", headers={"authorization": f"Bearer {token}"})
    slowest = 0.0
    for name, query in QUESTIONS.items():
        slowest = max(slowest, asked(client, name, f"/3/footprints?limit=100&{query}"))
    for share in (0.1, 0.5, 0.99):
        path = f"/3/footprints?limit=100&status=Active&cursor={cursor_at(connection, int(number * share))}"
        slowest = max(slowest, asked(client, f"page after {share:.0%}", path))
    say(NAME, "slowest p95", milliseconds=slowest, limit=LIMIT_MS, holds=slowest <= LIMIT_MS)
    begun, calls = time.monotonic(), 0
    while time.monotonic() - begun < 10:
        assert client.get("/3/footprints?limit=10", secure=True).status_code == 200
        calls += 1
    say(NAME, "ten rows, one process", per_second=calls / (time.monotonic() - begun))


def asked(client: Any, name: str, path: str) -> float:
    """p95 of one question in milliseconds; its own next page is followed where there is one."""
    taken, rows = [], 0
    for turn in range(REQUESTS + WARMING):
        begun = time.perf_counter()
        answer = client.get(path, secure=True)
        if turn >= WARMING:
            taken.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, answer.content
        rows = len(answer.json()["data"])
        if link := answer.headers.get("Link", ""):
            parts = urlsplit(link.partition(">")[0].lstrip("<"))
            path = f"{parts.path}?{parts.query}"
    p95 = quantile(taken, 0.95)
    say(NAME, name, rows=rows, p50=quantile(taken, 0.5), p95=p95, holds=p95 <= LIMIT_MS)
    return p95


def cursor_at(connection: Any, after: int) -> str:
    """A cursor deep in the list."""
    from django.utils import timezone

    from accounts.actor import Actor
    from footprint.partners.listing import Cursor

    return Cursor(after, None, timezone.now()).text(Actor(partner_id=connection.pk))


if __name__ == "__main__":
    main()
