"""Store what another system tells of a company's products: all rows, or none; a product's key is its code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.bulk_sql import AT_ONCE, update_rows
from accounts.errors import Refusal, Refusals
from accounts.models import Company
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory.actions.product import FIELDS, check_in_use, conflicts, fill
from footprint.inventory.actions.upsert_lines import (
    MOST_REFUSALS,
    TELL_EVERY,
    Progress,
    Rows,
    Upserted,
    check_fields,
    refused_row,
)
from footprint.inventory.models import Product
from footprint.rules.models import ProductCategory

COUNTED = frozenset({"unit", "conversions", "kind", "lhv_mj_per_unit"})
"""What lines of the product rest on."""
PRODUCT = tuple(FIELDS)


@dataclass
class _Batch:
    present: dict[str, Product]
    categories: dict[str, ProductCategory]
    new: dict[str, Product] = field(default_factory=dict)
    changed: dict[frozenset[str], list[Product]] = field(default_factory=dict)
    done: list[Upserted] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)


@transaction.atomic
def upsert_products(
    company: Company, rows: Rows, *, by: Actor, progress: Progress | None = None
) -> list[Upserted]:
    """Add the products whose codes are new, change the others; what a row does not say stays as it is.

    Raises:
        NotAllowed; Refusals: each with its row, at most ``MOST_REFUSALS`` of them.
    """
    require(by, Permission.EDIT_PRODUCT, company_id=company.pk)
    codes = {str(row.get("code", "")).strip() for row in rows if isinstance(row, Mapping)}
    own = Product.objects.own(by).filter(company=company, code__in=codes).select_related("category")
    locked = own.select_for_update(of=("self",), no_key=True).order_by("pk")
    batch = _Batch(
        present={product.code: product for product in locked},
        categories={each.code: each for each in ProductCategory.objects.all()},
    )
    for number, row in enumerate(rows, start=1):
        _take(batch, company, number, row)
        if progress and number % TELL_EVERY == 0:
            progress(number, len(rows))
        if len(batch.refusals) >= MOST_REFUSALS:
            break
    if batch.refusals:
        raise Refusals(batch.refusals)
    with checks.refusing(conflicts()):
        Product.objects.bulk_create(batch.new.values(), batch_size=AT_ONCE)
        for columns, several in batch.changed.items():
            update_rows(several, columns)
    return batch.done


def _take(batch: _Batch, company: Company, number: int, row: object) -> None:
    try:
        _stage(batch, company, number, check_fields(row, PRODUCT))
    except Refusals as several:
        batch.refusals += [refused_row(refusal, number) for refusal in several.refusals]
    except Refusal as refusal:
        batch.refusals.append(refused_row(refusal, number))


def _stage(batch: _Batch, company: Company, number: int, row: Mapping[str, Any]) -> None:
    code = checks.code(row.get("code", ""), longest=80)
    if code in batch.keys:
        raise Refusal(_("Another row has this key."), field="code", code="duplicate_key")
    batch.keys.add(code)
    given = {**row, "code": code}
    if isinstance(category := given.get("category"), str) and category in batch.categories:
        given["category"] = batch.categories[category]
    product = batch.present.get(code)
    if product is None:
        product = Product(company=company)
        _needed(given, ("unit",))
        fill(product, given)
        batch.new[code] = product
        outcome = "created"
    else:
        changed = fill(product, given)
        if COUNTED & set(changed):
            check_in_use(Product.objects.get(pk=product.pk), product)
        if changed:
            batch.changed.setdefault(frozenset(map(_column, changed)), []).append(product)
        outcome = "changed" if changed else "unchanged"
    batch.done.append(Upserted(number, code, outcome, product.uuid))


def _needed(given: Mapping[str, Any], names: Sequence[str]) -> None:
    for name in names:
        if name not in given:
            raise Refusal(_("This must not be empty."), field=name, code="required")


def _column(name: str) -> str:
    return "category_id" if name == "category" else name
