"""What rows of upserts look like, for the document: their values are checked by the inventory itself."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.rest.fields import AmountField, Writing
from accounts.rest.schema import ANY_UUID, example
from footprint.calculation.api.writing import LineWriting, ProductWriting
from footprint.inventory.models import Exchange
from footprint.inventory.row_kinds import KEY_LENGTH

NAMED = "By its code or its uuid."


def _named(help_text: str = NAMED, **options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=80, help_text=help_text, **options)


def _maybe_named(help_text: str = NAMED) -> serializers.CharField:
    return _named(help_text, required=False, allow_null=True)


class ProductRow(ProductWriting):
    """A product, found by its ``code``. What is left out stays as it is."""

    company = None  # type: ignore[assignment]  # said once for all rows
    unit = serializers.CharField(max_length=40, required=False, help_text="Needed for a new one.")


class ActivityRow(LineWriting):
    """A line, found by the company's own ``external_id``. What is left out stays as it is."""

    external_id = serializers.CharField(max_length=KEY_LENGTH)
    process = _named("Needed for a new line. " + NAMED, required=False)
    direction = serializers.ChoiceField(Exchange.Direction.choices, required=False)
    kind = serializers.ChoiceField(Exchange.Kind.choices, required=False)
    amount = AmountField(required=False)
    unit = serializers.CharField(max_length=40, required=False)
    product = _maybe_named()  # type: ignore[assignment]
    provider_process = _maybe_named()  # type: ignore[assignment]
    provider_product = _maybe_named("Own ones by code; a partner's by uuid.")  # type: ignore[assignment]


class VolumeRow(ActivityRow):
    """How much of a product a process made, found by process and product, or by ``external_id``."""

    external_id = serializers.CharField(max_length=KEY_LENGTH, required=False)
    process = _named()
    product = _named()
    direction = kind = gas = origin = flow_name = compartment = is_avoided = None  # type: ignore[assignment]
    exempted_kg_co2e = None  # type: ignore[assignment]
    provider_process = provider_product = factor_version = None  # type: ignore[assignment]


class BillRow(ActivityRow):
    """How much of a product a process takes per unit of its reference product.

    Found by process and product, or by ``external_id``. The amount that is stored is ``quantity`` times what
    the process made, so send production volumes first, and bills again when volumes change.
    """

    external_id = serializers.CharField(max_length=KEY_LENGTH, required=False)
    process = _named()
    product = _named()
    quantity = AmountField(required=False, help_text="Per unit of the reference product.")
    per_unit = serializers.CharField(
        max_length=40, required=False, help_text="Of the reference product; unless told its declared unit."
    )
    direction = kind = gas = origin = flow_name = compartment = is_avoided = None  # type: ignore[assignment]
    amount = is_reference = carrier = reference_efficiency = heat_celsius = None  # type: ignore[assignment]
    allocation_basis = allocation_basis_unit = None  # type: ignore[assignment]


@example(
    "Products",
    {"rows": [{"code": "ETHYLENE", "name_zh": "乙烯", "name_en": "Ethylene", "unit": "t"}]},
)
class ProductRows(Writing):
    """Products that are all stored, or none."""

    company = serializers.UUIDField(required=False, help_text="May be left out by who acts for a single one.")
    rows = serializers.ListField(child=ProductRow(), allow_empty=False)


class InInventory(Writing):
    """Which inventory the rows are about: by its uuid, or by the code of its site and its year."""

    inventory = serializers.UUIDField(required=False)
    site = serializers.CharField(max_length=40, required=False)
    year = serializers.IntegerField(min_value=1900, max_value=2200, required=False)


@example(
    "Activity data of a plant and a year",
    {
        "site": "JINSHAN",
        "year": 2025,
        "rows": [
            {
                "external_id": "MB51-4711-2025",
                "process": "CRACKER-1",
                "direction": "input",
                "kind": "product",
                "product": "NAPHTHA",
                "amount": "905000.5",
                "unit": "t",
                "data_type": "measured",
            },
            {"external_id": "MB51-4712-2025", "amount": "1250000", "unit": "MWh"},
        ],
    },
)
class ActivityRows(InInventory):
    """Activity data that are all stored, or none."""

    rows = serializers.ListField(child=ActivityRow(), allow_empty=False)


@example(
    "What a process made",
    {
        "site": "JINSHAN",
        "year": 2025,
        "rows": [{"process": "CRACKER-1", "product": "ETHYLENE", "amount": "812345.6", "unit": "t"}],
    },
)
class VolumeRows(InInventory):
    """Production volumes that are all stored, or none."""

    rows = serializers.ListField(child=VolumeRow(), allow_empty=False)


@example(
    "What a process takes per tonne",
    {
        "inventory": ANY_UUID,
        "rows": [
            {
                "process": "CRACKER-1",
                "product": "NAPHTHA",
                "quantity": "3.1",
                "unit": "t",
                "per_unit": "t",
                "provider_product": "NAPHTHA",
            }
        ],
    },
)
class BillRows(InInventory):
    """Items of bills of material that are all stored, or none."""

    rows = serializers.ListField(child=BillRow(), allow_empty=False)


ROWS: dict[str, type[Writing]] = {
    "products": ProductRows,
    "activities": ActivityRows,
    "production-volumes": VolumeRows,
    "bills-of-material": BillRows,
}
"""The body of each kind."""
