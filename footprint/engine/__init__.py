"""The numbers, and nothing but the numbers: arrays in, arrays out.

Nothing here knows of the web, the database, clocks or chance, and of files only replay. Amounts arrive
already converted to one unit per product; sentences for people are in ``errors``.

    errors            every way to refuse, each with the nodes it is about
    equations         products, what each one takes from the others, what each one emits
    plan              components and levels of a network: in which order it can be solved
    kernels           the compiled loops, and nothing that decides anything
    walk              one walk over the components, and the decisions that substitution leaves open
    solve             intensities of all products at once, strict or tolerant; updates
    network           equations that change, and their intensities: what a program keeps in memory
    stubborn          loops that substitution cannot settle: sparse LU with a condition estimate
    certificate       residual and proven error bound of a solution
    allocation        shares of a process's burden among its co-products
    characterise      masses of gases to kg CO2e
    contributions     where the intensity of one product comes from
    bundle            all a figure was made of, in one file that checks itself; bundle_rows, stored_zip
    replay            solve a bundle again and compare: the one module that reads a file
    disclosure        statistics of small cohorts, and what may be shown of them
    warming           compile everything once, at worker start
"""

from footprint.engine.network import Network

ENGINE_VERSION = "1.0.0"

__all__ = ["ENGINE_VERSION", "Network"]
