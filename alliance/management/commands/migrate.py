"""Django's `migrate`, without making nearly every model anew for each one that changes.

Django keeps a class for every model while it migrates. When one is added or changed it builds anew all that
are joined to it by any chain of foreign keys, in either direction, which here are nearly all of them: 27 of
the 35 s of a first migration. Only classes whose own foreign keys lead to the changed one hold the old class;
the way back from a model to those that point at it is found by Django when it is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from typing import cast

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from django.db.models import Model

Label = tuple[str, str]


class GrowingState(ProjectState):
    """What the migrations have made of the models so far; a change touches no model that it need not."""

    def _find_reload_model(self, app_label: str, model_name: str, delay: bool = False) -> set[Label]:
        """The model and all that hold it, over any number of steps; so nothing is left for later, either."""
        holders = defaultdict(set)
        for model in self.apps.get_models(include_auto_created=True):
            for held in _held(model):
                holders[held].add(_label(model))
        found: set[Label] = set()
        waiting = [(app_label, model_name)]
        while waiting:
            if (label := waiting.pop()) not in found:
                found.add(label)
                waiting.extend(holders[label])
        return found

    def clone(self) -> GrowingState:
        return _growing(super().clone())


def _growing(state: ProjectState) -> GrowingState:
    state.__class__ = GrowingState
    return cast(GrowingState, state)


def _label(model: type[Model]) -> Label:
    return model._meta.app_label, str(model._meta.model_name)


def _held(model: type[Model]) -> set[Label]:
    """The models a class names itself: those its relations point at and those it is made from."""
    fields = (*model._meta.local_fields, *model._meta.local_many_to_many)
    targets = {field.remote_field.model for field in fields if field.remote_field}
    parents = {base for base in model.__bases__ if hasattr(base, "_meta") and not base._meta.abstract}
    return {_label(held) for held in targets | parents}


class Executor(MigrationExecutor):
    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        return _growing(super()._create_project_state(with_applied_migrations))  # type: ignore[misc]


migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]  # the command offers no other way to name its executor


class Command(migrate.Command):
    pass
