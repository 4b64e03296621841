"""An inventory as one thing that can be hashed, signed for and compared: everything entered but prices.

Prices never leave the company, so they are not in what the alliance reads: nor is a hash of them, from which
they could be guessed. They are kept beside the copy, for its company alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.actor import Actor
from footprint.inventory.evidence import named_by_line
from footprint.inventory.models import (
    SCORES,
    AllocationAnswer,
    AllocationShare,
    Exchange,
    FrozenCopy,
    FrozenPrice,
    Inventory,
    OutputPrice,
    Product,
    UnitProcess,
)
from footprint.inventory.queries import inventory_lines, processes
from footprint.inventory.stages import stage_of

PROCESS_FIELDS = (
    "uuid", "code", "name_zh", "name_en", "technology", "allocation_method", "allocation_set", "price_years",
    "mass_loss_kg", "stock_change_kg", "energy_loss_mj", "ambient_celsius", "balance_comment",
)  # fmt: skip
LINE_FIELDS = (
    "uuid", "direction", "kind", "gas", "origin", "flow_name", "compartment", "amount", "unit",
    "is_reference", "is_avoided", "data_type", "gsd2", *SCORES,
    "allocation_basis", "allocation_basis_unit", "carrier", "reference_efficiency", "heat_celsius", "comment",
)  # fmt: skip
PRODUCT_FIELDS = (
    "uuid", "code", "name_zh", "name_en", "unit", "conversions", "lhv_mj_per_unit", "carbon_fraction",
)  # fmt: skip
PROCESS_WEIGHTS = ("price_years", "ambient_celsius", "answers")
LINE_WEIGHTS = (
    "allocation_basis", "allocation_basis_unit", "carrier", "reference_efficiency", "heat_celsius",
)  # fmt: skip
PRODUCT_WEIGHTS = ("unit", "conversions", "lhv_mj_per_unit")


def frozen(actor: Actor, inventory: Inventory) -> dict[str, Any]:
    """The content of an own inventory; a fixed number of queries."""
    by_process: dict[int, list[dict[str, Any]]] = defaultdict(list)
    files = named_by_line(actor, inventory)
    for line in inventory_lines(actor, inventory):
        told = {"evidence": files[line.uuid]} if line.uuid in files else {}
        by_process[line.process_id].append({**_line(line), **told})
    found = list(processes(actor, [inventory.pk]))
    shares = _by_process(AllocationShare, actor, found, _share, "product", "exchange")
    answers = _by_process(AllocationAnswer, actor, found, _answer)
    site = inventory.site
    return {
        "site": _fields(site, ("uuid", "code", "name_zh", "name_en", "province")),
        "title": inventory.title,
        "period_start": inventory.period_start.isoformat(),
        "period_end": inventory.period_end.isoformat(),
        "processes": [
            {
                **_fields(process, PROCESS_FIELDS),
                "shares": shares.get(process.pk, []),
                "answers": answers.get(process.pk, []),
                "lines": by_process[process.pk],
            }
            for process in found
        ],
    }


def weights(content: dict[str, Any]) -> dict[str, Any]:
    """What a content says that co-products can be weighed by, whatever method is in force."""
    found = {}
    for process in content["processes"]:
        made = [line for line in process["lines"] if _is_output(line)]
        if len({line["product"]["uuid"] for line in made}) > 1:
            of_lines = {line["uuid"]: _told(line, LINE_WEIGHTS) for line in made}
            of_products = {line["uuid"]: _told(line["product"], PRODUCT_WEIGHTS) for line in made}
            found[process["uuid"]] = (_told(process, PROCESS_WEIGHTS), of_lines, of_products)
    return found


def _is_output(line: dict[str, Any]) -> bool:
    """As the calculation says it: a product put out, or waste that is taken in to be treated."""
    if not line["product"] or line["is_avoided"]:
        return False
    is_treated: bool = line["direction"] == "input" and line["kind"] == "waste" and line["is_reference"]
    is_put_out: bool = line["direction"] == "output" and line["kind"] == "product"
    return is_treated or is_put_out


def _told(thing: dict[str, Any], names: Iterable[str]) -> list[Any]:
    return [thing.get(name) for name in names]


def prices(actor: Actor, inventory: Inventory) -> set[tuple[Any, ...]]:
    """The prices of an own inventory: line, year, price and currency."""
    found = OutputPrice.objects.visible_to(actor).filter(exchange__process__inventory=inventory)
    return set(found.values_list("exchange__uuid", "year", "price", "currency"))


def prices_of(actor: Actor, copy: FrozenCopy) -> set[tuple[Any, ...]]:
    """The prices as they were when an own copy was made."""
    found = FrozenPrice.objects.visible_to(actor).filter(submission=copy.submission_id, round=copy.round)
    return set(found.values_list("line", "year", "price", "currency"))


def _by_process(
    model: Any, actor: Actor, found: list[UnitProcess], told: Callable[[Any], dict[str, Any]], *names: str
) -> dict[int, list[dict[str, Any]]]:
    rows = model.objects.visible_to(actor).filter(process__in=found).order_by("process_id", "pk")
    sorted_rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.select_related(*names) if names else rows:
        sorted_rows[row.process_id].append(told(row))
    return sorted_rows


def _share(row: AllocationShare) -> dict[str, Any]:
    return {
        "product": row.product.code,
        "line": str(row.exchange.uuid) if row.exchange else "",
        "method": row.method,
        "share": plain(row.share),
    }


def _answer(row: AllocationAnswer) -> dict[str, Any]:
    return _fields(row, ("question", "answer", "basis", "source"))


def _line(line: Exchange) -> dict[str, Any]:
    # copies made before there were estimates compare equal with later ones
    left_out = {} if line.exempted_kg_co2e is None else _fields(line, ("exempted_kg_co2e",))
    return {
        **_fields(line, LINE_FIELDS),
        **left_out,
        "stage": stage_of(line),
        "product": _fields(line.product, PRODUCT_FIELDS) if line.product else None,
        "provider": _provider(line),
    }


def _provider(line: Exchange) -> dict[str, Any] | None:
    """Who provides, by what identifies it for ever."""
    if line.provider_process is not None:
        return {"kind": "process", **_fields(line.provider_process, ("uuid", "code", "name_zh", "name_en"))}
    if line.provider_product is not None:
        product: Product = line.provider_product
        seller = {"company_zh": product.company.name_zh, "company_en": product.company.name_en}
        return {"kind": "product", **_fields(product, ("uuid", "code", "name_zh", "name_en")), **seller}
    if line.factor_version is not None:
        factor = line.factor_version.factor
        version = {"number": str(line.factor_version.number), "digest": line.factor_version.digest}
        return {"kind": "factor", **_fields(factor, ("uuid", "code", "name_zh", "name_en")), **version}
    return None


def _fields(thing: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: plain(getattr(thing, name)) for name in names}


def plain(value: Any) -> Any:
    """As JSON writes it for ever: exact decimals and days as text, the same number always the same."""
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, UUID | date):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return repr(value)
    return value


def _digits(value: Decimal) -> str:
    """Every digit and no nought behind them: normalising would round to the context's precision."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"
