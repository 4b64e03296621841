"""What a factor version would move, where it comes from, and taking it over: over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.models import Company
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import AmountField, TenantUuidField, Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.resources import Creates
from accounts.rest.schema import ResourceSchema
from accounts.rest.serializing import ModelSerializer
from factors import queries as factor_queries
from factors.content import Relation
from factors.models import FactorProposal, FactorVersion
from footprint.analysis import queries
from footprint.analysis.actions.adopt_by_policy import set_policy
from footprint.analysis.actions.decide_adoption import decide_adoption
from footprint.analysis.actions.foresee import ask_for_impact, comparable_unit, emissions_of
from footprint.analysis.impact import change_between, own_impact
from footprint.analysis.lineage import ancestry
from footprint.analysis.models import AdoptionDecision, AdoptionPolicy, FactorImpact
from footprint.calculation import ledger

NEW = OpenApiParameter("new", str, description="Uuid of the version in its place; neither: a withdrawal.")
PROPOSAL = OpenApiParameter(
    "proposal", str, description="Uuid of a proposal; what it states takes the place."
)


def _own(actor: Actor) -> QuerySet[Company]:
    return Company.objects.filter(pk__in=[holding.company_id for holding in actor.holdings])


class AdoptionPolicySerializer(ModelSerializer[AdoptionPolicy]):
    """What a company takes over without being asked."""

    company = CompanyRefSerializer()
    most_percent = AmountField()

    class Meta:
        model = AdoptionPolicy
        fields = ("uuid", "version", "company", "most_percent", "is_active", "set_at")


class AdoptionPolicyWriting(Writing):
    """Up to which change of a factor; a later word replaces an earlier one."""

    company = TenantUuidField(_own)
    most_percent = AmountField()
    is_active = serializers.BooleanField(default=True)


class AdoptionPolicyView(Creates):
    """Policies of own companies."""

    serializer_class = AdoptionPolicySerializer
    writing_class = AdoptionPolicyWriting

    def rows(self, actor: Actor) -> QuerySet[AdoptionPolicy]:
        """Own ones."""
        return queries.adoption_policies(actor)

    def add(self, given: dict[str, Any]) -> AdoptionPolicy:
        """Or change what was said before."""
        return set_policy(given.pop("company"), by=self.actor, **given)


class AdoptionWriting(Writing):
    """What a company decides about a version in the place of the one it uses."""

    company = TenantUuidField(_own)
    new = TenantUuidField(factor_queries.all_versions)
    choice = serializers.ChoiceField(AdoptionDecision.Choice.choices)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class AdoptionSerializer(ModelSerializer[AdoptionDecision]):
    """A decision, and how many lines it moved."""

    company = CompanyRefSerializer()
    old = serializers.UUIDField(source="old.uuid")
    new = serializers.UUIDField(source="new.uuid")

    class Meta:
        model = AdoptionDecision
        fields = ("uuid", "company", "old", "new", "choice", "reason", "lines", "by_policy", "at")


class OfVersion(APIView):
    """Something about one version."""

    schema = ResourceSchema()

    def version(self, uuid: UUID | str) -> FactorVersion:
        """The version of this uuid."""
        try:
            found = factor_queries.version_by_uuid(actor_in(self.request), UUID(str(uuid)))
        except ValueError:
            found = None
        if found is None:
            raise Http404
        return found


class AdoptionView(OfVersion):
    """Taking another version over in its place."""

    @extend_schema(responses=AdoptionSerializer(many=True), operation_id="factor_version_adoptions")
    def get(self, request: Request, uuid: UUID) -> Response:
        """What own companies decided, the latest first; a hundred at most."""
        refuse_unknown_parameters(request, ())
        rows = queries.adoption_decisions(actor_in(request), self.version(uuid))[:100]
        return Response(AdoptionSerializer(rows, many=True).data)

    @extend_schema(
        request=AdoptionWriting, responses={201: AdoptionSerializer}, operation_id="factor_version_adopt"
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Adopt it in every line of the company, or postpone it; another scope or boundary is refused."""
        old, actor = self.version(uuid), actor_in(request)
        body = AdoptionWriting(data=request.data, context={"request": request, "actor": actor})
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        made = decide_adoption(old, given.pop("new"), by=actor, company=given.pop("company"), **given)
        if made.lines:
            ledger.wake()
        return Response(AdoptionSerializer(made).data, status=status.HTTP_201_CREATED)


class OutdatedSerializer(serializers.Serializer[Any]):
    """A version that own lines use and that is not in force; ``new`` came in its place, if anything did."""

    old = serializers.UUIDField(source="old.uuid")
    code = serializers.CharField(source="old.factor.code")
    number = serializers.IntegerField(source="old.number")
    status = serializers.ChoiceField(
        [FactorVersion.Status.SUPERSEDED.value, FactorVersion.Status.WITHDRAWN.value], source="old.status"
    )
    status_reason = serializers.CharField(source="old.status_reason")
    lines = serializers.IntegerField(help_text="Own lines that use it.")
    new = serializers.UUIDField(source="new.uuid", allow_null=True, default=None)
    waits = serializers.BooleanField(help_text="Whether nobody decided about ``new`` yet.")
    decision = AdoptionSerializer(allow_null=True)


