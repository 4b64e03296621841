"""Own products against their product category rules over REST."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.figures import is_chinese
from accounts.forms import languages
from accounts.rest.lists import YearFilter, refuse_unknown_parameters
from accounts.rest.resources import Resource
from accounts.rest.schema import ResourceSchema
from accounts.rest.serializing import ModelSerializer
from footprint.analysis.conformity import Conformity, conformity_of, conformity_of_product, own_inventories
from footprint.inventory.models import Inventory, Product
from footprint.rules.document.checking import Finding, Outcome, Severity, Verdict
from footprint.rules.document.wording import Names
from footprint.rules.finding_words import told
from footprint.rules.queries import applicable_rules, names_in


class FindingSerializer(serializers.Serializer[Finding]):
    """What breaks a rule: at which line (null: the process as a whole), in words, and what to do."""

    severity = serializers.ChoiceField(choices=[(str(each), str(each)) for each in Severity])
    code = serializers.CharField()
    exchange = serializers.UUIDField(source="line", allow_null=True)
    message = serializers.SerializerMethodField()
    hint = serializers.SerializerMethodField()

    def to_representation(self, instance: Finding) -> dict[str, Any]:
        """No line is null, not an empty text."""
        shown = super().to_representation(instance)
        return {**shown, "exchange": instance.line or None}

    def get_message(self, finding: Finding) -> str:
        """In the language asked for."""
        return told(finding, self.context["names"]).message

    def get_hint(self, finding: Finding) -> str:
        """What to do about it."""
        return told(finding, self.context["names"]).hint


class OutcomeSerializer(serializers.Serializer[Outcome]):
    """What became of one rule."""

    rule = serializers.CharField(source="address", help_text="Address of the rule within its document.")
    verdict = serializers.ChoiceField(
        choices=[(str(each), str(each)) for each in Verdict], help_text="idle: nothing it is about"
    )
    findings = FindingSerializer(many=True)


class ConformitySerializer(serializers.Serializer[Conformity]):
    """A product of one process against the rule in force; else against the draft, on trial."""

    product = serializers.UUIDField(source="product.uuid")
    unit_process = serializers.UUIDField(source="process.uuid")
    category = serializers.CharField(source="rule.category.code")
    rule_version = serializers.IntegerField(source="rule.number")
    is_trial = serializers.BooleanField(help_text="A draft, which refuses nothing.")
    passes = serializers.BooleanField(help_text="No rule is broken.")
    outcomes = OutcomeSerializer(many=True)


class InventoryConformitySerializer(ModelSerializer[Inventory]):
    """An inventory with its products against their rules."""

    inventory = serializers.UUIDField(source="uuid")
    company = serializers.UUIDField(source="company.uuid")
    site = serializers.UUIDField(source="site.uuid")
    year = serializers.IntegerField()
    products = serializers.SerializerMethodField()

    class Meta:
        model = Inventory
        fields = ("inventory", "company", "site", "year", "products")

    @extend_schema(responses=ConformitySerializer(many=True))
    def get_products(self, row: Inventory) -> list[dict[str, Any]]:
        """Those a rule is about."""
        on = timezone.localdate()
        found = conformity_of(self.context["actor"], row, self.context["rules"], on)
        return _shown(found, self.context)


class ConformityFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the list can be narrowed by."""

    company = django_filters.UUIDFilter(field_name="company__uuid", label="Uuid of the company")
    site = django_filters.UUIDFilter(field_name="site__uuid", label="Uuid of the site")
    year = YearFilter(field_name="period_end__year", label="The year the period ends in")


class ConformityView(Resource):
    """Own products against their product category rules, inventory by inventory."""

    serializer_class = InventoryConformitySerializer
    filterset_class = ConformityFilter
    ordering_fields = ("id", "period_end")

    def rows(self, actor: Actor) -> QuerySet[Inventory]:
        """Own inventories with products that a rule may be about."""
        return own_inventories(actor).order_by()

    def get_serializer_context(self) -> dict[str, Any]:
        """With the rules, and what categories are called."""
        actor = actor_in(self.request) if self.request else Actor.nobody()
        rules = applicable_rules(actor, timezone.localdate())
        return {**super().get_serializer_context(), "names": _names(actor), "rules": rules}


class ProductConformityView(APIView):
    """One own product against its rule."""

    schema = ResourceSchema()

    @extend_schema(
        responses=ConformitySerializer(many=True), operation_id="products_conformity", filters=False
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """At every process that makes it in its latest inventory; empty where no rule is about it."""
        refuse_unknown_parameters(request, ())
        actor = actor_in(request)
        product = Product.objects.own(actor).filter(uuid=uuid).first()
        if product is None:
            raise Http404
        found = conformity_of_product(actor, product, timezone.localdate())
        return Response(_shown(found, {"names": _names(actor)}))


def _shown(found: Sequence[Conformity], context: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(ConformitySerializer(each, context=dict(context)).data) for each in found]


def _names(actor: Actor) -> Names:
    return names_in(actor, is_chinese(languages()))
