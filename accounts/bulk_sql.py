"""Many rows written by few statements: new ones by COPY, changed ones as one array for each column."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack
from operator import attrgetter
from typing import Any, Self

from django.db import connection, models

AT_ONCE = 5000


def copy_rows(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table that row-level security does not guard; no columns are all of them."""
    into = f"{table} ({_names(columns)})" if columns else table
    with cursor.copy(f"COPY {into} FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row)


class Behind:
    """Writes of many rows that are sent and not waited for: Python makes the next ones meanwhile.

    What was sent is waited for before more is, and on leaving; an error of the database shows there. Nothing
    else is asked of the connection in between, or it waits as well.
    """

    def __init__(self) -> None:
        self._sent = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: Any) -> bool | None:
        return self._sent.__exit__(*raised)

    def add(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, key: Collection[str] = ()
    ) -> None:
        """As ``add_rows``."""
        self._sent.close()
        names = _names(columns)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE arriving AS SELECT {names} FROM {table} LIMIT 0")
            copy_rows(cursor, "arriving", columns, rows)
        chosen = f"SELECT {names} FROM arriving{_in_place(key, columns)}"
        self._send((f"INSERT INTO {table} ({names}) {chosen}", None), ("DROP TABLE arriving", None))

    def insert(self, rows: Sequence[models.Model], *, key: Collection[str] = ()) -> None:
        """As ``insert_rows``, at most ``AT_ONCE`` of them."""
        fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
        columns = [field.column or "" for field in fields]
        self.add(rows[0]._meta.db_table, columns, map(_reader(fields), rows), key=key)

    def update(self, rows: Sequence[models.Model], columns: Collection[str]) -> None:
        """As ``update_rows``, at most ``AT_ONCE`` of them."""
        model = type(rows[0])
        fields = [field for field in model._meta.concrete_fields if field.column in columns]
        quoted = [connection.ops.quote_name(field.column or "") for field in fields]
        kinds = [f"%s::{field.db_type(connection)}[]" for field in fields]
        statement = (
            f"UPDATE {connection.ops.quote_name(model._meta.db_table)} AS present"
            f" SET {', '.join(f'{name} = given.{name}' for name in quoted)}, version = present.version + 1"
            f" FROM unnest(%s::bigint[], {', '.join(kinds)}) AS given (id, {', '.join(quoted)})"
            " WHERE present.id = given.id"
        )
        told = [
            [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows]
            for field in fields
        ]
        self._sent.close()
        self._send((statement, [[row.pk for row in rows], *told]))

    def _send(self, *statements: tuple[str, list[Any] | None]) -> None:
        self._sent.enter_context(connection.wrap_database_errors)
        cursor = self._sent.enter_context(connection.cursor())
        self._sent.enter_context(connection.connection.pipeline())
        for statement, given in statements:
            cursor.execute(statement, given)


def add_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, key: Collection[str] = ()
) -> None:
    """Add rows to any table of ours, in their order, by one statement that policies and triggers see.

    ``key``: the columns of a unique constraint; a row takes the place of the one that has the same.
    By way of a table of this session alone: COPY does not enter one with row-level security.
    """
    with Behind() as behind:
        behind.add(table, columns, rows, key=key)


def insert_rows(rows: Sequence[models.Model], *, key: Collection[str] = ()) -> None:
    """Add new rows of one model as they are in memory; they are not told the keys they get.

    For columns of plain values and JSON: the driver writes what is in the row, without asking the field.
    ``key`` as for ``add_rows``.
    """
    with Behind() as behind:
        for begin in range(0, len(rows), AT_ONCE):
            behind.insert(rows[begin : begin + AT_ONCE], key=key)


def update_rows(rows: Sequence[models.Model], columns: Collection[str]) -> None:
    """Write these columns of rows of one model as they are in memory, and count their versions up."""
    with Behind() as behind:
        for begin in range(0, len(rows), AT_ONCE):
            behind.update(rows[begin : begin + AT_ONCE], columns)


def _reader(fields: Sequence[models.Field[Any, Any]]) -> Callable[[models.Model], Sequence[Any]]:
    """The values of a row in these columns, as the driver writes them."""
    values = attrgetter(*(field.attname for field in fields))
    documents = [place for place, field in enumerate(fields) if isinstance(field, models.JSONField)]
    if not documents:
        return values

    def told(row: models.Model) -> Sequence[Any]:
        found = list(values(row))
        for place in documents:
            if found[place] is not None:
                found[place] = json.dumps(found[place])
        return found

    return told


def _in_place(key: Collection[str], columns: Iterable[str]) -> str:
    if not key:
        return ""
    others = (_names([name]) for name in columns if name not in key)
    changes = ", ".join(f"{name} = excluded.{name}" for name in others)
    return f" ON CONFLICT ({_names(key)}) DO UPDATE SET {changes}"


def _names(columns: Iterable[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in columns)
