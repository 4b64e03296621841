"""How long a published footprint takes on paper, in both languages, and whether the bytes are the same.

Prints one JSON object per line: the PDF in Chinese, in English, and of a content with twelve profiles of nine
parts each. The first drawing, which reads the fonts, is told apart. No database. Usage:
python benchmarks/bench_declaration.py [TIMES]
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import say

TIMES, LIMIT_SECONDS = 30, 1.0
ADDRESS = "https://pcf.example/declarations/00000000-0000-0000-0000-000000000001/"
PARTS = (
    "fossil",
    "technological_removal",
    "biogenic_other",
    "biogenic_uptake",
    "land_use_change",
    "land_management",
    "land_removal",
    "aircraft",
    "biogenic_release",
)


def main() -> None:
    """Draw it again and again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    os.environ.setdefault("SECRET_KEY", "only-for-this-" + "x" * 50)
    os.environ.setdefault("DATABASE_URL", "postgresql://pcf_owner@%2Fnonexistent/pcf")
    import django

    django.setup()
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    for name, profiles in (("declaration", 3), ("declaration with twelve profiles", 12)):
        for language in ("zh", "en"):
            _measure(name, content(profiles), language, times)


def _measure(name: str, told: dict[str, Any], language: str, times: int) -> None:
    from footprint.publication.pages.paper import drawn

    taken, files = [], set()
    for _time in range(times):
        before = time.perf_counter()
        files.add(drawn(told, "a.b." + "c" * 6_000, "key", language=language, address=ADDRESS))
        taken.append(time.perf_counter() - before)
    say(
        "declaration",
        name,
        language=language,
        first_seconds=round(taken[0], 3),
        median_seconds=round(statistics.median(taken), 3),
        worst_seconds=round(max(taken[1:], default=taken[0]), 3),
        kilobytes=round(max(map(len, files)) / 1024),
        different_files=len(files),
        limit=LIMIT_SECONDS,
    )


def content(profiles: int) -> dict[str, Any]:
    """As a publication has it."""
    return {
        "id": str(UUID(int=1)),
        "number": 1,
        "precedingPfIds": [],
        "created": "2026-05-04",
        "company": {"id": "x", "nameZh": "演示石化公司", "nameEn": "A company", "demonstration": True},
        "product": {"id": "x", "code": "ethylene", "nameZh": "乙烯", "nameEn": "Ethylene"},
        "declaredUnit": "kg",
        "declaredUnitAmount": "1",
        "referencePeriodStart": "2025-01-01",
        "referencePeriodEnd": "2025-12-31",
        "validityPeriodEnd": "2028-12-31",
        "geography": {"country": "CN", "subdivision": "CN-SD"},
        "pcf": {"AR6": "1.2345678", "AR5": "1.2"},
        "byProfile": [
            {
                "profile": f"pact-v3-{number}",
                "number": 1,
                "gwpSet": "AR6",
                "pcf": "1.2345678",
                "includingBiogenicUptake": "1.2",
                "excludingBiogenicUptake": "1.2",
                "exemptedShare": "0.01",
                "parts": dict.fromkeys(PARTS, "0.1371742"),
            }
            for number in range(profiles)
        ],
        "primaryDataShare": "0.71",
        "dataQuality": {"technology": "1.5", "time": "2", "geography": "1.2"},
        "allocation": {"method": "mass", "share": "0.51"},
        "calculation": {
            "run": str(UUID(int=2)),
            "engine": "1.2",
            "inputDigest": "0" * 64,
            "factors": {"count": 12, "hash": "0" * 64},
        },
        "acceptance": {"decidedAt": "2026-04-01T08:00:00+00:00"},
    }


if __name__ == "__main__":
    main()
