"""Product category rules over REST: every version as a document and as text, read only."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.figures import is_chinese
from accounts.forms import languages
from accounts.rest.resources import Resource
from footprint.rules import queries
from footprint.rules.document.text import statements
from footprint.rules.models import ProductCategory, ProductRule

DOCUMENT = {
    "type": "object",
    "description": "Boundary, exchanges, allocation, cut-off, closure, bands, quality and gases, each rule "
    "with its source and how far that was checked.",
    "additionalProperties": True,
}
STATEMENTS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("rule", "text", "source", "mark")},
        "required": ["rule", "text", "source", "mark"],
    },
}


class ProductRuleSerializer(serializers.ModelSerializer[ProductRule]):
    """One version of a rule."""

    is_in_force = serializers.SerializerMethodField()
    document = serializers.SerializerMethodField()
    statements = serializers.SerializerMethodField()

    class Meta:
        model = ProductRule
        fields = (
            "uuid",
            "number",
            "state",
            "effective_on",
            "is_in_force",
            "digest",
            "document",
            "statements",
        )

    def get_is_in_force(self, rule: ProductRule) -> bool:
        """Published, its day has come, and no later version is in force."""
        found = self.context["in_force"].get(rule.category_id)
        return found is not None and found.pk == rule.pk

    @extend_schema_field(DOCUMENT)
    def get_document(self, rule: ProductRule) -> dict[str, Any]:
        """The rules themselves."""
        return dict(rule.document)

    @extend_schema_field(STATEMENTS)
    def get_statements(self, rule: ProductRule) -> list[dict[str, str]]:
        """Every rule in words, in the language asked for."""
        return [
            {"rule": each.address, "text": each.words, "source": each.source, "mark": each.mark}
            for each in statements(rule.content, self.context["names"]).values()
        ]


class CategoryRuleSerializer(serializers.ModelSerializer[ProductCategory]):
    """The rule of a category with all its versions."""

    category = serializers.CharField(source="code")
    versions = ProductRuleSerializer(source="product_rules", many=True)

    class Meta:
        model = ProductCategory
        fields = ("category", "name_zh", "name_en", "versions")


class ProductRuleView(Resource):
    """Product category rules by the code of their category: drafts, the one in force, what it replaced."""

    serializer_class = CategoryRuleSerializer
    lookup_field = "code"
    lookup_value_converter = "slug"
    ordering_fields = ("position", "code")

    def rows(self, actor: Actor) -> QuerySet[ProductCategory]:
        """Categories that have a rule."""
        versions = queries.product_rules(actor).order_by("number")
        found = queries.categories(actor).filter(pk__in=versions.order_by().values("category_id"))
        return found.order_by().prefetch_related(Prefetch("product_rules", versions))

    def get_serializer_context(self) -> dict[str, Any]:
        """With what is in force, and what categories are called."""
        actor = actor_in(self.request) if self.request else Actor.nobody()
        return {
            **super().get_serializer_context(),
            "in_force": queries.rules_in_force(actor, timezone.localdate()),
            "names": queries.names_in(actor, is_chinese(languages())),
        }

    def retrieve(self, request: Request, code: str) -> Response:  # type: ignore[override]
        """The rule of one category."""
        return self.answer(self.found(code))
