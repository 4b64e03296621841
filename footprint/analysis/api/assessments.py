"""Assessments, other methods and samples of own figures over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.rest.fields import Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.resources import Creates
from accounts.rest.schema import ResourceSchema
from accounts.rest.serializing import ModelSerializer
from footprint.analysis import queries
from footprint.analysis.actions.sample import FEWEST, MOST, SAMPLES, start_run
from footprint.analysis.models import Assessment, ProfileFigure, SampledFigure, UncertaintyRun
from footprint.analysis.models.assessment import CUT_OFF
from footprint.analysis.words import failure_text
from footprint.calculation.models import Footprint
from footprint.calculation.queries import Freshness, footprints


class MethodSerializer(serializers.Serializer[Any]):
    """A product under one allocation method, kg CO2e (AR6) per unit."""

    method = serializers.CharField(help_text='The first is "in force".')
    applies = serializers.BooleanField(help_text="Whether it gives a share to every co-product.")
    everybody = serializers.FloatField(allow_null=True, help_text="All processes that can go by it do.")
    own = serializers.FloatField(allow_null=True, help_text="Only the process that makes the product does.")


class EndsSerializer(serializers.Serializer[Any]):
    """The range of a band and the methods at its ends."""

    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    lowest = serializers.CharField(allow_null=True)
    highest = serializers.CharField(allow_null=True)


class BandSerializer(serializers.Serializer[Any]):
    """How far allocation could move a figure."""

    in_force = serializers.CharField()
    methods = MethodSerializer(many=True)
    everybody = EndsSerializer()
    own = EndsSerializer()


class AssessmentSerializer(ModelSerializer[Assessment]):
    """How far allocation could move a figure, how good the data behind it are, how sure it is."""

    footprint = serializers.UUIDField(source="footprint.uuid")
    unit = serializers.CharField(source="footprint.unit")
    band = BandSerializer()
    freshness = serializers.SerializerMethodField()

    class Meta:
        model = Assessment
        fields = (
            "footprint",
            "unit",
            "freshness",
            "kg_co2e",
            "band",
            "primary_data_share",
            "dqr_technology",
            "dqr_time",
            "dqr_geography",
            "exempted_share",
            "gsd2_low",
            "gsd2_high",
            "gsd2_is_exact",
            "engine_version",
            "computed_at",
        )

    def get_freshness(self, row: Assessment) -> str:
        """Pending when something it rests on changed since."""
        return str(self.context["freshness"])


class StepSerializer(serializers.Serializer[Any]):
    """One question of an allocation tree."""

    question = serializers.CharField()
    answer = serializers.BooleanField(allow_null=True)
    evidence = serializers.DictField()
    recorded = serializers.BooleanField(
        default=False, help_text="Answered by a member, not read from the inventory."
    )


class LeftOutSerializer(serializers.Serializer[Any]):
    """What a profile does not count at the process itself."""

    what = serializers.CharField()
    kg_co2e = serializers.FloatField()


class MethodBridgeSerializer(serializers.Serializer[Any]):
    """Why a figure is not the one under another version of a method profile, kg CO2e per unit."""

    profile = serializers.CharField(help_text="The profile it is compared with.")
    number = serializers.IntegerField(help_text="The version of that profile.")
    kg_co2e = serializers.FloatField(help_text="The figure under it.")
    causes = serializers.DictField(
        child=serializers.FloatField(), help_text="method, allocation, gwp; they sum to the difference."
    )


class ProfileFigureSerializer(ModelSerializer[ProfileFigure]):
    """One figure under one method profile, kg CO2e per unit; ``failure`` says why it has none."""

    profile = serializers.CharField(source="profile_version.profile.code")
    profile_version = serializers.UUIDField(source="profile_version.uuid")
    number = serializers.IntegerField(source="profile_version.number")
    parts = serializers.DictField(child=serializers.FloatField())
    walk = StepSerializer(many=True)
    left_out = LeftOutSerializer(many=True)
    bridges = MethodBridgeSerializer(many=True)
    largest_exempted = serializers.FloatField(
        allow_null=True, help_text="Share of the largest flow that the process itself leaves out."
    )
    cut_off = serializers.ChoiceField(
        CUT_OFF, allow_blank=True, help_text="What the profile's cut-off rule says of the shares."
    )
    failure = serializers.SerializerMethodField()
    failure_code = serializers.SerializerMethodField()

    class Meta:
        model = ProfileFigure
        fields = (
            "profile",
            "profile_version",
            "number",
            "kg_co2e",
            "including_uptake",
            "excluding_uptake",
            "parts",
            "exempted_share",
            "largest_exempted",
            "cut_off",
            "method",
            "walk",
            "left_out",
            "bridges",
            "failure_code",
            "failure",
            "engine_version",
            "computed_at",
        )

    def get_failure_code(self, row: ProfileFigure) -> str | None:
        """A stable word for it."""
        return str(row.failure["code"]) if row.failure else None

    def get_failure(self, row: ProfileFigure) -> str | None:
        """In a sentence."""
        return failure_text(row.failure) if row.failure else None


class MethodsSerializer(serializers.Serializer[Any]):
    """An own figure under every method profile."""

    footprint = serializers.UUIDField()
    unit = serializers.CharField()
    freshness = serializers.ChoiceField([state.value for state in Freshness])
    figures = ProfileFigureSerializer(many=True)


class SampledFigureSerializer(ModelSerializer[SampledFigure]):
    """What the samples of a figure look like, kg CO2e (AR6) per unit; low and high hold 95 % of them."""

    footprint = serializers.UUIDField(source="footprint.uuid")
    unit = serializers.CharField(source="footprint.unit")
    run = serializers.UUIDField(source="run.uuid")
    seed = serializers.IntegerField(source="run.seed")
    sampled_at = serializers.DateTimeField(source="run.finished_at")
    is_outdated = serializers.SerializerMethodField()

    class Meta:
        model = SampledFigure
        fields = (
            "footprint",
            "unit",
            "run",
            "seed",
            "sampled_at",
            "is_outdated",
            "kg_co2e",
            "mean",
            "sd",
            "low",
            "median",
            "high",
            "samples",
            "refused",
        )

    def get_is_outdated(self, row: SampledFigure) -> bool:
        """Whether the figure has moved since."""
        return queries.is_outdated(row)


class OfFootprint(APIView):
    """Something about one own figure; a partner's answers 404."""

    schema = ResourceSchema()
    parameters: tuple[str, ...] = ()
    """What may stand in the query."""

    def footprint(self, request: Request, uuid: UUID) -> tuple[Actor, Footprint]:
        """Who asks, and the own figure.

        Raises:
            Http404: unknown, or not one's own.
        """
        refuse_unknown_parameters(request, self.parameters)
        actor = actor_in(request)
        found = footprints(actor).filter(uuid=uuid, company_id__in=actor.company_ids).first()
        if found is None:
            raise Http404
        return actor, found


