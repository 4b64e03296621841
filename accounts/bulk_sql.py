"""Many rows written by few statements: new ones by COPY, changed ones as one array for each column."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models

AT_ONCE = 5000


def copy_rows(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table that row-level security does not guard; no columns are all of them."""
    into = f"{table} ({_names(columns)})" if columns else table
    with cursor.copy(f"COPY {into} FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row)


def add_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, key: Collection[str] = ()
) -> None:
    """Add rows to any table of ours, in their order, by one statement that policies and triggers see.

    ``key``: the columns of a unique constraint; a row takes the place of the one that has the same.
    By way of a table of this session alone: COPY does not enter one with row-level security.
    """
    names = _names(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE arriving AS SELECT {names} FROM {table} LIMIT 0")
        copy_rows(cursor, "arriving", columns, rows)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM arriving{_in_place(key, columns)}")
        cursor.execute("DROP TABLE arriving")


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Add new rows of one model as they are in memory; they are not told the keys they get.

    For columns of plain values: the driver writes what is in the row, without asking the field.
    """
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = [field.column or "" for field in fields]
    values = attrgetter(*(field.attname for field in fields))
    for begin in range(0, len(rows), AT_ONCE):
        add_rows(model._meta.db_table, columns, map(values, rows[begin : begin + AT_ONCE]))


def put_rows(rows: Sequence[models.Model], key: Collection[str]) -> None:
    """Add rows of one model, each in place of the one with the same key, as ``add_rows``; JSON included."""
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
    columns = [field.column or "" for field in fields]
    for begin in range(0, len(rows), AT_ONCE):
        told = ([_told(field, row) for field in fields] for row in rows[begin : begin + AT_ONCE])
        add_rows(rows[0]._meta.db_table, columns, told, key=key)


def _told(field: models.Field[Any, Any], row: models.Model) -> Any:
    value = getattr(row, field.attname)
    return json.dumps(value) if isinstance(field, models.JSONField) and value is not None else value


def _in_place(key: Collection[str], columns: Iterable[str]) -> str:
    if not key:
        return ""
    others = (_names([name]) for name in columns if name not in key)
    changes = ", ".join(f"{name} = excluded.{name}" for name in others)
    return f" ON CONFLICT ({_names(key)}) DO UPDATE SET {changes}"


def update_rows(rows: Sequence[models.Model], columns: Collection[str]) -> None:
    """Write these columns of rows of one model as they are in memory, and count their versions up."""
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if field.column in columns]
    table = connection.ops.quote_name(model._meta.db_table)
    quoted = [connection.ops.quote_name(field.column or "") for field in fields]
    kinds = [f"%s::{field.db_type(connection)}[]" for field in fields]
    statement = (
        f"UPDATE {table} AS present"
        f" SET {', '.join(f'{name} = given.{name}' for name in quoted)}, version = present.version + 1"
        f" FROM unnest(%s::bigint[], {', '.join(kinds)}) AS given (id, {', '.join(quoted)})"
        " WHERE present.id = given.id"
    )
    with connection.cursor() as cursor:
        for begin in range(0, len(rows), AT_ONCE):
            part = rows[begin : begin + AT_ONCE]
            told = [[_prepared(field, row) for row in part] for field in fields]
            cursor.execute(statement, [[row.pk for row in part], *told])


def _names(columns: Iterable[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in columns)


def _prepared(field: models.Field[Any, Any], row: models.Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)
