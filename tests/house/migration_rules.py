"""What a migration may do while the former release still serves: expand first, contract a release later.

A migration that takes something away says in ``contract = "..."`` since when nobody uses it.
"""

from __future__ import annotations

import re

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED, CheckConstraint, Field, ManyToManyField

TAKES_AWAY = (ops.RemoveField, ops.DeleteModel, ops.RenameField, ops.RenameModel, ops.AlterModelTable)
SQL_RULES = {
    r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)": "builds an index that writers wait for: CONCURRENTLY",
    r"\bDROP\s+(TABLE|COLUMN|VIEW)\b": "takes away what the former release may read: say contract",
    r"\bRENAME\s+(TO|COLUMN)\b": "renames what the former release reads: say contract",
    r"\bALTER\s+COLUMN\s+\w+\s+(SET\s+DATA\s+)?TYPE\b": "writes the whole table anew under a lock",
    r"\bSET\s+NOT\s+NULL\b": "reads the whole table under a lock: a constraint NOT VALID, then VALIDATE",
    r"\bADD\s+COLUMN\b(?![^;]*\bDEFAULT\b)[^;]*\bNOT\s+NULL\b": "the former release inserts without it",
    r"(^|;)\s*(LOCK\s+TABLE|TRUNCATE)\b": "stops everybody",
}
CONTRACTIONS = ("say contract",)


def faults(migration: Migration, before: ProjectState) -> list[str]:
    """What in a migration would hurt the release that is running."""
    state, found = before.clone(), []
    new: set[str] = set()
    for operation in migration.operations:
        found += _of(operation, migration, state, new)
        if isinstance(operation, ops.CreateModel):
            new.add(operation.name_lower)
        operation.state_forwards(migration.app_label, state)
    if getattr(migration, "contract", ""):
        found = [one for one in found if not one.endswith(CONTRACTIONS)]
    return found


def _of(operation: Operation, migration: Migration, state: ProjectState, new: set[str]) -> list[str]:
    if isinstance(operation, ops.RunSQL):
        return _sql(operation)
    if isinstance(operation, ops.SeparateDatabaseAndState):
        inner = operation.database_operations
        return [told for each in inner for told in _of(each, migration, state, new)]
    if getattr(operation, "model_name_lower", "") in new:
        return []  # nobody uses the table yet
    if isinstance(operation, TAKES_AWAY):
        return [f"{operation.describe()}: takes away what the former release may use: say contract"]
    return _additions(operation, migration, state)


def _additions(operation: Operation, migration: Migration, state: ProjectState) -> list[str]:
    says = operation.describe()
    if isinstance(operation, ops.AddField) and not _may_be_left_out(operation.field):
        return [f"{says}: the former release inserts without it: null=True or db_default"]
    if isinstance(operation, ops.AlterField):
        return [f"{says}: {why}" for why in _narrowing(operation, migration, state)]
    if isinstance(operation, AddIndexConcurrently):
        return [] if not migration.atomic else [f"{says}: needs atomic = False"]
    if isinstance(operation, ops.AddIndex):
        return [f"{says}: writers wait for it: AddIndexConcurrently"]
    if type(operation) is ops.AddConstraint:
        how = (
            "AddConstraintNotValid" if isinstance(operation.constraint, CheckConstraint) else "an index first"
        )
        return [f"{says}: reads the whole table under a lock: {how}"]
    return []


def _may_be_left_out(field: Field) -> bool:
    has_default = getattr(field, "db_default", NOT_PROVIDED) is not NOT_PROVIDED
    return isinstance(field, ManyToManyField) or field.null or has_default


def _narrowing(operation: ops.AlterField, migration: Migration, state: ProjectState) -> list[str]:
    old = state.models[migration.app_label, operation.model_name_lower].get_field(operation.name)
    told = []
    if old.null and not operation.field.null:
        told.append("reads the whole table under a lock, and the former release may write nothing there")
    if old.get_internal_type() != operation.field.get_internal_type():
        told.append("writes the whole table anew under a lock")
    shorter = (old.max_length or 0) > (operation.field.max_length or 0) > 0
    if shorter:
        told.append("what the former release writes may be too long")
    return told


def _sql(operation: ops.RunSQL) -> list[str]:
    text = operation.sql if isinstance(operation.sql, str) else " ".join(map(str, operation.sql))
    return [f"SQL {why}" for pattern, why in SQL_RULES.items() if re.search(pattern, text, re.IGNORECASE)]
