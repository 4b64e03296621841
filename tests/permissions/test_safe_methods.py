"""Who only asks (GET, HEAD, OPTIONS) changes nothing that is a tenant's: counted by the database itself."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection, transaction

from tests.permissions.asking import knowing_askers, path_of
from tests.permissions.policy import Answer, Cell, cells, rows
from tests.permissions.world import World

NOTED = frozenset({"accounts_auditpending", "accounts_auditentry", "django_session"})
"""That somebody asked: the audit log, the last use of a session."""

READ = ("GET", "notifications/{notification_uuid}/")
"""The link of a notification, in mails, too: who follows it has read it, which is noted at their own row."""


def written() -> Counter[str]:
    """Rows written by this transaction so far, by table, whatever wrote them: also triggers and functions."""
    counts = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return Counter(dict(cursor.fetchall()))


def asked(world: World) -> list[Cell]:
    """Somebody who is answered, for every address that is asked by GET."""
    found: dict[str, Cell] = {}
    for cell in cells(world.askers, list(rows())):
        if cell.method == "GET" and cell.state == "opened" and cell.expected in (Answer.DONE, Answer.OPEN):
            found.setdefault(cell.route, cell)
    return list(found.values())


@pytest.mark.django_db
def test_asking_writes_nothing(world: World) -> None:
    faults, wanted = [], asked(world)
    assert len(wanted) > 200
    with knowing_askers(world):
        for cell in wanted:
            for method in ("GET", "HEAD", "OPTIONS"):
                if (method, cell.route) != READ and (changed := _changed(world, cell, method)):
                    faults.append(f"{method} {cell.route} as {cell.asker}: {sorted(changed)}")
    assert faults == []


def _changed(world: World, cell: Cell, method: str) -> set[str]:
    asker = world.askers[cell.asker]
    headers = {"Authorization": f"Bearer {asker.token}"} if asker.is_machine else {}
    path = path_of(cell.route, world.things(cell.state), world)
    with transaction.atomic():
        before = written()
        answer = asker.come_in().generic(method, path, headers=headers)
        assert answer.status_code < 500, cell
        changed = set(written() - before) - NOTED
        transaction.set_rollback(True)
    return changed
