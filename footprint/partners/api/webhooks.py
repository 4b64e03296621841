"""Webhooks over REST: where news go, with which secrets they are signed, and what became of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.actor import Actor
from accounts.rest.companies import CompanyRefSerializer, company_for, own_company_field, refuse_moving
from accounts.rest.fields import Writing
from accounts.rest.resources import Changes, Removes, Resource
from accounts.rest.schema import example
from accounts.rest.serializing import ModelSerializer
from accounts.rest.versions import etag
from footprint.partners import queries
from footprint.partners.actions import (
    add_webhook,
    change_webhook,
    issue_webhook_secret,
    ping_webhook,
    remove_webhook,
    replay,
    retire_webhook_secret,
)
from footprint.partners.models import Delivery, Webhook


class WebhookSerializer(ModelSerializer[Webhook]):
    """An address that is told what happened; of its secrets only the last characters."""

    company = CompanyRefSerializer()
    kinds = serializers.ListField(child=serializers.ChoiceField(Webhook.Kind.choices))
    secrets = serializers.SerializerMethodField(
        help_text="The last characters of those that sign, oldest first."
    )

    class Meta:
        model = Webhook
        fields: tuple[str, ...] = (
            "uuid", "company", "name", "url", "kinds", "is_active", "secrets", "created_at", "version",
        )  # fmt: skip

    def get_secrets(self, hook: Webhook) -> list[str]:
        """So that one can tell which is which."""
        return [secret.hint for secret in queries.webhook_secrets(self.context["actor"], hook)]


class SecretOnceSerializer(WebhookSerializer):
    """The same with the new secret, which is shown this once."""

    secret = serializers.SerializerMethodField()

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")

    def get_secret(self, hook: Webhook) -> str:
        """Given to whoever asked for it."""
        return str(self.context["secret"])


@example(
    "Told of finished jobs and changed figures",
    {"name": "ERP", "url": "https://erp.example/pcf", "kinds": ["job.done", "footprint.changed"]},
)
class WebhookWriting(Writing):
    """Where to, and what about."""

    company = own_company_field()
    name = serializers.CharField(max_length=120)
    url = serializers.CharField(max_length=500, help_text="An https address of a public host.")
    kinds = serializers.ListField(child=serializers.ChoiceField(Webhook.Kind.choices), allow_empty=False)
    is_active = serializers.BooleanField(required=False)


class WebhookDeliverySerializer(ModelSerializer[Delivery]):
    """One event on its way to a webhook."""

    webhook = serializers.UUIDField(source="webhook.uuid")

    class Meta:
        model = Delivery
        fields = (
            "uuid",
            "webhook",
            "type",
            "event_id",
            "state",
            "attempts",
            "told",
            "created_at",
            "due_at",
            "delivered_at",
        )


class WebhookView(Changes, Removes):
    """Addresses of one's own systems that are told what happened."""

    serializer_class = WebhookSerializer
    writing_class = WebhookWriting
    ordering_fields = ("id", "name")

    def rows(self, actor: Actor) -> QuerySet[Webhook]:
        """Those of one's own companies."""
        return queries.webhooks(actor)

    @extend_schema(responses={201: SecretOnceSerializer})
    def create(self, request: Request) -> Response:
        """Add one; the answer has its secret, this once."""
        given = self.given(request)
        company = company_for(self.actor, given)
        made = add_webhook(company, by=self.actor, at=timezone.now(), **given)
        response = self._once(made.webhook.uuid, made.secret)
        response["Location"] = reverse("webhooks-detail", args=[made.webhook.uuid], request=request)
        return response

    def change(self, row: Webhook, version: int, given: dict[str, Any]) -> Webhook:
        """Change its name, address or kinds, or switch it."""
        refuse_moving(given, "company")
        return change_webhook(row, by=self.actor, version=version, **given)

    def remove(self, row: Webhook, version: int) -> None:
        """Take it away with the record of what it was sent."""
        remove_webhook(row, by=self.actor, version=version)

    @extend_schema(request=None, responses={201: SecretOnceSerializer}, filters=False)
    @action(detail=True, methods=["post"], url_path="secrets", pagination_class=None)
    def secrets(self, request: Request, uuid: UUID) -> Response:
        """A further secret: both sign until the older one is retired. Shown this once."""
        made = issue_webhook_secret(self.found(uuid), by=self.actor, at=timezone.now())
        return self._once(uuid, made.secret)

    @extend_schema(request=None, responses=WebhookSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="retire-secret", pagination_class=None)
    def retire(self, request: Request, uuid: UUID) -> Response:
        """Only the newest secret signs from now on."""
        retire_webhook_secret(self.found(uuid), by=self.actor, at=timezone.now())
        return self.answer(self.found(uuid))

    @extend_schema(request=None, responses={201: WebhookDeliverySerializer}, filters=False)
    @action(detail=True, methods=["post"], url_path="ping", pagination_class=None)
    def ping(self, request: Request, uuid: UUID) -> Response:
        """Send an event that says nothing, to see whether it arrives."""
        sent = ping_webhook(self.found(uuid), by=self.actor, at=timezone.now())
        return Response(WebhookDeliverySerializer(sent).data, status=status.HTTP_201_CREATED)

    def _once(self, uuid: UUID, secret: str) -> Response:
        row = self.found(uuid)
        context = {**self.get_serializer_context(), "secret": secret}
        headers = {"ETag": etag(row.version), "Cache-Control": "no-store"}
        shown = SecretOnceSerializer(row, context=context).data
        return Response(shown, status=status.HTTP_201_CREATED, headers=headers)


class DeliveryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What deliveries can be narrowed by."""

    webhook = django_filters.UUIDFilter(field_name="webhook__uuid", label="Uuid of the webhook")
    state = django_filters.ChoiceFilter(choices=Delivery.State.choices)


class WebhookDeliveryView(Resource):
    """What was sent to webhooks; what was given up can be sent again."""

    serializer_class = WebhookDeliverySerializer
    filterset_class = DeliveryFilter
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[Delivery]:
        """To those of one's own companies."""
        return queries.hook_deliveries(actor)

    @extend_schema(request=None, responses=WebhookDeliverySerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="again", pagination_class=None)
    def again(self, request: Request, uuid: UUID) -> Response:
        """Try what was given up once more, for three further days."""
        replay(self.found(uuid), by=self.actor, at=timezone.now())
        return self.answer(self.found(uuid))
