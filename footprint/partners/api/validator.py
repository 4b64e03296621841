"""The validator over REST; nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone, translation
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from accounts.rest.fields import Writing
from accounts.rest.schema import ResourceSchema, example
from footprint.partners.judging import Judged
from footprint.partners.validating import all_judged, listed

EXAMPLE = {
    "id": "3893bb5d-da16-4dc1-9185-11d97476c254",
    "specVersion": "3.0.3",
    "created": "2026-05-22T21:47:32Z",
    "status": "Active",
    "companyName": "Example Chemicals",
    "companyIds": ["urn:lei:529900T8BM49AURSDO55"],
    "productDescription": "Ethylene from steam cracking of naphtha",
    "productIds": ["urn:gtin:4712345060507"],
    "productNameCompany": "Ethylene",
    "pcf": {
        "declaredUnitOfMeasurement": "kilogram",
        "declaredUnitAmount": "1",
        "productMassPerDeclaredUnit": "1",
        "referencePeriodStart": "2025-01-01T00:00:00Z",
        "referencePeriodEnd": "2026-01-01T00:00:00Z",
        "pcfExcludingBiogenicUptake": "1.5",
        "pcfIncludingBiogenicUptake": "1.5",
        "fossilGhgEmissions": "1.5",
        "fossilCarbonContent": "0.857",
        "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["ISO14067"],
        "exemptedEmissionsPercent": "0",
    },
}


@example("A footprint in version 3", {"document": EXAMPLE})
class FootprintCheckWriting(Writing):
    """``document``: one ProductFootprint, a list of at most 100, an answer of PACT, or a Pcf of Catena-X."""

    document = serializers.JSONField(encoder=JSONEncoder)
    version = serializers.ChoiceField(
        [(3, "3"), (2, "2")], required=False, help_text="Of PACT; without it each is judged by its own."
    )


class FootprintFindingSerializer(serializers.Serializer[Any]):
    """``severity``: schema, rule or method; the sentences say what is wrong and what to write instead."""

    pointer = serializers.CharField()
    code = serializers.CharField()
    severity = serializers.CharField()
    sentence_zh = serializers.CharField()
    sentence_en = serializers.CharField()


class FootprintCheckSerializer(serializers.Serializer[Any]):
    """One footprint: whether the schema accepts it, everything found, and how usable it is."""

    id = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField(help_text="The version of PACT it is judged by.")
    accepted = serializers.BooleanField(help_text="Whether the schema accepts it")
    usability = serializers.IntegerField()
    missing = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    placeholders = serializers.ListField(child=serializers.CharField())
    left_out = serializers.ListField(
        child=serializers.CharField(),
        help_text="What a Pcf of Catena-X states and PACT has no place for.",
    )
    findings = FootprintFindingSerializer(many=True)


class FootprintCheckView(APIView):
    """What is wrong with a footprint, how bad, where, and what to write instead."""

    schema = ResourceSchema()

    @extend_schema(
        request=FootprintCheckWriting,
        responses=FootprintCheckSerializer(many=True),
        operation_id="footprint_checks",
    )
    def post(self, request: Request) -> Response:
        """Check and grade, in Chinese and English at once."""
        body = FootprintCheckWriting(data=request.data)
        body.is_valid(raise_exception=True)
        documents = listed(body.validated_data["document"])
        given = {"at": timezone.now(), "version": body.validated_data.get("version")}
        found = told_in_both(lambda: all_judged(documents, **given))
        return Response(FootprintCheckSerializer(found, many=True).data)


def told_in_both(judge: Callable[[], list[Judged]]) -> list[dict[str, Any]]:
    """What is judged, its sentences in Chinese and English, for the serializer."""
    spoken = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            spoken[language] = judge()
    return [_told(*each) for each in zip(spoken["zh-hans"], spoken["en"], strict=True)]


def _told(zh: Judged, en: Judged) -> dict[str, Any]:
    return {
        "id": en.id,
        "version": en.version,
        "accepted": en.is_valid,
        "usability": en.level,
        "missing": {str(level): names for level, names in en.usability.missing.items()},
        "placeholders": en.usability.placeholders,
        "left_out": en.left_out,
        "findings": [
            {
                "pointer": each.pointer,
                "code": each.code,
                "severity": each.severity,
                "sentence_zh": other.sentence,
                "sentence_en": each.sentence,
            }
            for other, each in zip(zh.findings, en.findings, strict=True)
        ],
    }
