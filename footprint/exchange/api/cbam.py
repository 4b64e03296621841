"""Figures for the European border over REST."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from footprint.exchange.cbam.communication import Good, told
from footprint.exchange.cbam.goods import goods


class BorderBridgeSerializer(serializers.Serializer[Any]):
    """From the footprint to the figure at the border, kg CO2e per kg; the causes sum to the difference."""

    footprint = serializers.FloatField()
    causes = serializers.DictField(child=serializers.FloatField())
    left_out = serializers.DictField(
        child=serializers.FloatField(), help_text="At the installation itself, as the footprint counts it."
    )
    at_the_border = serializers.FloatField()
    rest = serializers.FloatField(help_text="What no cause explains: zero but for rounding.")


class GoodSerializer(serializers.Serializer[Any]):
    """Specific embedded emissions of one product of one installation for one year."""

    product = serializers.UUIDField(source="uuid")
    cn_code = serializers.CharField()
    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    site_zh = serializers.CharField()
    site_en = serializers.CharField()
    province = serializers.CharField()
    year = serializers.IntegerField()
    direct = serializers.SerializerMethodField(help_text="t CO2e per t, five decimals at most.")
    indirect = serializers.SerializerMethodField(help_text="t CO2e per t, five decimals at most.")
    total = serializers.SerializerMethodField(help_text="t CO2e per t, five decimals at most.")
    counts_indirect = serializers.BooleanField(help_text="Whether the total holds the indirect emissions.")
    profile = serializers.CharField()
    version = serializers.IntegerField()
    gwp_set = serializers.CharField()
    unverified = serializers.ListField(
        child=serializers.CharField(), help_text="What of the profile nobody compared with the text yet."
    )
    bridge = BorderBridgeSerializer(allow_null=True)
    failure = serializers.CharField(help_text="Why there are no figures; empty where there are.")
    why = serializers.CharField(help_text="The same in words.")

    def get_direct(self, good: Good) -> str | None:
        """Digit for digit."""
        return _text(good.direct)

    def get_indirect(self, good: Good) -> str | None:
        """Digit for digit."""
        return _text(good.indirect)

    def get_total(self, good: Good) -> str | None:
        """Digit for digit."""
        return _text(good.total)


class GoodsSerializer(serializers.Serializer[Any]):
    """All of them."""

    goods = GoodSerializer(many=True)


class CbamView(APIView):
    """One's own goods with a CN code."""

    schema = ResourceSchema()

    @extend_schema(responses=GoodsSerializer, operation_id="cbam_goods")
    def get(self, request: Request) -> Response:
        """By CN code, product and year; those without figures say why."""
        refuse_unknown_parameters(request, ())
        return Response({"goods": GoodSerializer(goods(actor_in(request)), many=True).data})


def _text(value: float | None) -> str | None:
    number = told(value)
    return None if number is None else format(number, "f")
