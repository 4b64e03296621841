"""The emissions that the products of a site carry with them, as flows that close at every process."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.contributions import CLOSING
from footprint.engine.equations import Floats, Ints, as_nodes
from footprint.engine.errors import NonFinite, NotClosed, OutOfBounds, WrongShape
from footprint.engine.part import links_of, places
from footprint.engine.sankey import Closing, Flows, Kind, balances
from footprint.engine.score import Scored

BASIS = "co2e"


@dataclass(frozen=True, eq=False)
class Embodied:
    """Flows of CO2e through a site: in + emitted = out at every product.

    Nodes are the products of the site in the order asked for, their outside suppliers, then one for
    what is emitted and one for what is delivered.

    Shapes   flows: one basis, ``co2e``; product: (nodes,) in the network, -1 for the last two;
             delivered: (s,)
    Units    flows: kg CO2e in the period; delivered: units of product that leave, negative where the
             site takes more of a product than it makes
    """

    flows: Flows
    product: Ints
    delivered: Floats


def embodied(scored: Scored, nodes: ArrayLike, made: ArrayLike) -> Embodied:
    """What every product of a site carries of CO2e, from whom and to where.

    A site that takes more of its own product than it makes gets the rest from outside.

    Shapes   nodes: (s,) the products of the site, each once; made: (s,); see ``Embodied``
    Units    made: units of product in the period; see ``Embodied``
    Errors   NonFinite where a product has no figure; NotClosed where the figures belong to another
             network; OutOfBounds for a negative amount; OutOfRange, WrongShape
    Source   y_j X_j = e_j X_j + sum of z_ij X_j y_i
    """
    equations, site = scored.equations, as_nodes(nodes, scored.equations.n)
    output = np.array(made, dtype=np.float64).reshape(-1)
    if len(output) != len(site) or len(np.unique(site)) != len(site):
        raise WrongShape("Every product of the site must be there once, with the amount made.")
    if not (np.isfinite(output) & (output >= 0.0)).all():
        raise OutOfBounds("The amounts made must be numbers from 0 on.", site)
    link = links_of(equations, site)
    place = places(equations.n, site)
    consumer, supplier = place[equations.consumer[link]], equations.supplier[link]
    outside = np.unique(supplier[place[supplier] < 0])
    place[outside] = len(site) + np.arange(len(outside))
    product = np.concatenate([site, outside, [-1, -1]])
    _refuse_missing(scored, product[:-2])
    taken = equations.amount[link] * output[consumer]
    inner = place[supplier] < len(site)
    own_use = np.bincount(place[supplier[inner]], weights=taken[inner], minlength=len(site))
    delivered = output - own_use
    every, emission = np.arange(len(site)), len(product) - 2
    flows = Flows.of(
        [Kind.PROCESS] * len(site) + [Kind.OUTSIDE] * len(outside) + [Kind.EMISSION, Kind.OUTSIDE],
        (BASIS,),
        np.concatenate([place[supplier], np.full(len(site), emission), every]),
        np.concatenate([consumer, every, np.full(len(site), emission + 1)]),
        np.concatenate([taken * scored.score[supplier], output * scored.direct[site],
                        delivered * scored.score[site]]),
    )  # fmt: skip
    _check(flows, site)
    return Embodied(flows, product, delivered)


def _refuse_missing(scored: Scored, nodes: Ints) -> None:
    missing = nodes[~np.isfinite(scored.score[nodes])]
    if len(missing):
        raise NonFinite("intensity of product", missing)


def _check(flows: Flows, site: Ints) -> None:
    found = balances(flows, CLOSING)
    open_at = np.flatnonzero(found.state[:, 0] == Closing.OPEN)
    if len(open_at):
        raise NotClosed(int(site[open_at[0]]), float(found.relative[open_at[0], 0]))
