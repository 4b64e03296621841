"""Requests to be connected over REST: read, taken up, refused; and whether a company can be asked at all.

They are made on the public page alone.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from accounts import queries as accounts
from accounts.actor import Actor
from accounts.models import Company
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import TenantUuidField, Writing
from accounts.rest.moves import Moves, MoveWriting, move_field
from accounts.rest.resources import ChangesFromTag
from accounts.rest.serializing import ModelSerializer
from footprint.partners import actions, queries
from footprint.partners.addresses import asking_address
from footprint.partners.models import ConnectionRequest
from footprint.partners.procedure import CONNECTION_REQUEST


class ConnectionRequestSerializer(ModelSerializer[ConnectionRequest]):
    """What somebody outside stated, none of it proven; `connection` is what it became."""

    company = CompanyRefSerializer()
    connection = serializers.UUIDField(source="connection.uuid", allow_null=True, default=None)

    class Meta:
        model = ConnectionRequest
        fields = (
            "uuid", "company", "name", "lei", "uscc", "duns", "contact_name", "contact_mail", "base_url",
            "purpose", "state", "received_at", "decided_at", "reason", "connection", "version",
        )  # fmt: skip


class ConnectionRequestMoveWriting(MoveWriting):
    """`accept` makes a partner of this `name`, by itself the stated one; `refuse` needs a `reason`."""

    move = move_field(CONNECTION_REQUEST)
    name = serializers.CharField(required=False, max_length=120)
    partner = TenantUuidField(accounts.companies, required=False, allow_null=True)


class ConnectionRequestFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What requests can be narrowed by."""

    state = django_filters.ChoiceFilter(choices=ConnectionRequest.State.choices)


class ConnectionRequestView(Moves):
    """Who outside the alliance asks one's companies to be connected."""

    serializer_class = ConnectionRequestSerializer
    filterset_class = ConnectionRequestFilter
    move_writing_class = ConnectionRequestMoveWriting
    ordering_fields = ("id", "received_at")

    def rows(self, actor: Actor) -> QuerySet[ConnectionRequest]:
        """To one's own companies."""
        return queries.requests(actor)

    def move(self, row: ConnectionRequest, version: int, given: dict[str, Any]) -> None:
        """Take it up, which makes a connection that waits for its approval; or refuse it."""
        decided: dict[str, Any] = {"by": self.actor, "at": timezone.now(), "version": version}
        if given["move"] == "refuse":
            actions.refuse_request(row, reason=given.get("reason", ""), **decided)
        else:
            actions.accept_request(row, name=given.get("name", ""), partner=given.get("partner"), **decided)


class ReceptionSerializer(ModelSerializer[Company]):
    """Whether anybody may ask a company to be connected; the public page then names it, at `link`."""

    is_open = serializers.BooleanField()
    link = serializers.SerializerMethodField()

    class Meta:
        model = Company
        fields = ("uuid", "code", "is_open", "link")

    def get_link(self, company: Company) -> str:
        """To hand to partners."""
        return asking_address(company)


class ReceptionWriting(Writing):
    """Take requests, or no more."""

    is_open = serializers.BooleanField()


class ReceptionView(ChangesFromTag):
    """Which of one's own companies let themselves be asked to connect somebody."""

    serializer_class = ReceptionSerializer
    writing_class = ReceptionWriting

    def rows(self, actor: Actor) -> QuerySet[Company]:
        """One's own companies, whether or not they do."""
        return queries.receptions(actor)

    def change(self, row: Any, given: dict[str, Any]) -> None:
        """Let the company be asked by anybody, or no longer."""
        is_open = given.get("is_open", row.is_open)
        actions.open_reception(row, by=self.actor, at=timezone.now(), is_open=is_open)
