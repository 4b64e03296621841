"""Factors, their versions, gases and units on the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.rest.fields import AmountField
from accounts.rest.serializing import ModelSerializer
from factors.licence import withheld
from factors.models import Factor, FactorVersion, GreenhouseGas, Source


class SourceSerializer(ModelSerializer[Source]):
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
            "old_after_years",
        )


class FactorSerializer(ModelSerializer[Factor]):
    """What is emitted per unit of something."""

    class Meta:
        model = Factor
        fields = ("uuid", "code", "name_zh", "name_en", "kind", "unit", "category", "cas", "cpc", "hs")


class EmissionSerializer(serializers.Serializer[Any]):
    """kg of one gas of one origin per unit of the factor."""

    gas = serializers.CharField()
    origin = serializers.CharField()
    kg_per_unit = AmountField()


class FactorVersionSerializer(ModelSerializer[FactorVersion]):
    """One published set of numbers; it never changes, a correction is a further version.

    Where the source's licence keeps its numbers here, ``emissions`` is empty, ``derivation`` too, and
    ``withheld`` says why.
    """

    factor = FactorSerializer()
    source = SourceSerializer()  # type: ignore[assignment]  # the version's own member of that name
    emissions = serializers.SerializerMethodField()
    withheld = serializers.SerializerMethodField()
    derivation = serializers.SerializerMethodField()
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
            "withheld",
            "data_quality",
            "uncertainty_gsd2",
            "source",
            "source_locator",
            "transcription",
            "derivation",
            "note_zh",
            "note_en",
            "published_at",
            "status_changed_at",
            "status_reason",
            "change_number",
            "supersedes",
        )

    @extend_schema_field(EmissionSerializer(many=True))
    def get_emissions(self, version: FactorVersion) -> Any:
        """The numbers, as far as the source's licence lets them leave."""
        rows = version.emissions.all() if version.source.may_be_passed_on else ()
        return EmissionSerializer(rows, many=True).data

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_derivation(self, version: FactorVersion) -> dict[str, Any]:
        """What the numbers were worked out from."""
        return dict(version.derivation) if version.source.may_be_passed_on else {}

    def get_withheld(self, version: FactorVersion) -> str:
        """Why the numbers stay here; empty where they do not."""
        return str(withheld(version.source))


class GasSerializer(ModelSerializer[GreenhouseGas]):
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
