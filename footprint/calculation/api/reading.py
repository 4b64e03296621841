"""What is answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import AmountField
from accounts.rest.serializing import ModelSerializer
from footprint.calculation.models import Footprint
from footprint.calculation.queries import Freshness, failure_text
from footprint.inventory.models import SCORES, AllocationAnswer, Exchange, Inventory, Product, UnitProcess
from footprint.inventory.stages import stage_of


def _maybe_uuid(source: str) -> serializers.UUIDField:
    return serializers.UUIDField(source=source, allow_null=True, default=None)


def exact(ar5: float | None, ar6: float | None) -> dict[str, str | None]:
    """The figures as texts that give back the very same float64."""
    return {
        "kg_co2e_ar5": None if ar5 is None else repr(ar5),
        "kg_co2e_ar6": None if ar6 is None else repr(ar6),
    }


class ExactSerializer(serializers.Serializer[Any]):
    """The same figures as texts, digit for digit."""

    kg_co2e_ar5 = serializers.CharField(allow_null=True)
    kg_co2e_ar6 = serializers.CharField(allow_null=True)


class FigureSerializer(serializers.Serializer[Any]):
    """A product's figure for a year: the production-weighted mean of the processes that make it."""

    year = serializers.IntegerField()
    unit = serializers.CharField(help_text="kg CO2e per this unit.")
    kg_co2e_ar5 = serializers.FloatField(source="ar5", allow_null=True)
    kg_co2e_ar6 = serializers.FloatField(source="ar6", allow_null=True)
    freshness = serializers.ChoiceField([state.value for state in Freshness])
    computed_at = serializers.DateTimeField()


class ProductRefSerializer(ModelSerializer[Product]):
    """Which product, in short."""

    class Meta:
        model = Product
        fields = ("uuid", "code", "name_zh", "name_en", "unit")


class ProductSerializer(ModelSerializer[Product]):
    """A product: one's own, or one a partner opened (then without its properties)."""

    company = CompanyRefSerializer()
    category = serializers.CharField(source="category.code", allow_null=True, default=None)
    is_own = serializers.SerializerMethodField()
    lhv_mj_per_unit = AmountField(allow_null=True)
    carbon_fraction = AmountField(allow_null=True)
    hydrogen_fraction = AmountField(allow_null=True)
    biogenic_carbon_fraction = AmountField(allow_null=True)
    molar_mass_g_per_mol = AmountField(allow_null=True)
    conversions = serializers.DictField(child=serializers.CharField())
    identifiers = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="URNs; null of a partner's."
    )
    footprints = serializers.SerializerMethodField()

    OWN_ONLY = (
        "lhv_mj_per_unit",
        "carbon_fraction",
        "hydrogen_fraction",
        "biogenic_carbon_fraction",
        "molar_mass_g_per_mol",
        "identifiers",
        "external_uuid",
    )

    class Meta:
        model = Product
        fields = (
            "uuid",
            "company",
            "is_own",
            "code",
            "name_zh",
            "name_en",
            "category",
            "unit",
            "kind",
            "cn_code",
            "lhv_mj_per_unit",
            "carbon_fraction",
            "hydrogen_fraction",
            "biogenic_carbon_fraction",
            "molar_mass_g_per_mol",
            "conversions",
            "identifiers",
            "external_uuid",
            "version",
            "footprints",
        )

    def get_is_own(self, product: Product) -> bool:
        """Whether it belongs to one of the reader's companies."""
        return product.company_id in self.context["actor"].company_ids

    @extend_schema_field(FigureSerializer(many=True))
    def get_footprints(self, product: Product) -> Any:
        """By year, the latest first."""
        # one serializer for all rows: making one for each took half the time of a page
        shape: FigureSerializer = self.context["figure_shape"]
        return [shape.to_representation(figure) for figure in self.context["figures"].get(product.pk, [])]

    def to_representation(self, product: Product) -> dict[str, Any]:
        """A partner's product without what is only its maker's business."""
        shown: dict[str, Any] = super().to_representation(product)
        if not shown["is_own"]:
            shown.update(dict.fromkeys(self.OWN_ONLY))
        return shown


