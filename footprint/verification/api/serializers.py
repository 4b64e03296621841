"""What verifications over REST take and answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import AmountField, TenantUuidField, Writing
from accounts.rest.moves import MoveWriting, move_field
from accounts.rest.serializing import ModelSerializer
from footprint.publication.models import Publication
from footprint.verification import queries
from footprint.verification.actions.engagement import LONGEST, LONGEST_STANDARD
from footprint.verification.models import (
    Dossier,
    Engagement,
    EngagementRemark,
    SampledLine,
    VerificationFinding,
    VerificationStatement,
)
from footprint.verification.procedure import VERIFICATION


class SampledLineSerializer(ModelSerializer[SampledLine]):
    """A line of the sample; ``line`` is its identifier in the frozen copy."""

    reasons = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = SampledLine
        fields = ("uuid", "line", "risk", "reasons", "verdict", "evidence", "marked_at")


class VerificationFindingSerializer(ModelSerializer[VerificationFinding]):
    """A finding with its answer."""

    class Meta:
        model = VerificationFinding
        fields = ("uuid", "severity", "text", "raised_at", "answer", "answered_at", "closed_at")


class EngagementRemarkSerializer(ModelSerializer[EngagementRemark]):
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


class VerificationStatementSerializer(ModelSerializer[VerificationStatement]):
    """``jws`` carries ``content``."""

    content = serializers.JSONField()

    class Meta:
        model = VerificationStatement
        fields = (
            "uuid", "level", "outcome", "stated_on", "valid_until", "content_hash", "key_id", "content",
            "jws", "revoked_at",
        )  # fmt: skip


class EngagementSerializer(ModelSerializer[Engagement]):
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


class VerifierSerializer(serializers.Serializer[Any]):
    """Somebody who verifies, and the body they do it for."""

    uuid = serializers.UUIDField()
    name = serializers.CharField(source="display_name")
    body = CompanyRefSerializer()


class EngagementWriting(Writing):
    """Whom to ask, of ``verifications/verifiers/``, to verify which own publication, and until which day."""

    publication = TenantUuidField(lambda actor: Publication.objects.filter(company_id__in=actor.company_ids))
    verifier = serializers.UUIDField()
    level = serializers.ChoiceField(Engagement.Level.choices)
    standard = serializers.CharField(max_length=LONGEST_STANDARD)
    scope = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST)
    access_until = serializers.DateField(help_text="After it the verifier reads nothing any more.")


class DossierSerializer(ModelSerializer[Dossier]):
    """What the verifier reads: what is declared, and the accepted copy with the weight of each of its lines.

    ``shares`` and ``changes`` are by the line's identifier in the copy, as texts with every digit.
    """

    class Meta:
        model = Dossier
        fields = ("declared", "content", "content_hash", "shares", "changes", "bundle_hash")


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


class LineWriting(Writing):
    """A further line to look at, by its identifier in the frozen copy."""

    line = serializers.UUIDField()


class ClosingWriting(Writing):
    """A finding with whose answer the verifier is content."""

    finding = serializers.UUIDField()


class FindingAnswerWriting(Writing):
    """What the company did about a finding."""

    finding = serializers.UUIDField()
    answer = serializers.CharField(max_length=LONGEST)
