"""Drafts of product category rules, run on the inventories there are, over REST."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.errors import Refusal
from accounts.rest.fields import Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from footprint.analysis.actions.try_rule import FEW, ask_for_trial
from footprint.rules.document.conflicts import Conflict, conflicts
from footprint.rules.models import ProductRule, TrialState
from footprint.rules.problem_words import conflict_words
from footprint.rules.queries import product_rules

OF_FEW = f"{FEW} means one or {FEW}: few are not told apart."


class ConflictSerializer(serializers.Serializer[Conflict]):
    """Two rules that no inventory can keep together; while there are any, there is no vote."""

    code = serializers.CharField()
    first = serializers.CharField(help_text="Address of a rule within its document.")
    second = serializers.CharField(help_text="Address of the rule against it.")
    message = serializers.SerializerMethodField()

    def get_message(self, conflict: Conflict) -> str:
        """In the language asked for."""
        return conflict_words(conflict)


class TriedRuleSerializer(serializers.Serializer[Any]):
    """What became of one rule on all products."""

    rule = serializers.CharField(help_text="Address of the rule within its document.")
    broken = serializers.IntegerField(help_text=f"Products that break it. {OF_FEW}")
    asked = serializers.IntegerField(help_text=f"Products that it asks for an explanation. {OF_FEW}")
    is_idle = serializers.BooleanField(help_text="No product has anything that it is about.")


class RuleTrialSerializer(serializers.Serializer[Any]):
    """A version: its contradictions, how its trial stands, and the counts of a trial that may be told.

    Counts are those of the document as it is now; null and empty where there are none.
    """

    number = serializers.IntegerField()
    state = serializers.ChoiceField(
        choices=[(str(each), str(each)) for each in TrialState],
        help_text="untried; waiting: ask again in a moment; broken: the trial itself failed; outdated: the "
        "draft changed since; hidden: fewer than five company groups make the product; told.",
    )
    at = serializers.DateTimeField(allow_null=True, help_text="When the document as it is now was run.")
    is_few = serializers.BooleanField(
        allow_null=True,
        help_text="Fewer than three plants make the product; it goes to the vote all the same.",
    )
    groups = serializers.IntegerField(allow_null=True, help_text="Company groups that make the product.")
    products = serializers.IntegerField(allow_null=True, help_text="Products that were checked.")
    failed = serializers.IntegerField(allow_null=True, help_text=f"Products that break a rule. {OF_FEW}")
    rules = TriedRuleSerializer(many=True)
    conflicts = ConflictSerializer(many=True)


class TrialWriting(Writing):
    """Which version to run."""

    number = serializers.IntegerField(min_value=1)


class TrialView(APIView):
    """Versions of a category's rule, run on the inventories there are. Counts alone are told."""

    schema = ResourceSchema()
    writing_class = TrialWriting

    @extend_schema(
        responses=RuleTrialSerializer(many=True), operation_id="product_category_rules_trials", filters=False
    )
    def get(self, request: Request, code: str) -> Response:
        """How the trial of every version stands."""
        refuse_unknown_parameters(request, ())
        return Response([_told(each) for each in _versions(request, code)])

    @extend_schema(responses={202: RuleTrialSerializer}, operation_id="product_category_rules_try")
    @transaction.atomic
    def post(self, request: Request, code: str) -> Response:
        """Have the worker run a draft; as on its page, by those who write or review it."""
        versions = _versions(request, code)
        body = TrialWriting(data=request.data, context={"actor": actor_in(request)})
        body.is_valid(raise_exception=True)
        rule = versions.filter(number=body.validated_data["number"]).first()
        if rule is None:
            raise Refusal(_("There is no such version."), field="number", code="not_found")
        return Response(_told(ask_for_trial(rule, by=actor_in(request))), status=202)


def _versions(request: Request, code: str) -> QuerySet[ProductRule]:
    """Of one category, the newest first. Raises Http404."""
    found = product_rules(actor_in(request)).filter(category__code=code)
    if not found:
        raise Http404
    return found


def _told(rule: ProductRule) -> dict[str, Any]:
    found = rule.trial if rule.is_tried and rule.trial else {}
    tried = {name: found.get(name) for name in ("at", "is_few", "groups", "products", "failed")}
    rules = [{"rule": address, **counts} for address, counts in found.get("rules", {}).items()]
    shown = {"number": rule.number, "state": rule.trial_state, **tried, "rules": rules}
    return dict(RuleTrialSerializer({**shown, "conflicts": conflicts(rule.content)}).data)
