"""Which processes are in loops, by their links alone: what the lines say besides is not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from accounts.arrays import among
from footprint.inventory.models import Exchange


def looped(process_ids: Collection[int]) -> list[int]:
    """Those of the processes that feed each other or themselves, ascending, whatever the amounts."""
    links = np.array(sorted(_links(process_ids)), dtype=np.int64).reshape(-1, 2)
    ids, ends = np.unique(links, return_inverse=True)
    consumer, supplier = ends.reshape(-1, 2).T
    graph = coo_array((np.ones(len(links)), (consumer, supplier)), shape=(len(ids), len(ids)))
    _count, part = connected_components(graph, connection="strong")
    inside = consumer[part[consumer] == part[supplier]]
    return [int(pk) for pk in np.unique(ids[inside])]


def _links(process_ids: Collection[int]) -> set[tuple[int, int]]:
    """Each process with those it takes from; of a product all its makers, of whichever year."""
    lines = Exchange.objects.filter(among("process_id", process_ids)).order_by()
    makers: dict[int, list[int]] = defaultdict(list)
    outputs = lines.filter(direction="output", kind="product", is_avoided=False)
    for product, process in outputs.values_list("product_id", "process_id").distinct():
        makers[product].append(process)
    named = lines.filter(provider_process__isnull=False)
    bought = lines.filter(provider_product__isnull=False).values_list("process_id", "provider_product_id")
    found = set(named.values_list("process_id", "provider_process_id").distinct())
    found |= {(process, maker) for process, product in bought.distinct() for maker in makers[product]}
    return found
