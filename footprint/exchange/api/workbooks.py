"""Workbooks over REST: take one home, hand it in, read what it would change, confirm."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.errors import Refusal
from accounts.exports import EXCEL_TYPE, book_answer
from accounts.rest.bodies import FileParser
from accounts.rest.fields import Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from accounts.rest.versions import etag
from footprint.exchange import queries
from footprint.exchange.actions import (
    cancel_workbook,
    confirm_workbook,
    discard_workbook,
    filled_rows,
    take_in_workbook,
)
from footprint.exchange.models import WorkbookUpload
from footprint.exchange.workbook import showing
from footprint.exchange.workbook.content import handed_out
from footprint.exchange.workbook.reading import MOST_BYTES
from footprint.exchange.workbook.writing import write
from footprint.inventory.models import Inventory

ASYNC = "respond-async"
PREFER = OpenApiParameter(
    "Prefer", str, OpenApiParameter.HEADER, description="`respond-async`: by a worker, however few lines."
)
LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, response=[202], description="The upload."
)


class XlsxParser(FileParser):
    """A workbook as the body, nothing around it."""

    media_type = EXCEL_TYPE
    most_bytes = MOST_BYTES


class EditSerializer(serializers.Serializer[Any]):
    """One cell before and after, as people read it."""

    column = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class MoveSerializer(serializers.Serializer[Any]):
    """One line that would be added, changed or removed, or that is in conflict."""

    row = serializers.IntegerField()
    exchange = serializers.UUIDField(source="key", allow_null=True, help_text="null: a new line.")
    name = serializers.CharField()
    process = serializers.CharField(help_text="Its code.")
    edits = EditSerializer(many=True)


class CellFaultSerializer(serializers.Serializer[Any]):
    """A refused cell."""

    cell = serializers.CharField()
    row = serializers.IntegerField()
    column = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField(source="message")


class FileFaultSerializer(serializers.Serializer[Any]):
    """Why the file as a whole was refused."""

    place = serializers.CharField()
    detail = serializers.CharField()


class StoreFaultSerializer(serializers.Serializer[Any]):
    """Why the last attempt to store it was given up; nothing of it was stored."""

    row = serializers.IntegerField(allow_null=True)
    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class WorkbookUploadSerializer(serializers.Serializer[Any]):
    """A filled-in workbook: what it would change, and what became of it."""

    uuid = serializers.UUIDField()
    inventory = serializers.UUIDField()
    state = serializers.ChoiceField(WorkbookUpload.State.choices)
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="Of the comparison; the ETag.")
    lines_done = serializers.IntegerField(help_text="While it is being stored: how many lines.")
    lines = serializers.IntegerField(help_text="Of how many that were confirmed.")
    refusals = StoreFaultSerializer(many=True)
    unchanged = serializers.IntegerField()
    absent = serializers.IntegerField(help_text="Lines without a row; they stay as they are.")
    added = MoveSerializer(many=True)
    changed = MoveSerializer(many=True)
    removed = MoveSerializer(many=True)
    conflicts = MoveSerializer(many=True)
    refused = CellFaultSerializer(many=True)
    problems = FileFaultSerializer(many=True)


class ApplyWriting(Writing):
    """The comparison that was seen, and the lines in conflict where the workbook's values shall stand."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    taking = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=10_000)


