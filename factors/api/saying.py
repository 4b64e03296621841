"""What was said of a proposal over REST: its steps, reviews and comments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import Writing
from accounts.rest.resources import Resource
from accounts.rest.serializing import ModelSerializer
from factors.actions.propose import LONGEST_REASON, comment_on, review_proposal
from factors.models import ProposalReview, ProposalStep


class ProposalStepSerializer(ModelSerializer[ProposalStep]):
    """One step, or a comment; ``former`` is what the proposal stated until it was handed in again, and
    ``former_target`` what it was about: the version it replaces, and the names of a new factor.

    Of a source whose licence keeps its numbers here, ``former`` has no emissions and no derivation.
    """

    former = serializers.SerializerMethodField()
    former_target = serializers.DictField(read_only=True, allow_null=True)

    class Meta:
        model = ProposalStep
        fields = ("uuid", "name", "before", "after", "reason", "former", "former_target", "at")

    @extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
    def get_former(self, step: ProposalStep) -> dict[str, Any] | None:
        """As it was kept, numbers as text."""
        former = step.former_content
        if former is None or former["source"] in self.context["free"]:
            return former
        return {**former, "emissions": [], "derivation": {}}


class ProposalReviewSerializer(ModelSerializer[ProposalReview]):
    """What a technical reviewer found in a round."""

    company = CompanyRefSerializer()

    class Meta:
        model = ProposalReview
        fields = ("uuid", "round", "company", "verdict", "comment", "at")


class ProposalReviewWriting(Writing):
    """A verdict; ``changes`` needs a comment."""

    verdict = serializers.ChoiceField(ProposalReview.Verdict.choices)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_REASON)


class ProposalCommentWriting(Writing):
    """A comment, while comments are open."""

    text = serializers.CharField(max_length=LONGEST_REASON)


class Says(Resource):
    """Steps, reviews and comments of one proposal."""

    @extend_schema(responses=ProposalStepSerializer(many=True))
    @action(detail=True, methods=["get"])
    def steps(self, request: Request, uuid: UUID) -> Response:
        """Every step it took, the first one first; comments are among them."""
        rows = self.found(uuid).steps.order_by("pk")
        return Response(ProposalStepSerializer(rows, many=True, context=self.get_serializer_context()).data)

    @extend_schema(methods=["GET"], responses=ProposalReviewSerializer(many=True))
    @extend_schema(methods=["POST"], request=ProposalReviewWriting, responses={201: ProposalReviewSerializer})
    @action(detail=True, methods=["get", "post"])
    def reviews(self, request: Request, uuid: UUID) -> Response:
        """Reviews of every round, or one more: once in a round, never of one's own proposal."""
        found = self.found(uuid)
        if request.method == "POST":
            made = review_proposal(found, by=self.actor, **self.shaped(ProposalReviewWriting, request))
            return Response(ProposalReviewSerializer(made).data, status=201)
        rows = found.reviews.select_related("company").order_by("pk")
        return Response(ProposalReviewSerializer(rows, many=True).data)

    @extend_schema(request=ProposalCommentWriting, responses={201: ProposalStepSerializer})
    @action(detail=True, methods=["post"])
    def comments(self, request: Request, uuid: UUID) -> Response:
        """Say something about it while comments are open."""
        made = comment_on(self.found(uuid), by=self.actor, **self.shaped(ProposalCommentWriting, request))
        return Response(ProposalStepSerializer(made, context=self.get_serializer_context()).data, status=201)
