"""Requests for footprints over REST: both sides ask, answer and judge here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.actor import Actor
from accounts.rest.companies import CompanyRefSerializer, company_for, own_company_field
from accounts.rest.fields import Writing
from accounts.rest.resources import Resource
from accounts.rest.schema import ANY_UUID, IF_MATCH, example
from accounts.rest.serializing import ModelSerializer
from accounts.rest.versions import asked_version
from footprint.partners.models import FootprintGrant
from footprint.sharing import actions, queries
from footprint.sharing.actions.moving import BY_REASON
from footprint.sharing.disputed import lines
from footprint.sharing.models import SharingRequest, SharingStep

WITHHELD: dict[str, Any] = {"content": None, "jws": "", "key_id": ""}
"""What stands there instead of what is not given any longer."""


class SharingStepSerializer(ModelSerializer[SharingStep]):
    """One move; of a dispute what is wrong and where."""

    class Meta:
        model = SharingStep
        fields = ("move", "before", "after", "reason", "code", "line", "at")


class SharingRequestSerializer(ModelSerializer[SharingRequest]):
    """A request with its terms, what was given, and what became of it.

    ``content`` is what ``jws`` carries: what the detail opens of a publication, as long as it is given.
    ``for_product`` is told to who asked alone, ``product`` to whom it is open.
    """

    company = CompanyRefSerializer()
    supplier = CompanyRefSerializer()
    for_product = serializers.SerializerMethodField()
    product = serializers.SerializerMethodField()
    content = serializers.JSONField(allow_null=True)
    disputable = serializers.SerializerMethodField(help_text="What the `line` of a dispute may be.")
    steps = serializers.SerializerMethodField()

    class Meta:
        model = SharingRequest
        fields = (
            "uuid", "version", "company", "supplier", "state", "wanted", "identifiers", "for_product", "unit",
            "period_start", "period_end", "profile", "level", "purpose", "may_pass_on", "ends_on", "due_on",
            "comment", "mode", "product", "given_level", "content", "jws", "key_id", "shared_at", "usability",
            "decided_at", "disputable", "steps", "created_at",
        )  # fmt: skip

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_for_product(self, row: SharingRequest) -> Any:
        """Whoever asked sees it."""
        return self.context["own_products"].get(row.for_product_id)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_product(self, row: SharingRequest) -> Any:
        """The product of the live link."""
        return self.context["open_products"].get(row.product_id)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_disputable(self, row: SharingRequest) -> list[str]:
        """Each part that the detail given shows, and the whole."""
        return lines(row)

    @extend_schema_field(SharingStepSerializer(many=True))
    def get_steps(self, row: SharingRequest) -> Any:
        """The latest first."""
        return SharingStepSerializer(self.context["steps"][row.pk], many=True).data

    def to_representation(self, instance: SharingRequest) -> dict[str, Any]:
        """What was revoked, or is in preparation again, is not handed out."""
        told: dict[str, Any] = super().to_representation(instance)
        if not instance.is_given:
            told |= {name: WITHHELD[name] for name in WITHHELD if name in told}
        return told


@example(
    "The total of naphtha, for one's own product footprints",
    {
        "supplier": ANY_UUID,
        "wanted": "Naphtha",
        "identifiers": "CAS 64742-48-9",
        "unit": "kg",
        "period_start": "2025-01-01",
        "period_end": "2025-12-31",
        "level": "total",
        "purpose": "Product footprints",
        "due_on": "2099-06-30",
    },
)
class SharingRequestWriting(Writing):
    """The terms of a request; ``supplier`` and ``for_product`` by their uuids."""

    company = own_company_field()
    supplier = serializers.UUIDField()
    for_product = serializers.UUIDField(required=False, allow_null=True)
    wanted = serializers.CharField(max_length=300)
    identifiers = serializers.CharField(required=False, allow_blank=True, max_length=300)
    unit = serializers.CharField(max_length=20)
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    profile = serializers.CharField(required=False, allow_blank=True, max_length=40)
    level = serializers.ChoiceField(FootprintGrant.LEVELS)
    purpose = serializers.CharField(max_length=200)
    may_pass_on = serializers.BooleanField(required=False)
    due_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class SharingMoveWriting(Writing):
    """A move that needs a reason at most."""

    move = serializers.ChoiceField([(name, name) for name in BY_REASON])
    reason = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class GivingWriting(Writing):
    """Live: ``product``; pinned: ``publication`` and the detail of it."""

    mode = serializers.ChoiceField(SharingRequest.Mode.choices)
    product = serializers.UUIDField(required=False)
    publication = serializers.UUIDField(required=False)
    level = serializers.ChoiceField(FootprintGrant.LEVELS, required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class JudgementWriting(Writing):
    """Accepted at a level, with a reservation where ``reason`` is given; or disputed."""

    judgement = serializers.ChoiceField([(name, name) for name in ("accept", "reserve", "dispute")])
    usability = serializers.IntegerField(required=False)
    code = serializers.ChoiceField(SharingStep.Code.choices, required=False)
    line = serializers.CharField(
        required=False, max_length=200, help_text="One of `disputable` of the request."
    )
    reason = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class SharingRemarkSerializer(serializers.Serializer[Any]):
    """One thing said; ``who``: a person of one's own side, of the other one the company."""

    text = serializers.CharField()
    who = serializers.CharField()
    at = serializers.DateTimeField()


