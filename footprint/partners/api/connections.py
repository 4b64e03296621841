"""Connections over REST: partners asked for, let in, given new secrets, shut out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import queries as accounts
from accounts.actor import Actor
from accounts.rest.companies import CompanyRefSerializer, company_for, own_company_field, refuse_moving
from accounts.rest.fields import TenantUuidField, Writing
from accounts.rest.resources import Changes, Creates
from accounts.rest.serializing import ModelSerializer
from footprint.partners import actions, queries
from footprint.partners.actions.connecting import LIFETIMES, Credentials
from footprint.partners.models import Connection, PartnerSecret


class PartnerSecretSerializer(ModelSerializer[PartnerSecret]):
    """A secret in use; of its text only the last characters are known."""

    class Meta:
        model = PartnerSecret
        fields = ("uuid", "hint", "created_at", "expires_at")


class ConnectionSerializer(ModelSerializer[Connection]):
    """One partner. `partner` is its company where the directory has it; what calls it is secret."""

    company = CompanyRefSerializer()
    partner = CompanyRefSerializer(allow_null=True)
    client_id = serializers.CharField(source="application.client_id", allow_null=True, default=None)
    can_be_called = serializers.BooleanField(read_only=True)
    secrets = PartnerSecretSerializer(
        source="usable_secrets", many=True, read_only=True, help_text="Not revoked ones, oldest first."
    )

    class Meta:
        model = Connection
        fields = (
            "uuid", "company", "partner", "name", "state", "client_id", "base_url", "auth_url", "callback_id",
            "can_be_called", "speaks", "answers", "networks", "secrets", "created_at", "approved_at",
            "revoked_at", "pulled_at", "pull_told", "version",
        )  # fmt: skip


class ConnectionWriting(Writing):
    """Who the partner is and how it is called; an empty `callback_secret` keeps the one there is.

    Where a host becomes another one, the secret is to be given again.
    """

    company = own_company_field()
    partner = TenantUuidField(accounts.companies, required=False, allow_null=True)
    name = serializers.CharField(max_length=120)
    base_url = serializers.CharField(required=False, allow_blank=True, max_length=500)
    auth_url = serializers.CharField(required=False, allow_blank=True, max_length=500)
    callback_id = serializers.CharField(required=False, allow_blank=True, max_length=255)
    callback_secret = serializers.CharField(required=False, allow_blank=True, max_length=500)
    speaks = serializers.ChoiceField([2, 3], required=False)
    answers = serializers.ChoiceField(Connection.Answers.choices, required=False)


class LifetimeWriting(Writing):
    """How long the secret lives."""

    days = serializers.ChoiceField(LIFETIMES, required=False)


class NetworksWriting(Writing):
    """Where the partner's system may call from."""

    networks = serializers.ListField(
        child=serializers.CharField(max_length=60),
        max_length=50,
        help_text="In CIDR notation; an empty list is from anywhere.",
    )


class CredentialsSerializer(serializers.Serializer[Any]):
    """What the partner's system signs in with. The secret is shown this once."""

    connection = serializers.UUIDField(source="connection.uuid")
    client_id = serializers.CharField()
    client_secret = serializers.CharField()
    token_url = serializers.SerializerMethodField()
    base_url = serializers.SerializerMethodField()

    def get_token_url(self, made: Credentials) -> str:
        """Where it gets a token."""
        return f"{settings.PARTNER_URL}/auth/token"

    def get_base_url(self, made: Credentials) -> str:
        """Below which the actions of PACT are."""
        return str(settings.PARTNER_URL)


