"""Verifications over REST: what was agreed, looked at, found and stated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import AmountField, Writing
from accounts.rest.moves import Moves, MoveWriting, move_field
from footprint.verification import queries
from footprint.verification.actions import (
    accept,
    answer_finding,
    draw_sample,
    mark_line,
    move_engagement,
    raise_finding,
    record_statement,
    remark_on,
    run_own_data,
    run_test,
)
from footprint.verification.actions.engagement import LONGEST
from footprint.verification.models import (
    Engagement,
    EngagementRemark,
    SampledLine,
    VerificationFinding,
    VerificationStatement,
)
from footprint.verification.procedure import VERIFICATION

STEPS: dict[str, tuple[tuple[str, ...], Callable[..., Any]]] = {
    "accept": (("declaration",), accept),
    "sample": (("size", "seed"), draw_sample),
    "state": (("outcome", "text"), record_statement),
}
"""Moves that need more than a reason, what that is, and who carries them out."""
EMPTY: dict[str, Any] = {
    "declaration": "", "size": None, "seed": None, "outcome": "", "text": "", "reason": "",
}  # fmt: skip


class SampledLineSerializer(serializers.ModelSerializer[SampledLine]):
    """A line of the sample; ``line`` is its identifier in the frozen copy."""

    reasons = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = SampledLine
        fields = ("uuid", "line", "risk", "reasons", "verdict", "evidence", "marked_at")


class VerificationFindingSerializer(serializers.ModelSerializer[VerificationFinding]):
    """A finding with its answer."""

    class Meta:
        model = VerificationFinding
        fields = ("uuid", "severity", "text", "raised_at", "answer", "answered_at", "closed_at")


class EngagementRemarkSerializer(serializers.ModelSerializer[EngagementRemark]):
    """One thing said about the whole, or about a finding; ``by`` is empty where that person was forgotten."""

    by = serializers.SerializerMethodField()

    class Meta:
        model = EngagementRemark
        fields = ("finding", "text", "by", "at")

    def get_by(self, row: EngagementRemark) -> str:
        """The name, as the workspace shows it."""
        return str(row.by) if row.by else ""


class EngagementRemarkWriting(Writing):
    """What is said; without a finding it is about the whole. @ calls somebody by name."""

    text = serializers.CharField(max_length=LONGEST)
    finding = serializers.UUIDField(required=False, allow_null=True)


class VerificationStatementSerializer(serializers.ModelSerializer[VerificationStatement]):
    """``jws`` carries ``content``."""

    content = serializers.JSONField()

    class Meta:
        model = VerificationStatement
        fields = (
            "uuid", "level", "outcome", "stated_on", "valid_until", "content_hash", "key_id", "content",
            "jws", "revoked_at",
        )  # fmt: skip


class EngagementSerializer(serializers.ModelSerializer[Engagement]):
    """A verification; sample, findings and statement are empty before the dossier is open."""

    company = CompanyRefSerializer()
    body = CompanyRefSerializer()
    sample = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    statement = serializers.SerializerMethodField()
    test_run = serializers.JSONField(allow_null=True)

    class Meta:
        model = Engagement
        fields = (
            "uuid", "version", "company", "body", "name_zh", "name_en", "period_start", "period_end",
            "level", "standard", "scope", "access_until", "declaration", "declared_at", "state",
            "sample_size", "test_run", "tested_at", "sample", "findings", "statement", "created_at",
        )  # fmt: skip

    @extend_schema_field(SampledLineSerializer(many=True))
    def get_sample(self, row: Engagement) -> Any:
        """The riskiest first."""
        return SampledLineSerializer(queries.sample(self.context["actor"], row), many=True).data

    @extend_schema_field(VerificationFindingSerializer(many=True))
    def get_findings(self, row: Engagement) -> Any:
        """Open ones first."""
        return VerificationFindingSerializer(queries.findings(self.context["actor"], row), many=True).data

    @extend_schema_field(VerificationStatementSerializer(allow_null=True))
    def get_statement(self, row: Engagement) -> Any:
        """What was stated in the end."""
        found = queries.statement(self.context["actor"], row)
        return VerificationStatementSerializer(found).data if found else None


class EngagementMoveWriting(MoveWriting):
    """One move, from the version in If-Match, with what it needs.

    ``accept`` takes a declaration of independence, ``sample`` a size and perhaps a seed, ``state`` an outcome
    and its text, the others a reason.
    """

    move = move_field(VERIFICATION)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST)
    declaration = serializers.CharField(required=False, max_length=LONGEST)
    size = serializers.IntegerField(required=False)
    seed = serializers.IntegerField(required=False, allow_null=True)
    outcome = serializers.ChoiceField(VerificationStatement.Outcome.choices, required=False)
    text = serializers.CharField(required=False, max_length=LONGEST)


class OwnAmountWriting(Writing):
    """An amount of one's own for a line of the frozen copy, in the unit of that line."""

    line = serializers.UUIDField()
    amount = AmountField()


class OwnDataWriting(Writing):
    """Test data; ``expected`` is what the verifier worked out, kg CO2e per declared unit by AR6."""

    amounts = serializers.ListField(child=OwnAmountWriting(), max_length=100)
    expected = AmountField(required=False, allow_null=True)


