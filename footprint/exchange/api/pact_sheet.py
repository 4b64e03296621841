"""Footprints in PACT's simplified layout over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.errors import Refusal
from accounts.exports import EXCEL_TYPE, book_answer
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from footprint.exchange import queries
from footprint.exchange.actions import take_in_sheet
from footprint.exchange.api.workbooks import XlsxParser
from footprint.exchange.pact_sheet.writing import write
from footprint.partners import queries as partners


class TakenInSerializer(serializers.Serializer[Any]):
    """How many footprints a sheet held; all of them were taken in."""

    footprints = serializers.IntegerField()


class OfferedSheetView(APIView):
    """One's own published footprints as partners get them."""

    schema = ResourceSchema()

    @extend_schema(
        responses={(200, EXCEL_TYPE): OpenApiTypes.BINARY}, operation_id="published_footprints_sheet"
    )
    def get(self, request: Request) -> HttpResponseBase:
        """A column each, every number digit for digit."""
        refuse_unknown_parameters(request, ())
        return book_answer(write(queries.offered_documents(actor_in(request))), "pact-footprints.xlsx")


class PartnerSheetView(APIView):
    """The footprints of a partner whose systems do not speak PACT; the sheet is the body."""

    schema = ResourceSchema()
    parser_classes = (XlsxParser,)

    @extend_schema(
        request={EXCEL_TYPE: OpenApiTypes.BINARY},
        responses={201: TakenInSerializer},
        operation_id="partner_connections_sheet",
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Take in all of them, or none; a refusal names the cell."""
        actor = actor_in(request)
        connection = partners.connection(actor, uuid)
        if connection is None:
            raise Http404
        content = request.data
        if not isinstance(content, bytes):
            raise Refusal(_("Send the sheet as the body."), code="required")
        count = take_in_sheet(connection, by=actor, at=timezone.now(), content=content)
        return Response({"footprints": count}, status=status.HTTP_201_CREATED)
