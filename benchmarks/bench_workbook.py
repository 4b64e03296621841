"""How long an inventory of 5,000 lines takes as a workbook: written, compared when it comes back, stored.

Prints one JSON object per line: the workbook written; compared as nobody touched it, with every tenth amount
changed, with every amount changed, with every line removed; and the last three stored. Comparing counts from
the bytes of the upload to the stored comparison, the confined process included; storing to what is committed.
PostgreSQL runs as in production. Usage:
python benchmarks/bench_workbook.py [LINES]
"""

from __future__ import annotations

import io
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.runtime.postgres import Cluster
from benchmarks.bench_import import manage
from benchmarks.measure import say
from tests.servers import stopping, wait_until

LINES, LIMIT_SECONDS, A_PROCESS = 5_000, 5.0, 50
EDITS = (
    ("nothing changed", "amount", 0),
    ("a tenth changed", "amount", 10),
    ("all changed", "amount", 1),
    ("all removed", "remove", 1),
)
"""How a workbook comes back: which column is edited, in every how many-th line."""
CALL = "from benchmarks.bench_workbook import inside; inside({lines})"


def main() -> None:
    """A cluster of its own, and the work inside the product."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    with tempfile.TemporaryDirectory(prefix="pcf-bench-") as made:
        directory = Path(made)
        directory.chmod(0o755)
        cluster = Cluster.under(directory)
        cluster.create()
        with (
            (directory / "postgres.log").open("ab") as log,
            stopping(cluster.start(log=log.fileno()), signal.SIGINT),
        ):
            wait_until(cluster.is_ready, "PostgreSQL ready")
            cluster.provide()
            manage(directory, cluster, "owner", "migrate", "-v0")
            print(
                manage(directory, cluster, "worker", "shell", "-v0", "-c", CALL.format(lines=lines)), end=""
            )


def inside(lines: int) -> None:
    """One inventory, and everything that is done with its workbook."""
    from accounts.visibility import acting_as
    from footprint.exchange.workbook.content import handed_out
    from footprint.exchange.workbook.writing import write

    owner, inventory = _plant(lines)
    with _timed("written", lines) as told, acting_as(owner):
        content = write(handed_out(owner, inventory, "zh-hans"))
        told["kilobytes"] = len(content) / 1024
    for name, column, every in EDITS:
        back = _edited(content, column, every) if every else content
        _come_back(owner, inventory, back, name, lines)
        with acting_as(owner):
            content = write(handed_out(owner, inventory, "zh-hans"))


def _come_back(owner: Any, inventory: Any, content: bytes, name: str, lines: int) -> None:
    from django.utils import timezone

    from accounts.visibility import acting_as
    from footprint.exchange.actions import apply_workbook, take_in_workbook

    with _timed(f"compared, {name}", lines, limit=LIMIT_SECONDS) as told, acting_as(owner):
        upload = take_in_workbook(inventory, by=owner, file_name="x.xlsx", content=content)
        told |= {key: upload.summary[key] for key in ("changed", "removed", "unchanged", "refused")}
    if told["changed"] or told["removed"]:
        with _timed(f"stored, {name}", lines), acting_as(owner):
            apply_workbook(upload, by=owner, at=timezone.now(), version=upload.version)


@contextmanager
def _timed(name: str, lines: int, limit: float = 0.0) -> Iterator[dict[str, Any]]:
    told: dict[str, Any] = {}
    begun = time.monotonic()
    yield told
    seconds = time.monotonic() - begun
    limited = {"limit": limit, "ratio": seconds / limit} if limit else {}
    say("workbook", name, lines=lines, seconds=seconds, **limited, **told)


def _plant(lines: int) -> tuple[Any, Any]:
    """Processes with a product each, inputs from processes, products and factors, and emissions."""
    from accounts.actor import Actor
    from accounts.roles import Role
    from accounts.visibility import acting_as
    from footprint.inventory.models import Exchange, Inventory
    from tests import builders as new

    with acting_as(Actor.worker()):
        company = new.company("bench")
        inventory = Inventory.objects.create(
            company=company,
            site=new.site(company),
            period_start=date(2025, 1, 1),
            period_end=date(2025, 12, 31),
        )
        new.gwp()
        factor = new.factor_version("0.5")
        bought = [new.product(company, f"bought-{number}", "kWh") for number in range(40)]
        rows: list[Exchange] = []
        before = None
        for number in range(lines // A_PROCESS):
            process = new.process(inventory, f"P-{number:03}")
            made = new.product(company, f"made-{number}")
            common = {"company": company, "process": process}
            rows.append(
                Exchange(**common, direction="output", kind="product", product=made, amount=9, unit="kg")
            )
            for place in range(A_PROCESS - 1):
                line = Exchange(**common, position=place + 1, amount=place + 1)
                if place % 3 == 0:
                    line.direction, line.kind, line.gas, line.origin = "output", "elementary", "CO2", "fossil"
                    line.unit = "kg"
                elif place % 3 == 1 and before is not None:
                    line.direction, line.kind, line.unit = "input", "product", "kg"
                    line.product, line.provider_process = before
                else:
                    line.direction, line.kind, line.unit = "input", "product", "kWh"
                    line.product, line.factor_version = bought[place % 40], factor
                rows.append(line)
            before = (made, process)
        Exchange.objects.bulk_create(rows)
        return new.actor(company, Role.OWNER), inventory


def _edited(content: bytes, column: str, every: int) -> bytes:
    """The workbook with another amount in each line, or in some; or with each line marked to be removed."""
    import openpyxl

    from footprint.exchange.workbook.layout import FIRST_ROW

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[1]
    places = {cell.value: cell.column for cell in sheet[1]}
    for row in range(FIRST_ROW, sheet.max_row + 1, every):
        if sheet.cell(row, places["key"]).value:
            cell = sheet.cell(row, places[column])
            cell.value = "删除" if column == "remove" else cell.value + 0.5
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


if __name__ == "__main__":
    main()
