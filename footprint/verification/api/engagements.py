"""Verifications over REST: what was agreed, looked at, found and stated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.checks import lookup
from accounts.errors import Refusal
from accounts.exports import file_answer
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.moves import Moves
from accounts.rest.resources import Creates
from footprint.verification import queries
from footprint.verification.actions import (
    accept,
    add_line,
    answer_finding,
    close_finding,
    draw_sample,
    engage,
    mark_line,
    move_engagement,
    raise_finding,
    record_statement,
    remark_on,
    run_own_data,
    run_test,
)
from footprint.verification.api.serializers import (
    ClosingWriting,
    DossierSerializer,
    EngagementMoveWriting,
    EngagementRemarkSerializer,
    EngagementRemarkWriting,
    EngagementSerializer,
    EngagementWriting,
    FindingAnswerWriting,
    FindingWriting,
    LineWriting,
    MarkWriting,
    OwnDataWriting,
    VerifierSerializer,
)
from footprint.verification.models import (
    Engagement,
    VerificationFinding,
)

STEPS: dict[str, tuple[tuple[str, ...], Callable[..., Any]]] = {
    "accept": (("declaration",), accept),
    "sample": (("size", "seed"), draw_sample),
    "state": (("outcome", "text"), record_statement),
}
"""Moves that need more than a reason, what that is, and who carries them out."""
OF_A_FILE = "Its uuid, as the dossier's `content` names it beside the line."
EMPTY: dict[str, Any] = {
    "declaration": "", "size": None, "seed": None, "outcome": "", "text": "", "reason": "",
}  # fmt: skip


class EngagementFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What verifications can be narrowed by."""

    company = django_filters.UUIDFilter(field_name="company__uuid", label="Uuid of the company")
    state = django_filters.ChoiceFilter(choices=Engagement.State.choices, label="Where it stands")


class EngagementView(Creates, Moves):
    """Verifications of footprints: one's own company's, and those one works on."""

    serializer_class = EngagementSerializer
    writing_class = EngagementWriting
    move_writing_class = EngagementMoveWriting
    filterset_class = EngagementFilter
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[Engagement]:
        """Own ones, and those of the verifier."""
        return queries.engagements(actor)

    def add(self, given: dict[str, Any]) -> Engagement:
        """Ask a verifier."""
        about, whom = given.pop("publication"), str(given.pop("verifier"))
        return engage(about, by=self.actor, at=timezone.now(), verifier=whom, **given)

    @extend_schema(responses=VerifierSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], url_path="verifiers", pagination_class=None)
    def verifiers(self, request: Request) -> Response:
        """Whom one's company may ask; nobody for those who may ask nobody."""
        refuse_unknown_parameters(request, ())
        found = [
            {"uuid": person.uuid, "display_name": str(person), "body": body}
            for person, body in queries.verifiers(self.actor)
        ]
        return Response(VerifierSerializer(found, many=True).data)

    @extend_schema(responses=DossierSerializer, filters=False)
    @action(detail=True, methods=["get"], url_path="dossier", pagination_class=None)
    def dossier(self, request: Request, uuid: UUID) -> Response:
        """What there is to read, once independence is declared."""
        refuse_unknown_parameters(request, ())
        found = queries.dossier(self.actor, self.found(uuid))
        if found is None:
            raise Http404
        return Response(DossierSerializer(found).data)

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

    @extend_schema(request=LineWriting, responses=EngagementSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="lines", pagination_class=None)
    def look(self, request: Request, uuid: UUID) -> Response:
        """Take a further line into the sample."""
        found = self.found(uuid)
        told = self.shaped(LineWriting, request)
        add_line(found, by=self.actor, line=str(told["line"]))
        return self.answer(self.found(uuid))

    @extend_schema(request=ClosingWriting, responses=EngagementSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="closings", pagination_class=None)
    def close(self, request: Request, uuid: UUID) -> Response:
        """The verifier is content with the answer to a finding."""
        found = self.found(uuid)
        told = self.shaped(ClosingWriting, request)
        close_finding(self._finding(found, told["finding"]), by=self.actor, at=timezone.now())
        return self.answer(self.found(uuid))

    @extend_schema(
        parameters=[OpenApiParameter("file", OpenApiTypes.UUID, required=True, description=OF_A_FILE)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(detail=True, methods=["get"], url_path="evidence", pagination_class=None)
    def evidence(self, request: Request, uuid: UUID) -> HttpResponse:
        """The bytes of a file beside a line of the sample, for the verifier; the ETag is their SHA-256."""
        refuse_unknown_parameters(request, ("file",))
        wanted = lookup(request.query_params.get("file", ""))
        file = queries.evidence(self.actor, self.found(uuid), wanted["uuid"]) if wanted else None
        if file is None:
            raise Http404
        return file_answer(*file)

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
