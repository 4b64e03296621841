"""bw2calc on the same network, in an environment of its own: anchor.py NETWORK.npz PRODUCTS.

Prints one JSON object: seconds of the first LCA, of another product with the same factors, and after a
changed value; and how far its score of one product is from the engine's.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import bw2calc
import bw_processing
import numpy as np


def package(network: dict[str, np.ndarray], products: int) -> bw_processing.Datapackage:
    """A technosphere with ones on the diagonal, and one flow: the first column."""
    made = bw_processing.create_datapackage()
    diagonal = np.arange(products)
    rows = np.concatenate([diagonal, network["supplier"]]) + 1
    columns = np.concatenate([diagonal, network["consumer"]]) + 1
    made.add_persistent_vector(
        matrix="technosphere_matrix", name="links",
        indices_array=np.array(list(zip(rows.tolist(), columns.tolist(), strict=True)),
                               dtype=bw_processing.INDICES_DTYPE),
        data_array=np.concatenate([np.ones(products), network["amount"]]),
        flip_array=np.concatenate([np.zeros(products, bool), np.ones(len(network["amount"]), bool)]),
    )  # fmt: skip
    flow = products + 1
    made.add_persistent_vector(
        matrix="biosphere_matrix", name="burdens",
        indices_array=np.array([(flow, j + 1) for j in range(products)], dtype=bw_processing.INDICES_DTYPE),
        data_array=network["direct"][:, 0],
    )  # fmt: skip
    made.add_persistent_vector(
        matrix="characterization_matrix", name="factors",
        indices_array=np.array([(flow, flow)], dtype=bw_processing.INDICES_DTYPE), data_array=np.ones(1),
    )  # fmt: skip
    return made


def seconds(work: object) -> float:
    begin = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begin


def main(path: str, products: int) -> None:
    network = dict(np.load(path))
    lca = bw2calc.LCA({products: 1.0}, data_objs=[package(network, products)])

    def first() -> None:
        lca.lci(factorize=True)
        lca.lcia()

    def another() -> None:
        lca.lcia({products // 2: 1.0})

    def changed() -> None:
        lca.technosphere_matrix.data[0] *= 1.0
        if hasattr(lca, "solver"):
            del lca.solver
        first()

    row = {"bw2calc": bw2calc.__version__, "first": seconds(first)}
    exact = float(network["figure"])
    row["difference"] = abs(lca.score - exact) / abs(exact)
    row["another"] = min(seconds(another) for _ in range(5))
    row["changed"] = seconds(changed)
    row["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(json.dumps(row))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
