"""Serializers whose fields are made once for each class, and copied for each answer.

To find out what fields a model has, and to make them, takes as long as all else that a serializer does for
one thing.
"""

from __future__ import annotations

import copy
from functools import cache, cached_property
from typing import Any, TypeVar

from django.db.models import Model
from rest_framework import serializers

M = TypeVar("M", bound=Model)
Field = serializers.Field[Any, Any, Any, Any]


class Serializer(serializers.Serializer[Any]):
    """The framework's; what its fields are depends on the class alone."""

    def get_fields(self) -> dict[str, Field]:
        """Unbound ones, of this serializer alone."""
        return {name: _copied(field) for name, field in _made(type(self)).items()}

    @cached_property
    def _readable_fields(self) -> list[Field]:
        """The framework's, which it goes through all fields for with each row."""
        return [field for field in self.fields.values() if not field.write_only]


class ModelSerializer(Serializer, serializers.ModelSerializer[M]):
    """The same of a model."""


@cache
def _made(of: type[Serializer]) -> dict[str, Field]:
    """Never bound: who binds a field tells it whose it is."""
    return super(Serializer, of()).get_fields()


def _copied(field: Field) -> Field:
    """Those with others within are made anew, as the framework does with all."""
    within = isinstance(field, serializers.BaseSerializer) or hasattr(field, "child")
    return copy.deepcopy(field) if within or hasattr(field, "child_relation") else copy.copy(field)
