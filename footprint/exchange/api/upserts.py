"""Many rows at once over REST: small bodies are stored while the caller waits, larger ones become a job.

So do small ones while a job of the company has not ended: rows are stored in the order they were sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.models import Company
from accounts.queries import own_companies
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.lists import KeysetPagination
from accounts.rest.parsing import BulkJSONParser, Sent
from accounts.rest.resources import Resource
from accounts.rest.serializing import ModelSerializer
from footprint.exchange import queries
from footprint.exchange.actions import Target, cancel_upsert, queue_upsert, upsert
from footprint.exchange.api.upsert_writing import ROWS
from footprint.exchange.models import UpsertJob, UpsertRow
from footprint.inventory.models import Inventory

NOBODYS = UUID(int=0)
AT_ONCE = 1000
MOST_ROWS = 200_000
ASYNC = "respond-async"
F = TypeVar("F", bound=Callable[..., Any])
PREFER = OpenApiParameter(
    "Prefer", str, OpenApiParameter.HEADER, description="`respond-async`: as a job, however few rows."
)
LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[202], description="The job.")
WHERE = ("inventory", "site", "year")
YEARS = range(1900, 2201)


class UpsertedRowSerializer(serializers.Serializer[Any]):
    """What became of one row."""

    row = serializers.IntegerField(help_text="From 1.")
    key = serializers.CharField()
    outcome = serializers.ChoiceField(["created", "changed", "unchanged"])
    uuid = serializers.UUIDField()


class UpsertedSerializer(serializers.Serializer[Any]):
    """Rows that were stored at once."""

    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rows = UpsertedRowSerializer(many=True)


class UpsertJobSerializer(ModelSerializer[UpsertJob]):
    """A job: how far it is, then how many rows did what."""

    company = CompanyRefSerializer()
    inventory = serializers.UUIDField(source="inventory.uuid", allow_null=True, default=None)
    rows_done = serializers.IntegerField(source="steps_done")

    class Meta:
        model = UpsertJob
        fields = (
            "uuid",
            "company",
            "kind",
            "inventory",
            "state",
            "rows",
            "rows_done",
            "created",
            "changed",
            "unchanged",
            "refused",
            "created_at",
            "started_at",
            "finished_at",
        )


class UpsertRowSerializer(ModelSerializer[UpsertRow]):
    """What became of one row of a job; of a refused job only the refused rows are there."""

    row = serializers.IntegerField(source="number", help_text="From 1; 0: the whole body.")
    uuid = serializers.UUIDField(source="thing", allow_null=True)

    class Meta:
        model = UpsertRow
        fields = ("row", "key", "outcome", "uuid", "pointer", "code", "detail")


class UpsertFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What jobs can be narrowed by."""

    kind = django_filters.ChoiceFilter(choices=UpsertJob.Kind.choices)
    state = django_filters.ChoiceFilter(choices=UpsertJob.State.choices)


class UpsertRowFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What rows can be narrowed by."""

    outcome = django_filters.ChoiceFilter(choices=UpsertRow.Outcome.choices)


def _sends(kind: str) -> Callable[[F], F]:
    """One of the addresses that take rows."""
    described: Callable[[F], F] = extend_schema(
        request=ROWS[kind],
        responses={200: UpsertedSerializer, 202: OpenApiResponse(UpsertJobSerializer, "A job")},
        parameters=[PREFER, LOCATION],
        filters=False,
    )
    return described


class UpsertView(Resource):
    """Jobs that store many rows."""

    serializer_class = UpsertJobSerializer
    filterset_class = UpsertFilter
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[UpsertJob]:
        """Those of one's own companies."""
        return queries.upserts(actor)

    @_sends("products")
    @action(detail=False, methods=["post"], parser_classes=[BulkJSONParser], pagination_class=None)
    def products(self, request: Request) -> Response:
        """Add and change products by their codes: all rows, or none."""
        return self._store("products", request)

    @_sends("activities")
    @action(detail=False, methods=["post"], parser_classes=[BulkJSONParser], pagination_class=None)
    def activities(self, request: Request) -> Response:
        """Add and change lines of an inventory by their external keys: all rows, or none."""
        return self._store("activities", request)

    @_sends("production-volumes")
    @action(
        detail=False, methods=["post"], parser_classes=[BulkJSONParser], pagination_class=None,
        url_path="production-volumes",
    )  # fmt: skip
    def volumes(self, request: Request) -> Response:
        """Say how much processes made: all rows, or none."""
        return self._store("production-volumes", request)

    @_sends("bills-of-material")
    @action(
        detail=False, methods=["post"], parser_classes=[BulkJSONParser], pagination_class=None,
        url_path="bills-of-material",
    )  # fmt: skip
    def bills(self, request: Request) -> Response:
        """Say what processes take per unit of their reference product: all rows, or none."""
        return self._store("bills-of-material", request)

    @extend_schema(request=None, responses=UpsertJobSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="cancel", pagination_class=None)
    def cancel(self, request: Request, uuid: UUID) -> Response:
        """Take a job back while it waits or runs: nothing of it is stored then."""
        cancel_upsert(self.found(uuid), by=self.actor, at=timezone.now())
        return self.answer(self.found(uuid))

    def _store(self, kind: str, request: Request) -> Response:
        sent = cast(Sent, request.data)
        body = sent.value if isinstance(sent, Sent) else {}
        rows, target = _rows(body), _target(self.actor, kind, body)
        is_long = len(rows) > AT_ONCE or ASYNC in request.headers.get("Prefer", "")
        if is_long or queries.is_storing(self.actor, target.company):
            job = queue_upsert(target, sent.body, len(rows), by=self.actor)
            response = self.answer(self.found(job.uuid), status.HTTP_202_ACCEPTED)
            response["Location"] = reverse("upserts-detail", args=[job.uuid], request=request)
            return response
        done = upsert(target, rows, by=self.actor)
        told = [{"row": one.row, "key": one.key, "outcome": one.outcome, "uuid": one.uuid} for one in done]
        counts = Counter(one.outcome for one in done)
        shown = {name: counts[name] for name in ("created", "changed", "unchanged")}
        return Response(UpsertedSerializer({**shown, "rows": told}).data)


