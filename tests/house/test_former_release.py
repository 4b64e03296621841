"""The release before this one goes on while the new schema is there: its statements still mean something.

Its tables are those that its last migrations left. Each is read and written here, column by column, as its
models would. Triggers, checks and rights are not seen here: ``benchmarks/bench_upgrade.py`` lets the
former release's own code serve requests during a migration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from tests.house.test_migrations import OURS

pytestmark = pytest.mark.django_db
FORMER = {
    "accounts": "0005_kept_replies",
    "factors": "0002_locks",
    "rules": "0006_one_place_for_each_rule",
    "inventory": "0003_heat_power_and_answers",
    "calculation": "0002_locks",
    "analysis": "0005_states",
    "benchmark": "0005_locks_of_definitions",
    "exchange": "0004_states",
}
"""The last migration of each room in the former release. There was none yet: this is what the first begins
with, and until then a change that cannot keep to it may move it."""
PRESENT = """
SELECT attname::text, format_type(atttypid, atttypmod),
  attnotnull AND NOT atthasdef AND attidentity = '' AND attgenerated = ''
FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
"""
WITH_LENGTH = re.compile(r"(.+)\((\d+)\)")
Table = tuple[str, dict[str, str]]


def former_tables() -> list[Table]:
    """Tables and the types of their columns."""
    state = MigrationLoader(connection).project_state(list(FORMER.items()), at_end=True)
    rooms = [state.apps.get_app_config(room) for room in FORMER]
    found = [model for room in rooms for model in room.get_models(include_auto_created=True)]
    return [_table(model) for model in found if model._meta.managed]


def _table(model: type[models.Model]) -> Table:
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    return model._meta.db_table, {
        column: str(kind).replace("varchar", "character varying").replace(", ", ",")
        for column, kind in types.items()
    }


def faults(table: str, columns: dict[str, str]) -> Iterator[str]:
    """What of the former release's statements would fail, or lose something."""
    listed = ", ".join(f'"{column}"' for column in columns)
    for says, statement in (
        ("cannot be read", f'SELECT {listed} FROM "{table}" LIMIT 0'),
        ("takes no new row", f'INSERT INTO "{table}" ({listed}) SELECT {listed} FROM "{table}" WHERE false'),
    ):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        except DatabaseError as error:
            yield f"{table} {says}: {str(error).splitlines()[0]}"
            return
    with connection.cursor() as cursor:
        cursor.execute(PRESENT, [table])
        for column, kind, must_be_given in cursor.fetchall():
            if column in columns and not _holds(kind, columns[column]):
                yield f"{table}.{column} was {columns[column]} and is {kind}"
            if column not in columns and must_be_given:
                yield f"{table}.{column} must be given, and the former release does not know it: db_default"


def _holds(kind: str, former: str) -> bool:
    """Whether every value of the former type fits, and comes back as it went in."""
    now, then = WITH_LENGTH.fullmatch(kind), WITH_LENGTH.fullmatch(former)
    if now and then:
        return now[1] == then[1] and int(now[2]) >= int(then[2])
    return kind == former or (kind in ("text", "character varying") and bool(then))


def test_every_room_names_its_last_migration() -> None:
    assert set(FORMER) == OURS
    known = MigrationLoader(connection).disk_migrations
    assert [node for node in FORMER.items() if node not in known] == []


def test_the_former_release_reads_and_writes_every_table_it_knew() -> None:
    tables = former_tables()
    assert len(tables) > 50
    assert [told for table, columns in tables for told in faults(table, columns)] == []


def thing(*statements: str) -> list[str]:
    """What is found wrong after these changes of a table that the former release knew."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE thing (id bigint PRIMARY KEY, name varchar(20) NOT NULL, note text)")
        for statement in statements:
            cursor.execute(statement)
    return list(faults("thing", {"id": "bigint", "name": "character varying(20)", "note": "text"}))


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DROP TABLE thing", "cannot be read"),
        ("ALTER TABLE thing DROP COLUMN note", "cannot be read"),
        ("ALTER TABLE thing RENAME COLUMN note TO remark", "cannot be read"),
        ("ALTER TABLE thing ADD COLUMN more text NOT NULL", "thing.more must be given"),
        ("ALTER TABLE thing ALTER COLUMN name TYPE varchar(10)", "thing.name was character varying(20)"),
        ("ALTER TABLE thing ALTER COLUMN id TYPE integer", "thing.id was bigint"),
        ("ALTER TABLE thing ALTER COLUMN note TYPE date USING note::date", "thing.note was text"),
        (
            "ALTER TABLE thing RENAME TO everything; CREATE VIEW thing AS SELECT DISTINCT * FROM everything",
            "takes no new row",
        ),
    ],
)
def test_what_would_stop_it_is_told(statement: str, told: str) -> None:
    assert any(one.startswith((told, f"thing {told}")) for one in thing(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE thing ADD COLUMN more text NOT NULL DEFAULT ''",
        "ALTER TABLE thing ADD COLUMN more text",
        "ALTER TABLE thing ALTER COLUMN name TYPE varchar(40)",
        "ALTER TABLE thing ALTER COLUMN name TYPE text",
        "CREATE INDEX by_name ON thing (name)",
    ],
)
def test_what_it_does_not_notice_passes(statement: str) -> None:
    assert thing(statement) == []
