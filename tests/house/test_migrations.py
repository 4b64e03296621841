"""No migration stops the release that is running. Rules: migration_rules.py."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations as m
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from alliance.database import PATIENCE
from tests.house.migration_rules import faults

OURS = {"accounts", "factors", "rules", "inventory", "calculation", "analysis", "benchmark", "exchange"}
BEGINNING = 5
"""Until the first release nobody runs a former one: an app's first migrations make their tables anew."""
CREATE = m.CreateModel(
    "thing",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20)),
        ("note", models.CharField(max_length=20, null=True)),
    ],
)
INDEX = models.Index(fields=["name"], name="by_name")
CHECK = models.CheckConstraint(condition=~models.Q(name=""), name="named")
UNIQUE = models.UniqueConstraint(fields=["name"], name="once")


def judged(*operations: Any, **more: Any) -> list[str]:
    """With a table `thing` that is there already."""
    before = ProjectState()
    CREATE.state_forwards("room", before)
    made = m.Migration("0009_a_change", "room")
    made.operations = list(operations)
    made.__dict__.update(more)
    return faults(made, before)


def test_every_migration_lets_the_former_release_go_on() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    wrong = {
        f"{app}.{name}": told
        for (app, name), migration in loader.disk_migrations.items()
        if app in OURS and int(name[:4]) > BEGINNING
        if (told := faults(migration, loader.project_state((app, name), at_end=False)))
    }
    assert wrong == {}


def test_the_walk_finds_every_room() -> None:
    found = {app for app, _name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    assert found >= OURS


@pytest.mark.parametrize(
    "operation",
    [
        m.AddField("thing", "more", models.CharField(max_length=5, default="")),
        m.AlterField("thing", "note", models.CharField(max_length=20)),
        m.AlterField("thing", "name", models.TextField()),
        m.AlterField("thing", "name", models.CharField(max_length=10)),
        m.RemoveField("thing", "note"),
        m.RenameField("thing", "note", "remark"),
        m.RenameModel("thing", "object"),
        m.DeleteModel("thing"),
        m.AddIndex("thing", INDEX),
        AddIndexConcurrently("thing", INDEX),
        m.AddConstraint("thing", CHECK),
        m.AddConstraint("thing", UNIQUE),
        m.RunSQL("CREATE INDEX by_name ON thing (name)"),
        m.RunSQL("create unique index by_name on thing (name)"),
        m.RunSQL("ALTER TABLE thing DROP COLUMN note"),
        m.RunSQL("ALTER TABLE thing ALTER COLUMN name TYPE text"),
        m.RunSQL("ALTER TABLE thing ALTER COLUMN note SET NOT NULL"),
        m.RunSQL("ALTER TABLE thing ADD COLUMN more text NOT NULL"),
        m.RunSQL("LOCK TABLE thing"),
        m.SeparateDatabaseAndState(database_operations=[m.RunSQL("DROP TABLE thing")]),
    ],
    ids=lambda operation: operation.describe()[:60],
)
def test_what_would_stop_it_is_refused(operation: Any) -> None:
    assert judged(operation) != []


@pytest.mark.parametrize(
    "operation",
    [
        m.AddField("thing", "more", models.CharField(max_length=5, null=True)),
        m.AddField("thing", "more", models.CharField(max_length=5, db_default="")),
        m.AlterField("thing", "name", models.CharField(max_length=30)),
        m.AlterField("thing", "name", models.CharField(max_length=20, null=True)),
        AddConstraintNotValid("thing", CHECK),
        m.RunSQL("CREATE INDEX CONCURRENTLY by_name ON thing (name)"),
        m.RunSQL("ALTER TABLE thing ADD COLUMN more text NOT NULL DEFAULT ''"),
        m.RunSQL("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'SELECT'"),
        m.RunPython(m.RunPython.noop),
    ],
    ids=lambda operation: operation.describe()[:60],
)
def test_what_it_does_not_notice_passes(operation: Any) -> None:
    assert judged(operation) == []


def test_an_index_beside_the_writers_needs_a_migration_without_a_transaction() -> None:
    assert judged(AddIndexConcurrently("thing", INDEX), atomic=False) == []


def test_a_table_of_the_same_migration_is_nobodys_yet() -> None:
    fresh = m.CreateModel(
        "other", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]
    )
    assert judged(fresh, m.AddIndex("other", INDEX), m.AddConstraint("other", UNIQUE)) == []


def test_what_is_taken_away_says_since_when_nobody_uses_it() -> None:
    assert judged(m.RemoveField("thing", "note"), contract="unused since 1.4") == []
    assert judged(m.AddIndex("thing", INDEX), contract="unused since 1.4") != []


def test_a_migration_does_not_queue_everybody_behind_a_lock() -> None:
    assert PATIENCE["owner"]["lock_timeout"] in ("1s", "2s", "3s", "4s", "5s")
    assert set(PATIENCE["app"]) == set(PATIENCE["worker"])
