"""The figures of all products at once, taken apart by what they are caused by at their company's gate.

Unlike ``entries``, which asks of one product by what its company buys, one solve serves every product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from footprint.engine.equations import Equations, Floats, Ints
from footprint.engine.errors import WrongShape
from footprint.engine.solve import solve_tolerant

ALONE = -1


@dataclass(frozen=True, eq=False)
class Taken:
    """What products take, line by line, and what each line brings if it comes from another group.

    Shapes   consumer, supplier, amount: (l,); brought: (l, k); direct: (n, k); group: (n,), 0 for what
             belongs to nobody, as factors
    Units    amount: supplier's unit per unit of the consumer; brought: any unit per unit of the supplier;
             direct: the same units per unit of product
    """

    consumer: Ints
    supplier: Ints
    amount: Floats
    brought: Floats
    direct: Floats
    group: Ints


@dataclass(frozen=True, eq=False)
class Shared:
    """Which process with several products each product belongs to, and what share it is given.

    Shapes   process: (n,) numbers from 0, ``ALONE`` for the others; made, portions, share: (n,)
    Units    made: units of product in the period; portions: what the shares in force sum to
    """

    process: Ints
    made: Floats
    portions: Floats
    share: Floats


def at_the_gate(taken: Taken) -> Floats:
    """What each product carries of every column once its own group's processes are followed.

    Links within a group are solved for; what any other link brings counts where it comes in.

    Shapes   result: (n, k); NaN where a loop within a group yields nothing
    Units    as ``brought`` per unit of product
    Errors   WrongShape; NonFinite
    Source   y_p = sum over j inside of x_j (e_j + sum over i outside of z_ij y_i), x made inside alone
    """
    n = len(taken.group)
    if taken.direct.shape[0] != n or len(taken.brought) != len(taken.amount):
        raise WrongShape("Every product needs a group and a direct burden, every line what it brings.")
    inside = taken.group[taken.consumer] == taken.group[taken.supplier]
    inside &= taken.group[taken.supplier] != 0
    direct = taken.direct.copy()
    crossing = ~inside
    np.add.at(direct, taken.consumer[crossing], taken.amount[crossing, None] * taken.brought[crossing])
    inner = Equations(n, taken.consumer[inside], taken.supplier[inside], taken.amount[inside], direct)
    return solve_tolerant(inner, certify=False).intensity


def shared_anew(taken: Taken, shared: Shared) -> Taken:
    """The same lines once every process with several products gives each of them another share.

    What a process takes through all of its products is put together and shared out again.

    Shapes   as ``Taken``; the result has a line for each product a process makes
    Units    as ``Taken``
    Errors   WrongShape when the shares of a process do not sum to 1
    Source   ISO 14067:2018, allocation: inputs and outputs of the process, by one ratio
    """
    members = np.flatnonzero(shared.process != ALONE)
    order = members[np.argsort(shared.process[members], kind="stable")]
    number = shared.process[order]
    sums = np.bincount(number, weights=shared.share[order], minlength=1)
    if len(order) and not np.allclose(sums[np.unique(number)], 1.0, rtol=0.0, atol=1e-9):
        raise WrongShape("The shares of a process have to sum to 1.")
    whole = shared.made / shared.portions
    per_unit = shared.share / np.where(shared.made > 0.0, shared.made, 1.0)
    burden = np.zeros((int(number.max(initial=-1)) + 1, taken.direct.shape[1]))
    np.add.at(burden, number, taken.direct[order] * whole[order, None])
    direct = taken.direct.copy()
    direct[order] = per_unit[order, None] * burden[number]

    own = shared.process[taken.consumer] != ALONE
    line = np.flatnonzero(own)
    start = np.searchsorted(number, shared.process[taken.consumer[line]], side="left")
    count = np.searchsorted(number, shared.process[taken.consumer[line]], side="right") - start
    again = np.repeat(line, count)
    within = np.arange(len(again)) - np.repeat(np.cumsum(count) - count, count)
    node = order[np.repeat(start, count) + within]
    amount = taken.amount[again] * whole[taken.consumer[again]] * per_unit[node]
    return Taken(
        np.concatenate([taken.consumer[~own], node]),
        np.concatenate([taken.supplier[~own], taken.supplier[again]]),
        np.concatenate([taken.amount[~own], amount]),
        np.concatenate([taken.brought[~own], taken.brought[again]]),
        direct,
        taken.group,
    )