class WorkbookView(APIView):
    """The workbook of one's own inventory; a filled-in one is handed in as the body of a POST."""

    schema = ResourceSchema()
    parser_classes = (XlsxParser,)

    @extend_schema(responses={(200, EXCEL_TYPE): OpenApiTypes.BINARY}, operation_id="inventories_workbook")
    def get(self, request: Request, uuid: UUID) -> HttpResponseBase:
        """As it is now, in the language asked for."""
        refuse_unknown_parameters(request, ())
        actor = actor_in(request)
        inventory = _inventory(request, uuid)
        book = handed_out(actor, inventory, get_language() or "zh-hans")
        return book_answer(write(book), f"{inventory.site.code}-{inventory.year}.xlsx")

    @extend_schema(
        request={EXCEL_TYPE: OpenApiTypes.BINARY},
        responses={201: WorkbookUploadSerializer},
        operation_id="inventories_workbook_upload",
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Compare a filled-in workbook with the inventory; nothing of it is stored yet."""
        inventory = _inventory(request, uuid)
        content = request.data
        if not isinstance(content, bytes):
            raise Refusal(_("Send the workbook as the body."), code="required")
        upload = take_in_workbook(inventory, by=actor_in(request), file_name="workbook.xlsx", content=content)
        response = _answer(upload, status.HTTP_201_CREATED)
        response["Location"] = reverse("workbook_upload", args=[upload.uuid], request=request)
        return response


class WorkbookUploadView(APIView):
    """A filled-in workbook of one's own inventory."""

    schema = ResourceSchema()

    @extend_schema(responses=WorkbookUploadSerializer, operation_id="workbook_uploads_retrieve")
    def get(self, request: Request, uuid: UUID) -> Response:
        """What it would change."""
        refuse_unknown_parameters(request, ())
        return _answer(_upload(request, uuid))


class ApplyView(APIView):
    """The decision to store a filled-in workbook."""

    schema = ResourceSchema()
    writing_class = ApplyWriting

    @extend_schema(
        responses={
            200: WorkbookUploadSerializer,
            202: OpenApiResponse(WorkbookUploadSerializer, "It is being stored: state `storing`"),
        },
        parameters=[PREFER, LOCATION],
        operation_id="workbook_uploads_apply",
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Store all of it, or nothing; lines in conflict that are not taken stay as they are now.

        Many lines are stored by a worker: 202, and the upload itself tells how far it is. Its state becomes
        `applied`, or `open` again with `refusals`, or `cancelled`.
        """
        upload = _upload(request, uuid)
        body = ApplyWriting(data=request.data)
        body.is_valid(raise_exception=True)
        done = confirm_workbook(
            upload,
            by=actor_in(request),
            at=timezone.now(),
            version=body.validated_data["version"],
            taking={str(key) for key in body.validated_data.get("taking", ())},
            later=ASYNC in request.headers.get("Prefer", ""),
        )
        if not done.is_storing:
            return _answer(done)
        response = _answer(done, status.HTTP_202_ACCEPTED)
        response["Location"] = reverse("workbook_upload", args=[done.uuid], request=request)
        return response


class DiscardView(APIView):
    """The decision against a filled-in workbook."""

    schema = ResourceSchema()

    @extend_schema(
        request=None, responses={200: WorkbookUploadSerializer}, operation_id="workbook_uploads_discard"
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """The inventory stays as it is."""
        done = discard_workbook(_upload(request, uuid), by=actor_in(request), at=timezone.now())
        return _answer(done)


class CancelView(APIView):
    """The decision to stop the storing of a confirmed workbook."""

    schema = ResourceSchema()

    @extend_schema(
        request=None, responses={200: WorkbookUploadSerializer}, operation_id="workbook_uploads_cancel"
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Nothing of it is stored. Refused with the code `stored` once all of it is."""
        done = cancel_workbook(_upload(request, uuid), by=actor_in(request), at=timezone.now())
        return _answer(done)


class AnnotatedView(APIView):
    """A filled-in workbook with its refused cells marked."""

    schema = ResourceSchema()

    @extend_schema(
        responses={(200, EXCEL_TYPE): OpenApiTypes.BINARY}, operation_id="workbook_uploads_annotated"
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponseBase:
        """While it is not decided."""
        refuse_unknown_parameters(request, ())
        upload = _upload(request, uuid)
        if not upload.is_open:
            raise Http404
        language = get_language() or "zh-hans"
        content = showing.annotated(actor_in(request), upload, filled_rows(upload), language)
        return book_answer(content, f"checked-{upload.inventory.site.code}-{upload.inventory.year}.xlsx")


def _inventory(request: Request, uuid: UUID) -> Inventory:
    found = queries.inventories(actor_in(request)).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _upload(request: Request, uuid: UUID) -> WorkbookUpload:
    found = queries.uploads(actor_in(request)).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _answer(upload: WorkbookUpload, code: int = status.HTTP_200_OK) -> Response:
    language = get_language() or "zh-hans"
    told = {
        name: [{**vars(move), "key": move.key or None} for move in showing.moves(upload, language, name)]
        for name in ("added", "changed", "removed", "conflicts")
    }
    plain = ("uuid", "state", "file_name", "sha256", "created_at", "finished_at", "version")
    body = {
        **{name: getattr(upload, name) for name in plain},
        **{name: upload.summary.get(name, 0) for name in ("unchanged", "absent")},
        **told,
        "lines_done": upload.steps_done,
        "lines": upload.steps_all,
        "refusals": upload.refusals or [],
        "inventory": upload.inventory.uuid,
        "refused": showing.faults(upload, language),
        "problems": [{"place": place, "detail": words} for place, words in showing.problems(upload)],
    }
    return Response(WorkbookUploadSerializer(body).data, status=code, headers={"ETag": etag(upload.version)})