class SiteRefSerializer(serializers.Serializer[Any]):
    """Which site, in short."""

    uuid = serializers.UUIDField()
    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()


class InventorySerializer(ModelSerializer[Inventory]):
    """One site's unit processes for a reference period."""

    company = CompanyRefSerializer()
    site = SiteRefSerializer()

    class Meta:
        model = Inventory
        fields = ("uuid", "company", "site", "title", "period_start", "period_end", "version")


class ShareSerializer(serializers.Serializer[Any]):
    """A declared share."""

    method = serializers.CharField(help_text="The set it belongs to.")
    product = serializers.UUIDField(source="product.uuid")
    exchange = _maybe_uuid("exchange.uuid")
    share = AmountField()


class AnswerSerializer(serializers.Serializer[AllocationAnswer]):
    """What was answered to a question of PACT's tree; null as the person: a machine client."""

    question = serializers.CharField()
    answer = serializers.BooleanField()
    basis = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    answered_by = _maybe_uuid("answered_by.uuid")
    answered_at = serializers.DateTimeField()


class UnitProcessSerializer(ModelSerializer[UnitProcess]):
    """The smallest element of an inventory that data are collected for."""

    inventory = serializers.UUIDField(source="inventory.uuid")
    allocation_shares = ShareSerializer(many=True)
    allocation_answers = AnswerSerializer(many=True)
    ambient_celsius = AmountField(allow_null=True)
    mass_loss_kg = AmountField(allow_null=True)
    stock_change_kg = AmountField(allow_null=True)
    energy_loss_mj = AmountField(allow_null=True)

    class Meta:
        model = UnitProcess
        fields = (
            "uuid",
            "inventory",
            "code",
            "name_zh",
            "name_en",
            "technology",
            "allocation_method",
            "allocation_set",
            "allocation_shares",
            "allocation_answers",
            "price_years",
            "ambient_celsius",
            "mass_loss_kg",
            "stock_change_kg",
            "energy_loss_mj",
            "balance_comment",
            "external_uuid",
            "version",
        )


class PrefilledSerializer(serializers.Serializer[Any]):
    """What was brought over from the period before."""

    processes = serializers.IntegerField()
    lines = serializers.IntegerField()


class ExchangeSerializer(ModelSerializer[Exchange]):
    """One input or output line. A provider that is no longer open to the reader reads null."""

    inventory = serializers.UUIDField(source="process.inventory.uuid")
    process = serializers.UUIDField(source="process.uuid")
    product = ProductRefSerializer(allow_null=True)
    amount = AmountField()
    gsd2 = AmountField(allow_null=True)
    stage_in_force = serializers.SerializerMethodField(
        help_text="The stage the line counts in: its own, or where that is empty the derived one."
    )
    allocation_basis = AmountField(allow_null=True)
    reference_efficiency = AmountField(allow_null=True)
    heat_celsius = AmountField(allow_null=True)
    exempted_kg_co2e = AmountField(allow_null=True)
    provider_process = _maybe_uuid("provider_process.uuid")
    provider_product = _maybe_uuid("provider_product.uuid")
    factor_version = _maybe_uuid("factor_version.uuid")

    class Meta:
        model = Exchange
        fields = (
            "uuid",
            "inventory",
            "process",
            "position",
            "direction",
            "kind",
            "product",
            "gas",
            "origin",
            "flow_name",
            "compartment",
            "amount",
            "unit",
            "is_reference",
            "is_avoided",
            "provider_process",
            "provider_product",
            "factor_version",
            "data_type",
            "stage",
            "stage_in_force",
            "gsd2",
            *SCORES,
            "allocation_basis",
            "allocation_basis_unit",
            "carrier",
            "reference_efficiency",
            "heat_celsius",
            "exempted_kg_co2e",
            "comment",
            "external_id",
            "external_uuid",
            "version",
        )

    @extend_schema_field(serializers.ChoiceField(Exchange.Stage.choices))
    def get_stage_in_force(self, line: Exchange) -> str:
        """The member's own, else the derived one."""
        return stage_of(line).value


