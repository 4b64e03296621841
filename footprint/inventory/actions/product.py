"""Add and change products."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.checks import Findings
from accounts.errors import Refusal
from accounts.models import Company
from accounts.policy import require
from accounts.roles import Permission
from factors import units
from footprint.inventory import composition, identifiers, measures
from footprint.inventory.models import Exchange, Product
from footprint.inventory.models.product import CN_CODE
from footprint.inventory.providers import nature
from footprint.rules.models import ProductCategory


def add_product(company: Company, *, by: Actor, code: str, unit: str, **details: Any) -> Product:
    """A product or waste of a company, counted in its declared unit.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    require(by, Permission.EDIT_PRODUCT, company_id=company.pk)
    product = Product(company=company)
    fill(product, {"code": code, "unit": unit, **details})
    with checks.refusing(conflicts()):
        product.save(force_insert=True)
    return product


@transaction.atomic
def change_product(product: Product, *, by: Actor, version: int | None, **changes: Any) -> Product:
    """Change a product. What its lines are counted in must stay possible.

    Raises:
        NotAllowed, Refusal, Refusals, Stale.
    """
    require(by, Permission.EDIT_PRODUCT, company_id=product.company_id)
    stored = Product.objects.get(pk=product.pk)
    changed = fill(product, changes)
    check_in_use(stored, product)
    with checks.refusing(conflicts()):
        checks.write(product, version=version, changes=changed)
    return product


def conflicts() -> dict[str, Refusal]:
    taken = _("Another product of this company has this code already.")
    twin = _("Another product of this company has this identifier already.")
    return {
        "product_code_in_company": Refusal(taken, field="code", code="duplicate_code"),
        "product_external_uuid_once": Refusal(twin, field="external_uuid", code="duplicate_identifier"),
    }


def fill(product: Product, given: Mapping[str, Any]) -> dict[str, Any]:
    """Put what was asked into the product and check the whole; what differs from before.

    Raises:
        Refusal, Refusals.
    """
    checks.known(given, FIELDS)
    before = {field: getattr(product, field) for field in FIELDS}
    findings = Findings()
    for field, read in FIELDS.items():
        if field in given:
            with findings.collecting():
                setattr(product, field, read(given[field]))
    if "conversions" in given and not findings.refusals:
        with findings.collecting():
            product.conversions = measures.conversions(given["conversions"], product.unit)
    checks.names(product, findings)
    findings.settle()
    composition.check(product, set(given))
    return {field: getattr(product, field) for field in FIELDS if getattr(product, field) != before[field]}


def check_in_use(stored: Product, product: Product) -> None:
    """Lines that name the product must still be convertible; partners' lines cannot be seen, so their reach
    stays as it is."""
    lines = Exchange.objects.filter(product=product).values_list("unit", flat=True).distinct()
    used = {units.dimension(unit) for unit in lines}
    granted = product.grants.exists()
    if not used and not granted:
        return
    findings = Findings()
    if units.dimension(product.unit) is not units.dimension(stored.unit):
        message = _(
            "This product is in use and counted in %(unit)s. A unit that measures something else would make "
            "its amounts meaningless; add another product instead."
        )
        findings.add(message % {"unit": stored.unit}, field="unit", code="product_in_use")
    elif not (nature(stored).dimensions if granted else used) <= nature(product).dimensions:
        message = _("Lines of this product are counted by a conversion that would be gone.")
        findings.add(message, field="conversions", code="product_in_use")
    if product.kind != stored.kind:
        findings.add(
            _("This product is in use; its kind cannot change."), field="kind", code="product_in_use"
        )
    findings.settle()


def _category(given: object) -> ProductCategory | None:
    if given is None or given == "":
        return None
    if isinstance(given, ProductCategory):
        return given
    found = ProductCategory.objects.filter(code=str(given)).first()
    if found is None:
        message = _("There is no product category “%(code)s”.")
        raise Refusal(message % {"code": str(given)[:40]}, field="category", code="not_found")
    return found


def _fraction(given: object, *, field: str) -> Decimal | None:
    return measures.maybe(measures.fraction, given, field=field)


def _molar_mass(given: object) -> Decimal | None:
    return measures.maybe(composition.molar_mass, given, field="molar_mass_g_per_mol")


def _cn_code(given: object) -> str:
    """Eight digits; the spaces and points that people put between them are taken out."""
    digits = re.sub(r"[ .\u00a0]", "", checks.text(given or "", field="cn_code", longest=20))
    if not re.fullmatch(CN_CODE, digits, re.ASCII):
        message = _("“%(value)s” is no CN code. Write its eight digits, for example 3102 10 10.")
        raise Refusal(message % {"value": str(given)[:20]}, field="cn_code", code="not_a_cn_code")
    return digits


def _identifiers(given: object) -> list[str]:
    """A list of them, or a text with one a line."""
    lines = given.splitlines() if isinstance(given, str) else given if given is not None else []
    if not isinstance(lines, list | tuple):
        raise Refusal(_("Write one identifier a line."), field="identifiers", code="not_a_list")
    return identifiers.read_all(lines)


def _identifier(given: object) -> UUID | None:
    if given is None or given == "":
        return None
    try:
        return UUID(str(given))
    except ValueError:
        raise Refusal(_("This is no UUID."), field="external_uuid", code="not_a_uuid") from None


FIELDS: dict[str, Callable[[Any], Any]] = {
    "code": lambda given: checks.code(given, longest=80),
    "name_zh": lambda given: checks.name(given, field="name_zh", longest=300),
    "name_en": lambda given: checks.name(given, field="name_en", longest=300),
    "category": _category,
    "unit": measures.unit,
    "kind": lambda given: checks.choice(given, Product.Kind.values, field="kind"),
    "cn_code": _cn_code,
    "lhv_mj_per_unit": lambda given: measures.maybe(measures.positive, given, field="lhv_mj_per_unit"),
    "carbon_fraction": partial(_fraction, field="carbon_fraction"),
    "hydrogen_fraction": partial(_fraction, field="hydrogen_fraction"),
    "biogenic_carbon_fraction": partial(_fraction, field="biogenic_carbon_fraction"),
    "molar_mass_g_per_mol": _molar_mass,
    "conversions": lambda given: given,
    "identifiers": _identifiers,
    "external_uuid": _identifier,
}
