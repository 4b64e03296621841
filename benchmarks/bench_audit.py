"""What the audit log costs, and whether it tells: writes with and without it, a thousand tamperings.

Prints one JSON object per line. PostgreSQL runs as in production: durable, three logins. Writes are REST
requests in this process, ours among the others' in turns, so that a busy machine slows both alike. Tampering
is done by the superuser with every trigger switched off; the verifier has only what a member holds.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.runtime.environment import LOGINS, ROOT, socket_url
from alliance.runtime.postgres import SUPERUSER, Cluster
from benchmarks.measure import say, throwaway_home
from tests.servers import running_postgres

TURNS, PER_TURN = 12, 25
BULK = 6000
TAMPERINGS = 1000
ENTRIES = 60
GOAL = 1.10
TABLES = ("inventory_exchange",)


def main(role: str = "") -> None:
    """The whole, or one of its processes."""
    if role:
        begin()
        {"build": build, "writes": writes, "tamper": tamper}[role]()
        return
    with throwaway_home() as directory, running_postgres(directory) as cluster:
        process(cluster, directory, "owner", LOGINS["owner"], "manage.py", "migrate", "-v0")
        process(cluster, directory, "worker", LOGINS["worker"], __file__, "build")
        process(cluster, directory, "app", LOGINS["app"], __file__, "writes")
        process(cluster, directory, "owner", SUPERUSER, __file__, "tamper")


def process(cluster: Cluster, directory: Path, login: str, user: str, *words: str) -> None:
    """A process of ours with one of the logins; what it prints is printed."""
    surroundings = {
        **os.environ,
        "DATABASE_URL": socket_url(cluster.sockets, user),
        "OWNERS_URL": socket_url(cluster.sockets, LOGINS["owner"]),
        "DATABASE_LOGIN": login,
        "DATA_DIR": str(directory),
        "SECRET_KEY": "for-benchmarks-only-" + "x" * 40,
        "LOG_LEVEL": "ERROR",
    }
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=surroundings, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}")


def begin() -> None:
    """Django, without a broker."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "alliance.settings"
    import django
    from django.conf import settings
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    settings.CELERY_BROKER_URL, settings.CELERY_BROKER_TRANSPORT_OPTIONS = "memory://", {}
    settings.CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


def build() -> None:
    """A company with some lines, and a stranger."""
    from accounts.actor import Actor
    from accounts.visibility import acting_as
    from tests import builders as new

    with acting_as(Actor.worker()):
        company = new.company("bench")
        made = new.process(new.inventory(new.site(company)))
        for _number in range(40):
            new.output(made, new.product(company))
        new.site(new.company("stranger"))


# -- what it costs -----------------------------------------------------------------------------------------
def writes() -> None:
    """REST writes in turns with and without the triggers, then one bulk insert of each kind."""
    from accounts.models import Company
    from tests.api.conftest import machine_of

    machine = machine_of(Company.objects.get(code="bench"))
    lines = machine.get("exchanges/?limit=100").json()["results"]
    versions = {line["uuid"]: 1 for line in lines}
    chance = random.Random(7)

    def write() -> None:
        uuid = chance.choice(lines)["uuid"]
        given = {"amount": str(chance.randint(1, 10**6))}
        answer = machine.patch(f"exchanges/{uuid}/", given, versions[uuid])
        assert answer.status_code == 200, answer.content
        versions[uuid] += 1

    compare("one line changed over REST", write, turns=TURNS, per_turn=PER_TURN, goal=GOAL)
    compare("one row changed in SQL, committed", one_update, turns=TURNS, per_turn=100)
    compare(f"{BULK} lines inserted in one transaction", bulk, turns=4, per_turn=1)


def compare(name: str, act: Callable[[], None], *, turns: int, per_turn: int, goal: float = 0.0) -> None:
    """Seconds of an act with and without the triggers, in turns; the ratio of the medians."""
    found: dict[bool, list[float]] = {True: [], False: []}
    act()
    for turn in range(2 * turns):
        recorded = turn % 2 == 0
        switch(recorded)
        for _number in range(per_turn):
            begun = time.perf_counter()
            act()
            found[recorded].append(time.perf_counter() - begun)
    switch(True)
    with_log, without = statistics.median(found[True]), statistics.median(found[False])
    report: dict[str, Any] = {"with": with_log, "without": without, "ratio": with_log / without}
    say("audit", name, per_second=1 / with_log, **report, **({"goal": goal} if goal else {}))


