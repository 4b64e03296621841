"""Files of factor proposals over REST: the file is the body, for whom and why stand in the address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.asked import gate
from accounts.authentication import actor_in
from accounts.errors import Refusal
from accounts.exports import EXCEL_TYPE, book_answer
from accounts.rest.companies import company_for, own_company_field
from accounts.rest.fields import Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from accounts.roles import Permission
from factors.actions.propose_table import Proposed
from factors.api.imports import CSV_TYPE, CsvParser
from footprint.exchange.actions import propose_file
from footprint.exchange.api.workbooks import XlsxParser
from footprint.exchange.factor_table.choices import choices
from footprint.exchange.factor_table.writing import write


class ProposingParameters(Writing):
    """For whom, why, and whether what is refused stays out."""

    company = own_company_field()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    leaves_out = serializers.BooleanField(required=False)


class ProposedSerializer(serializers.Serializer[Any]):
    """What was proposed: its uuid, and the code of its factor."""

    uuid = serializers.UUIDField()
    code = serializers.CharField()


class LeftOutSerializer(serializers.Serializer[Any]):
    """What was not: the line, the cell or the part of the file, and why."""

    row = serializers.CharField(allow_null=True)
    field = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    detail = serializers.CharField(source="message")


class ProposedFileSerializer(serializers.Serializer[Proposed]):
    """What came of a file."""

    proposals = ProposedSerializer(many=True)
    left_out = LeftOutSerializer(many=True)


PROPOSING = [
    OpenApiParameter("company", UUID, description="On whose behalf; the only own one without it."),
    OpenApiParameter("reason", str, description="Of all of them; answers what the screening finds unusual."),
    OpenApiParameter(
        "leaves_out", bool, description="Propose the rest where some are refused; else all or nothing."
    ),
]


def asked(request: Request, shape: type[ProposingParameters] = ProposingParameters) -> dict[str, Any]:
    """The parameters, once they have the right shape; with the company they name, or the only own one."""
    actor = actor_in(request)
    refuse_unknown_parameters(request, shape().fields)
    body = shape(data=request.query_params.dict(), context={"actor": actor})
    body.is_valid(raise_exception=True)
    given = dict(body.validated_data)
    return {**given, "company": company_for(actor, given)}


class ProposalFileView(APIView):
    """Many proposals from one table; its columns are those of the template."""

    schema = ResourceSchema()
    parser_classes = (XlsxParser, CsvParser)

    @extend_schema(
        responses={(200, EXCEL_TYPE): OpenApiTypes.BINARY}, operation_id="factor_proposals_template"
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The empty workbook, in the language asked for."""
        refuse_unknown_parameters(request, ())
        actor = actor_in(request)
        gate(actor, Permission.PROPOSE_FACTOR)
        language = get_language() or "zh-hans"
        return book_answer(write(choices(actor, language), language), "factor-proposals.xlsx")

    @extend_schema(
        parameters=PROPOSING,
        request={EXCEL_TYPE: OpenApiTypes.BINARY, CSV_TYPE: OpenApiTypes.BINARY},
        responses={201: ProposedFileSerializer},
        operation_id="factor_proposals_file",
    )
    def post(self, request: Request) -> Response:
        """Propose every version of the table in the body; a refusal names the line, or sheet and cell."""
        content = request.data
        if not isinstance(content, bytes):
            raise Refusal(_("Send the table as the body."), code="required")
        done = propose_file(content, by=actor_in(request), **asked(request))
        return Response(ProposedFileSerializer(done).data, status=status.HTTP_201_CREATED)
