"""Factors, their versions, gases and units on the wire."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.rest.fields import AmountField
from factors.models import Factor, FactorVersion, GreenhouseGas, Source


class SourceSerializer(serializers.ModelSerializer[Source]):
    """Where numbers come from, and whether they may be passed on."""

    class Meta:
        model = Source
        fields = (
            "code",
            "title_zh",
            "title_en",
            "publisher",
            "year",
            "licence",
            "licence_url",
            "redistribution",
            "url",
        )


class FactorSerializer(serializers.ModelSerializer[Factor]):
    """What is emitted per unit of something."""

    class Meta:
        model = Factor
        fields = ("uuid", "code", "name_zh", "name_en", "kind", "unit", "category")


class EmissionSerializer(serializers.Serializer[Any]):
    """kg of one gas of one origin per unit of the factor."""

    gas = serializers.CharField()
    origin = serializers.CharField()
    kg_per_unit = AmountField()


class FactorVersionSerializer(serializers.ModelSerializer[FactorVersion]):
    """One published set of numbers; it never changes, a correction is a further version."""

    factor = FactorSerializer()
    source = SourceSerializer()  # type: ignore[assignment]  # the version's own member of that name
    emissions = EmissionSerializer(many=True)
    uncertainty_gsd2 = AmountField(allow_null=True)
    supersedes = serializers.UUIDField(source="supersedes.uuid", allow_null=True, default=None)

    class Meta:
        model = FactorVersion
        fields = (
            "uuid",
            "factor",
            "number",
            "status",
            "geography",
            "reference_year",
            "technology",
            "scope",
            "boundary",
            "gwp_set",
            "emissions",
            "data_quality",
            "uncertainty_gsd2",
            "source",
            "source_locator",
            "transcription",
            "derivation",
            "note_zh",
            "note_en",
            "published_at",
            "supersedes",
        )


class GasSerializer(serializers.ModelSerializer[GreenhouseGas]):
    """A gas that is characterised."""

    class Meta:
        model = GreenhouseGas
        fields = ("code", "name_zh", "name_en", "cas", "formula")


class UnitSerializer(serializers.Serializer[Any]):
    """A unit that amounts may be given in."""

    code = serializers.CharField()
    dimension = serializers.CharField()
    name_zh = serializers.CharField(source="label_zh")
    name_en = serializers.CharField(source="label_en")
    aliases = serializers.ListField(child=serializers.CharField())