class AssessmentView(OfFootprint):
    """The assessment of an own figure."""

    @extend_schema(responses=AssessmentSerializer, operation_id="footprints_assessment_retrieve")
    def get(self, request: Request, uuid: UUID) -> Response:
        """404 as long as there is none: the figure failed, or has just appeared."""
        actor, footprint = self.footprint(request, uuid)
        state = queries.freshness(actor, [footprint])[footprint.pk]
        found = queries.assessment(actor, footprint)
        if found is None:
            raise Http404
        return Response(AssessmentSerializer(found, context={"freshness": state}).data)


class MethodsView(OfFootprint):
    """An own figure under every method profile."""

    @extend_schema(responses=MethodsSerializer, operation_id="footprints_methods_retrieve")
    def get(self, request: Request, uuid: UUID) -> Response:
        """In the order of the profiles."""
        actor, footprint = self.footprint(request, uuid)
        body = {
            "footprint": footprint.uuid,
            "unit": footprint.unit,
            "freshness": str(queries.freshness(actor, [footprint])[footprint.pk]),
            "figures": queries.profile_figures(actor, footprint),
        }
        return Response(MethodsSerializer(body).data)


class UncertaintyView(OfFootprint):
    """What the latest finished study found for an own figure."""

    @extend_schema(responses=SampledFigureSerializer, operation_id="footprints_uncertainty_retrieve")
    def get(self, request: Request, uuid: UUID) -> Response:
        """404 before the first study."""
        actor, footprint = self.footprint(request, uuid)
        found = queries.uncertainty(actor, footprint)
        if found is None:
            raise Http404
        return Response(SampledFigureSerializer(found).data)


class RunSerializer(ModelSerializer[UncertaintyRun]):
    """A study of all products at once, and how far it is."""

    progress = serializers.FloatField(help_text="0 to 1.")

    class Meta:
        model = UncertaintyRun
        fields = ("uuid", "state", "progress", "samples", "seed", "columns", "created_at", "finished_at")


class RunWriting(Writing):
    """A study to start."""

    samples = serializers.IntegerField(
        required=False, default=SAMPLES, help_text=f"{FEWEST} to {MOST}; fewer are taken of a large network."
    )
    seed = serializers.IntegerField(
        required=False, default=0, help_text="The same seed gives the same samples of the same data."
    )


class RunSchema(ResourceSchema):
    """With the answer to who starts a study beside another."""

    def _problems(self) -> dict[int, str]:
        found = super()._problems()
        return found | {409: "A study is under way"} if self.method == "POST" else found


class UncertaintyRunView(Creates):
    """Monte Carlo studies. Data owners start one; at most one is under way."""

    schema = RunSchema()
    serializer_class = RunSerializer
    writing_class = RunWriting
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[UncertaintyRun]:
        """All of them; they say nothing of anybody."""
        return queries.runs(actor)

    def add(self, given: dict[str, Any]) -> UncertaintyRun:
        """Start one."""
        return start_run(by=self.actor, **given)
