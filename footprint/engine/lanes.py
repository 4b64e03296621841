"""Four numbers side by side in one register, for the compiled loops that spend their time on rows.

A compiler may find such steps by itself; numba's is told not to look for them, because it has got some
of them wrong. Here they are said outright: each lane is plain IEEE arithmetic in the order of the source.
Rows are C-ordered arrays of float64 with two axes; positions must lie within them, nothing checks.
The cache of a compiled loop does not notice a change in this file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

LANES = 4
_VECTOR = ir.VectorType(ir.DoubleType(), LANES)
_NUMBER = 8
"""Bytes a row may be aligned to."""


class _FourType(types.Type):
    def __init__(self) -> None:
        super().__init__(name="Four")


FOUR = _FourType()


@register_model(_FourType)
class _FourModel(models.PrimitiveModel):
    def __init__(self, manager: Any, described: types.Type) -> None:
        super().__init__(manager, described, _VECTOR)  # type: ignore[no-untyped-call]


def _place(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    """Where the lanes named by the first three arguments, rows, row and column, begin."""
    rows = context.make_array(signature.args[0])(context, builder, args[0])
    at = [context.cast(builder, args[k], signature.args[k], types.intp) for k in (1, 2)]
    kind = signature.args[0]
    first = cgutils.get_item_pointer(context, builder, kind, rows, at)  # type: ignore[no-untyped-call]
    return builder.bitcast(first, _VECTOR.as_pointer())


def _lanes(builder: ir.IRBuilder, value: ir.Value) -> ir.Value:
    """Four lanes as they are; a number in each of them."""
    if value.type == _VECTOR:
        return value
    nothing, first = ir.Constant(_VECTOR, ir.Undefined), ir.Constant(ir.IntType(32), 0)
    order = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(builder.insert_element(nothing, value, first), nothing, order)


def _size(builder: ir.IRBuilder, four: ir.Value) -> ir.Value:
    name, kind = f"llvm.fabs.v{LANES}f64", ir.FunctionType(_VECTOR, [_VECTOR])
    size = cgutils.get_or_insert_function(builder.module, kind, name)  # type: ignore[no-untyped-call]
    return builder.call(size, [four])


def _beyond(builder: ir.IRBuilder, comparison: str, args: Any) -> ir.Value:
    """Of every lane, one bit: how the step from old to new compares with a part of the new size."""
    new, old, part = args
    step = _size(builder, builder.fsub(new, old))
    room = builder.fmul(_lanes(builder, part), _size(builder, new))
    return builder.bitcast(builder.fcmp_ordered(comparison, step, room), ir.IntType(LANES))


def _step(written: Callable[..., object]) -> Any:
    """A step of compiled loops, which alone may call it."""
    return intrinsic(written)


@_step
def load(_typing: Any, rows: Any, a: Any, c: Any) -> tuple[Any, Callable[..., Any]]:
    """The four numbers ``rows[a, c:c + 4]``."""

    def build(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        return builder.load(_place(context, builder, signature, args), align=_NUMBER)

    return FOUR(rows, a, c), build


@_step
def store(_typing: Any, rows: Any, a: Any, c: Any, four: Any) -> tuple[Any, Callable[..., Any]]:
    """Put four numbers into ``rows[a, c:c + 4]``."""

    def build(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        builder.store(args[3], _place(context, builder, signature, args), align=_NUMBER)
        return context.get_dummy_value()

    return types.void(rows, a, c, four), build


@_step
def add(_typing: Any, total: Any, factor: Any, four: Any) -> tuple[Any, Callable[..., Any]]:
    """``total + factor * four``, rounded twice; the factor is one number, or four."""

    def build(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        return builder.fadd(args[0], builder.fmul(_lanes(builder, args[1]), args[2]))

    return FOUR(total, factor, four), build


@_step
def magnitude(_typing: Any, four: Any) -> tuple[Any, Callable[..., Any]]:
    """Four numbers without their signs."""

    def build(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        return _size(builder, args[0])

    return FOUR(four), build


@_step
def divide(_typing: Any, four: Any, divisor: Any) -> tuple[Any, Callable[..., Any]]:
    """``four / divisor``; the divisor is one number, or four."""

    def build(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        return builder.fdiv(args[0], _lanes(builder, args[1]))

    return FOUR(four, divisor), build


@_step
def rest(_typing: Any, new: Any, old: Any, part: Any) -> tuple[Any, Callable[..., Any]]:
    """Whether every lane has moved by at most this part of its size; NaN does not rest."""

    def build(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        every = ir.Constant(ir.IntType(LANES), 2**LANES - 1)
        return builder.icmp_unsigned("==", _beyond(builder, "<=", args), every)

    return types.boolean(new, old, part), build


@_step
def move(_typing: Any, new: Any, old: Any, part: Any) -> tuple[Any, Callable[..., Any]]:
    """Whether any lane has moved by more than this part of its size; NaN does not move."""

    def build(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        none = ir.Constant(ir.IntType(LANES), 0)
        return builder.icmp_unsigned("!=", _beyond(builder, ">", args), none)

    return types.boolean(new, old, part), build
