"""What could provide a line, as it is answered."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from footprint.inventory.candidates import FIELDS


class CandidateReasonSerializer(serializers.Serializer[Any]):
    """One thing that speaks for a candidate, or against it."""

    code = serializers.CharField()
    text = serializers.CharField(help_text="In the language asked for.")
    speaks_for = serializers.BooleanField()


class CandidateSerializer(serializers.Serializer[Any]):
    """One possible provider. A factor copied from its source only once is never the best match."""

    field = serializers.ChoiceField(
        list(FIELDS.values()), help_text="Which field of the line takes the uuid."
    )
    uuid = serializers.UUIDField(source="thing.uuid")
    code = serializers.CharField(source="named.code")
    name_zh = serializers.CharField(source="named.name_zh")
    name_en = serializers.CharField(source="named.name_en")
    is_best = serializers.BooleanField()
    reasons = CandidateReasonSerializer(many=True)
