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
from accounts.exports import ARCHIVE_TYPE, EXCEL_TYPE, book_answer
from accounts.rest.bodies import FileParser
from accounts.rest.companies import company_for, own_company_field
from accounts.rest.fields import Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from accounts.roles import Permission
from factors.actions.propose_table import Proposed
from factors.api.imports import CSV_TYPE, CsvParser
from factors.geographies import is_place
from factors.models import Factor, FactorVersion
from factors.models.source import Transcription
from footprint.exchange.actions import Stated, propose_file, propose_package
from footprint.exchange.api.workbooks import XlsxParser
from footprint.exchange.confined.archive import MOST_BYTES
from footprint.exchange.factor_table.choices import choices
from footprint.exchange.factor_table.writing import write
from footprint.exchange.openlca.datasets import Where


class ProposingParameters(Writing):
    """For whom, why, and whether what is refused stays out."""

    company = own_company_field()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    leaves_out = serializers.BooleanField(required=False)


class PackageParameters(ProposingParameters):
    """With what a package does not say of itself."""

    kind = serializers.ChoiceField(Factor.Kind.choices)
    boundary = serializers.ChoiceField(FactorVersion.Boundary.choices)
    source = serializers.CharField(max_length=60)  # type: ignore[assignment]  # the field's own name
    transcription = serializers.ChoiceField(Transcription.choices, default=Transcription.SINGLE.value)
    geography = serializers.CharField(required=False, max_length=20)
    reference_year = serializers.IntegerField(required=False, min_value=1990, max_value=2100)

    def validate_geography(self, code: str) -> str:
        """A place of the list, or a part of a country."""
        if not is_place(code):
            raise serializers.ValidationError(_("This is not a place of the list."), code="unknown_geography")
        return code


class ProposedSerializer(serializers.Serializer[Any]):
    """What was proposed: its uuid, and the code of its factor."""

    uuid = serializers.UUIDField()
    code = serializers.CharField()


class NotProposedSerializer(serializers.Serializer[Any]):
    """What was not: the line, the cell or the part of the file, and why."""

    row = serializers.CharField(allow_null=True)
    field = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    detail = serializers.CharField(source="message")


class ProposedFileSerializer(serializers.Serializer[Proposed]):
    """What came of a file."""

    proposals = ProposedSerializer(many=True)
    left_out = NotProposedSerializer(many=True)
    notes = NotProposedSerializer(
        many=True, help_text="What was proposed without, as flows that do not count."
    )


PROPOSING = [
    OpenApiParameter("company", UUID, description="On whose behalf; the only own one without it."),
    OpenApiParameter("reason", str, description="Of all of them; answers what the screening finds unusual."),
    OpenApiParameter(
        "leaves_out", bool, description="Propose the rest where some are refused; else all or nothing."
    ),
]


OF_PACKAGES = [
    *PROPOSING,
    OpenApiParameter("kind", str, enum=Factor.Kind.values, required=True, description="Of all factors."),
    OpenApiParameter(
        "boundary", str, enum=FactorVersion.Boundary.values, required=True, description="Of all."
    ),
    OpenApiParameter("source", str, required=True, description="Code of the source of all."),
    OpenApiParameter(
        "transcription", str, enum=Transcription.values, description="Of all; single without it."
    ),
    OpenApiParameter("geography", str, description="Of processes that name no place."),
    OpenApiParameter("reference_year", int, description="Of processes that do not say since when they hold."),
]


class ZipParser(FileParser):
    """A package as the body, nothing around it."""

    media_type = ARCHIVE_TYPE
    most_bytes = MOST_BYTES


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


class ProposalPackageView(APIView):
    """Proposals from an openLCA package (JSON-LD in a zip): a process each, resolved by gas."""

    schema = ResourceSchema()
    parser_classes = (ZipParser,)

    @extend_schema(
        parameters=OF_PACKAGES,
        request={ARCHIVE_TYPE: OpenApiTypes.BINARY},
        responses={201: ProposedFileSerializer},
        operation_id="factor_proposals_openlca",
    )
    def post(self, request: Request) -> Response:
        """Propose every process of the package in the body; a refusal names file and field."""
        content = request.data
        if not isinstance(content, bytes):
            raise Refusal(_("Send the package as the body."), code="required")
        given = asked(request, PackageParameters)
        otherwise = Where(given.pop("geography", ""), given.pop("reference_year", None))
        said = {name: given.pop(name) for name in ("kind", "boundary", "source", "transcription")}
        stated = Stated(**said, otherwise=otherwise)
        done = propose_package(content, by=actor_in(request), stated=stated, **given)
        return Response(ProposedFileSerializer(done).data, status=status.HTTP_201_CREATED)
