"""Many rows written by few statements: new ones by COPY, changed ones as one array for each column."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, Self

from django.db import connection, models

from accounts import binary_copy

AT_ONCE = 5000

Statement = tuple[str, Sequence[Any] | Mapping[str, Any] | None]
"""With its parameters."""


def copy_rows(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table that row-level security does not guard; no columns are all of them."""
    into = f"{table} ({_names(columns)})" if columns else table
    with cursor.copy(f"COPY {into} FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row)


class Behind:
    """Writes of many rows that are sent and not waited for: Python makes the next ones meanwhile.

    What was sent is waited for before more is, and on leaving; an error of the database shows there. Nothing
    else is asked of the connection in between, or it waits as well. A thread waits, not a pipeline of the
    driver: that would let the server wait for more, and a process that freezes would keep its locks.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._sent: list[Future[None]] = []

    def __enter__(self) -> Self:
        connection.inc_thread_sharing()  # in DEBUG it is asked how a statement reads that it was sent
        return self

    def __exit__(self, kind: type[BaseException] | None, *raised: Any) -> None:
        try:
            with self._thread:  # until it is idle; after an error nobody asks what became of the rest
                if kind is None:
                    self._wait()
        finally:
            connection.dec_thread_sharing()

    def add(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, key: Collection[str] = ()
    ) -> None:
        """As ``add_rows``."""
        names = _names(columns)
        chosen = f"SELECT {names} FROM arriving{_in_place(key, columns)}"
        self.copy(
            f"CREATE TEMPORARY TABLE arriving AS SELECT {names} FROM {table} LIMIT 0",
            "arriving",
            rows,
            (f"INSERT INTO {table} ({names}) {chosen}", None),
            ("DROP TABLE arriving", None),
        )

    def copy(self, empty: str, table: str, rows: Iterable[Sequence[Any]], *statements: Statement) -> None:
        """COPY rows into an empty table of this session, then send what makes use of them."""
        with self._emptied(empty) as cursor:
            copy_rows(cursor, table, (), rows)
        self._send(*statements)

    def copy_columns(
        self, empty: str, table: str, columns: Sequence[Sequence[bytes]], *statements: Statement
    ) -> None:
        """As ``copy``, of columns made by ``binary_copy``."""
        with self._emptied(empty) as cursor:
            binary_copy.copy_columns(cursor, table, columns)
        self._send(*statements)

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
        self._wait()
        self._send((statement, [[row.pk for row in rows], *told]))

    @contextmanager
    def _emptied(self, empty: str) -> Iterator[Any]:
        self._wait()
        with connection.cursor() as cursor:
            cursor.execute(empty)
            yield cursor

    def _send(self, *statements: Statement) -> None:
        cursor = connection.cursor()

        def store() -> None:
            with cursor:
                for statement, given in statements:
                    cursor.execute(statement, given)

        self._sent.append(self._thread.submit(store))

    def _wait(self) -> None:
        while self._sent:
            self._sent.pop().result()


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
