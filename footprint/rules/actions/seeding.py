"""Load the product categories that come with the product."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.db import transaction

from footprint.rules.models import ProductCategory

SEED = Path(__file__).resolve().parents[1] / "seed" / "categories.csv"


def load_categories(*, rows: Iterable[Mapping[str, str]] | None = None) -> int:
    """Create or refresh the categories in their order along the chain; answers how many there are.

    A category's unit is never changed once it exists: its footprints are declared in it.
    """
    wanted = [_category(position, row) for position, row in enumerate(_seed() if rows is None else rows, 1)]
    with transaction.atomic():
        ProductCategory.objects.bulk_create(
            wanted, update_conflicts=True, unique_fields=["code"], update_fields=REFRESHED
        )
    return len(wanted)


REFRESHED = [
    "name_zh",
    "name_en",
    "cpc_code",
    "hs_code",
    "position",
]


def _seed() -> list[dict[str, str]]:
    with SEED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _category(position: int, row: Mapping[str, str]) -> ProductCategory:
    return ProductCategory(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        unit=row["unit"],
        cpc_code=row["cpc_code"],
        hs_code=row["hs_code"],
        position=position * 10,
    )
