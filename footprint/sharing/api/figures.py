"""Figures of suppliers over REST: what one calculates with, and taking a further one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import Writing
from accounts.rest.resources import Resource
from accounts.rest.serializing import ModelSerializer
from footprint.calculation import ledger
from footprint.sharing import actions, sources
from footprint.sharing.models import SupplierFigure
from footprint.sharing.sources import Source


class SupplierFigureSerializer(ModelSerializer[SupplierFigure]):
    """A footprint that became a factor of the company; ``news`` says what became of its source."""

    company = CompanyRefSerializer()
    factor = serializers.UUIDField(source="version.factor.uuid")
    factor_version = serializers.UUIDField(source="version.uuid")
    received = serializers.UUIDField(source="received.uuid", allow_null=True, default=None)
    request = serializers.UUIDField(source="request.uuid", allow_null=True, default=None)
    doubts = serializers.ListField(child=serializers.DictField())
    news = serializers.SerializerMethodField()

    class Meta:
        model = SupplierFigure
        fields = (
            "uuid", "company", "supplier", "pf_id", "factor", "factor_version", "received", "request",
            "level", "valid_until", "doubts", "news", "taken_at",
        )  # fmt: skip

    def get_news(self, row: SupplierFigure) -> str:
        """newer, deprecated, revoked, changed or expired; empty while the source holds."""
        found = self.context["news"].get(row.pk)
        return found.code if found else ""


class SupplierFigureWriting(Writing):
    """``received``: a footprint of a partner; ``request``: one that was pinned. ``lines`` take it."""

    received = serializers.UUIDField(required=False)
    request = serializers.UUIDField(required=False)
    lines = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=20)


class SupplierFigureView(Resource):
    """Footprints that suppliers told one's company and that it calculates with."""

    serializer_class = SupplierFigureSerializer
    ordering_fields = ("id", "taken_at")

    def rows(self, actor: Actor) -> QuerySet[SupplierFigure]:
        """Own ones."""
        return sources.figures(actor)

    def shown(self, rows: Any, *, many: bool = False) -> BaseSerializer[Any]:
        """With what became of the sources of all of them, asked for at once."""
        listed: list[SupplierFigure] = list(rows) if many else [rows]
        found = sources.news(self.actor, listed, timezone.localdate())
        context = {**self.get_serializer_context(), "news": found}
        return SupplierFigureSerializer(rows, many=many, context=context)

    @extend_schema(request=SupplierFigureWriting, responses={201: SupplierFigureSerializer})
    def create(self, request: Request) -> Response:
        """Take a footprint: it becomes a version of a factor that is the company's alone."""
        body = SupplierFigureWriting(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        made = actions.take_figure(
            _source(self.actor, given), by=self.actor, at=timezone.now(), lines=given.get("lines", ())
        )
        ledger.wake()
        return self.answer(made, status.HTTP_201_CREATED)


def _source(actor: Actor, given: dict[str, Any]) -> Source:
    found = None
    if "received" in given:
        found = sources.received_source(actor, given["received"])
    elif "request" in given:
        found = sources.pinned_source(actor, given["request"])
    if found is None:
        message = _("Name a footprint that you received, or a request whose version was pinned for you.")
        raise Refusal(message, field="received", code="not_found")
    return found
