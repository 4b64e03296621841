"""What no row tells: who came in, who was turned away, who took what. The only way to write it down.

Changes of rows are recorded by triggers (``accounts/audited_sql.py``), whoever makes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.http import HttpRequest, HttpResponseBase

from accounts.actor import Actor
from accounts.models import AuditEntry

Action = AuditEntry.Action
LONGEST_SUBJECT = 120


def record(
    actor: Actor, action: str, target: models.Model | str = "", *, company_id: int | None = None, **facts: Any
) -> None:
    """Write down, in the transaction that is open, what somebody did to something.

    It goes into the chain of the company whose thing it is; of a thing that is nobody's, into those of the
    actor's companies, else into the alliance's. ``about`` among the facts: identifiers of what is concerned.
    """
    about = sorted({str(one) for one in (*facts.pop("about", ()), getattr(target, "uuid", None)) if one})
    subject = target._meta.db_table if isinstance(target, models.Model) else target
    content = json.dumps(facts, ensure_ascii=False, default=str)
    with connection.cursor() as cursor:
        for chain in _chains(actor, target, company_id):
            cursor.execute(
                "SELECT accounts_audit_record(%s, %s, %s, %s, %s::uuid[], %s::jsonb)",
                [chain, actor.signature, action, _one_line(subject), about, content],
            )


def record_afterwards(
    request: HttpRequest, actor: Actor, action: str, target: models.Model | str, **more: Any
) -> None:
    """Have it written down after the request, even when everything the request wrote is rolled back."""
    waiting: list[Any] = request.__dict__.setdefault("recorded_afterwards", [])
    waiting.append((actor, action, target, more))


def recorded_afterwards(request: HttpRequest, response: HttpResponseBase, actor: Actor) -> list[Any]:
    """What is still to be written down about a request that was answered."""
    waiting: list[Any] = list(getattr(request, "recorded_afterwards", []))
    if response.status_code == 403 and actor.is_known:
        facts = {"method": request.method, "about": _named(request), "path": request.path[:500]}
        waiting.append((actor, Action.DENIED, _route(request), facts))
    return waiting


def record_download(request: HttpRequest, response: HttpResponseBase, actor: Actor) -> None:
    """A file left the house."""
    disposition = response.get("Content-Disposition", "")
    if disposition.startswith("attachment") and actor.is_known:
        _, _, name = disposition.partition("filename=")
        query = request.META.get("QUERY_STRING", "")[:500]
        facts = {"file": name.strip('"'), "query": query, "about": _named(request)}
        record(actor, Action.DOWNLOADED, _route(request), **facts)


def _chains(actor: Actor, target: models.Model | str, company_id: int | None) -> Iterable[int | None]:
    owner = company_id if company_id is not None else getattr(target, "company_id", None)
    if owner is not None:
        return [owner]
    return sorted({holding.company_id for holding in actor.holdings}) or [None]


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match and match.view_name else request.path


def _named(request: HttpRequest) -> list[UUID]:
    """The things an address names."""
    match = request.resolver_match
    return [value for value in (match.kwargs.values() if match else ()) if isinstance(value, UUID)]


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_SUBJECT]