class AskingWriting(Writing):
    """Which products, by URN."""

    product_ids = serializers.ListField(
        child=serializers.CharField(max_length=500), allow_empty=False, max_length=100
    )
    comment = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class ConnectionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What connections can be narrowed by."""

    state = django_filters.ChoiceFilter(choices=Connection.State.choices)
    partner = django_filters.UUIDFilter(field_name="partner__uuid", label="Uuid of the partner's company")
    name = django_filters.CharFilter()


class ConnectionView(Creates, Changes):
    """Partners of one's companies, by PACT."""

    serializer_class = ConnectionSerializer
    writing_class = ConnectionWriting
    filterset_class = ConnectionFilter
    ordering_fields = ("id", "name")

    def rows(self, actor: Actor) -> QuerySet[Connection]:
        """Those of one's own companies."""
        return queries.with_secrets(actor, queries.connections(actor))

    def add(self, given: dict[str, Any]) -> Connection:
        """Ask for a connection; it works once somebody approves it."""
        return actions.request_connection(company_for(self.actor, given), by=self.actor, **given)

    def change(self, row: Connection, version: int, given: dict[str, Any]) -> None:
        """Where and as whom it is called, and who answers it."""
        refuse_moving(given, "company", "partner")
        actions.change_connection(row, by=self.actor, version=version, **given)

    @extend_schema(request=LifetimeWriting, responses={201: CredentialsSerializer}, filters=False)
    @action(detail=True, methods=["post"], pagination_class=None)
    def approve(self, request: Request, uuid: UUID) -> Response:
        """Let the partner in: the answer has its first secret, this once."""
        return self._once(actions.approve_connection, request, uuid)

    @extend_schema(request=LifetimeWriting, responses={201: CredentialsSerializer}, filters=False)
    @action(detail=True, methods=["post"], url_path="secrets", pagination_class=None)
    def rotate(self, request: Request, uuid: UUID) -> Response:
        """A further secret beside the one in use, so that the partner can move over. Shown this once."""
        return self._once(actions.issue_partner_secret, request, uuid)

    @extend_schema(request=None, responses=ConnectionSerializer, filters=False)
    @action(
        detail=True,
        methods=["post"],
        url_path="secrets/<uuid:partner_secret_uuid>/revoke",
        pagination_class=None,
    )
    def revoke_secret(self, request: Request, uuid: UUID, partner_secret_uuid: UUID) -> Response:
        """A secret, and the tokens that may have come from it, are worth nothing any more."""
        known = queries.secrets(self.actor, self.found(uuid))
        secret = known.select_related("connection").filter(uuid=partner_secret_uuid).first()
        if secret is None:
            raise Http404
        actions.revoke_partner_secret(secret, by=self.actor, at=timezone.now())
        return self.answer(self.found(uuid))

    @extend_schema(request=NetworksWriting, responses=ConnectionSerializer, filters=False)
    @action(detail=True, methods=["post"], pagination_class=None)
    def networks(self, request: Request, uuid: UUID) -> Response:
        """Secrets and tokens hold from these networks only; at once, for tokens it has already, too."""
        found, given = self.found(uuid), self.shaped(NetworksWriting, request)
        actions.narrow_networks(found, by=self.actor, networks="\n".join(given["networks"]))
        return self.answer(self.found(uuid))

    @extend_schema(request=None, responses=ConnectionSerializer, filters=False)
    @action(detail=True, methods=["post"], pagination_class=None)
    def revoke(self, request: Request, uuid: UUID) -> Response:
        """Shut the partner out at once and for good."""
        actions.revoke_connection(self.found(uuid), by=self.actor, at=timezone.now())
        return self.answer(self.found(uuid))

    @extend_schema(request=None, responses={202: None}, filters=False)
    @action(detail=True, methods=["post"], pagination_class=None)
    def fetch(self, request: Request, uuid: UUID) -> Response:
        """Have the partner's footprints fetched; they appear in `partner-footprints/`."""
        actions.ask_to_pull(self.found(uuid), by=self.actor, at=timezone.now())
        return Response(status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=AskingWriting, responses={202: None}, filters=False)
    @action(detail=True, methods=["post"], pagination_class=None)
    def ask(self, request: Request, uuid: UUID) -> Response:
        """Ask the partner for footprints of products; its answer arrives in `partner-events/`."""
        found, given = self.found(uuid), self.shaped(AskingWriting, request)
        actions.request_footprints(found, by=self.actor, at=timezone.now(), **given)
        return Response(status=status.HTTP_202_ACCEPTED)

    def _once(self, act: Any, request: Request, uuid: UUID) -> Response:
        found, given = self.found(uuid), self.shaped(LifetimeWriting, request)
        made = act(found, by=self.actor, at=timezone.now(), **given)
        shown = CredentialsSerializer(made).data
        return Response(shown, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})
