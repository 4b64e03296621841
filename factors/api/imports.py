"""Files of factor versions over REST: hand one in, ask how far it is, read its faults by line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.rest.bodies import FileParser
from accounts.rest.fields import Writing
from accounts.rest.parsing import StrictJSONParser
from accounts.rest.resources import Resource
from accounts.rest.serializing import ModelSerializer
from factors import queries
from factors.actions.import_job import (
    DECISIONS,
    LONGEST_REASON,
    MOST_BYTES,
    decide_import,
    fault_of,
    queue_import,
)
from factors.actions.import_table import refusal
from factors.models import FactorImport

CSV_TYPE = "text/csv"


class CsvParser(FileParser):
    """A table as the body, nothing around it."""

    media_type = CSV_TYPE
    most_bytes = MOST_BYTES


class LineFaultSerializer(serializers.Serializer[Any]):
    """What is wrong on a line."""

    line = serializers.IntegerField()
    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.SerializerMethodField()

    def get_detail(self, found: dict[str, Any]) -> str:
        """The sentence for people."""
        return str(refusal(fault_of(found)))


class FactorImportSerializer(ModelSerializer[FactorImport]):
    """A file: how far it is, what it brought (versions, factors, superseded, known), or its faults.

    While it is ``waiting``, ``summary`` says what it would bring, and another curator than the one who
    handed it in confirms it; ``may_decide`` says whether that is the caller.
    """

    faults = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()
    may_decide = serializers.SerializerMethodField()

    class Meta:
        model = FactorImport
        fields = (
            "uuid", "file_name", "size", "sha256", "state", "stage", "lines_all", "lines_read", "summary",
            "faults", "may_decide", "decision_reason", "created_at", "decided_at", "finished_at",
        )  # fmt: skip

    @extend_schema_field(LineFaultSerializer(many=True))
    def get_faults(self, found: FactorImport) -> Any:
        """A thousand at most."""
        return LineFaultSerializer(found.faults, many=True).data

    def get_may_decide(self, found: FactorImport) -> bool:
        """Whether it waits for the caller."""
        is_waiting = found.state == FactorImport.State.WAITING
        return is_waiting and self.context["actor"].user_id not in (None, found.created_by_id)

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_summary(self, found: FactorImport) -> dict[str, int]:
        """Counts of what it brought."""
        return dict(found.summary)


class ImportDecisionWriting(Writing):
    """What becomes of a file that waits; to decline it needs a reason."""

    decision = serializers.ChoiceField(DECISIONS)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_REASON)


class FactorImportView(Resource):
    """Files of versions that curators handed in: all of a file is published, or none of it.

    A worker reads it first; then it waits for another curator, and is published once that one confirms it.
    """

    serializer_class = FactorImportSerializer
    parser_classes = (CsvParser,)
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[FactorImport]:
        """For curators alone."""
        return queries.imports(actor)

    @extend_schema(request={CSV_TYPE: OpenApiTypes.BINARY}, responses={201: FactorImportSerializer})
    def create(self, request: Request) -> Response:
        """Hand a file in as the body; a worker reads it."""
        if not isinstance(request.data, bytes):
            raise Refusal(_("Send the table as the body."), code="required")
        made = queue_import(by=self.actor, file_name="factors.csv", content=request.data)
        response = self.answer(self.found(made.uuid), status.HTTP_201_CREATED)
        response["Location"] = reverse("factor-imports-detail", args=[made.uuid], request=request)
        return response

    @extend_schema(request=ImportDecisionWriting, responses=FactorImportSerializer)
    @action(detail=True, methods=["post"], parser_classes=[StrictJSONParser])
    def decision(self, request: Request, uuid: UUID) -> Response:
        """Confirm or decline a file that waits; never confirm one's own."""
        job, given = self.found(uuid), self.shaped(ImportDecisionWriting, request)
        is_confirmed = given["decision"] == "confirm"
        decide_import(job, by=self.actor, is_confirmed=is_confirmed, reason=given.get("reason", ""))
        return self.answer(self.found(uuid))
