"""Scenarios over REST."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.rest.companies import refuse_moving
from accounts.rest.resources import Changes, Creates, Removes
from footprint.analysis import queries
from footprint.analysis.actions import change_scenario, delete_scenario, save_scenario
from footprint.analysis.api.lever_serializers import ScenarioSerializer, ScenarioWriting
from footprint.analysis.models import Scenario


class ScenarioFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What scenarios can be narrowed by."""

    product = django_filters.UUIDFilter(field_name="product__uuid", label="Uuid of the product")


class ScenarioView(Creates, Changes, Removes):
    """Levers that were saved under a name. Their figures: footprints/{uuid}/what-if/."""

    serializer_class = ScenarioSerializer
    writing_class = ScenarioWriting
    filterset_class = ScenarioFilter
    ordering_fields = ("id", "name", "created_at")

    def rows(self, actor: Actor) -> QuerySet[Scenario]:
        """Own scenarios."""
        return queries.scenarios(actor)

    def add(self, given: dict[str, Any]) -> Scenario:
        """Save one."""
        return save_scenario(given.pop("product"), by=self.actor, **given)

    def change(self, row: Scenario, version: int, given: dict[str, Any]) -> Scenario:
        """Another name, other levers."""
        refuse_moving(given, "product", "year")
        return change_scenario(row, by=self.actor, version=version, **given)

    def remove(self, row: Scenario, version: int) -> None:
        """Delete it."""
        delete_scenario(row, by=self.actor, version=version)
