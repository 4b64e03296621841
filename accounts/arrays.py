"""Rows by an array of keys, as PostgreSQL looks them up in an index."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, TextField, Value
from django.db.models.functions import Cast


class IsAnyOf(Func):
    """Whether the first is in the second, an array: keys that are few are never joined to all rows."""

    arg_joiner = " = ANY ("
    template = "%(expressions)s)"
    output_field = BooleanField()


def among(name: str, keys: Iterable[int] | str) -> IsAnyOf:
    """Rows whose column of this name is one of many keys, or of those in an ``array_text``."""
    return IsAnyOf(F(name), array_of(keys))


def array_of(keys: Iterable[int] | str) -> Cast:
    """An array in one parameter, as text: Django and the driver would look at every single key."""
    text = keys if isinstance(keys, str) else array_text(keys)
    return Cast(Value(text), ArrayField(BigIntegerField()))


def among_texts(name: str, texts: Iterable[str]) -> IsAnyOf:
    """Rows whose column of this name is one of many texts."""
    return IsAnyOf(F(name), Cast(Value(list(texts), ArrayField(TextField())), ArrayField(TextField())))


def array_text(keys: Iterable[int]) -> str:
    """Whole numbers as PostgreSQL reads an array of them."""
    return "{" + ",".join(map(str, keys)) + "}"
