"""The numbers, and nothing but the numbers: arrays in, arrays out.

Nothing here knows of the web, the database, files, clocks or chance. Amounts arrive
already converted to one unit per product; sentences for people are in ``errors``.

    errors            every way to refuse, each with the nodes it is about
    equations         products, what each one takes from the others, what each one emits
    plan              components and levels of a network: in which order it can be solved
    kernels           the compiled loops, and nothing that decides anything
    walk              one walk over the components, and the decisions that substitution leaves open
    solve             intensities of all products at once, strict or tolerant; updates
    network           equations that change, and their intensities: what a program keeps in memory
    relaxation        large loops: sweeps until every entry rests
    stubborn          loops that substitution cannot settle: sparse LU with a condition estimate
    certificate       residual and proven error bound of a solution
    allocation        shares of a process's burden among its co-products
    characterise      masses of gases to kg CO2e
    part              some products of a network, numbered anew
    activity          how much of every product is made for one unit of another
    score             a solved network under one weighing: one figure for each product
    contributions     where an intensity comes from: suppliers, processes anywhere upstream, a boundary
    tree, paths       providers and their providers down to a cut-off, and the heaviest paths in it
    sensitivity       how one figure answers to every amount and burden upstream; other suppliers
    tornado           which uncertain inputs move a figure most, and how far
    levers, scenario  what if: overrides, and the figures under them
    sankey, embodied  flows through a site on any basis, and the emissions its products carry
    snapshot, bridge  what a run was calculated from; why the figures of two runs differ
    disclosure        statistics of small cohorts, and what may be shown of them
    warming           compile everything once, at worker start
"""

from footprint.engine.network import Network

ENGINE_VERSION = "1.1.0"

__all__ = ["ENGINE_VERSION", "Network"]