class FootprintSerializer(ModelSerializer[Footprint]):
    """The figure of one product of one unit process. Of a partner's product: the total, nothing behind it."""

    product = ProductRefSerializer()
    company = CompanyRefSerializer()
    inventory = serializers.SerializerMethodField()
    process = serializers.SerializerMethodField()
    exact = serializers.SerializerMethodField()
    freshness = serializers.SerializerMethodField()
    failure = serializers.SerializerMethodField()
    production = serializers.FloatField(allow_null=True)
    input_digest = serializers.CharField(allow_null=True)
    run = serializers.UUIDField(source="run.uuid")
    engine_version = serializers.CharField(source="run.engine_version")
    factor_release = serializers.CharField(
        source="run.factor_release.name", allow_null=True, default=None,
        help_text="The latest release of factors when it was computed.",
    )  # fmt: skip

    OWN_ONLY = ("production", "share", "input_digest", "failure")

    class Meta:
        model = Footprint
        fields = (
            "uuid",
            "company",
            "product",
            "year",
            "unit",
            "kg_co2e_ar5",
            "kg_co2e_ar6",
            "exact",
            "freshness",
            "failure",
            "production",
            "share",
            "inventory",
            "process",
            "input_digest",
            "engine_version",
            "run",
            "factor_release",
            "computed_at",
        )

    def get_inventory(self, footprint: Footprint) -> UUID | None:
        """Of one's own."""
        process = self.context["processes"].get(footprint.process_id)
        return process.inventory.uuid if process else None

    def get_process(self, footprint: Footprint) -> UUID | None:
        """Of one's own."""
        process = self.context["processes"].get(footprint.process_id)
        return process.uuid if process else None

    @extend_schema_field(ExactSerializer)
    def get_exact(self, footprint: Footprint) -> dict[str, str | None]:
        """Digit for digit."""
        return exact(footprint.kg_co2e_ar5, footprint.kg_co2e_ar6)

    @extend_schema_field(serializers.ChoiceField([state.value for state in Freshness]))
    def get_freshness(self, footprint: Footprint) -> str:
        """Whether it says what the data say now."""
        return str(self.context["states"][footprint.pk])

    def get_failure(self, footprint: Footprint) -> str | None:
        """Why there is no figure."""
        return str(failure_text(footprint)) if footprint.state == Footprint.State.FAILED else None

    def to_representation(self, footprint: Footprint) -> dict[str, Any]:
        """Only the owner sees what stands behind the total."""
        shown: dict[str, Any] = super().to_representation(footprint)
        if footprint.company_id not in self.context["actor"].company_ids:
            shown.update(dict.fromkeys(self.OWN_ONLY))
        return shown


class PartSerializer(serializers.Serializer[Any]):
    """One part of a figure: an input line, or the process's own emissions (``exchange`` null)."""

    exchange = _maybe_uuid("exchange.uuid")
    product = ProductRefSerializer(source="exchange.product", allow_null=True, default=None)
    provider_process = _maybe_uuid("exchange.provider_process.uuid")
    provider_product = _maybe_uuid("exchange.provider_product.uuid")
    factor_version = _maybe_uuid("exchange.factor_version.uuid")
    kg_co2e_ar5 = serializers.FloatField(source="ar5")
    kg_co2e_ar6 = serializers.FloatField(source="ar6")


class GasPartSerializer(serializers.Serializer[Any]):
    """kg of one gas per unit."""

    gas = serializers.CharField()
    origin = serializers.CharField()
    kg = serializers.FloatField()


class ContributionsSerializer(serializers.Serializer[Any]):
    """What a figure is made of; the parts sum to it."""

    unit = serializers.CharField()
    kg_co2e_ar5 = serializers.FloatField(allow_null=True)
    kg_co2e_ar6 = serializers.FloatField(allow_null=True)
    freshness = serializers.CharField()
    parts = PartSerializer(many=True)
    by_gas = GasPartSerializer(many=True)
