"""What a file of 200,000 factor versions costs the web: seconds, megabytes, and how far the memory grows.

Versions come from a generator, two gases each, so that only the writing is measured, each format in a process
of its own. Prints one JSON object per line. Usage: python benchmarks/bench_exports.py [VERSIONS]
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import say, throwaway_home

NAME = "exports"


def datasets(versions: int) -> Iterator[Any]:
    """Made one by one."""
    from factors.content import Emission
    from factors.openlca import Dataset

    for number in range(versions):
        gases = (Emission("CO2", "fossil", Decimal(number)), Emission("CH4", "unspecified", Decimal("0.01")))
        yield Dataset(
            str(UUID(int=number)),
            f"甲醇 牌号 {number}",
            "kg",
            "CN",
            2024,
            "从摇篮到大门",
            "source; table 1",
            gases,
        )


def lines(versions: int) -> Iterator[list[str]]:
    """As the list of factors writes them: twenty cells for each gas."""
    from accounts.exports import Figure

    for number in range(versions):
        for gas in ("CO2", "CH4"):
            yield [f"factor-{number}", *(["甲醇"] * 10), gas, "fossil", Figure("0.531"), *(["来源"] * 6)]


def formats(versions: int) -> dict[str, Callable[[], Any]]:
    """Each file as the web answers it."""
    from accounts.exports import ARCHIVE_TYPE, csv_answer, written_answer, xlsx_answer
    from factors import openlca

    heads = [f"c{place}" for place in range(20)]
    return {
        "csv": lambda: csv_answer("x.csv", heads, lines(versions)),
        "xlsx": lambda: xlsx_answer("x.xlsx", heads, lines(versions)),
        "openlca": lambda: written_answer(
            lambda file: openlca.write_package(datasets(versions), file), "x.zip", ARCHIVE_TYPE
        ),
    }


def measured(name: str, make: Callable[[], Any], versions: int) -> None:
    """In a process of its own, for the largest size of one never shrinks."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    size = sum(map(len, make()))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    say(
        NAME, name, versions=versions, seconds=time.perf_counter() - begun, megabytes=size / 2**20,
        grown_megabytes=grown / 2**10,
    )  # fmt: skip
    os._exit(0)


def main() -> None:
    """Format by format."""
    versions = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with throwaway_home() as directory:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "alliance.settings", "DATA_DIR": str(directory),
            "DATABASE_LOGIN": "owner",
            "DATABASE_URL": "postgresql://pcf_owner@%2Fnonexistent/pcf",
            "SECRET_KEY": "for-benchmarks-only-" + "x" * 40,
        }  # fmt: skip
        import django

        django.setup()
        for name, make in formats(versions).items():
            measured(name, make, versions)


if __name__ == "__main__":
    main()