class UpsertRowsView(Resource):
    """What became of the rows of a job; kept for thirty days."""

    serializer_class = UpsertRowSerializer
    filterset_class = UpsertRowFilter
    pagination_class = KeysetPagination
    ordering_fields = ("number",)

    def rows(self, actor: Actor) -> QuerySet[UpsertRow]:
        """Of one's own job."""
        job = queries.upserts(actor).filter(uuid=self.kwargs.get("uuid", NOBODYS)).first()
        return queries.upsert_rows(actor, job)

    def list(self, request: Request, uuid: UUID) -> Response:  # type: ignore[override]
        """A page of rows."""
        if not queries.upserts(self.actor).filter(uuid=uuid).exists():
            raise Http404
        return super().list(request)


def _rows(body: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(body, Mapping):
        raise Refusal(_("Send an object with rows."), code="not_an_object")
    rows = body.get("rows")
    if not isinstance(rows, list) or not rows:
        raise Refusal(_("Send rows: a list with at least one of them."), field="rows", code="required")
    if len(rows) > MOST_ROWS:
        message = _("At most %(most)d rows are stored at once; send them in parts.")
        raise Refusal(message % {"most": MOST_ROWS}, field="rows", code="too_many")
    return rows


def _target(actor: Actor, kind: str, body: Mapping[str, Any]) -> Target:
    """What the rows are about. Raises Refusal."""
    known = ("company", "rows") if kind == "products" else (*WHERE, "rows")
    for name in body:
        if name not in known:
            raise Refusal(_("There is no such field."), field=name, code="unknown_field")
    if kind == "products":
        return Target(kind, _company(actor, body.get("company")))
    inventory = _inventory(actor, body)
    return Target(kind, inventory.company, inventory)


def _company(actor: Actor, named: object) -> Company:
    own = own_companies(actor)
    if named is None:
        found = list(own[:2])
        if len(found) != 1:
            raise Refusal(_("Say which company it belongs to."), field="company", code="required")
        return found[0]
    company = own.filter(uuid=uuid).first() if (uuid := _uuid(named)) else None
    if company is None:
        raise Refusal(_("No such resource, or it is not yours to see."), field="company", code="not_visible")
    return company


def _inventory(actor: Actor, body: Mapping[str, Any]) -> Inventory:
    """By its uuid, or by site and year. Raises Refusal."""
    own = Inventory.objects.visible_to(actor).select_related("company")
    message = _("No such resource, or it is not yours to see.")
    if (named := body.get("inventory")) is not None:
        found = own.filter(uuid=uuid).first() if (uuid := _uuid(named)) else None
        if found is None:
            raise Refusal(message, field="inventory", code="not_visible")
        return found
    site, year = body.get("site"), body.get("year")
    if not isinstance(site, str) or not isinstance(year, int) or year not in YEARS:
        sentence = _("Name the inventory, or the code of its site and its year.")
        raise Refusal(sentence, field="inventory", code="required")
    several = list(own.filter(site__code=site, period_end__year=year)[:2])
    if not several:
        raise Refusal(message, field="site", code="not_visible")
    if len(several) > 1:
        sentence = _("This site has several inventories in this year. Name one by its uuid.")
        raise Refusal(sentence, field="year", code="several")
    return several[0]


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
