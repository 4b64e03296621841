"""Rows by an array of keys, as PostgreSQL looks them up in an index."""

from __future__ import annotations

from django.db.models import BooleanField, Func


class IsAnyOf(Func):
    """Whether the first is in the second, an array: keys that are few are never joined to all rows."""

    arg_joiner = " = ANY ("
    template = "%(expressions)s)"
    output_field = BooleanField()
