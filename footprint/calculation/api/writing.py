"""What may be sent: shapes only. What it means, and whether it may be, is decided by the actions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts import queries as accounts
from accounts.rest.companies import own_company_field
from accounts.rest.fields import AmountField, TenantUuidField, Writing
from accounts.rest.schema import ANY_UUID, example
from footprint.inventory.models import AllocationAnswer, Exchange, Inventory, Product, UnitProcess

EMISSION = {
    "direction": "output",
    "kind": "elementary",
    "gas": "CO2",
    "origin": "fossil",
    "amount": "655000.125",
    "unit": "t",
}


def _text(longest: int, **options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=longest, required=False, allow_blank=True, **options)


def _maybe_amount(help_text: str) -> AmountField:
    return AmountField(required=False, allow_null=True, help_text=help_text)


def _score(help_text: str) -> serializers.IntegerField:
    return serializers.IntegerField(required=False, allow_null=True, help_text=help_text)


@example(
    "A product with its composition and the names others know it by",
    {
        "code": "ETHYLENE",
        "name_zh": "乙烯",
        "name_en": "Ethylene",
        "unit": "t",
        "carbon_fraction": "0.8563",
        "hydrogen_fraction": "0.1437",
        "identifiers": ["CAS 74-85-1", "CPC 34110"],
    },
)
class ProductWriting(Writing):
    """A product or waste, counted in its declared unit."""

    company = own_company_field()
    code = serializers.CharField(max_length=80)
    unit = serializers.CharField(max_length=40, help_text="A code or alias of /api/v1/units/.")
    name_zh = _text(300)
    name_en = _text(300)
    category = serializers.CharField(max_length=40, required=False, allow_null=True, allow_blank=True)
    kind = serializers.ChoiceField(Product.Kind.choices, required=False)
    cn_code = serializers.CharField(
        max_length=20,
        required=False,
        allow_blank=True,
        help_text="Eight digits of the Combined Nomenclature.",
    )
    lhv_mj_per_unit = AmountField(required=False, allow_null=True)
    carbon_fraction = _maybe_amount("kg C per kg, 0 to 1.")
    hydrogen_fraction = _maybe_amount("kg H per kg, 0 to 1.")
    biogenic_carbon_fraction = _maybe_amount("The part of the carbon that is biogenic, 0 to 1.")
    molar_mass_g_per_mol = _maybe_amount("g/mol; for allocation by amount of substance.")
    conversions = serializers.DictField(
        child=AmountField(), required=False, help_text='Per declared unit: {"kg": "0.75"}.'
    )
    identifiers = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        max_length=30,
        help_text="By which others know it: `GTIN …`, `CAS …`, `CPC …`, `buyer …`, `supplier …` or a URN; "
        "kept as URNs. What is sent replaces all of them.",
    )
    external_uuid = serializers.UUIDField(required=False, allow_null=True)


@example(
    "A plant and a year",
    {"site": ANY_UUID, "period_start": "2022-01-01", "period_end": "2022-12-31", "title": "From our ERP"},
)
class InventoryWriting(Writing):
    """One site, one reference period; both days included."""

    site = TenantUuidField(accounts.sites)
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    title = _text(200)


@example(
    "A process of an inventory",
    {"inventory": ANY_UUID, "code": "CRACKER-1", "name_zh": "裂解装置", "name_en": "Cracker"},
)
class UnitProcessWriting(Writing):
    """A unit process of an inventory."""

    inventory = TenantUuidField(lambda actor: Inventory.objects.visible_to(actor))
    code = serializers.CharField(max_length=80)
    name_zh = _text(300)
    name_en = _text(300)
    technology = _text(300)
    allocation_method = serializers.ChoiceField(UnitProcess.Allocation.choices, required=False)
    allocation_set = _text(20)
    price_years = serializers.ChoiceField(UnitProcess.PriceYears.choices, required=False)
    mass_loss_kg = _maybe_amount("Known losses of the period, for the mass closure.")
    stock_change_kg = _maybe_amount("What stayed inside in the period; negative when stock was used up.")
    energy_loss_mj = _maybe_amount("Waste heat and heat of reaction, for the energy closure.")
    balance_comment = _text(300)
    ambient_celsius = _maybe_amount("What heat is measured against when heat and power share by exergy.")


class ShareWriting(Writing):
    """The part of the burden one co-product carries; with ``exchange``, the part of that line's burden."""

    product = serializers.UUIDField()
    share = AmountField()
    exchange = serializers.UUIDField(required=False, allow_null=True)


