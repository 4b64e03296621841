"""A question that every request asks: Django writes it once, a process remembers how.

To put such a question together takes Django several times as long as PostgreSQL takes to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from accounts.visibility import rows


class Prepared:
    """The rows of ``values_list`` that ``written`` asks for, of whatever takes the place of its stand-ins.

    ``stand_ins`` are what it is written with once: each stands in it only where the given value is to stand.
    """

    def __init__(self, written: Callable[..., QuerySet[Any, tuple[Any, ...]]], *stand_ins: Hashable) -> None:
        self._written = written
        self._stand_ins = stand_ins

    @cached_property
    def _statement(self) -> tuple[str, tuple[Any, ...]]:
        statement, parameters = self._written(*self._stand_ins).query.sql_with_params()
        return statement, tuple(parameters)

    def rows(self, *given: Any) -> list[tuple[Any, ...]]:
        """The answer for these."""
        statement, parameters = self._statement
        meant = dict(zip(self._stand_ins, given, strict=True))
        return rows(statement, [meant.get(each, each) for each in parameters])
