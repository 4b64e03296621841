"""An inventory as an openLCA package over REST: a short one at once, one of any length by a worker."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.errors import Refusal
from accounts.exports import ARCHIVE_TYPE, archive_answer, stored_answer
from accounts.rest.fields import Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema, example
from accounts.rest.serializing import ModelSerializer
from footprint.analysis.api.parameters import GWP, asked_gwp
from footprint.calculation.own_network import GWP_SETS
from footprint.exchange import queries
from footprint.exchange.actions import is_long, place_of, queue_package
from footprint.exchange.models import CompanyExport, package_name
from footprint.exchange.openlca.exporting import outgoing
from footprint.exchange.openlca.notes import NOTES
from footprint.exchange.openlca.writing import write
from footprint.inventory.models import Inventory

LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[202], description="The file.")


class PackageNoteSerializer(serializers.Serializer[list[str]]):
    """Something that leaves otherwise than a reader might think."""

    process = serializers.CharField()
    line = serializers.CharField()
    detail = serializers.CharField(help_text="In the language asked for.")


class OpenLcaFileSerializer(ModelSerializer[CompanyExport]):
    """A package, written by a worker: ``done`` when it can be fetched, ``removed`` seven days later."""

    left_out = serializers.SerializerMethodField(help_text="Once it is done; the first thousand.")

    class Meta:
        model = CompanyExport
        fields = (
            *("uuid", "gwp", "language", "state", "steps_done", "steps_all", "left_out"),
            *("size", "sha256", "created_at", "finished_at"),
        )

    @extend_schema_field(PackageNoteSerializer(many=True))
    def get_left_out(self, file: CompanyExport) -> list[dict[str, str]]:
        """Worded as it is read."""
        return [
            {"process": process, "line": line, "detail": str(NOTES[code])}
            for process, line, code in file.notes
        ]


@example("By the sixth assessment report", {"gwp": "AR6"})
class OpenLcaFileWriting(Writing):
    """Which assessment report weighs the totals."""

    gwp = serializers.ChoiceField(GWP_SETS, required=False, default=GWP_SETS[-1])


class OpenLcaView(APIView):
    """One's own inventory for openLCA."""

    schema = ResourceSchema()

    @extend_schema(
        parameters=[GWP],
        responses={(200, ARCHIVE_TYPE): OpenApiTypes.BINARY},
        operation_id="inventories_openlca",
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """As it is now: JSON-LD in a zip, names in the language asked for. A long one is ``too_long``: ask
        for it at ``openlca-files/``."""
        refuse_unknown_parameters(request, ("gwp",))
        inventory, gwp = _inventory(request, uuid), asked_gwp(request)
        actor = actor_in(request)
        if is_long(inventory, by=actor):
            message = _(
                "So long an inventory is written by a worker: POST to %(place)s, then fetch the file."
            )
            place = reverse("inventory_openlca_files", args=[uuid], request=request)
            raise Refusal(message % {"place": place}, code="too_long")
        found = outgoing(actor, inventory, gwp=gwp, language=get_language() or "zh-hans")
        return archive_answer(write(found), package_name(inventory, gwp))


class OpenLcaFilesView(APIView):
    """Packages of an inventory, of any length."""

    schema = ResourceSchema()
    writing_class = OpenLcaFileWriting

    @extend_schema(
        responses={202: OpenLcaFileSerializer},
        parameters=[LOCATION],
        operation_id="inventories_openlca_files_create",
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Let a worker write one, names in the language asked for; one under way already is that one."""
        inventory = _inventory(request, uuid)
        body = OpenLcaFileWriting(data=request.data)
        body.is_valid(raise_exception=True)
        language = get_language() or "zh-hans"
        gwp = body.validated_data["gwp"]
        made = queue_package(inventory, by=actor_in(request), gwp=gwp, language=language)
        response = Response(OpenLcaFileSerializer(made).data, status=status.HTTP_202_ACCEPTED)
        response["Location"] = reverse("inventory_openlca_file", args=[uuid, made.uuid], request=request)
        return response


class OpenLcaFileView(APIView):
    """A package that was asked for."""

    schema = ResourceSchema()

    @extend_schema(responses=OpenLcaFileSerializer, operation_id="inventories_openlca_files_retrieve")
    def get(self, request: Request, uuid: UUID, file_uuid: UUID) -> Response:
        """How far it is."""
        refuse_unknown_parameters(request, ())
        return Response(OpenLcaFileSerializer(_file(request, uuid, file_uuid)).data)


class OpenLcaFileContentView(APIView):
    """The content of a package that was asked for."""

    schema = ResourceSchema()

    @extend_schema(
        responses={(200, ARCHIVE_TYPE): OpenApiTypes.BINARY},
        operation_id="inventories_openlca_files_content",
    )
    def get(self, request: Request, uuid: UUID, file_uuid: UUID) -> HttpResponseBase:
        """Once its state is `done`; 404 before, and when its time is over."""
        refuse_unknown_parameters(request, ())
        file = _file(request, uuid, file_uuid)
        if file.state != CompanyExport.State.DONE:
            raise Http404
        return stored_answer(place_of(file), str(file), ARCHIVE_TYPE)


def _inventory(request: Request, uuid: UUID) -> Inventory:
    inventory = queries.inventories(actor_in(request)).filter(uuid=uuid).first()
    if inventory is None:
        raise Http404
    return inventory


def _file(request: Request, uuid: UUID, file_uuid: UUID) -> CompanyExport:
    files = queries.packages(actor_in(request), _inventory(request, uuid))
    found = files.filter(uuid=file_uuid).first()
    if found is None:
        raise Http404
    return found
