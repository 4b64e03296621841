"""How the engine's loops are compiled: strict IEEE arithmetic, cached on disk, without the GIL."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(loop: Loop) -> Loop:
    """Compile a loop over arrays to machine code; its signature stays what it was.

    No fast-math and no threads: the order of every sum is the order in the source, so the same
    input gives the same bits. The cache does not notice a change in a compiled function of
    *another* file, therefore compiled functions call only those of their own file.
    Of what numba knows of whole arrays, a sort takes three seconds to compile and an assignment
    of rows four, as it comes with the sentence that refuses it: write these number by number.
    """
    # a wrapper for C, which nothing asks for, is a tenth of the work; the option is missing in numba's types
    strict = numba.njit(  # type: ignore[call-overload]
        cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True
    )
    return cast(Loop, strict(loop))
