"""One's own published footprint as a Pcf of Catena-X over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.rest.fields import Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from footprint.partners import queries
from footprint.partners.actions import take_in_pcf
from footprint.partners.actions.offering import company_urns
from footprint.partners.catenax.model import SEMANTIC_ID, WASTE_INCINERATION
from footprint.partners.catenax.numbers import exact
from footprint.partners.catenax.writing import Answers, write
from footprint.partners.pact.texts import exact_json, exact_text


class CatenaxSerializer(serializers.Serializer[Any]):
    """The document, and what is not in it."""

    semantic_id = serializers.CharField()
    left_out = serializers.ListField(
        child=serializers.CharField(),
        help_text="Properties of the footprint that the model has no place for.",
    )
    lacks = serializers.ListField(
        child=serializers.CharField(),
        help_text="What the model demands and nobody stated; empty: it is valid.",
    )
    document = serializers.DictField(help_text="io.catenax.pcf 9.0.0, every number digit for digit.")


class AnswersReading(serializers.Serializer[Any]):
    """What the model demands and no footprint of PACT says."""

    mass_balancing = serializers.BooleanField(required=False, allow_null=True, default=None)
    scheme = serializers.CharField(required=False, default="", max_length=200)
    free_attribution = serializers.BooleanField(required=False, allow_null=True, default=None)
    waste_incineration = serializers.ChoiceField(WASTE_INCINERATION, required=False, default="")


class PcfWriting(Writing):
    """``document``: one Pcf, or a list of at most 100."""

    document = serializers.JSONField(encoder=JSONEncoder)


class PcfTakenInSerializer(serializers.Serializer[Any]):
    """How many documents there were; all of them were taken in."""

    footprints = serializers.IntegerField()


class PartnerCatenaxView(APIView):
    """Footprints that a partner gave in the aspect model of Catena-X."""

    schema = ResourceSchema()

    @extend_schema(
        request=PcfWriting,
        responses={201: PcfTakenInSerializer},
        operation_id="partner_connections_catenax",
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Take in all of them, or none; they are kept as footprints of PACT with the original in them."""
        actor = actor_in(request)
        connection = queries.connection(actor, uuid)
        if connection is None:
            raise Http404
        body = PcfWriting(data=request.data)
        body.is_valid(raise_exception=True)
        text = exact_text(exact(body.validated_data["document"]))
        count = take_in_pcf(connection, by=actor, at=timezone.now(), text=text)
        return Response({"footprints": count}, status=status.HTTP_201_CREATED)


class CatenaxView(APIView):
    """A published footprint of one's own in the aspect model of Catena-X."""

    schema = ResourceSchema()

    @extend_schema(
        responses=CatenaxSerializer,
        operation_id="published_footprints_catenax",
        parameters=[
            OpenApiParameter("mass_balancing", bool),
            OpenApiParameter("scheme", str),
            OpenApiParameter("free_attribution", bool),
            OpenApiParameter("waste_incineration", str, enum=WASTE_INCINERATION),
        ],
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """By the id it has among partners; the parameters answer what no footprint says."""
        refuse_unknown_parameters(request, AnswersReading().fields)
        found = queries.offered(actor_in(request)).filter(is_served=True, uuid=uuid).first()
        if found is None:
            raise Http404
        asked = AnswersReading(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        answers = Answers(**asked.validated_data)
        written = write(exact_json(found.document), answers, company_urns(found.company))
        told = {
            "semantic_id": SEMANTIC_ID,
            "left_out": written.left_out,
            "lacks": written.lacks,
            "document": written.document,
        }
        return HttpResponse(exact_text(told), content_type="application/json")