class SharesWriting(Writing):
    """One whole set of declared shares, put in force."""

    name = _text(20)
    shares = serializers.ListField(child=ShareWriting(), max_length=1000)


class AnswerWriting(Writing):
    """One answer of PACT's tree, with what it rests on."""

    question = serializers.ChoiceField(AllocationAnswer.Question.choices)
    answer = serializers.BooleanField()
    basis = serializers.ChoiceField(
        AllocationAnswer.Basis.choices, required=False, allow_blank=True, help_text="Of a physical relation."
    )
    source = serializers.CharField(max_length=500)  # type: ignore[assignment]


class AnswersWriting(Writing):
    """Every answer about one process; a question that is not among them is open again."""

    answers = serializers.ListField(child=AnswerWriting(), max_length=len(AllocationAnswer.Question))


class LineWriting(Writing):
    """An input or output line. Product and provider are named by their uuids; at most one provider."""

    direction = serializers.ChoiceField(Exchange.Direction.choices)
    kind = serializers.ChoiceField(Exchange.Kind.choices)
    amount = AmountField()
    unit = serializers.CharField(max_length=40)
    product = serializers.UUIDField(required=False, allow_null=True)
    gas = _text(40)
    origin = _text(12)
    flow_name = _text(300)
    compartment = _text(100)
    external_id = _text(120, help_text="How your own system calls the line; no two lines share one.")
    is_reference = serializers.BooleanField(required=False)
    is_avoided = serializers.BooleanField(required=False)
    provider_process = serializers.UUIDField(required=False, allow_null=True)
    provider_product = serializers.UUIDField(required=False, allow_null=True)
    factor_version = serializers.UUIDField(required=False, allow_null=True)
    data_type = serializers.ChoiceField(Exchange.DataType.choices, required=False)
    stage = serializers.ChoiceField(
        Exchange.Stage.choices, required=False, allow_blank=True, help_text="Empty: as derived."
    )
    gsd2 = _maybe_amount("Squared geometric standard deviation of the amount, 1 or more.")
    pedigree_reliability = _score("1 to 5.")
    pedigree_completeness = _score("1 to 5.")
    pedigree_temporal = _score("1 to 5.")
    pedigree_geographical = _score("1 to 5.")
    pedigree_technological = _score("1 to 5.")
    dqr_technology = _score("1 to 5; null: derived from the factor.")
    dqr_time = _score("1 to 5; null: derived from the years.")
    dqr_geography = _score("1 to 5; null: derived from the places.")
    allocation_basis = _maybe_amount("What this output weighs when the method of its process is custom.")
    allocation_basis_unit = serializers.CharField(max_length=40, required=False, allow_blank=True)
    carrier = serializers.ChoiceField(
        Exchange.Carrier.choices, required=False, allow_blank=True, help_text="Of an output: heat or power."
    )
    reference_efficiency = _maybe_amount("Of separate production of this heat or power, 0 to 1.")
    heat_celsius = _maybe_amount("The mean temperature at which this heat is delivered.")
    exempted_kg_co2e = _maybe_amount(
        "Of a line without a provider: what it would bring in the period, kg CO2e, as you estimate it."
    )
    comment = _text(2000)


@example("What a process emits", {"process": ANY_UUID, **EMISSION})
class ExchangeWriting(LineWriting):
    """A line and the unit process it belongs to."""

    process = TenantUuidField(lambda actor: UnitProcess.objects.visible_to(actor).select_related("inventory"))


class BulkLineWriting(LineWriting):
    """A line of a bulk: with ``uuid`` and ``version`` it changes that line, without it is added.

    ``process`` is the uuid of a unit process of the inventory, or its code.
    """

    uuid = serializers.UUIDField(required=False)
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    process = serializers.CharField(max_length=80, required=False)
    direction = serializers.ChoiceField(Exchange.Direction.choices, required=False)
    kind = serializers.ChoiceField(Exchange.Kind.choices, required=False)
    amount = AmountField(required=False)
    unit = serializers.CharField(max_length=40, required=False)


@example("Lines of a process that is named by its code", {"lines": [{"process": "CRACKER-1", **EMISSION}]})
class BulkWriting(Writing):
    """Lines that are all stored, or none."""

    lines = serializers.ListField(child=BulkLineWriting(), allow_empty=False, max_length=500)
