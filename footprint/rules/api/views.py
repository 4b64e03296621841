"""Method profiles and closure rules over REST: read only."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.actor import Actor
from accounts.rest.fields import AmountField
from accounts.rest.resources import Resource
from accounts.rest.serializing import ModelSerializer
from footprint.rules import queries
from footprint.rules.models import ClosureRule, MethodProfile, MethodProfileVersion
from footprint.rules.models.profile import Output, Step

FACTS = {
    "type": "object",
    "description": "By parameter: where it was read, and whether somebody compared it with that text.",
    "additionalProperties": {
        "type": "object",
        "properties": {"source": {"type": "string"}, "verified": {"type": "boolean"}},
        "required": ["source", "verified"],
    },
}


class MethodProfileVersionSerializer(ModelSerializer[MethodProfileVersion]):
    """The parameters of a profile. Shares are fractions; what is null is not limited or not stated."""

    cut_off_per_flow = AmountField(allow_null=True)
    cut_off_total = AmountField(allow_null=True)
    allocation_tree = serializers.ListField(
        child=serializers.ChoiceField(Step.choices), help_text="The first rule that applies is followed."
    )
    allocation_price_ratio = AmountField(allow_null=True)
    recalculation_trigger = AmountField(allow_null=True)
    required_outputs = serializers.ListField(child=serializers.ChoiceField(Output.choices))
    facts = serializers.SerializerMethodField()

    class Meta:
        model = MethodProfileVersion
        fields = (
            "uuid",
            "number",
            "valid_from",
            "gwp_set",
            "gwp_horizon",
            "boundary",
            "cut_off",
            "cut_off_per_flow",
            "cut_off_total",
            "allocation_tree",
            "allocation_price_ratio",
            "substitution",
            "recycling",
            "waste",
            "biogenic",
            "electricity",
            "ccs",
            "ccu",
            "validity_months",
            "recalculation_trigger",
            "recalculation_at_trigger",
            "data_age_max_years",
            "quality_scheme",
            "significant_digits",
            "required_outputs",
            "facts",
            "digest",
        )

    @extend_schema_field(FACTS)
    def get_facts(self, version: MethodProfileVersion) -> dict[str, Any]:
        """By parameter."""
        return dict(version.facts)


class MethodProfileSerializer(ModelSerializer[MethodProfile]):
    """A standard or programme by which footprints can be computed, with all its versions."""

    versions = MethodProfileVersionSerializer(many=True)

    class Meta:
        model = MethodProfile
        fields = (
            "uuid",
            "code",
            "name_zh",
            "name_en",
            "standard",
            "description_zh",
            "description_en",
            "versions",
        )


class MethodProfileView(Resource):
    """Method profiles: what GB/T 24067, ISO 14067, PACT, TfS, CBAM and this product ask of a footprint."""

    serializer_class = MethodProfileSerializer
    lookup_field = "code"
    lookup_value_converter = "slug"
    ordering_fields = ("position", "code")

    def rows(self, actor: Actor) -> QuerySet[MethodProfile]:
        """All of them."""
        in_order = Prefetch("versions", MethodProfileVersion.objects.order_by("number"))
        return queries.method_profiles(actor).order_by().prefetch_related(in_order)


class ClosureRuleSerializer(ModelSerializer[ClosureRule]):
    """How much may be missing, as fractions of what goes in: above amber flagged, above red failed."""

    amber = AmountField()
    red = AmountField()

    class Meta:
        model = ClosureRule
        fields = ("uuid", "basis", "number", "valid_from", "amber", "red", "source")


class ClosureRuleFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What thresholds can be narrowed by."""

    basis = django_filters.ChoiceFilter(choices=ClosureRule.Basis.choices)


class ClosureRuleView(Resource):
    """Thresholds of mass, energy and carbon balances; those of product category rules prevail."""

    serializer_class = ClosureRuleSerializer
    filterset_class = ClosureRuleFilter

    def rows(self, actor: Actor) -> QuerySet[ClosureRule]:
        """All of them."""
        return queries.closure_rules(actor).order_by()
