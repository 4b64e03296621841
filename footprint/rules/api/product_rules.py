"""Product category rules over REST: every version as a document and as text, and their moves."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.errors import Refusal
from accounts.figures import is_chinese
from accounts.forms import languages
from accounts.rest.moves import Moves, MoveWriting, move_field
from accounts.rest.serializing import ModelSerializer
from footprint.rules import queries
from footprint.rules.actions.moving import move_rule
from footprint.rules.api.rule_making import DOCUMENT, Making
from footprint.rules.document.lifecycle import RULE
from footprint.rules.document.text import statements
from footprint.rules.models import ProductCategory, ProductRule

STATEMENTS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("rule", "text", "source", "mark")},
        "required": ["rule", "text", "source", "mark"],
    },
}


class ProductRuleSerializer(ModelSerializer[ProductRule]):
    """One version of a rule."""

    is_in_force = serializers.SerializerMethodField()
    document = serializers.SerializerMethodField()
    statements = serializers.SerializerMethodField()

    class Meta:
        model = ProductRule
        fields = (
            "uuid",
            "number",
            "version",
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


class CategoryRuleSerializer(ModelSerializer[ProductCategory]):
    """The rule of a category with all its versions."""

    category = serializers.CharField(source="code")
    versions = ProductRuleSerializer(source="product_rules", many=True)

    class Meta:
        model = ProductCategory
        fields = ("category", "name_zh", "name_en", "versions")


class RuleMoveWriting(MoveWriting):
    """One move of one version; If-Match holds the ``version`` that it was read with, as ``"3"``.

    ``number`` says which; ``publish`` takes the day from which on it is in force.
    """

    number = serializers.IntegerField(min_value=1)
    move = move_field(RULE)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)
    effective_on = serializers.DateField(required=False, allow_null=True)


class ProductRuleView(Making, Moves):
    """Product category rules by the code of their category: drafts, the one in force, what it replaced."""

    serializer_class = CategoryRuleSerializer
    move_writing_class = RuleMoveWriting
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

    def move(self, row: ProductCategory, version: int, given: dict[str, Any]) -> ProductCategory:
        """As the page does."""
        rule = queries.product_rules(self.actor).filter(category=row, number=given.pop("number")).first()
        if rule is None:
            raise Refusal(_("There is no such version."), field="number", code="not_found")
        move_rule(rule, by=self.actor, name=given.pop("move"), version=version, **given)
        return row
