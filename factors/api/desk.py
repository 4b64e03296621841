"""The curators' desk over REST: what waits and how long, what is covered, how good it is."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.asked import gate
from accounts.authentication import actor_in
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from accounts.roles import Permission
from factors import desk, queries
from factors.coverage import coverage, last_years
from factors.desk import DEMANDS, PlaceCounts, Quality
from factors.models import Factor
from factors.models.proposal import STATES


class WaitingSerializer(serializers.Serializer[Any]):
    """An open proposal, and how long it has been in its state."""

    proposal = serializers.UUIDField(source="proposal.uuid")
    code = serializers.CharField(source="proposal.code")
    state = serializers.ChoiceField(STATES, source="proposal.state")
    since = serializers.DateTimeField(source="proposal.moved_at")
    days = serializers.IntegerField()
    is_long = serializers.BooleanField(help_text="Longer than fourteen days.")


class PlaceCountsSerializer(serializers.Serializer[PlaceCounts]):
    """Published versions of a place by kind; noughts are gaps."""

    geography = serializers.CharField(source="code")
    versions = serializers.SerializerMethodField()

    def get_versions(self, found: PlaceCounts) -> dict[str, int]:
        """By kind."""
        return dict(found.counts)


class QualitySerializer(serializers.Serializer[Quality]):
    """Of the published versions of a kind, the share (0 to 1) that meets each demand."""

    kind = serializers.ChoiceField(Factor.Kind.choices)
    versions = serializers.IntegerField()
    shares = serializers.SerializerMethodField()

    def get_shares(self, found: Quality) -> dict[str, float]:
        """Checked by a second person, resolved by gas, newer than three years, may be passed on."""
        return dict(zip(DEMANDS, found.shares, strict=True))


class DeskSerializer(serializers.Serializer[Any]):
    """The desk: proposals that wait, the longest first; files that wait; places; quality."""

    waiting = WaitingSerializer(many=True)
    imports = serializers.ListField(
        child=serializers.UUIDField(), help_text="Files that wait for the caller to confirm them."
    )
    places = PlaceCountsSerializer(many=True)
    quality = QualitySerializer(many=True)


class DeskView(APIView):
    """What the desk of curators shows."""

    schema = ResourceSchema()

    @extend_schema(responses=DeskSerializer, operation_id="factor_desk")
    def get(self, request: Request) -> Response:
        """For curators alone."""
        refuse_unknown_parameters(request, ())
        actor, now = actor_in(request), timezone.now()
        gate(actor, Permission.PUBLISH_FACTOR)
        told = {
            "waiting": desk.waiting(actor, now),
            "imports": [each.uuid for each in queries.imports_waiting(actor)],
            "places": desk.places(actor),
            "quality": desk.quality(actor, now.year),
        }
        return Response(DeskSerializer(told).data)


class CoverageCellSerializer(serializers.Serializer[Any]):
    """A table, a place and a year: how many published versions there are, or what is the nearest year."""

    kind = serializers.ChoiceField(Factor.Kind.choices)
    category = serializers.CharField()
    geography = serializers.CharField()
    year = serializers.IntegerField()
    versions = serializers.IntegerField()
    state = serializers.ChoiceField(["covered", "other_year", "lacks"])
    nearest_year = serializers.IntegerField(allow_null=True)


class CoverageAsked(serializers.Serializer[Any]):
    """Which table, which years (the last five complete ones, at most twenty), and which cells."""

    category = serializers.CharField(required=False, max_length=60)
    first = serializers.IntegerField(required=False, min_value=1990, max_value=2100)
    last = serializers.IntegerField(required=False, min_value=1990, max_value=2100)
    state = serializers.ChoiceField(["covered", "other_year", "lacks"], required=False)


class CoverageView(APIView):
    """What the database covers: table by place by year."""

    schema = ResourceSchema()

    @extend_schema(
        responses=CoverageCellSerializer(many=True),
        parameters=[CoverageAsked],
        operation_id="factor_desk_coverage",
    )
    def get(self, request: Request) -> Response:
        """For curators alone; China is wanted of every table, provinces and grids where it has one."""
        refuse_unknown_parameters(request, CoverageAsked().fields)
        actor = actor_in(request)
        gate(actor, Permission.PUBLISH_FACTOR)
        asked = CoverageAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        first, last = last_years(timezone.now().year)
        first, last = given.get("first", first), given.get("last", last)
        found = coverage(actor, min(first, last), last, category=given.get("category", ""))
        told = [
            {
                "kind": each.kind, "category": each.code, "geography": cell.place, "year": cell.year,
                "versions": cell.versions, "state": cell.state, "nearest_year": cell.nearest,
            }
            for each, cell in found.cells()
            if given.get("state", cell.state) == cell.state
        ]  # fmt: skip
        return Response(CoverageCellSerializer(told, many=True).data)
