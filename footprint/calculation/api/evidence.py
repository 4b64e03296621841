"""Files that lines rest on, over REST."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.errors import Refusal
from accounts.exports import file_answer
from accounts.rest.bodies import FileParser
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from accounts.rest.serializing import ModelSerializer
from accounts.rest.versions import check_tag
from footprint.inventory import queries
from footprint.inventory.actions import add_evidence, remove_evidence
from footprint.inventory.evidence import MOST_BYTES, evidence_bytes, evidence_file, evidence_of
from footprint.inventory.models import EvidenceFile, Exchange

BYTES = "application/octet-stream"


class BytesParser(FileParser):
    """A file as the body, nothing around it."""

    media_type = BYTES
    most_bytes = MOST_BYTES


class EvidenceSerializer(ModelSerializer[EvidenceFile]):
    """A file of a line."""

    class Meta:
        model = EvidenceFile
        fields = ("uuid", "name", "size", "sha256", "at")


class LineEvidenceView(APIView):
    """The files of one's own line; a further one is the body of a POST, its name a parameter."""

    schema = ResourceSchema()
    parser_classes = (BytesParser,)

    @extend_schema(
        responses=EvidenceSerializer(many=True),
        operation_id="exchanges_evidence",
        parameters=[OpenApiParameter("name", str, description="Only files of this name.")],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """The latest first."""
        refuse_unknown_parameters(request, ("name",))
        rows = evidence_of(actor_in(request), _line(request, uuid))
        if name := request.query_params.get("name"):
            rows = rows.filter(name=name)
        return Response(EvidenceSerializer(rows, many=True).data)

    @extend_schema(
        request={BYTES: OpenApiTypes.BINARY},
        responses={201: EvidenceSerializer},
        operation_id="exchanges_evidence_add",
        parameters=[OpenApiParameter("name", str, required=True, description="With its ending.")],
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Keep a file with the line."""
        refuse_unknown_parameters(request, ("name",))
        line = _line(request, uuid)
        content = request.data
        if not isinstance(content, bytes):
            raise Refusal(_("Send the file as the body."), code="required")
        name = request.query_params.get("name", "")
        made = add_evidence(line, by=actor_in(request), at=timezone.now(), name=name, content=content)
        return Response(EvidenceSerializer(made).data, status=status.HTTP_201_CREATED)


class EvidenceView(APIView):
    """One file: of one's own line, or of a submission that one reviews."""

    schema = ResourceSchema()

    @extend_schema(responses={(200, BYTES): OpenApiTypes.BINARY}, operation_id="evidence_retrieve")
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Its bytes; the ETag is their SHA-256."""
        refuse_unknown_parameters(request, ())
        actor = actor_in(request)
        found = evidence_file(actor, uuid)
        content = evidence_bytes(actor, found) if found else None
        if found is None or content is None:
            raise Http404
        return file_answer(found.name, found.sha256, content)

    @extend_schema(responses={204: None}, operation_id="evidence_remove")
    def delete(self, request: Request, uuid: UUID) -> Response:
        """Take it away from its line; If-Match holds the ETag of its bytes. A copy goes on naming it."""
        refuse_unknown_parameters(request, ())
        actor = actor_in(request)
        found = evidence_file(actor, uuid)
        if found is None:
            raise Http404
        check_tag(request, f'"{found.sha256}"')
        remove_evidence(found, by=actor, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _line(request: Request, uuid: UUID) -> Exchange:
    found = queries.line(actor_in(request), uuid)
    if found is None:
        raise Http404
    return found