class WaitingAdoptionsView(APIView):
    """What waits to be adopted; adopting is a POST to ``factor-versions/{old}/adoption/``."""

    schema = ResourceSchema()

    @extend_schema(responses=OutdatedSerializer(many=True), operation_id="factor_adoptions_list")
    def get(self, request: Request) -> Response:
        """Of own companies, withdrawn ones first, then by how many lines use them."""
        refuse_unknown_parameters(request, ())
        return Response(OutdatedSerializer(queries.outdated_versions(actor_in(request)), many=True).data)


class MovedProductSerializer(serializers.Serializer[Any]):
    """An own product of one process that would move, kg CO2e (AR6) per unit."""

    product = serializers.CharField(source="node.uuid")
    unit = serializers.CharField(source="node.unit")
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()
    share = serializers.FloatField(allow_null=True)

    def get_before(self, moved: Any) -> float:
        """As it is."""
        return float(moved.before[-1])

    def get_after(self, moved: Any) -> float:
        """With the new version in all own lines."""
        return float(moved.after[-1])


class ImpactSerializer(serializers.Serializer[Any]):
    """Own products that would move, and how far it reaches in the alliance, as far as that may be told."""

    moved = MovedProductSerializer(many=True)
    asked_at = serializers.DateTimeField(allow_null=True)
    computed_at = serializers.DateTimeField(allow_null=True)
    alliance = serializers.JSONField(
        allow_null=True, help_text="products, inventories, groups; null where too few groups are touched."
    )


class ImpactView(OfVersion):
    """What another version in its place, a proposed one, or its withdrawal would move."""

    @extend_schema(
        responses=ImpactSerializer, parameters=[NEW, PROPOSAL], operation_id="factor_version_impact"
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """Own products at once; of the alliance what the worker has counted."""
        actor = actor_in(request)
        old, new, proposal = self._asked(uuid)
        unit = comparable_unit(old, new, proposal)
        change = change_between(actor, old, emissions_of(actor, new, proposal), unit)
        asked = queries.latest_impact(actor, old, new, proposal)
        return Response(self._told(own_impact(actor, old, change), asked))

    @extend_schema(
        request=None, responses={202: ImpactSerializer}, parameters=[NEW, PROPOSAL],
        operation_id="factor_version_ask_impact",
    )  # fmt: skip
    def post(self, request: Request, uuid: UUID) -> Response:
        """Have it counted in the alliance; ask again in a moment."""
        old, new, proposal = self._asked(uuid)
        asked = ask_for_impact(old, by=actor_in(request), new=new, proposal=proposal)
        return Response(self._told([], asked), status=status.HTTP_202_ACCEPTED)

    def _asked(self, uuid: UUID) -> tuple[FactorVersion, FactorVersion | None, FactorProposal | None]:
        refuse_unknown_parameters(self.request, ("new", "proposal"))
        named = self.request.query_params
        new, proposal = named.get("new", ""), named.get("proposal", "")
        return (
            self.version(uuid),
            self.version(new) if new else None,
            self._proposal(proposal) if proposal else None,
        )

    def _proposal(self, named: str) -> FactorProposal:
        try:
            found = factor_queries.proposal(actor_in(self.request), UUID(named))
        except ValueError:
            found = None
        if found is None:
            raise Http404
        return found

    def _told(self, moved: Any, asked: FactorImpact | None) -> Any:
        told = {
            "moved": moved,
            "asked_at": asked.asked_at if asked else None,
            "computed_at": asked.computed_at if asked else None,
            "alliance": asked.found if asked else None,
        }
        return ImpactSerializer(told).data


class ConversionSerializer(serializers.Serializer[Any]):
    """What is not as of the parent; ``factor`` is the child's units per parent's unit, of units alone."""

    what = serializers.ChoiceField(["unit", "gwp_set", "geography", "reference_year"])
    before = serializers.CharField()
    after = serializers.CharField()
    factor = AmountField(allow_null=True)


class LinkSerializer(serializers.Serializer[Any]):
    """How a version came from one of its parents, and what was converted on the way."""

    of = serializers.UUIDField(source="parent.uuid")
    relation = serializers.ChoiceField([each.value for each in Relation])
    conversions = ConversionSerializer(many=True)


class KinSerializer(serializers.Serializer[Any]):
    """A version in a lineage; ``step`` -1 is a parent, -2 a parent of one, 1 a child."""

    version = serializers.UUIDField(source="version.uuid")
    code = serializers.CharField(source="version.factor.code")
    number = serializers.IntegerField(source="version.number")
    step = serializers.IntegerField()
    of = serializers.ListField(child=serializers.UUIDField(), help_text="Its parents that are shown.")
    links = LinkSerializer(many=True, help_text="The same parents, each with how it came from it.")


class LineageView(OfVersion):
    """What a version was derived from, and what from it."""

    @extend_schema(responses=KinSerializer(many=True), operation_id="factor_version_lineage")
    def get(self, request: Request, uuid: UUID) -> Response:
        """Backward and forward, itself in between."""
        refuse_unknown_parameters(request, ())
        return Response(KinSerializer(ancestry(actor_in(request), self.version(uuid)), many=True).data)
