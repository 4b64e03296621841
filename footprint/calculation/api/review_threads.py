"""Review threads over REST: what was asked about a submission, answered, and settled."""

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

from accounts.actor import Actor
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import TenantUuidField, Writing
from accounts.rest.resources import Creates
from accounts.rest.serializing import ModelSerializer
from footprint.inventory import submissions
from footprint.inventory.actions import answer_thread, close_thread, open_thread
from footprint.inventory.actions.thread import LONGEST
from footprint.inventory.models import ReviewRemark, ReviewThread, Submission


class RemarkSerializer(ModelSerializer[ReviewRemark]):
    """One thing said; ``by`` is empty where that person was forgotten."""

    by = serializers.SerializerMethodField()

    class Meta:
        model = ReviewRemark
        fields = ("text", "by", "at")

    def get_by(self, row: ReviewRemark) -> str:
        """The name, as the room shows it."""
        return str(row.by) if row.by else ""


class ThreadSerializer(ModelSerializer[ReviewThread]):
    """A thread; ``line`` is the identifier of a line of the copy, null where it is about all of it."""

    submission = serializers.UUIDField(source="submission.uuid")
    company = CompanyRefSerializer()
    is_open = serializers.BooleanField()
    remarks = serializers.SerializerMethodField()

    class Meta:
        model = ReviewThread
        fields = (
            "uuid", "submission", "company", "round", "line", "is_open", "opened_at", "closed_at", "remarks",
        )  # fmt: skip

    @extend_schema_field(RemarkSerializer(many=True))
    def get_remarks(self, row: ReviewThread) -> Any:
        """The first one first."""
        said = sorted(row.remarks.all(), key=lambda each: (each.at, each.pk))
        return RemarkSerializer(said, many=True).data


class ThreadWriting(Writing):
    """What a reviewer asks about a submission under review, or about one line of its copy."""

    submission = TenantUuidField(lambda actor: Submission.objects.visible_to(actor))
    line = serializers.UUIDField(required=False, allow_null=True)
    text = serializers.CharField(max_length=LONGEST)


class ReplyWriting(Writing):
    """What is said."""

    text = serializers.CharField(max_length=LONGEST)


class ThreadFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What threads can be narrowed by."""

    submission = django_filters.UUIDFilter(field_name="submission__uuid", label="Uuid of the submission")
    is_closed = django_filters.BooleanFilter(
        field_name="closed_at", lookup_expr="isnull", exclude=True, label="Whether it is settled"
    )


class ReviewThreadView(Creates):
    """Threads of one's own submissions, and for reviewers those of what was submitted."""

    serializer_class = ThreadSerializer
    writing_class = ThreadWriting
    filterset_class = ThreadFilter
    ordering_fields = ("id", "opened_at")

    def rows(self, actor: Actor) -> QuerySet[ReviewThread]:
        """As the review room lists them."""
        return submissions.all_threads(actor)

    def add(self, given: dict[str, Any]) -> ReviewThread:
        """Ask."""
        about = given.pop("submission")
        return open_thread(about, by=self.actor, at=timezone.now(), **given)

    @extend_schema(request=ReplyWriting, responses=ThreadSerializer)
    @action(detail=True, methods=["post"])
    def replies(self, request: Request, uuid: UUID) -> Response:
        """Say something in an open thread; @ and a name or an address calls somebody."""
        found = self.found(uuid)
        answer_thread(found, by=self.actor, at=timezone.now(), **self.shaped(ReplyWriting, request))
        return self.answer(self.found(uuid))

    @extend_schema(request=None, responses=ThreadSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, uuid: UUID) -> Response:
        """The reviewer is content."""
        close_thread(self.found(uuid), by=self.actor, at=timezone.now())
        return self.answer(self.found(uuid))
