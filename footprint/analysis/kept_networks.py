"""The own network of whoever asks, kept between two questions: a scenario asks again at every keystroke.

What is kept is found again only by the same person or client, with the same companies, and while everything
the network is read from is as it was; that is asked each time, as that person. So nothing can pass from one
to another, and nothing outlives a change, a grant or its end.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

from accounts.actor import Actor
from accounts.visibility import rows as sql_rows
from footprint.calculation.own_network import OwnNetwork, own_network

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
    (found,) = sql_rows(STAMP, [list(actor.company_ids)])
    return tuple(found)


STAMP = """
SELECT
  accounts_today(),
  (SELECT max(id) || ':' || count(*) FROM calculation_columnversion WHERE company_id = ANY (%s)),
  (SELECT md5(string_agg(id || ':' || run_id || ':' || state, '|' ORDER BY id)) FROM calculation_footprint),
  (SELECT md5(string_agg(id || ':' || version, '|' ORDER BY id)) FROM inventory_product),
  (SELECT md5(string_agg(id || ':' || version, '|' ORDER BY id)) FROM inventory_unitprocess),
  (SELECT md5(string_agg(concat(id, ':', ends_on), '|' ORDER BY id)) FROM inventory_productgrant),
  (SELECT md5(string_agg(id || ':' || value, '|' ORDER BY id)) FROM factors_characterizationfactor)
"""
