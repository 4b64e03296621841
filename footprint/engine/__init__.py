"""The numbers, and nothing but the numbers: arrays in, arrays out.

Nothing here knows of the web, the database, clocks or chance, and of files only replay. Amounts arrive
already converted to one unit per product; sentences for people are in ``errors``.

The network and its solution

    errors              every way to refuse, each with the nodes it is about
    equations           products, what each one takes from the others, what each one emits
    plan                components and levels of a network: in which order it can be solved
    kernels             the compiled loops, and nothing that decides anything
    walk                one walk over the components, and the decisions that substitution leaves open
    solve               intensities of all products at once, strict or tolerant; updates
    network             equations that change, and their intensities: what a program keeps in memory
    relaxation          large loops: sweeps until every entry rests
    stubborn            loops that substitution cannot settle: sparse LU with a condition estimate
    certificate         residual and proven error bound of a solution
    characterise        masses of gases to kg CO2e, and again by another set
    warming             compile everything once, at worker start

Questions about one figure

    part                some products of a network, numbered anew
    reach               how much of one product is in every other
    activity            how much of every product is made for one unit of another
    score               a solved network under one weighing: one figure for each product
    contributions       where an intensity comes from: suppliers, processes anywhere upstream, a boundary
    tree, paths         providers and their providers down to a cut-off, and the heaviest paths in it
    sensitivity         how one figure answers to every amount and burden upstream; other suppliers
    levers, scenario    what if: overrides, and the figures under them
    sankey, embodied    flows through a site on any basis, and the emissions its products carry
    snapshot, bridge    what a run was calculated from; why the figures of two runs differ

Sharing a burden among co-products

    allocation          shares by one method, or by all of them
    pact_allocation     which method: PACT's tree over recorded answers, and when it would flip
    prices              value of co-products over several years
    chp                 heat and power from one fuel
    burdens             what processes take and emit before anything is allocated
    band                every product under every method, through the network
    loop_gain           how much of its own products comes back to a process

What a method decides

    profile             boundary, choice of allocation, weights of columns
    cut_off             whether what is left out is as little as a rule wants
    position            what the columns of a result are, by gas and origin

How good a figure is

    quality             primary data share, data quality ratings, exempted emissions
    representativeness  scores of technology, time and place
    pedigree            spread out of scores
    uncertainty         spread of every figure, shared factors as one variable
    sampling            lognormal samples of amounts, addressed by what they belong to
    throng              the compiled loops for many samples side by side
    montecarlo          all products, many samples: blocks, and their summary
    lognormal           what a spread says: intervals, and which of two is lower
    closure             mass, energy and carbon balance of processes and sites
    suspicion           which stream is most likely wrong where a balance does not close
    disclosure          statistics of small cohorts, and what may be shown of them

Taking it along

    bundle              all a figure was made of, in one file that checks itself; bundle_rows, stored_zip
    replay              solve a bundle again and compare: the one module that reads a file
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from footprint.engine.montecarlo import merge
    from footprint.engine.network import Network

ENGINE_VERSION = "1.3.0"

__all__ = ["ENGINE_VERSION", "Network", "merge"]


def __getattr__(name: str) -> object:
    """`Network` and `merge` when first asked for: who needs only the version need not load a compiler."""
    if name == "Network":
        from footprint.engine.network import Network

        return Network
    if name == "merge":
        from footprint.engine.montecarlo import merge

        return merge
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
