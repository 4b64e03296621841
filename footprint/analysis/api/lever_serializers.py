"""What analyses take and answer."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.rest.fields import AmountField, TenantUuidField, Writing
from accounts.rest.schema import ANY_UUID, example
from accounts.rest.serializing import ModelSerializer
from footprint.analysis.changes import CAUSES
from footprint.analysis.levers import MOST
from footprint.analysis.models import Scenario
from footprint.calculation.api.reading import ProductRefSerializer
from footprint.inventory.models import Product

PERCENT = "By how many per cent the amount changes, from -100."
SHARE = "How many per cent of the line the other provider takes over; the rest stays. All of it by default."


class LeverWriting(Writing):
    """A line that is otherwise: another amount (or a change by per cent), another provider, or both."""

    exchange = serializers.UUIDField(help_text="An own line.")
    amount = AmountField(required=False, allow_null=True, help_text="In the line's own unit.")
    percent = AmountField(required=False, allow_null=True, help_text=PERCENT)
    provider_process = serializers.UUIDField(required=False, allow_null=True)
    provider_product = serializers.UUIDField(required=False, allow_null=True)
    factor_version = serializers.UUIDField(required=False, allow_null=True)
    share = AmountField(required=False, allow_null=True, help_text=SHARE)


@example("A tenth less of a line", {"levers": [{"exchange": ANY_UUID, "percent": "-10"}]})
class WhatIfWriting(Writing):
    """Levers, pulled together."""

    levers = serializers.ListField(child=LeverWriting(), max_length=MOST)


@example(
    "A tenth less of a line, under a name",
    {
        "product": ANY_UUID,
        "year": 2025,
        "name": "-10 %",
        "levers": [{"exchange": ANY_UUID, "percent": "-10"}],
    },
)
class ScenarioWriting(WhatIfWriting):
    """Levers under a name, on the lines behind a product."""

    product = TenantUuidField(lambda actor: Product.objects.own(actor))
    year = serializers.IntegerField(min_value=1990, max_value=2200)
    name = serializers.CharField(max_length=200)


class LeverSerializer(serializers.Serializer[Any]):
    """A lever as it is kept."""

    exchange = serializers.UUIDField()
    amount = serializers.CharField(required=False)
    percent = serializers.CharField(required=False)
    provider_process = serializers.UUIDField(required=False)
    provider_product = serializers.UUIDField(required=False)
    factor_version = serializers.UUIDField(required=False)
    share = serializers.CharField(required=False)


class ScenarioSerializer(ModelSerializer[Scenario]):
    """A scenario that was saved."""

    product = ProductRefSerializer()
    levers = LeverSerializer(many=True)

    class Meta:
        model = Scenario
        fields = ("uuid", "version", "name", "product", "year", "levers", "created_at")


class PairSerializer(serializers.Serializer[Any]):
    """A figure under both GWP sets, kg CO2e per unit."""

    kg_co2e_ar5 = serializers.FloatField()
    kg_co2e_ar6 = serializers.FloatField()


class MovedSerializer(serializers.Serializer[Any]):
    """An own product of one process whose figure moves."""

    product = serializers.UUIDField(allow_null=True)
    product_code = serializers.CharField()
    process_name_zh = serializers.CharField()
    process_name_en = serializers.CharField()
    year = serializers.IntegerField()
    unit = serializers.CharField()
    now = PairSerializer()
    scenario = PairSerializer()


class WhatIfSerializer(serializers.Serializer[Any]):
    """The figure as it is and under the levers, and what else moves, widest first. Nothing was stored."""

    unit = serializers.CharField(help_text="kg CO2e per this unit.")
    now = PairSerializer()
    scenario = PairSerializer()
    moved = MovedSerializer(many=True)


class InputSerializer(serializers.Serializer[Any]):
    """One input: the amount of an own line, or the figure of a factor or supplier."""

    exchange = serializers.UUIDField(allow_null=True)
    factor_version = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    elasticity = serializers.FloatField(help_text="Per cent the figure moves by when the input moves by one.")
    low_factor = serializers.FloatField(help_text="By which the input is multiplied at its low end.")
    high_factor = serializers.FloatField()
    gsd2 = serializers.FloatField(allow_null=True, help_text="null: not known, varied by 10 % each way.")
    low = serializers.FloatField(help_text="The figure at the low end, kg CO2e per unit.")
    high = serializers.FloatField()


class SwapSerializer(serializers.Serializer[Any]):
    """An own line taken over by another provider: as a lever of ``what-if`` names it, and what it does."""

    exchange = serializers.UUIDField()
    provider_process = serializers.UUIDField(allow_null=True)
    provider_product = serializers.UUIDField(allow_null=True)
    factor_version = serializers.UUIDField(allow_null=True)
    name = serializers.CharField(help_text="Of the other provider.")
    change = serializers.FloatField(help_text="Of the figure to first order, kg CO2e per unit.")
    figure = serializers.FloatField(help_text="The figure with it, exactly, kg CO2e per unit.")


class SensitivitySerializer(serializers.Serializer[Any]):
    """The inputs that move a figure most, each by itself, widest first; what other providers would do."""

    unit = serializers.CharField()
    gwp = serializers.CharField()
    figure = serializers.FloatField()
    inputs = InputSerializer(many=True)
    providers = SwapSerializer(many=True)


class ReasonSerializer(serializers.Serializer[Any]):
    """A row behind a cause: what it brought, kg CO2e per unit."""

    cause = serializers.ChoiceField([cause.name.lower() for cause in CAUSES])
    change = serializers.FloatField()
    exchange = serializers.UUIDField(allow_null=True)
    before = serializers.CharField(allow_null=True, help_text="The provider before, where another one came.")
    after = serializers.CharField(allow_null=True, help_text="The provider, factor, supplier or gas.")


class CauseSerializer(serializers.Serializer[Any]):
    """A cause and what it brought altogether."""

    cause = serializers.ChoiceField([cause.name.lower() for cause in CAUSES])
    change = serializers.FloatField()


class BridgeSerializer(serializers.Serializer[Any]):
    """Why a figure differs; the causes sum to the difference, and so do the rows."""

    unit = serializers.CharField()
    gwp_before = serializers.CharField()
    gwp = serializers.CharField()
    before = serializers.FloatField()
    after = serializers.FloatField()
    causes = CauseSerializer(many=True)
    rows = ReasonSerializer(many=True)


class HistorySerializer(serializers.Serializer[Any]):
    """A figure as a run wrote it; null where it could not be computed."""

    run = serializers.UUIDField(source="run.uuid")
    finished_at = serializers.DateTimeField(source="run.finished_at")
    engine_version = serializers.CharField(source="run.engine_version")
    year = serializers.IntegerField()
    production = serializers.FloatField()
    kg_co2e_ar5 = serializers.FloatField(allow_null=True)
    kg_co2e_ar6 = serializers.FloatField(allow_null=True)