def switch(on: bool) -> None:
    """The log's triggers on the table that is written to; only its owner may."""
    import psycopg

    word = "ENABLE" if on else "DISABLE"
    with psycopg.connect(os.environ["OWNERS_URL"], autocommit=True) as session:
        for table in TABLES:
            for event in ("insert", "update", "delete"):
                session.execute(f"ALTER TABLE {table} {word} TRIGGER audited_{event}")


def actor() -> Any:
    from accounts.models import Company
    from accounts.queries import actor_for_company

    return actor_for_company(Company.objects.get(code="bench"))


def one_update() -> None:
    """The least a write can be."""
    from accounts.visibility import acting_as
    from footprint.inventory.models import Exchange

    global _known
    _known = _known or actor()
    with acting_as(_known):
        Exchange.objects.filter(pk=1).update(amount=random.randint(1, 10**6))


_known: Any = None


def bulk() -> None:
    """As an import does it."""
    from accounts.visibility import acting_as
    from footprint.exchange.actions.storing import BATCH
    from footprint.inventory.models import Exchange, UnitProcess

    global _known
    _known = _known or actor()
    with acting_as(_known):
        at = UnitProcess.objects.get()
        rows = (
            Exchange(
                company_id=at.company_id, process=at, position=number, direction="output", kind="elementary",
                flow_name=f"Trace {number}", compartment="air", amount=number, unit="kg",
            )
            for number in range(BULK)
        )  # fmt: skip
        Exchange.objects.bulk_create(rows, batch_size=BATCH)


# -- whether it tells --------------------------------------------------------------------------------------
def tamper() -> None:
    """A thousand tamperings with a stored chain; each must be found with the member's checkpoint alone."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from django.db import transaction
    from django.utils import timezone

    from accounts import audit_queries
    from accounts.actions.checkpoint import make_checkpoint
    from accounts.actor import Actor
    from accounts.audit_checkpoint import held
    from accounts.audit_verification import verify_stored
    from accounts.models import AuditChain, AuditLeaf, Company
    from accounts.visibility import acting_as
    from footprint.inventory.models import Exchange
    from tests import builders as new
    from tests.accounts.tampering import TAMPERINGS as WAYS
    from tests.accounts.vandal import unguarded, vandalise

    with acting_as(Actor.worker()):
        company = new.company("victim")
        line = new.output(new.process(new.inventory(new.site(company))), new.product(company))
    for amount in range(2, ENTRIES):
        Exchange.objects.filter(pk=line.pk).update(amount=amount)
    made = make_checkpoint(at=timezone.now(), key=Ed25519PrivateKey.generate())
    whole = verified(lambda: [verify_stored(each) for each in AuditChain.objects.all()])
    entries = sum(AuditChain.objects.values_list("position", flat=True))
    say("audit", "all chains verified", entries=entries, seconds=whole, per_second=entries / whole)
    company = Company.objects.get(code="victim")
    proof = held(audit_queries.proof_of(made.parts.get(company=company), company.code))
    chain = AuditChain.objects.get(company=company)
    assert not verify_stored(chain, kept=[proof])
    seen: dict[str, list[bool]] = {}
    for number in range(TAMPERINGS):
        way = WAYS[number % len(WAYS)]
        with transaction.atomic():
            with unguarded():
                AuditLeaf.objects.all().delete()
                vandalise(chain, way, random.Random(number))
            now = AuditChain.objects.get(pk=chain.pk)
            seen.setdefault(way.__name__, []).append(bool(verify_stored(now, kept=[proof])))
            transaction.set_rollback(True)
    detected = sum(map(sum, seen.values()))
    missed = {name: found.count(False) for name, found in seen.items() if not all(found)}
    say("audit", "tamperings detected", tried=TAMPERINGS, detected=detected, ratio=detected / TAMPERINGS)
    if missed:
        raise SystemExit(f"not seen: {json.dumps(missed)}")


def verified(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    assert not any(act())
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(*sys.argv[1:])
