"""How long an openLCA package takes from the command line to committed, and on until every figure is current.

Prints one JSON object per line. Uses the package in the directory OPENLCA_SAMPLE, or makes one of its size
(121 processes, 6,000 exchanges, a loop). PostgreSQL runs as in production: durable, three logins.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.runtime.environment import LOGINS, ROOT, socket_url
from alliance.runtime.postgres import Cluster
from benchmarks.measure import throwaway_home
from tests.footprint.exchange.packages import Package, gives, takes
from tests.servers import running_postgres

LIMITS = {"committed": 15.0, "current": 10.0}
PROCESSES, LINKS, EMISSIONS = 121, 7, 43
RUNS = 3
COMPANY = """
from accounts.models import Company, CompanyGroup
group = CompanyGroup.objects.create(code="bench", name_zh="bench", name_en="bench")
for number in range({runs}):
    name = f"bench-{{number}}"
    Company.objects.create(code=name, group=group, name_zh=name, name_en=name)
"""


def package(seed: int = 7) -> bytes:
    """Processes that take from seven others, the first forty in one loop, with emissions to the air."""
    chance = random.Random(seed)
    made = Package()
    names = [f"Process {number}" for number in range(PROCESSES)]
    for name in names:
        made.flow(f"Product of {name}")
    for number in range(EMISSIONS - 1):
        made.emission(f"Trace {number}")
    made.emission("Carbon dioxide")
    for place, name in enumerate(names):
        suppliers = names[: max(place, 40)]
        made.process(
            name,
            gives(f"Product of {name}", 1.0, "kg", reference=True),
            *(takes(f"Product of {other}", 0.05, "kg") for other in chance.sample(suppliers, LINKS)),
            gives("Carbon dioxide", chance.uniform(0.1, 2.0), "kg"),
            *(gives(f"Trace {number}", chance.random() * 1e-6, "kg") for number in range(EMISSIONS - 1)),
        )
    return made.zip()


def main() -> None:
    """Import a few times, each for a company of its own."""
    with throwaway_home() as directory, running_postgres(directory) as cluster:
        measure(directory, cluster)


def measure(directory: Path, cluster: Cluster) -> None:
    """A line for each run and each of the two limits."""
    sample = os.environ.get("OPENLCA_SAMPLE", "")
    place = next(iter(sorted(Path(sample).glob("*.zip"))), None) if sample else None
    if place is None:
        place = directory / "made.zip"
        place.write_bytes(package())
    manage(directory, cluster, "owner", "migrate", "-v0")
    manage(directory, cluster, "worker", "load_factors")
    manage(directory, cluster, "worker", "shell", "-v0", "-c", COMPANY.format(runs=RUNS))
    for number in range(RUNS):
        begun = time.monotonic()
        said = manage(
            directory,
            cluster,
            "worker",
            "import_openlca",
            str(place),
            "--company",
            f"bench-{number}",
            "--wait",
        )
        whole = time.monotonic() - begun
        committed, current = (float(found) for found in re.findall(r"(?:in|after) ([\d.]+) s", said))
        found = {"committed": committed, "current": current}
        for step, seconds in found.items():
            report = {"run": number, "step": step, "seconds": seconds, "limit": LIMITS[step]}
            ratio = round(seconds / LIMITS[step], 3)
            print(json.dumps({"benchmark": "import", "package": place.name, **report, "ratio": ratio}))
        print(
            json.dumps(
                {"benchmark": "import", "run": number, "step": "whole command", "seconds": round(whole, 2)}
            ),
            flush=True,
        )


def manage(directory: Path, cluster: Cluster, login: str, *words: str) -> str:
    """A management command with one of the three logins."""
    surroundings = {
        **os.environ,
        "DATABASE_URL": socket_url(cluster.sockets, LOGINS[login]),
        "DATABASE_LOGIN": login,
        "DATA_DIR": str(directory),
        "SECRET_KEY": "for-benchmarks-only-" + "x" * 40,
        "SECOND_FACTOR": "offered",
        "REDIS_URL": f"unix://{directory}/no-broker.sock",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    main()
