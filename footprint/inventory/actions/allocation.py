"""Declare the shares of co-products, and the prices behind an economic allocation."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.checks import Findings, lookup
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory import measures
from footprint.inventory.actions.process import change_process, coproducts
from footprint.inventory.models import AllocationShare, Exchange, OutputPrice, Product, UnitProcess
from footprint.inventory.providers import MAKES, makes, named

SUMS_TO_ONE = Decimal("1e-9")


@dataclass(frozen=True)
class Share:
    """The part of a process's burden, or of one of its lines, that a co-product carries.

    ``product`` and ``exchange`` are rows or their public identifiers.
    """

    product: Any
    share: Any
    exchange: Any = None


@transaction.atomic
def set_allocation_shares(
    process: UnitProcess, *, by: Actor, version: int | None, shares: Sequence[Share], name: str = "declared"
) -> UnitProcess:
    """Replace one set of declared shares and put it in force; with shares per line it is a causal set.

    Raises:
        NotAllowed, Refusal, Refusals, Stale.
    """
    site_id = process.inventory.site_id
    require(by, Permission.EDIT_INVENTORY, company_id=process.company_id, site_id=site_id)
    name = checks.name(name, field="name", longest=20, required=True)
    rows = _read(process, shares)
    _check(process, rows)
    process.allocation_shares.filter(method=name).delete()
    AllocationShare.objects.bulk_create(
        AllocationShare(
            company_id=process.company_id,
            process=process,
            product=product,
            exchange=line,
            method=name,
            share=share,
        )
        for product, line, share in rows
    )
    causal = any(line for _product, line, _share in rows)
    method = UnitProcess.Allocation.CAUSAL if causal else UnitProcess.Allocation.DECLARED
    checks.write(process, version=version, changes={"allocation_method": method, "allocation_set": name})
    return process


Row = tuple[Product, Exchange | None, Decimal]


def _read(process: UnitProcess, shares: Sequence[Share]) -> list[Row]:
    findings = Findings()
    made = [line.product for line in coproducts(process) if line.product]
    lines = list(process.exchanges.all())
    rows: list[Row] = []
    for number, given in enumerate(shares, start=1):
        with findings.collecting():
            product = _among(made, given.product, number, _("This process does not make this product."))
            line = given.exchange and _among(
                lines, given.exchange, number, _("This process has no such line.")
            )
            rows.append((product, line or None, _fraction(given.share, number)))
    seen: set[tuple[int, int | None]] = set()
    for number, (product, line, _share) in enumerate(rows, start=1):
        key = (product.pk, line.pk if line else None)
        if key in seen:
            message = _("%(product)s has two shares.") % {"product": named(product)}
            findings.refusals.append(Refusal(message, field="shares", row=number, code="duplicate_share"))
        seen.add(key)
    findings.settle()
    return rows


def _among(candidates: Sequence[Any], given: object, row: int, refusal: str) -> Any:
    key = lookup(given)
    for each in candidates:
        if key and all(getattr(each, part) == value for part, value in key.items()):
            return each
    raise Refusal(refusal, field="shares", row=row, code="not_found")


def _fraction(given: object, row: int) -> Decimal:
    try:
        share = measures.number(given, field="shares")
    except Refusal as refusal:
        raise Refusal(refusal.message, field="shares", row=row, code=refusal.code) from refusal
    if not 0 <= share <= 1:
        raise Refusal(_("A share lies between 0 and 1."), field="shares", row=row, code="not_a_share")
    return share


def _check(process: UnitProcess, rows: list[Row]) -> None:
    """Every co-product is named and the shares sum to one: over the process, and over each line named.

    No line is left out: those without shares of their own take the process's.
    """
    findings = Findings()
    grouped: dict[Exchange | None, dict[int, Decimal]] = defaultdict(dict)
    for product, line, share in rows:
        grouped[line][product.pk] = share
    if not grouped:
        findings.add(_("Enter the share of each co-product."), field="shares", code="shares_missing")
    for group in grouped.values():
        for line in coproducts(process):
            if line.product and line.product_id not in group:
                message = _("%(product)s has no share. Enter 0 if it carries nothing.")
                findings.add(
                    message % {"product": named(line.product)}, field="shares", code="missing_coproduct"
                )
        total = sum(group.values(), Decimal(0))
        if abs(total - 1) > SUMS_TO_ONE:
            message = _("The shares sum to %(total)s; they must sum to 1.")
            findings.add(message % {"total": format(total, "f")}, field="shares", code="shares_do_not_sum")
    if grouped and None not in grouped:
        _add_left_out(process, {line.pk for line in grouped if line}, findings)
    findings.settle()


def _add_left_out(process: UnitProcess, named_lines: set[int], findings: Findings) -> None:
    """Lines whose burden nobody would carry."""
    carried = process.exchanges.exclude(MAKES).exclude(pk__in=named_lines).order_by("position", "pk")
    for line in carried.select_related("product"):
        message = _("%(line)s has no shares. Enter them, or shares of the process for what is common to all.")
        name = named(line.product) if line.product else line.flow_name or line.gas
        findings.add(message % {"line": name}, field="shares", code="line_left_out")


@transaction.atomic
def set_allocation_basis(
    process: UnitProcess,
    *,
    by: Actor,
    version: int | None,
    unit: Any,
    amounts: Sequence[tuple[Exchange, Any]],
) -> UnitProcess:
    """Say what each co-product weighs, all in one unit, and put allocation by these amounts in force.

    Raises:
        NotAllowed, Refusal, Refusals, Stale.
    """
    site_id = process.inventory.site_id
    require(by, Permission.EDIT_INVENTORY, company_id=process.company_id, site_id=site_id)
    findings = Findings()
    with findings.collecting():
        unit = measures.unit(unit)
    read = [_basis(given, number, findings) for number, (_line, given) in enumerate(amounts, start=1)]
    findings.settle()
    if not any(read):
        message = _("At least one amount must be greater than 0.")
        raise Refusal(message, field="unit", code="no_basis")
    for (line, _given), amount in zip(amounts, read, strict=True):
        own = Exchange.objects.filter(pk=line.pk, process=process)
        own.update(allocation_basis=amount, allocation_basis_unit=unit, version=F("version") + 1)
    return change_process(process, by=by, version=version, allocation_method=UnitProcess.Allocation.CUSTOM)


def _basis(given: Any, row: int, findings: Findings) -> Decimal | None:
    with findings.collecting():
        return measures.amount(given, field=f"line_{row}")
    return None


class NoPrice(Refusal):
    """The line has no price of this year."""

    code = "not_found"
    status = 404


@transaction.atomic
def set_price(
    exchange: Exchange,
    *,
    by: Actor,
    year: Any,
    price: Any,
    currency: str | None = None,
    version: int | None = None,
) -> OutputPrice:
    """The price of an output for a year, per unit of the line; it stays within the company.

    ``version`` is the line's, which every price moves on; without a currency, the one the process has.

    Raises:
        NotAllowed, Refusal, Refusals, Stale.
    """
    require(by, Permission.EDIT_PRODUCT, company_id=exchange.company_id)
    currency = currency or _currency(exchange)
    findings = Findings()
    if not makes(exchange):
        findings.add(_("Only what a process makes has a price here."), field="exchange", code="not_an_output")
    if not isinstance(year, int) or not 1990 <= year <= 2100:
        findings.add(_("The year must be between 1990 and 2100."), field="year", code="absurd_period")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        findings.add(_("A currency has three letters, like CNY."), field="currency", code="unknown_currency")
    with findings.collecting():
        price = measures.price(price)
    findings.settle()
    checks.write(exchange, version=version, changes={})
    _check_currency(exchange, year, currency)
    found, _created = OutputPrice.objects.update_or_create(
        exchange=exchange,
        year=year,
        defaults={"company_id": exchange.company_id, "price": price, "currency": currency},
    )
    return found


@transaction.atomic
def remove_price(exchange: Exchange, *, by: Actor, year: int, version: int | None = None) -> None:
    """Take the price of a year away.

    Raises:
        NotAllowed, NoPrice, Stale.
    """
    require(by, Permission.EDIT_PRODUCT, company_id=exchange.company_id)
    checks.write(exchange, version=version, changes={})
    removed, _rows = OutputPrice.objects.filter(exchange=exchange, year=year).delete()
    if not removed:
        raise NoPrice(_("The line has no price of %(year)s.") % {"year": year}, field="year")


@transaction.atomic
def put_price(exchange: Exchange, *, by: Actor, year: Any, price: Any) -> None:
    """As a row of prices is filled in: in the currency the process has, an empty price taken away, an equal
    one left alone.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    require(by, Permission.EDIT_PRODUCT, company_id=exchange.company_id)
    stored = OutputPrice.objects.filter(exchange=exchange, year=year).first()
    if price in (None, ""):
        if stored is not None:
            remove_price(exchange, by=by, year=year)
    elif stored is None or stored.price != measures.price(price):
        set_price(exchange, by=by, year=year, price=price)


def _currency(exchange: Exchange) -> str:
    known = OutputPrice.objects.filter(exchange__process_id=exchange.process_id).first()
    return known.currency if known else "CNY"


def _check_currency(exchange: Exchange, year: int, currency: str) -> None:
    """One currency for all products and years: prices of several are averaged and compared."""
    UnitProcess.objects.select_for_update().get(pk=exchange.process_id)  # nobody else begins another one
    others = OutputPrice.objects.filter(exchange__process_id=exchange.process_id)
    other = others.exclude(exchange=exchange, year=year).exclude(currency=currency).first()
    if other is not None:
        message = _("The other prices of this process are in %(currency)s. Give this one in it, too.")
        raise Refusal(message % {"currency": other.currency}, field="currency", code="mixed_currencies")
