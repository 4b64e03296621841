"""Models that were carried along while migrating are those that would be built at the end."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.state import ProjectState

from alliance.management.commands.migrate import Executor, GrowingState

pytestmark = pytest.mark.django_db


def _described(apps: Apps) -> dict[str, Any]:
    """Every model's columns with their kinds, what they point at and who points back."""
    return {
        model._meta.label: (
            [
                (field.name, field.column, field.db_parameters(connection))
                for field in model._meta.local_fields
            ],
            sorted(name.name for name in model._meta.get_fields(include_hidden=True)),
            sorted(there.related_model._meta.label for there in model._meta.related_objects),
        )
        for model in apps.get_models(include_auto_created=True)
    }


def test_models_carried_along_are_the_models_at_the_end() -> None:
    executor = Executor(connection)
    state = executor._create_project_state()
    assert isinstance(state, GrowingState)
    assert state.apps.get_models() == []  # built now, so that every migration has classes to change
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True):
        state = migration.mutate_state(state, preserve=False)

    anew = ProjectState(state.models, state.real_apps)

    assert _described(state.apps) == _described(anew.apps)
    for model in state.apps.get_models(include_auto_created=True):
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if field.remote_field:
                there = field.remote_field.model
                assert there is state.apps.get_model(there._meta.label), f"{model._meta.label}.{field.name}"