class MarkWriting(Writing):
    """What the evidence says about a line of the sample; a finding says what, and how much it weighs."""

    line = serializers.UUIDField(help_text="The uuid of the sampled line.")
    verdict = serializers.ChoiceField(["agrees", "finding"])
    evidence = serializers.CharField(max_length=LONGEST)
    severity = serializers.ChoiceField(VerificationFinding.Severity.choices, required=False)
    text = serializers.CharField(required=False, max_length=LONGEST)


class FindingWriting(Writing):
    """Something about the whole."""

    severity = serializers.ChoiceField(VerificationFinding.Severity.choices)
    text = serializers.CharField(max_length=LONGEST)


class FindingAnswerWriting(Writing):
    """What the company did about a finding."""

    finding = serializers.UUIDField()
    answer = serializers.CharField(max_length=LONGEST)


class EngagementFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What verifications can be narrowed by."""

    company = django_filters.UUIDFilter(field_name="company__uuid", label="Uuid of the company")
    state = django_filters.ChoiceFilter(choices=Engagement.State.choices, label="Where it stands")


class EngagementView(Moves):
    """Verifications of published footprints: one's own company's, and those one works on."""

    serializer_class = EngagementSerializer
    move_writing_class = EngagementMoveWriting
    filterset_class = EngagementFilter
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[Engagement]:
        """Own ones, and those of the verifier."""
        return queries.engagements(actor)

    def move(self, row: Engagement, version: int, given: dict[str, Any]) -> Any:
        """As the forms of the page do: what a move needs beside a reason comes with it."""
        name, at = given["move"], timezone.now()
        needs, act = STEPS.get(name, (("reason",), None))
        for field in given:
            if field not in ("move", "reason", *needs):
                message = _("This move does not take it.")
                raise Refusal(message, field=field, code="unknown_field")
        told = {field: given.get(field, EMPTY[field]) for field in needs}
        if act is None:
            return move_engagement(row, name, by=self.actor, at=at, version=version, **told)
        return act(row, by=self.actor, at=at, version=version, **told)

    @extend_schema(request=None, responses=EngagementSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="test", pagination_class=None)
    def run_again(self, request: Request, uuid: UUID) -> Response:
        """The verifier's test: the dossier's bundle is solved again; `test_run` says what came of it."""
        run_test(self.found(uuid), by=self.actor, at=timezone.now())
        return self.answer(self.found(uuid))

    @extend_schema(request=OwnDataWriting, responses=EngagementSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="test-data", pagination_class=None)
    def own_data(self, request: Request, uuid: UUID) -> Response:
        """Solve the dossier's bundle with amounts of one's own; `test_run.cases` says what came of it."""
        found = self.found(uuid)
        told = self.shaped(OwnDataWriting, request)
        amounts = {str(each["line"]): each["amount"] for each in told["amounts"]}
        given: dict[str, Any] = {"amounts": amounts, "expected": told.get("expected")}
        run_own_data(found, by=self.actor, at=timezone.now(), **given)
        return self.answer(self.found(uuid))

    @extend_schema(request=MarkWriting, responses=EngagementSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="marks", pagination_class=None)
    def mark(self, request: Request, uuid: UUID) -> Response:
        """Say whether a line of the sample agrees with its evidence."""
        found = self.found(uuid)
        told = self.shaped(MarkWriting, request)
        line = queries.sample(self.actor, found).filter(uuid=told.pop("line")).first()
        if line is None:
            raise Refusal(_("The sample has no such line."), field="line", code="not_found")
        mark_line(line, by=self.actor, at=timezone.now(), **told)
        return self.answer(self.found(uuid))

    @extend_schema(request=FindingWriting, responses=EngagementSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="findings", pagination_class=None)
    def find(self, request: Request, uuid: UUID) -> Response:
        """Hold something against the figure as a whole."""
        found = self.found(uuid)
        told = self.shaped(FindingWriting, request)
        raise_finding(found, by=self.actor, at=timezone.now(), **told)
        return self.answer(self.found(uuid))

    @extend_schema(request=FindingAnswerWriting, responses=EngagementSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="answers", pagination_class=None)
    def reply(self, request: Request, uuid: UUID) -> Response:
        """The company says what it did about a finding."""
        found = self.found(uuid)
        told = self.shaped(FindingAnswerWriting, request)
        finding = self._finding(found, told["finding"])
        answer_finding(finding, by=self.actor, at=timezone.now(), answer=told["answer"])
        return self.answer(self.found(uuid))

    @extend_schema(methods=["GET"], responses=EngagementRemarkSerializer(many=True), filters=False)
    @extend_schema(
        methods=["POST"], request=EngagementRemarkWriting, responses={201: EngagementRemarkSerializer}
    )
    @action(detail=True, methods=["get", "post"], url_path="remarks", pagination_class=None)
    def remarks(self, request: Request, uuid: UUID) -> Response:
        """What company and verifier said to each other, the first one first; or one thing more."""
        found = self.found(uuid)
        if request.method == "POST":
            told = self.shaped(EngagementRemarkWriting, request)
            about = told.pop("finding", None)
            finding = self._finding(found, about) if about else None
            made = remark_on(found, by=self.actor, at=timezone.now(), finding=finding, **told)
            return Response(EngagementRemarkSerializer(made).data, status=201)
        return Response(EngagementRemarkSerializer(queries.remarks(self.actor, found), many=True).data)

    def _finding(self, engagement: Engagement, uuid: UUID) -> VerificationFinding:
        finding = queries.findings(self.actor, engagement).filter(uuid=uuid).first()
        if finding is None:
            raise Refusal(_("This verification has no such finding."), field="finding", code="not_found")
        return finding
