"""A real database of 121 processes against reference figures; only where a copy of it is at hand.

Set OPENLCA_SAMPLE to a directory with ``uslci_petrochem_jsonld.zip``, ``reference_sample.csv`` and
``correction_event_example.csv``. The rules themselves are proven without it in test_openlca_import.py.
"""

from __future__ import annotations

import csv
import io
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.queries import actor_for_company
from factors.actions.load_seed import load_seed
from factors.seed.reading import read
from footprint.calculation import ledger
from footprint.exchange.queries import columns
from footprint.inventory.actions import change_exchange, remove_exchange
from footprint.inventory.models import Exchange, Inventory
from tests import builders as new

SAMPLE = os.environ.get("OPENLCA_SAMPLE", "")
ZIP = "uslci_petrochem_jsonld.zip"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not SAMPLE, reason="OPENLCA_SAMPLE names no directory"),
]


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((Path(SAMPLE) / name).open(encoding="utf-8")))


def exported(gwp: str) -> dict[tuple[str, str], dict[str, str]]:
    out = io.StringIO()
    call_command("export_footprints", company="acme", gwp=gwp, format="csv", stdout=out)
    found = csv.DictReader(io.StringIO(out.getvalue()))
    return {(row["process_uuid"], row["flow_uuid"]): row for row in found}


def deviation(gwp: str) -> float:
    """The largest relative deviation over the rows of the reference."""
    figures = exported(gwp)
    assert len(figures) == 149
    worst = 0.0
    for row in rows("reference_sample.csv"):
        ours = figures[row["process_uuid"], row["flow_uuid"]]
        theirs = float(row[f"gwp100_{gwp.lower()}_per_unit"])
        assert ours["unit"] == row["unit"]
        worst = max(worst, abs(float(ours["kg_co2e_per_unit"]) / theirs - 1))
    return worst


def correct() -> None:
    """The curators' correction, through the product's own actions."""
    actor = actor_for_company(Inventory.objects.get().company)
    for row in rows("correction_event_example.csv"):
        line = Exchange.objects.get(
            process__external_uuid=row["process_uuid"],
            product__external_uuid=row["flow_uuid"],
            direction=row["direction"],
        )
        assert float(line.amount) == float(row["old"])
        if row["action"] == "delete":
            remove_exchange(line, by=actor, version=line.version)
        else:
            change_exchange(line, by=actor, version=line.version, amount=row["new"])


def test_every_reference_figure_and_the_correction() -> None:
    load_seed(read())
    new.company("acme")
    begun = time.monotonic()
    out: Any = io.StringIO()
    call_command("import_openlca", Path(SAMPLE) / ZIP, company="acme", wait=True, stdout=out, stderr=out)
    print(json.dumps({"seconds": time.monotonic() - begun, "said": out.getvalue()}))
    found = {gwp: deviation(gwp) for gwp in ("AR5", "AR6")}
    print(json.dumps(found))
    assert max(found.values()) < 1e-6

    before = exported("AR5")
    correct()
    ledger.drain()
    after = exported("AR5")
    moved = {key for key in before if before[key] != after[key]}
    assert len(moved) == 1
    (key,) = moved
    assert key[0] == rows("correction_event_example.csv")[0]["process_uuid"]
    assert float(before[key]["kg_co2e_per_unit"]) == pytest.approx(2.5249, abs=5e-5)
    assert float(after[key]["kg_co2e_per_unit"]) == pytest.approx(2.5304, abs=5e-5)
    assert (
        len(columns(actor_for_company(Inventory.objects.get().company), Inventory.objects.get().company))
        == 149
    )
