"""Tell a company's own systems what happened: thin events that name things, for the receiver to fetch."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.urls import reverse

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.partners.models import Delivery, WaitingNews, Webhook
from footprint.partners.pact import values
from footprint.partners.waking import DELIVER_TASK, wake

AT_ONCE = 20_000
MOST_IN_EVENT = 1000
WHERE = {
    Webhook.Kind.FOOTPRINT_CHANGED: "footprints-detail",
    Webhook.Kind.FOOTPRINT_PUBLISHED: "publications-detail",
    Webhook.Kind.SUBMISSION_MOVED: "submissions-detail",
    Webhook.Kind.REQUEST_ARRIVED: "partner-events-detail",
}
JOBS = {"upserts": "upserts-detail", "imports": "exchange:import"}
Thing = Mapping[str, Any]


def tell_news(*, at: datetime) -> int:
    """Make events of all news that wait; how many. What nobody wants any more is dropped.

    Things of one kind travel together, at most ``MOST_IN_EVENT`` of them: a change that moves ten thousand
    figures is ten events.
    """
    sent = 0
    with acting_as(Actor.worker()):
        waiting = WaitingNews.objects.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE]
        news: dict[tuple[int, str], dict[UUID, Thing]] = defaultdict(dict)
        taken = []
        for row in waiting:
            news[row.company_id, row.kind][row.thing] = _thing(row)
            taken.append(row.pk)
        hooks = Webhook.objects.filter(is_active=True, company_id__in={company for company, _kind in news})
        for hook in hooks.order_by("pk"):
            for kind in hook.kinds:
                things = list(news.get((hook.company_id, kind), {}).values())
                for begin in range(0, len(things), MOST_IN_EVENT):
                    put_on_its_way(hook, kind, things[begin : begin + MOST_IN_EVENT], at=at)
                    sent += 1
        WaitingNews.objects.filter(pk__in=taken).delete()
    return sent


def put_on_its_way(
    hook: Webhook, kind: str, things: Sequence[Thing], *, at: datetime, by_id: int | None = None
) -> Delivery:
    """One event for one webhook; it leaves from a worker, after the commit."""
    body = {"type": kind, "timestamp": values.told(at), "data": {"things": list(things)}}
    made = Delivery(
        company_id=hook.company_id,
        webhook=hook,
        type=kind,
        event_id=f"msg_{uuid4().hex}",
        body=json.dumps(body, separators=(",", ":")),
        created_by_id=by_id,
        due_at=at,
        gives_up_at=at + timedelta(hours=Delivery.HOURS),
    )
    made.save(force_insert=True)
    wake(DELIVER_TASK)
    return made


def _thing(news: WaitingNews) -> Thing:
    told = dict(news.told)
    name = WHERE.get(Webhook.Kind(news.kind)) or JOBS[told.pop("resource")]
    return {"uuid": str(news.thing), "url": settings.PUBLIC_URL + reverse(name, args=[news.thing]), **told}
