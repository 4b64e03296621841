"""The making of a product category rule over REST: versions, drafts, comments with answers, votes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import Refusal
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import Writing
from accounts.rest.resources import Resource
from accounts.rest.serializing import ModelSerializer
from accounts.rest.versions import asked_version
from footprint.rules import queries
from footprint.rules.actions.commenting import LONGEST, answer_comment, comment_on, vote_on
from footprint.rules.actions.moving import tally
from footprint.rules.actions.product_rules import edit_rule, propose_rule
from footprint.rules.document.lifecycle import State, Tally
from footprint.rules.models import ProductCategory, ProductRule, RuleBallot, RuleComment

DOCUMENT = {
    "type": "object",
    "description": "Boundary, exchanges, allocation, cut-off, closure, bands, quality and gases, each rule "
    "with its source and how far that was checked.",
    "additionalProperties": True,
}


class Numbered(Writing):
    """``number`` says which version of the rule it is about."""

    number = serializers.IntegerField(min_value=1)


class VersionWriting(Writing):
    """Why a further version is needed."""

    reason = serializers.CharField(max_length=500)


@extend_schema_field(DOCUMENT)
class DocumentField(serializers.JSONField):
    """A rule document; what is wrong with it is said by the action, each thing at its place."""


class DraftWriting(Numbered):
    """The whole document of a version that is being drafted, as it was read."""

    document = DocumentField()


class CommentSerializer(ModelSerializer[RuleComment]):
    """A comment and what became of it; ``address`` names the rule it is about, empty: all of them."""

    number = serializers.IntegerField(source="rule.number")
    company = CompanyRefSerializer()

    class Meta:
        model = RuleComment
        fields = (
            "uuid", "number", "round", "company", "address", "text", "created_at", "disposition", "answer",
            "answered_at",
        )  # fmt: skip


class RuleCommentWriting(Numbered):
    """What a member says about a draft while comments are open."""

    text = serializers.CharField(max_length=LONGEST)
    address = serializers.CharField(required=False, allow_blank=True, max_length=80)


class RuleAnswerWriting(Writing):
    """What became of a comment and why; whoever wrote it does not answer it."""

    comment = serializers.UUIDField()
    disposition = serializers.ChoiceField(RuleComment.Disposition.choices)
    answer = serializers.CharField(max_length=LONGEST)


class VoteSerializer(serializers.Serializer[Any]):
    """How the vote of a version's round stands: in numbers, nobody's own."""

    number = serializers.IntegerField()
    round = serializers.IntegerField()
    is_open = serializers.BooleanField()
    members = serializers.IntegerField()
    for_it = serializers.IntegerField()
    against = serializers.IntegerField()
    abstained = serializers.IntegerField()
    has_quorum = serializers.BooleanField()
    is_carried = serializers.BooleanField()


class VoteWriting(Numbered):
    """The vote of the caller's company; until the round is closed it may be changed."""

    choice = serializers.ChoiceField(RuleBallot.Choice.choices)


class Making(Resource):
    """What people do to a version besides moving it on."""

    @extend_schema(request=VersionWriting, responses={201: None})
    @action(detail=True, methods=["post"])
    def versions(self, request: Request, code: str) -> Response:
        """Propose a further version; it begins with what the last one says."""
        found = self.found(code)
        propose_rule(found, by=self.actor, **self.shaped(VersionWriting, request))
        return self.answer(self.found(code), 201)

    @extend_schema(request=DraftWriting)
    @action(detail=True, methods=["put"])
    def document(self, request: Request, code: str) -> Response:
        """Write a draft anew; If-Match holds the ``version`` it was read with, as ``"3"``."""
        found = self.found(code)
        version = asked_version(request)
        given = self.shaped(DraftWriting, request)
        rule = self._version_of(found, given["number"])
        edit_rule(rule, by=self.actor, version=version, document=given["document"])
        return self.answer(self.found(code))

    @extend_schema(methods=["GET"], responses=CommentSerializer(many=True))
    @extend_schema(methods=["POST"], request=RuleCommentWriting, responses={201: CommentSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def comments(self, request: Request, code: str) -> Response:
        """Every comment on every version, the latest round first; or one more."""
        found = self.found(code)
        if request.method == "POST":
            given = self.shaped(RuleCommentWriting, request)
            made = comment_on(self._version_of(found, given.pop("number")), by=self.actor, **given)
            return Response(CommentSerializer(made).data, status=201)
        return Response(CommentSerializer(queries.comments_of(self.actor, found), many=True).data)

    @extend_schema(request=RuleAnswerWriting, responses=CommentSerializer)
    @action(detail=True, methods=["post"])
    def answers(self, request: Request, code: str) -> Response:
        """Say what became of a comment."""
        given = self.shaped(RuleAnswerWriting, request)
        about = queries.comments_of(self.actor, self.found(code)).filter(uuid=given.pop("comment")).first()
        if about is None:
            raise Refusal(_("There is no such comment."), field="comment", code="not_found")
        return Response(CommentSerializer(answer_comment(about, by=self.actor, **given)).data)

    @extend_schema(methods=["GET"], responses=VoteSerializer(many=True))
    @extend_schema(methods=["POST"], request=VoteWriting, responses=VoteSerializer)
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def votes(self, request: Request, code: str) -> Response:
        """How the votes stand, of every version that was put to one; or the vote of one's company."""
        found = self.found(code)
        if request.method == "POST":
            given = self.shaped(VoteWriting, request)
            rule = self._version_of(found, given["number"])
            vote_on(rule, by=self.actor, choice=given["choice"])
            return Response(VoteSerializer(_vote(rule, tally(rule))).data)
        put = queries.product_rules(self.actor).filter(category=found, vote_round__gt=0)
        return Response(VoteSerializer([_vote(each, tally(each)) for each in put], many=True).data)

    def _version_of(self, category: ProductCategory, number: int) -> ProductRule:
        rule = queries.product_rules(self.actor).filter(category=category, number=number).first()
        if rule is None:
            raise Refusal(_("There is no such version."), field="number", code="not_found")
        return rule


def _vote(rule: ProductRule, stands: Tally) -> dict[str, Any]:
    return {
        "number": rule.number,
        "round": rule.vote_round,
        "is_open": rule.state == State.VOTING,
        "members": stands.members,
        "for_it": stands.for_it,
        "against": stands.against,
        "abstained": stands.abstained,
        "has_quorum": stands.has_quorum,
        "is_carried": stands.is_carried,
    }