class SharingRemarkWriting(Writing):
    """What is said; @ calls somebody of one's own side by name."""

    text = serializers.CharField(max_length=4000)


class SharingRequestFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What requests can be narrowed by."""

    company = django_filters.UUIDFilter(field_name="company__uuid", label="Uuid of the company that asks")
    supplier = django_filters.UUIDFilter(field_name="supplier__uuid", label="Uuid of the supplier")
    state = django_filters.ChoiceFilter(choices=SharingRequest.State.choices, label="Where it stands")


class SharingRequestView(Resource):
    """Requests for footprints: those one's company asks, and those it is asked."""

    serializer_class = SharingRequestSerializer
    filterset_class = SharingRequestFilter
    ordering_fields = ("id", "created_at", "due_on")

    def rows(self, actor: Actor) -> QuerySet[SharingRequest]:
        """Both sides'."""
        return queries.requests(actor)

    def shown(self, rows: Any, *, many: bool = False) -> BaseSerializer[Any]:
        """With products and steps of all of them, asked for at once."""
        listed: list[SharingRequest] = list(rows) if many else [rows]
        steps: dict[int, list[SharingStep]] = {each.pk: [] for each in listed}
        for step in queries.steps(self.actor, listed):
            steps[step.request_id].append(step)
        context = {
            **self.get_serializer_context(),
            "own_products": queries.own_products(self.actor, [each.for_product_id for each in listed]),
            "open_products": queries.open_products(self.actor, [each.product_id for each in listed]),
            "steps": steps,
        }
        return SharingRequestSerializer(rows, many=many, context=context)

    @extend_schema(request=SharingRequestWriting, responses={201: SharingRequestSerializer})
    def create(self, request: Request) -> Response:
        """Ask a member for a footprint."""
        given = self._body(SharingRequestWriting, request)
        company = company_for(self.actor, given)
        made = actions.ask_for_footprint(company, by=self.actor, at=timezone.now(), **given)
        return self.answer(made, status.HTTP_201_CREATED)

    @extend_schema(request=SharingMoveWriting, responses=SharingRequestSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="moves")
    def moves(self, request: Request, uuid: UUID) -> Response:
        """Move it on, or be told what stands in the way."""
        return self._moved(actions.move_request, SharingMoveWriting, request, uuid)

    @extend_schema(request=GivingWriting, responses=SharingRequestSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="share")
    def share(self, request: Request, uuid: UUID) -> Response:
        """Give a live link or a pinned version."""
        return self._moved(actions.share, GivingWriting, request, uuid)

    @extend_schema(request=JudgementWriting, responses=SharingRequestSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="judgement")
    def judgement(self, request: Request, uuid: UUID) -> Response:
        """Accept what was given at a level, accept it with a reservation, or dispute it."""
        return self._moved(_judge, JudgementWriting, request, uuid)

    @extend_schema(methods=["GET"], responses=SharingRemarkSerializer(many=True), filters=False)
    @extend_schema(
        methods=["POST"], request=SharingRemarkWriting, responses={201: SharingRemarkSerializer(many=True)}
    )
    @action(detail=True, methods=["get", "post"], url_path="remarks", pagination_class=None)
    def remarks(self, request: Request, uuid: UUID) -> Response:
        """What both sides said, the first one first; POST adds to it."""
        found = self.found(uuid)
        if request.method == "POST":
            given = self._body(SharingRemarkWriting, request)
            actions.remark_on(found, by=self.actor, at=timezone.now(), **given)
        code = status.HTTP_201_CREATED if request.method == "POST" else status.HTTP_200_OK
        return Response(
            SharingRemarkSerializer(queries.remarks(self.actor, found), many=True).data, status=code
        )

    def _moved(self, act: Any, shape: type[Writing], request: Request, uuid: UUID) -> Response:
        found, version = self.found(uuid), asked_version(request)
        given = self._body(shape, request)
        return self.answer(act(found, by=self.actor, at=timezone.now(), version=version, **given))

    def _body(self, shape: type[Writing], request: Request) -> dict[str, Any]:
        body = shape(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)


def _judge(found: SharingRequest, *, judgement: str, **given: Any) -> SharingRequest:
    usability = given.pop("usability", None)
    code, line, reason = (given.pop(name, "") for name in ("code", "line", "reason"))
    if judgement == "dispute":
        return actions.dispute(found, code=code, line=line, reason=reason, **given)
    if judgement == "reserve":
        return actions.reserve(found, usability=usability, reason=reason, **given)
    return actions.accept(found, usability=usability, **given)
