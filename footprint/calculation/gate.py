"""What figures say at the gate of a submission, and how the frozen copy keeps them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from accounts.actor import Actor
from accounts.figures import significant
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Thing
from footprint.calculation.models import Footprint
from footprint.calculation.quantities import figure_per
from footprint.calculation.queries import Freshness, footprints, freshness
from footprint.inventory.gate import WARNS, Finding
from footprint.inventory.line_categories import categories_of_providers, category_of
from footprint.inventory.models import Exchange, Inventory, Product
from footprint.inventory.providers import MAKES
from footprint.inventory.queries import inventory_lines
from footprint.rules.document.bands import Place, place
from footprint.rules.queries import PlausibleBand, footprint_bands

FIELDS = {
    "unknown_unit": "unit",
    "dimension_mismatch": "unit",
    "unknown_gas": "gas",
    "no_output": "amount",
    "not_finite": "amount",
    "not_made": "provider",
    "not_reported": "provider",
    "supplier_failed": "provider",
    "loop": "amount",
}
"""Which field of a line a fault is about."""


def figure_findings(actor: Actor, inventory: Inventory) -> Iterable[Finding]:
    """Every product has a footprint, it is current, and it lies where its rule expects it."""
    found = _figures(actor, inventory)
    states = freshness(actor, found)
    faulty = (
        Exchange.objects.visible_to(actor)
        .select_related("process")
        .in_bulk([each.error["exchange"] for each in found if each.error.get("exchange")])
    )
    yield from _missing(actor, inventory, found)
    bands = footprint_bands(actor, inventory.period_end)
    for each in found:
        name = _name(each.product)
        if states[each.pk] is Freshness.PENDING:
            yield Finding("figures", "not_current", process=each.process, words={"product": name})
        elif states[each.pk] is Freshness.FAILED:
            code = each.error.get("code", "unexpected")
            words = {"product": name, "why": code}
            line = faulty.get(each.error.get("exchange", 0))
            yield Finding(
                "figures", "failed_figure", process=each.process, line=line,
                field=FIELDS.get(code, ""), words=words,
            )  # fmt: skip
        else:
            yield from _implausible(each, bands)


def _missing(actor: Actor, inventory: Inventory, found: list[Footprint]) -> Iterable[Finding]:
    known: set[tuple[int, int | None]] = {(each.process_id, each.product_id) for each in found}
    made = Exchange.objects.visible_to(actor).filter(MAKES, process__inventory=inventory)
    for line in made.select_related("process", "product").order_by("process_id", "position", "pk"):
        if line.product and (line.process_id, line.product_id) not in known:
            known.add((line.process_id, line.product_id))
            words = {"product": _name(line.product)}
            yield Finding("figures", "no_figure", line=line, field="product", words=words)


def _implausible(each: Footprint, bands: Mapping[int, PlausibleBand]) -> Iterable[Finding]:
    found = bands.get(each.product.category_id or 0)
    value = None if found is None else _per(each, found.unit)
    if found is None or value is None:
        return
    if place(found.band, value) is Place.WITHIN:
        return
    low, high = found.band.low, found.band.high
    words = {
        "product": _name(each.product),
        "value": significant(value),
        "low": "0" if low is None else significant(low),
        "high": "∞" if high is None else significant(high),
        "source": found.words,
    }
    yield Finding("plausibility", "implausible", severity=WARNS, process=each.process, words=words)


def _per(each: Footprint, unit: str) -> Decimal | None:
    """The figure per unit of the rule; unknown where nothing says how much of the product that is."""
    product, value = each.product, each.kg_co2e_ar6
    thing = Thing(product.unit, product.conversions or {}, product.lhv_mj_per_unit)
    try:
        return None if value is None else figure_per(Decimal(str(value)), each.unit, unit, thing)
    except Fault:
        return None


def frozen_figures(actor: Actor, inventory: Inventory) -> list[dict[str, Any]]:
    """What was calculated, exactly; the digest names what the column was made of.

    ``taken``: the category of each line that the process takes in, by the line's public identifier. It is no
    part of the content that is hashed, so copies made before it was noted compare equal with later ones.
    """
    taken = _taken(actor, inventory)
    return [
        {
            "process": str(each.process.uuid),
            "process_code": each.process.code,
            "product": str(each.product.uuid),
            "product_code": each.product.code,
            "name_zh": each.product.name_zh,
            "name_en": each.product.name_en,
            "unit": each.unit,
            "category": each.product.category.code if each.product.category else "",
            "kg_co2e_ar5": None if each.kg_co2e_ar5 is None else repr(each.kg_co2e_ar5),
            "kg_co2e_ar6": None if each.kg_co2e_ar6 is None else repr(each.kg_co2e_ar6),
            "digest": each.input_digest,
            "taken": taken.get(each.process_id, {}),
        }
        for each in _figures(actor, inventory)
    ]


def _taken(actor: Actor, inventory: Inventory) -> dict[int, dict[str, str]]:
    rows = inventory_lines(actor, inventory)
    found = [line for line in rows if line.direction == Exchange.Direction.INPUT]
    prefetch_related_objects(found, "product__category")
    of_providers = categories_of_providers(found)
    taken: dict[int, dict[str, str]] = defaultdict(dict)
    for line in found:
        if code := category_of(line, of_providers):
            taken[line.process_id][str(line.uuid)] = code
    return taken


def _figures(actor: Actor, inventory: Inventory) -> list[Footprint]:
    found = footprints(actor).filter(inventory=inventory, company_id=inventory.company_id)
    return list(
        found.select_related("process", "product__category").order_by("process__code", "product__code")
    )


def _name(thing: Product) -> dict[str, str]:
    return {"name_zh": thing.name_zh, "name_en": thing.name_en}
