"""Submissions over REST: where they stand, what the gate said, and the moves of those who may."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.actor import Actor
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import TenantUuidField, Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.moves import Moves, MoveWriting, move_field
from accounts.rest.resources import Creates
from accounts.rest.serializing import ModelSerializer
from footprint.inventory import submissions
from footprint.inventory.actions import Answered, answer_checklist, move_submission, open_submission
from footprint.inventory.checklist import POINTS, Section, checklist
from footprint.inventory.gate_words import sentence
from footprint.inventory.models import ChecklistAnswer, FrozenCopy, Inventory, Submission
from footprint.inventory.procedure import SUBMISSION


class GateFindingSerializer(serializers.Serializer[Any]):
    """One thing the gate found when the copy was handed in."""

    check = serializers.CharField()
    code = serializers.CharField()
    severity = serializers.ChoiceField(["blocks", "warns"])
    process = serializers.CharField(allow_blank=True)
    line = serializers.CharField(allow_blank=True)
    field = serializers.CharField(allow_blank=True)
    detail = serializers.SerializerMethodField()

    def get_detail(self, row: dict[str, Any]) -> str:
        """The sentence for people."""
        return sentence(row)


class SubmissionSerializer(ModelSerializer[Submission]):
    """A submission; ``content_hash`` and ``findings`` are those of the latest copy that may be seen."""

    company = CompanyRefSerializer()
    inventory = serializers.SerializerMethodField()
    content_hash = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    open_threads = serializers.IntegerField()

    class Meta:
        model = Submission
        fields = (
            "uuid", "version", "company", "inventory", "site_name_zh", "site_name_en", "period_start",
            "period_end", "state", "round", "due_on", "decided_at", "open_threads", "content_hash",
            "findings", "created_at",
        )  # fmt: skip

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_inventory(self, row: Submission) -> str | None:
        """For its company; a reviewer sees the copy and not the inventory."""
        known: dict[int, Inventory] = self.context["inventories"]
        return str(known[row.inventory_id].uuid) if row.inventory_id in known else None

    def get_content_hash(self, row: Submission) -> str:
        """SHA-256 over the canonical text (RFC 8785) of the copy; empty before one was handed in."""
        copy = self._copy(row)
        return copy.content_hash if copy else ""

    @extend_schema_field(GateFindingSerializer(many=True))
    def get_findings(self, row: Submission) -> list[dict[str, Any]]:
        """What the gate said of the copy."""
        copy = self._copy(row)
        return list(GateFindingSerializer(copy.findings, many=True).data) if copy else []

    def _copy(self, row: Submission) -> FrozenCopy | None:
        copies: dict[int, FrozenCopy] = self.context["copies"]
        return copies.get(row.pk)


class SubmissionWriting(Writing):
    """Which inventory to submit."""

    inventory = TenantUuidField(lambda actor: Inventory.objects.visible_to(actor))


class SubmissionMoveWriting(MoveWriting):
    """One move, from the version in If-Match."""

    move = move_field(SUBMISSION)


class PointWriting(Writing):
    """How a point of a category is answered; what is not met says why it can stand."""

    category = serializers.CharField(max_length=40)
    point = serializers.ChoiceField(list(POINTS))
    answer = serializers.ChoiceField(ChecklistAnswer.Answer.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class ChecklistWriting(Writing):
    """Answers, of any categories."""

    answers = serializers.ListField(child=PointWriting(), max_length=500)


class PointSerializer(serializers.Serializer[Any]):
    """A point of the checklist: what the rule says, and how it was answered."""

    category = serializers.CharField()
    rule = serializers.IntegerField()
    point = serializers.CharField()
    title = serializers.CharField()
    rules = serializers.ListField(child=serializers.CharField())
    answer = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class SubmissionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What submissions can be narrowed by."""

    state = django_filters.ChoiceFilter(choices=Submission.State.choices, label="Where it stands")
    inventory = django_filters.UUIDFilter(field_name="inventory__uuid", label="Uuid of the inventory")


class SubmissionView(Creates, Moves):
    """Own submissions, and for reviewers those that were submitted to the alliance."""

    serializer_class = SubmissionSerializer
    writing_class = SubmissionWriting
    move_writing_class = SubmissionMoveWriting
    filterset_class = SubmissionFilter
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[Submission]:
        """As the page lists them."""
        return submissions.submissions(actor)

    def shown(self, rows: Any, *, many: bool = False) -> BaseSerializer[Any]:
        """With the inventories and copies of all of them, asked for at once."""
        listed = rows if many else [rows]
        inventories = Inventory.objects.visible_to(self.actor).in_bulk([row.inventory_id for row in listed])
        context = {
            **self.get_serializer_context(),
            "inventories": inventories,
            "copies": submissions.latest_copies(self.actor, [row.pk for row in listed]),
        }
        return SubmissionSerializer(rows, many=many, context=context)

    def add(self, given: dict[str, Any]) -> Submission:
        """A draft."""
        return open_submission(given["inventory"], by=self.actor)

    @extend_schema(request=ChecklistWriting, responses=PointSerializer(many=True), filters=False)
    @action(detail=True, methods=["get", "post"], url_path="checklist", pagination_class=None)
    def checklist(self, request: Request, uuid: UUID) -> Response:
        """What the rules of each product category ask before an acceptance; reviewers answer."""
        found = self.found(uuid)
        if request.method == "POST":
            given = self.shaped(ChecklistWriting, request)["answers"]
            answers = [Answered(**each) for each in given]
            answer_checklist(found, answers, by=self.actor, at=timezone.now())
        refuse_unknown_parameters(request, ())
        return Response(PointSerializer(_points(checklist(self.actor, found)), many=True).data)

    def move(self, row: Submission, version: int, given: dict[str, Any]) -> Submission:
        """As the page does."""
        return move_submission(row, by=self.actor, at=timezone.now(), version=version, **given)


def _points(sections: list[Section]) -> list[dict[str, Any]]:
    return [
        {
            "category": section.category.code,
            "rule": section.number,
            "point": point.key,
            "title": point.title,
            "rules": [each.words for each in point.rules],
            "answer": point.answer.answer if point.answer else None,
            "note": point.answer.note if point.answer else "",
        }
        for section in sections
        for point in section.points
    ]
