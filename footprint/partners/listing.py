"""One page of what a partner may see: by key, so that the thousandth page is as quick as the first.

A cursor says after which row to go on, up to which row the first page reached, and when that was: rows that
come later are not in it, and a footprint deprecated meanwhile still counts as it did. So a page asked for
again is the same page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing

from accounts.actor import Actor
from accounts.visibility import rows
from footprint.partners.actions.answering import ORDER, text_of
from footprint.partners.asked_sql import PAGE
from footprint.partners.models import OfferedFootprint
from footprint.partners.pact import values
from footprint.partners.pact.asking import Asked, Condition
from footprint.partners.pact.levels import Level
from footprint.partners.sql import ONE

SALT = "footprint.partners.cursor"
LISTS = ("product_ids", "company_ids", "classifications", "geography")
OPERATORS = {"eq": "=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


class BadCursor(ValueError):
    """A cursor that is none of ours, or of somebody else."""


@dataclass(frozen=True)
class Cursor:
    """Where to go on."""

    after: int
    upto: int | None
    at: datetime

    def text(self, actor: Actor) -> str:
        """For the address; only for this partner."""
        told = [actor.partner_id, self.after, self.upto, self.at.isoformat()]
        return signing.dumps(told, salt=SALT)

    @classmethod
    def read(cls, text: str, actor: Actor) -> Cursor:
        """Raises BadCursor."""
        try:
            partner, after, upto, at = signing.loads(text, salt=SALT)
            if partner != actor.partner_id:
                raise BadCursor
            return cls(int(after), None if upto is None else int(upto), datetime.fromisoformat(at))
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise BadCursor from error


@dataclass(frozen=True)
class Page:
    """The documents as JSON, the level of each footprint that is to be noted as read, and where to go on."""

    documents: list[str]
    unnoted: dict[int, Level]
    next: Cursor | None


def page(
    actor: Actor, asked: Asked, *, version: int, limit: int, cursor: Cursor, noted_since: datetime
) -> Page:
    """Footprints that fit and are open to the partner, oldest first."""
    if asked.statuses is not None and not _statuses(asked):
        return Page([], {}, None)
    if limit == 0:
        return Page([], {}, cursor)
    wanted = {"at": cursor.at.isoformat(), "conditions": _conditions(asked, version)}
    parameters = [json.dumps(wanted), cursor.after, cursor.upto, limit + 1, version == 2, noted_since]
    found = rows(PAGE, parameters)
    further = None
    if len(found) > limit:
        last, upto = found[limit - 1][:2]
        further = Cursor(last, upto, cursor.at)
    documents: list[str] = []
    unnoted: dict[int, Level] = {}
    for _last, _upto, pk, document, document_v2, order, noted in found[:limit]:
        if pk is not None and order is not None:
            level = ORDER[order]
            documents.append(text_of(document, document_v2, level, version))
            if noted != level:
                unnoted[pk] = level
    return Page(documents, unnoted, further)


def _statuses(asked: Asked) -> list[str]:
    known = {each.value.casefold(): each.value for each in OfferedFootprint.Status}
    return [known[one] for one in asked.statuses or () if one in known]


def _conditions(asked: Asked, version: int) -> list[dict[str, Any]]:
    lists = {name: getattr(asked, name) for name in LISTS}
    found: list[dict[str, Any]] = [
        {"column": name, "operator": "=", "values": list(given)} for name, given in lists.items() if given
    ]
    if asked.within:
        found.append({"column": "country", "operator": "=", "values": list(asked.within)})
    moments = (
        ("valid_from", "<=", asked.valid_on),
        ("valid_until", ">=", asked.valid_on),
        ("valid_from", ">", asked.valid_after),
        ("valid_until", "<", asked.valid_before),
    )
    for column, operator, moment in moments:
        if moment is not None:
            found.append({"column": column, "operator": operator, "values": [moment.isoformat()]})
    if len(statuses := _statuses(asked)) == 1:
        found.append({"column": "status", "operator": "=", "values": statuses})
    found += [_of_v2(each) for each in asked.conditions]
    return [*found, {"column": "in_v2", "values": []}] if version == 2 else found


def _of_v2(each: Condition) -> dict[str, Any]:
    is_identifier = each.column in ("product_ids", "company_ids", "country")
    moment = values.lenient_moment(each.value) if each.column not in ("cpc", "country") else None
    value = moment.isoformat() if moment else values.folded(each.value) if is_identifier else each.value
    return {"column": each.column, "operator": OPERATORS[each.operator], "values": [value]}


def single(actor: Actor, wanted: UUID, version: int, *, noted_since: datetime) -> Page | None:
    """One footprint by its id, as far as the partner may see it."""
    row = OfferedFootprint.objects.visible_to(actor).filter(uuid=wanted).first()
    if row is None or (version == 2 and not row.document_v2):
        return None
    ((order, noted),) = rows(ONE, [actor.partner_id, actor.partner_id, noted_since, row.pk])
    level = ORDER[order]
    text = text_of(row.document, row.document_v2, level, version)
    return Page([text], {} if noted == level else {row.pk: level}, None)


def exists(wanted: UUID) -> bool:
    """Whether the calling partner's counterpart has such a footprint, open to it or not."""
    (found,) = rows("SELECT partners_exists(%s)", [wanted])
    return bool(found[0])
