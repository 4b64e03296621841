"""Write a plan's rows in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from django.db.models import Q

from factors import units
from footprint.exchange.confined.problems import Problems
from footprint.exchange.openlca.plan import LineRow, Plan, ProductRow
from footprint.inventory.models import AllocationShare, Exchange, Inventory, Product, UnitProcess

BATCH = 2000
SAME = Decimal("1e-9")
T = TypeVar("T")


def store(
    inventory: Inventory, planned: Plan, *, takes_over: bool, progress: Callable[[int, int], None]
) -> None:
    """Products, processes, exchanges and shares of the plan.

    A product of the company with the flow's UUID, theirs or ours, is used again. Where its conversions differ
    from the file's, the file wins if it ``takes_over``.

    Raises:
        Unreadable: an existing product cannot take the file's unit or conversion.
    """
    products = _store_products(inventory, planned, takes_over)
    processes = _store_processes(inventory, planned)
    every = len(planned.lines) + len(planned.shares)
    done = 0
    lines: dict[tuple[str, int], int] = {}
    for rows in _batches(planned.lines):
        stored = Exchange.objects.bulk_create(_exchange(inventory, row, products, processes) for row in rows)
        lines |= {(row.process, row.position): line.pk for row, line in zip(rows, stored, strict=True)}
        done += len(rows)
        progress(done, every)
    for shares in _batches(planned.shares):
        AllocationShare.objects.bulk_create(
            AllocationShare(
                company_id=inventory.company_id,
                process_id=processes[row.process],
                product_id=products[row.flow],
                exchange_id=None if row.position is None else lines[row.process, row.position],
                method=row.method,
                share=row.share,
            )
            for row in shares
        )
        done += len(shares)
        progress(done, every)


def _batches(rows: tuple[T, ...]) -> Iterator[list[T]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _store_products(inventory: Inventory, planned: Plan, takes_over: bool) -> dict[str, int]:
    own = Product.objects.filter(company_id=inventory.company_id)
    flows = [row.flow for row in planned.products]
    present = {
        str(product.external_uuid or product.uuid): product
        for product in own.filter(Q(external_uuid__in=flows) | Q(external_uuid=None, uuid__in=flows))
    }
    _reconcile(planned, present, takes_over)
    taken = set(own.values_list("code", flat=True))
    new = [row for row in planned.products if row.flow not in present]
    created = Product.objects.bulk_create(
        [
            Product(
                company_id=inventory.company_id,
                code=row.flow if row.code in taken else row.code,
                name_zh=row.name,
                name_en=row.name,
                unit=row.unit,
                kind=row.kind,
                conversions=row.conversions,
                external_uuid=row.flow,
            )
            for row in new
        ],
        batch_size=BATCH,
    )
    found = {flow: product.pk for flow, product in present.items()}
    return found | {row.flow: product.pk for row, product in zip(new, created, strict=True)}


def _reconcile(planned: Plan, present: dict[str, Product], takes_over: bool) -> None:
    problems = Problems()
    changed: list[Product] = []
    for row in planned.products:
        product = present.get(row.flow)
        if product is not None and _agree(row, product, takes_over, problems):
            changed.append(product)
    problems.raise_if_any()
    Product.objects.bulk_update(changed, ["conversions"], batch_size=BATCH)


def _agree(row: ProductRow, product: Product, takes_over: bool, problems: Problems) -> bool:
    """Whether the product's conversions were changed to the file's."""
    file = f"flows/{row.flow}.json"
    if not units.same_dimension(row.unit, product.unit):
        problems.error("product_unit_differs", file, "flowProperties", ours=product.unit, theirs=row.unit)
        return False
    scale = units.convert(Decimal(1), product.unit, row.unit)
    merged = dict(product.conversions)
    for unit, written in row.conversions.items():
        theirs = Decimal(written) * scale
        ours = Decimal(str(merged.get(unit, theirs)))
        if abs(ours / theirs - 1) > SAME and not takes_over:
            values = {"unit": product.unit, "value": unit, "ours": ours, "theirs": theirs.normalize()}
            problems.error("conversion_differs", file, "flowProperties", **values)
        elif unit not in merged or abs(ours / theirs - 1) > SAME:
            merged[unit] = format(theirs.normalize(), "f")
    if merged == product.conversions:
        return False
    product.conversions = merged
    return True


def _store_processes(inventory: Inventory, planned: Plan) -> dict[str, int]:
    created = UnitProcess.objects.bulk_create(
        [
            UnitProcess(
                company_id=inventory.company_id,
                inventory=inventory,
                code=row.code,
                name_zh=row.name,
                name_en=row.name,
                technology=row.technology,
                allocation_method=row.method,
                allocation_set=row.allocation_set,
                external_uuid=row.id,
            )
            for row in planned.processes
        ],
        batch_size=BATCH,
    )
    return {row.id: process.pk for row, process in zip(planned.processes, created, strict=True)}


def _exchange(
    inventory: Inventory, row: LineRow, products: dict[str, int], processes: dict[str, int]
) -> Exchange:
    is_elementary = row.kind == Exchange.Kind.ELEMENTARY
    return Exchange(
        company_id=inventory.company_id,
        process_id=processes[row.process],
        position=row.position,
        direction=row.direction,
        kind=row.kind,
        product_id=None if is_elementary else products[row.flow],
        gas=row.gas,
        origin=row.origin,
        flow_name=row.name if is_elementary else "",
        compartment=row.compartment if is_elementary else "",
        external_uuid=row.flow,
        amount=row.amount,
        unit=row.unit,
        is_reference=row.is_reference,
        is_avoided=row.is_avoided,
        provider_process_id=processes[row.provider] if row.provider else None,
        comment=row.comment,
        exempted_kg_co2e=row.exempted_kg_co2e,
    )
