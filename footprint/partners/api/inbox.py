"""Inbox and outbox over REST: what partners sent, the answer to a request, what is on its way to them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.actor import Actor
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import TenantUuidField, Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.resources import Resource
from accounts.rest.serializing import ModelSerializer
from footprint.partners import actions, candidates, queries
from footprint.partners.actions.answering import MOST_FOOTPRINTS
from footprint.partners.models import Delivery, FootprintGrant, PartnerEvent, Receipt

LONGEST_SEARCH = 200
SEARCH = OpenApiParameter(
    "search", str, description="Of products with this name, code or identifier instead of what was asked for."
)


class PartnerEventSerializer(ModelSerializer[PartnerEvent]):
    """One event of a partner; `content` is what it says, in the words of PACT, numbers as they came."""

    company = CompanyRefSerializer()
    connection = serializers.UUIDField(source="connection.uuid")
    partner = serializers.CharField(source="connection.name")
    content = serializers.SerializerMethodField()

    class Meta:
        model = PartnerEvent
        fields = (
            "uuid", "company", "connection", "partner", "type", "state", "event_id", "source", "speaks",
            "comment", "content", "received_at", "due_at", "decided_at", "reason",
        )  # fmt: skip

    def get_content(self, event: PartnerEvent) -> dict[str, Any]:
        """As it came."""
        found: dict[str, Any] = json.loads(event.body, parse_float=str)["data"]
        return found


class FootprintCandidateSerializer(serializers.Serializer[Any]):
    """One's own footprint that could answer, the best fit first; criteria it meets and misses."""

    footprint = serializers.UUIDField(source="footprint.uuid")
    product = serializers.UUIDField(source="footprint.product.uuid", allow_null=True, default=None)
    code = serializers.CharField(source="footprint.product.code", allow_null=True, default=None)
    created = serializers.DateTimeField(source="footprint.created")
    valid_until = serializers.DateTimeField(source="footprint.valid_until")
    in_v2 = serializers.SerializerMethodField()
    meets = serializers.ListField(child=serializers.ChoiceField(list(candidates.LOOKUPS)))
    misses = serializers.ListField(child=serializers.ChoiceField(list(candidates.LOOKUPS)))

    def get_in_v2(self, each: candidates.Candidate) -> bool:
        """Whether version 2 can say it."""
        return bool(each.footprint.document_v2)


class FulfilmentWriting(Writing):
    """Which of the candidates are sent; what no grant opens yet is granted with it, at `level`."""

    footprints = serializers.ListField(
        child=TenantUuidField(queries.offered), allow_empty=False, max_length=MOST_FOOTPRINTS
    )
    level = serializers.ChoiceField(FootprintGrant.LEVELS, required=False)


class RejectionWriting(Writing):
    """Why nothing is sent; the partner reads it."""

    reason = serializers.CharField(max_length=1000)


class PartnerEventFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the inbox can be narrowed by."""

    connection = django_filters.UUIDFilter(field_name="connection__uuid", label="Uuid of the connection")
    type = django_filters.ChoiceFilter(choices=PartnerEvent.Type.choices)
    state = django_filters.ChoiceFilter(choices=PartnerEvent.State.choices)


class PartnerEventView(Resource):
    """The inbox: requests wait in it until they are answered, exactly once."""

    serializer_class = PartnerEventSerializer
    filterset_class = PartnerEventFilter
    ordering_fields = ("id", "received_at", "due_at")

    def rows(self, actor: Actor) -> QuerySet[PartnerEvent]:
        """To one's own companies."""
        return queries.inbox(actor)

    @extend_schema(parameters=[SEARCH], responses=FootprintCandidateSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def candidates(self, request: Request, uuid: UUID) -> Response:
        """One's own footprints that could answer a request; nothing of any other event."""
        refuse_unknown_parameters(request, ("search",))
        found = self.found(uuid)
        search = request.query_params.get("search", "").strip()[:LONGEST_SEARCH]
        ranked = candidates.ranked(self.actor, found, search=search) if found.is_request else []
        return Response(FootprintCandidateSerializer(ranked, many=True).data)

    @extend_schema(request=FulfilmentWriting, responses=PartnerEventSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="answer", pagination_class=None)
    def fulfil(self, request: Request, uuid: UUID) -> Response:
        """Send footprints, from a worker, to the partner's endpoint."""
        found, given = self.found(uuid), self.shaped(FulfilmentWriting, request)
        chosen = given.pop("footprints")
        actions.fulfil(found, chosen, by=self.actor, at=timezone.now(), **given)
        return self.answer(self.found(uuid))

    @extend_schema(request=RejectionWriting, responses=PartnerEventSerializer, filters=False)
    @action(detail=True, methods=["post"], pagination_class=None)
    def reject(self, request: Request, uuid: UUID) -> Response:
        """Say that nothing is sent, and why."""
        found, given = self.found(uuid), self.shaped(RejectionWriting, request)
        actions.reject(found, by=self.actor, at=timezone.now(), **given)
        return self.answer(self.found(uuid))


class PartnerDeliverySerializer(ModelSerializer[Delivery]):
    """One event of ours for a partner; `told` is the last answer, `answers` the request it answers."""

    connection = serializers.UUIDField(source="connection.uuid")
    partner = serializers.CharField(source="connection.name")
    answers = serializers.UUIDField(source="answers.uuid", allow_null=True, default=None)

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = (
            "uuid", "connection", "partner", "type", "event_id", "answers", "state", "attempts", "told",
            "created_at", "due_at", "gives_up_at", "delivered_at",
        )  # fmt: skip


class AttemptSerializer(serializers.Serializer[Any]):
    """One attempt; status 0 where no answer came. `answer` is the beginning of what was answered."""

    at = serializers.DateTimeField()
    url = serializers.CharField()
    status = serializers.IntegerField()
    told = serializers.CharField()
    answer = serializers.CharField()
    seconds = serializers.FloatField()


class WholeDeliverySerializer(PartnerDeliverySerializer):
    """With what was sent and the attempts, the first one first."""

    body = serializers.CharField(help_text="The event as it is sent, JSON.")
    log = AttemptSerializer(many=True)

    class Meta(PartnerDeliverySerializer.Meta):
        fields = (*PartnerDeliverySerializer.Meta.fields, "body", "log")


class ReceiptSerializer(ModelSerializer[Receipt]):
    """That a partner was sent a footprint, and when first. `version` is the number of its publication."""

    company = CompanyRefSerializer()
    connection = serializers.UUIDField(source="connection.uuid")
    partner = serializers.CharField(source="connection.name")
    footprint = serializers.UUIDField(source="footprint.uuid")
    status = serializers.CharField(source="footprint.status")
    product = serializers.UUIDField(source="footprint.product.uuid", allow_null=True, default=None)
    publication = serializers.UUIDField(source="footprint.publication.uuid", allow_null=True, default=None)
    version = serializers.IntegerField(source="footprint.publication.number", allow_null=True, default=None)

    class Meta:
        model = Receipt
        fields = (
            "company", "connection", "partner", "footprint", "status", "product", "publication", "version",
            "at",
        )  # fmt: skip


class ReceiptFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What receipts can be narrowed by."""

    connection = django_filters.UUIDFilter(field_name="connection__uuid", label="Uuid of the connection")
    footprint = django_filters.UUIDFilter(field_name="footprint__uuid", label="Id among partners")
    product = django_filters.UUIDFilter(field_name="footprint__product__uuid", label="Uuid of the product")


class ReceiptView(Resource):
    """Who received which version of one's footprints."""

    serializer_class = ReceiptSerializer
    filterset_class = ReceiptFilter
    ordering_fields = ("id", "at")

    def rows(self, actor: Actor) -> QuerySet[Receipt]:
        """Of one's own companies."""
        return queries.receipts(actor)


class PartnerDeliveryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the outbox can be narrowed by."""

    connection = django_filters.UUIDFilter(field_name="connection__uuid", label="Uuid of the connection")
    state = django_filters.ChoiceFilter(choices=Delivery.State.choices)


class PartnerDeliveryView(Resource):
    """The outbox: tried for three days, then laid aside; what was given up can be sent again."""

    serializer_class = PartnerDeliverySerializer
    filterset_class = PartnerDeliveryFilter
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[Delivery]:
        """To partners of one's own companies."""
        return queries.outbox(actor)

    def shown(self, rows: Any, *, many: bool = False) -> BaseSerializer[Any]:
        """In a list without what was sent and how often."""
        shape = PartnerDeliverySerializer if many else WholeDeliverySerializer
        return shape(rows, many=many, context=self.get_serializer_context())

    @extend_schema(responses=WholeDeliverySerializer)
    def retrieve(self, request: Request, **key: UUID | str) -> Response:
        """One delivery with what was sent, and each attempt with its answer."""
        return super().retrieve(request, **key)

    @extend_schema(request=None, responses=WholeDeliverySerializer, filters=False)
    @action(detail=True, methods=["post"], pagination_class=None)
    def again(self, request: Request, uuid: UUID) -> Response:
        """Try what was given up once more, for three further days."""
        actions.replay(self.found(uuid), by=self.actor, at=timezone.now())
        return self.answer(self.found(uuid))
