"""Notifications: left in the transaction of what happened, put into words when they are read.

A row says who is told about which thing. What the thing is called and says is asked as the recipient, at
reading time, of the room it lives in: whoever may not see it any more is told no more than that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from celery import current_app
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils.module_loading import import_string

from accounts.actor import Actor
from accounts.holders import holders, people_of
from accounts.models import USUAL, Kind, Notification
from accounts.review import Procedure

T = TypeVar("T", bound=Model)
MAIL_TASK = "accounts.mail_notifications"
NOTIFY = "SELECT accounts_notify(%s, %s, %s, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True)
class Told:
    """A notification in words: what it is about, what happened, where to look.

    ``is_over``: what it asks for was done meanwhile, or is not asked any more.
    """

    title: str
    words: str
    url: str
    is_over: bool = False


def was_made(row: Notification, procedure: Procedure, state: str, **begins: str) -> bool:
    """Whether somebody made the move that a row asks for: its thing left the state it was told of in.

    ``begins``: states by event, where that is no move of the procedure.
    """
    move = procedure.move(row.event)
    told_in = begins.get(row.event) or (move.target if move else "")
    return row.kind == Kind.MOVE_WAITS and told_in not in ("", state)


def in_words(
    rows: Sequence[Notification], things: QuerySet[T], words: Callable[[Notification, T], Told]
) -> dict[int, Told]:
    """The rows by primary key, each in the words for its thing; without those whose thing is not there."""
    found = things.in_bulk({row.subject_uuid for row in rows}, field_name="uuid")
    return {row.pk: words(row, thing) for row in rows if (thing := found.get(row.subject_uuid)) is not None}


Teller = Callable[[Actor, Sequence[Notification]], Mapping[int, Told]]
_tellers: dict[str, str] = {}


def register(subject: str, path: str) -> None:
    """Who puts notifications about things of one sort into words: ``teller(actor, rows)``, by primary key.

    A row is left out where the actor may not see its thing. Named by its dotted path, loaded when asked.
    """
    _tellers[subject] = path


def told(actor: Actor, rows: Iterable[Notification]) -> list[tuple[Notification, Told | None]]:
    """The rows in their order, each in words, or None where its thing is not to be seen (any more)."""
    kept = list(rows)
    by_subject: dict[str, list[Notification]] = defaultdict(list)
    for row in kept:
        by_subject[row.subject].append(row)
    words: dict[int, Told] = {}
    for subject, some in by_subject.items():
        if subject in _tellers:
            teller: Teller = import_string(_tellers[subject])
            words.update(teller(actor, some))
    return [(row, words.get(row.pk)) for row in kept]


def notify(
    people: Iterable[int],
    *,
    kind: Kind,
    event: str,
    subject: str,
    subject_uuid: UUID,
    company_id: int | None,
    at: datetime,
    by: Actor | None = None,
    once: str = "",
) -> int:
    """Leave a notification for each of these people but the one who did it; how many were left.

    Mail follows on commit; what a lost wake-up left behind is sent by the clock.
    """
    recipients = sorted(set(people) - {by.user_id if by else None})
    if not recipients:
        return 0
    values = [recipients, company_id, kind.value, USUAL[kind].value, event, subject, subject_uuid, once, at]
    with connection.cursor() as cursor:
        cursor.execute(NOTIFY, values)
        (left,) = cursor.fetchone()
    if left:
        transaction.on_commit(_wake, robust=True)
    return int(left)


def next_people(
    procedure: Procedure,
    name: str,
    company_id: int,
    *,
    deeds: Mapping[str, Iterable[int | None]] | None = None,
) -> set[int]:
    """Who can make a move: its role, at the company or at the alliance, and no hand in what it excludes."""
    move = procedure.move(name)
    if move is None or move.permission is None:
        return set()
    barred = {person for deed in move.other_than for person in (deeds or {}).get(deed, ())}
    if not move.at_alliance:
        return holders(move.permission, company_id=company_id) - barred
    return holders(move.permission) - barred - people_of(company_id)


def _wake() -> None:
    current_app.send_task(MAIL_TASK, ignore_result=True, retry=False)
