"""What partners would get of a publication, over REST, for its owner."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from footprint.partners import previewing, queries
from footprint.partners.api.validator import FootprintCheckSerializer, told_in_both
from footprint.partners.models import FootprintGrant
from footprint.partners.pact.levels import Level
from footprint.partners.words import REASONS_V2, WITHHELD
from footprint.publication.queries import publication


class PreviewReading(serializers.Serializer[Any]):
    """Which of it; a `connection` is shown at its own level."""

    level = serializers.ChoiceField(FootprintGrant.LEVELS, required=False)
    version = serializers.ChoiceField([(3, "3"), (2, "2")], required=False, default=3)
    connection = serializers.UUIDField(required=False)


class PreviewSerializer(serializers.Serializer[Any]):
    """The document a partner reads; null where version 2 cannot say it, or the partner gets nothing."""

    level = serializers.CharField()
    version = serializers.IntegerField()
    document = serializers.DictField(allow_null=True)
    lacks = serializers.ListField(
        child=serializers.CharField(), help_text="What the schema demands and is not there: nobody is served."
    )
    why_not = serializers.ChoiceField(
        list(WITHHELD), allow_blank=True, help_text="Why the `connection` gets nothing."
    )
    reasons_v2 = serializers.ListField(child=serializers.ChoiceField(list(REASONS_V2)))
    withheld = serializers.ListField(child=serializers.CharField(), help_text="Kept back at this level.")
    left_out = serializers.ListField(
        child=serializers.CharField(), help_text="What version 2 has no place for."
    )
    checks = FootprintCheckSerializer(help_text="Of what the level shows, as version 3 says it.")


class PreviewView(APIView):
    """A publication as PACT says it, before and after it is out; nothing is sent by looking."""

    schema = ResourceSchema()

    @extend_schema(
        responses=PreviewSerializer,
        operation_id="publications_pact",
        parameters=[
            OpenApiParameter("level", str, enum=[each.value for each in Level]),
            OpenApiParameter("version", int, enum=[3, 2]),
            OpenApiParameter("connection", UUID),
        ],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """At one level, in one version; without a level at the widest, or at that of the connection."""
        refuse_unknown_parameters(request, PreviewReading().fields)
        actor, now = actor_in(request), timezone.now()
        found = publication(actor, uuid)
        if found is None or found.company_id not in actor.company_ids:
            raise Http404
        reading = PreviewReading(data=request.query_params.dict())
        reading.is_valid(raise_exception=True)
        asked = reading.validated_data
        whole = previewing.whole(found, at=now)
        access = None
        if "connection" in asked:
            known = queries.connections(actor).filter(company_id=found.company_id)
            connection = known.filter(uuid=asked["connection"]).first()
            if connection is None:
                raise Http404
            access = previewing.access(whole, connection)
        level = Level(asked.get("level") or (access and access.level) or Level.FULL)
        shown = previewing.preview(whole, level, asked["version"], at=now)
        (checks,) = told_in_both(lambda: [previewing.preview(whole, level, asked["version"], at=now).judged])
        told = {
            "level": level.value,
            "version": shown.version,
            "document": None if access is not None and access.level is None else shown.document,
            "lacks": whole.lacks,
            "why_not": access.why if access is not None else "",
            "reasons_v2": shown.reasons,
            "withheld": shown.withheld,
            "left_out": shown.left_out,
            "checks": checks,
        }
        return Response(PreviewSerializer(told).data)
