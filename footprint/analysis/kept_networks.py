"""The own network of whoever asks, kept between two questions: a scenario asks again at every keystroke.

What is kept is found again only by the same person or client, with the same companies, and while everything
the network is read from is as it was; that is asked each time, as that person. So nothing can pass from one
to another, and nothing outlives a change, a grant or its end.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, Count, F, Func, Max, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from accounts.actor import Actor
from factors.models import CharacterizationFactor
from footprint.calculation.models import ColumnVersion, Footprint
from footprint.calculation.own_network import OwnNetwork, own_network
from footprint.inventory.models import Product, UnitProcess

MOST = 16
"""Networks that one process of the web keeps; of a member with 1,000 columns one takes a few megabytes."""
Key = tuple[Any, ...]

_kept: OrderedDict[Key, OwnNetwork] = OrderedDict()
_lock = threading.Lock()


def kept_network(actor: Actor) -> OwnNetwork:
    """The actor's whole own network as it is now."""
    key = (actor.user_id, actor.client_id, actor.company_ids, actor.is_worker, *_stamp(actor))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = own_network(actor)
    with _lock:
        _kept[key] = found
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return found


def forget() -> None:
    """Everything that is kept."""
    with _lock:
        _kept.clear()


def _stamp(actor: Actor) -> Key:
    """What is another as soon as the network is: columns only grow in number, figures name their run."""
    columns = ColumnVersion.objects.visible_to(actor).aggregate(last=Max("pk"), count=Count("pk"))
    return (
        columns["last"],
        columns["count"],
        _digest(Footprint.objects.visible_to(actor), "run_id", "state"),
        _digest(Product.objects.visible_to(actor), "version"),
        _digest(UnitProcess.objects.visible_to(actor), "version"),
        _digest(CharacterizationFactor.objects.all(), "value"),
    )


def _digest(rows: QuerySet[Any], *fields: str) -> str | None:
    parts = [Cast(F(name), TextField()) for name in ("pk", *fields)]
    text = Concat(*(part for each in parts for part in (each, Value(":"))), output_field=TextField())
    joined = StringAgg(text, Value("|"), ordering="pk")
    found: str | None = rows.order_by().aggregate(
        digest=Func(joined, function="MD5", output_field=CharField())
    )["digest"]
    return found
