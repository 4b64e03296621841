"""Many rows written by one statement: what each row says travels as one array for each column."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, models

AT_ONCE = 5000


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


def _prepared(field: models.Field[Any, Any], row: models.Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)
