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
    sampling          lognormal samples of amounts, addressed by what they belong to
    throng            the compiled loops for many samples side by side
    montecarlo        all products, many samples: blocks, and their summary
    certificate       residual and proven error bound of a solution
    allocation        shares of a process's burden among its co-products
    characterise      masses of gases to kg CO2e
    contributions     where the intensity of one product comes from
    disclosure        statistics of small cohorts, and what may be shown of them
    warming           compile everything once, at worker start
"""

from footprint.engine.montecarlo import merge
from footprint.engine.network import Network

ENGINE_VERSION = "1.1.0"

__all__ = ["ENGINE_VERSION", "Network", "merge"]
