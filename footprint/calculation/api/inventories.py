"""Inventories and their unit processes over REST."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.rest.companies import refuse_moving
from accounts.rest.lists import YearFilter
from accounts.rest.resources import Changes, Creates, Removes
from accounts.rest.versions import asked_version
from footprint.calculation.actions.remove_process import remove_process
from footprint.calculation.api.bulk import store_lines
from footprint.calculation.api.reading import (
    ExchangeSerializer,
    InventorySerializer,
    PrefilledSerializer,
    UnitProcessSerializer,
)
from footprint.calculation.api.resources import Calculated
from footprint.calculation.api.writing import (
    AnswersWriting,
    BulkWriting,
    InventoryWriting,
    SharesWriting,
    UnitProcessWriting,
)
from footprint.calculation.ledger import wake
from footprint.calculation.queries import refuse_unsolvable
from footprint.inventory.actions import (
    Share,
    add_inventory,
    add_process,
    answer_questions,
    change_inventory,
    change_process,
    prefill_inventory,
    set_allocation_shares,
)
from footprint.inventory.models import Exchange, Inventory, UnitProcess


class InventoryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What inventories can be narrowed by."""

    site = django_filters.UUIDFilter(field_name="site__uuid", label="Uuid of the site")
    year = YearFilter(field_name="period_end__year", label="The year the period ends in")


class InventoryView(Calculated, Creates, Changes):
    """Inventories of one's own sites: what went in and out in a reference period."""

    serializer_class = InventorySerializer
    writing_class = InventoryWriting
    filterset_class = InventoryFilter
    ordering_fields = ("id", "period_start", "period_end")

    def rows(self, actor: Actor) -> QuerySet[Inventory]:
        """Own inventories."""
        return Inventory.objects.visible_to(actor).select_related("company", "site")

    def add(self, given: dict[str, Any]) -> Inventory:
        """A further inventory."""
        return add_inventory(given.pop("site"), by=self.actor, **given)

    def change(self, row: Inventory, version: int, given: dict[str, Any]) -> Inventory:
        """Change the period or the title."""
        refuse_moving(given, "site")
        return change_inventory(row, by=self.actor, version=version, **given)

    @extend_schema(request=BulkWriting, responses={200: ExchangeSerializer(many=True)}, filters=False)
    @action(detail=True, methods=["post"], url_path="exchanges", pagination_class=None)
    def exchanges(self, request: Request, uuid: UUID) -> Response:
        """Add and change many lines at once: all of them, or none."""
        inventory = self.found(uuid)
        body = BulkWriting(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        stored = store_lines(inventory, body.validated_data["lines"], by=self.actor)
        refuse_unsolvable(self.actor, {line.process_id for line in stored})
        wake()
        rows = Exchange.objects.visible_to(self.actor).select_related(
            "process__inventory",
            "product",
            "provider_process",
            "provider_product",
            "factor_version__factor",
        )
        found = rows.in_bulk([line.pk for line in stored])
        return Response(ExchangeSerializer([found[line.pk] for line in stored], many=True).data)

    @extend_schema(request=None, responses={200: PrefilledSerializer}, filters=False)
    @action(detail=True, methods=["post"], url_path="prefill", pagination_class=None)
    def prefill(self, request: Request, uuid: UUID) -> Response:
        """Bring over from the period before what is not here; amounts are marked as estimates."""
        inventory = self.found(uuid)
        done = prefill_inventory(inventory, by=self.actor)
        made = Exchange.objects.visible_to(self.actor).filter(process__inventory=inventory)
        refuse_unsolvable(self.actor, set(made.values_list("process_id", flat=True)))
        wake()
        return Response(PrefilledSerializer(done).data)


class UnitProcessFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What unit processes can be narrowed by."""

    inventory = django_filters.UUIDFilter(field_name="inventory__uuid", label="Uuid of the inventory")
    code = django_filters.CharFilter()
    external_uuid = django_filters.UUIDFilter()


class UnitProcessView(Calculated, Creates, Changes, Removes):
    """Unit processes of one's own inventories, with their declared allocation shares."""

    serializer_class = UnitProcessSerializer
    writing_class = UnitProcessWriting
    filterset_class = UnitProcessFilter
    ordering_fields = ("id", "code")

    def rows(self, actor: Actor) -> QuerySet[UnitProcess]:
        """Own processes."""
        own = UnitProcess.objects.visible_to(actor).select_related("inventory")
        return own.prefetch_related(
            "allocation_shares__product", "allocation_shares__exchange", "allocation_answers__answered_by"
        )

    def touched(self, row: UnitProcess) -> Iterable[int]:
        """Itself."""
        return [row.pk]

    def add(self, given: dict[str, Any]) -> UnitProcess:
        """A further process."""
        return add_process(given.pop("inventory"), by=self.actor, **given)

    def change(self, row: UnitProcess, version: int, given: dict[str, Any]) -> UnitProcess:
        """Change names, technology or the allocation method."""
        refuse_moving(given, "inventory")
        return change_process(row, by=self.actor, version=version, **given)

    def remove(self, row: UnitProcess, version: int) -> None:
        """Remove one that has no lines."""
        remove_process(row, by=self.actor, version=version)

    @extend_schema(request=SharesWriting, responses=UnitProcessSerializer)
    @action(detail=True, methods=["put"], url_path="allocation-shares")
    def shares(self, request: Request, uuid: UUID) -> Response:
        """Replace a set of declared shares and put it in force."""
        process = self.found(uuid)
        version = asked_version(request)
        body = SharesWriting(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        shares = [Share(**share) for share in body.validated_data["shares"]]
        name = body.validated_data.get("name") or "declared"
        set_allocation_shares(process, by=self.actor, version=version, shares=shares, name=name)
        self.written(process)
        return self.answer(self.found(uuid))

    @extend_schema(request=AnswersWriting, responses=UnitProcessSerializer)
    @action(detail=True, methods=["put"], url_path="allocation-answers")
    def answers(self, request: Request, uuid: UUID) -> Response:
        """Replace what was answered to the questions of PACT's tree."""
        process = self.found(uuid)
        version = asked_version(request)
        body = AnswersWriting(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        given = {each["question"]: each for each in body.validated_data["answers"]}
        answer_questions(process, by=self.actor, at=timezone.now(), answers=given, version=version)
        self.written(process)
        return self.answer(self.found(uuid))
