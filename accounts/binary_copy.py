"""What COPY reads in binary, made column by column: numbers by numpy, so that no text has to be read.

A field is its length, four bytes, and its content; a row is the number of its fields, then they. Source: the
manual of PostgreSQL, COPY, "Binary Format"; of arrays, ``array_recv`` reads dimensions, whether NULL occurs
and the type of the elements, then length and lower bound of each dimension, then elements as fields.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from itertools import chain, islice, pairwise, repeat
from typing import Any, NamedTuple

import numpy as np

Numbers = np.ndarray[Any, Any]

BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"
JSONB_VERSION = b"\x01"
ROWS_AT_ONCE = 500


class Kind(NamedTuple):
    """A type of numbers: as numpy writes it, and the id that PostgreSQL knows it by."""

    dtype: str
    oid: int

    @property
    def field(self) -> np.dtype[Any]:
        """A number as a field."""
        return np.dtype([("size", ">i4"), ("value", self.dtype)])


SMALLINT, BIGINT, FLOAT = Kind(">i2", 21), Kind(">i8", 20), Kind(">f8", 701)


def numbers(kind: Kind, values: Sequence[float | None] | Numbers) -> list[bytes]:
    """A field for each; None, or not a number, is NULL."""
    given = np.asarray(values, dtype=np.float64 if kind is FLOAT else np.int64)
    told, size = _fields(kind, given), kind.field.itemsize
    fields = [told[at : at + size] for at in range(0, len(told), size)]
    for at in np.flatnonzero(np.isnan(given)).tolist() if kind is FLOAT else ():
        fields[at] = NULL
    return fields


def texts(values: Iterable[str]) -> list[bytes]:
    """A field for each, of text."""
    return [len(content).to_bytes(4) + content for content in map(str.encode, values)]


def documents(values: Iterable[str]) -> list[bytes]:
    """A field for each JSON document, of jsonb."""
    return texts(JSONB_VERSION.decode() + value for value in values)


def arrays(kind: Kind, values: Numbers, lengths: Numbers) -> list[bytes]:
    """A field for each array, of so many values; those of all stand one after the other."""
    told = _fields(kind, values)
    heads = {length: _head(kind, length) for length in np.unique(lengths).tolist()}
    edges = np.append(0, np.cumsum(lengths)) * kind.field.itemsize
    around = zip(lengths.tolist(), pairwise(edges.tolist()), strict=True)
    return [heads[length] + told[start:end] for length, (start, end) in around]


def copy_columns(cursor: Any, table: str, columns: Sequence[Sequence[bytes]]) -> None:
    """COPY columns of fields, as many in each, into a table that row-level security does not guard."""
    count = struct.pack(">h", len(columns))
    rows = zip(repeat(count, len(columns[0])), *columns, strict=True)
    with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copying:
        copying.write(BEGIN)
        while some := b"".join(chain.from_iterable(islice(rows, ROWS_AT_ONCE))):
            copying.write(some)
        copying.write(END)


def _fields(kind: Kind, values: Numbers) -> bytes:
    fields = np.empty(len(values), dtype=kind.field)
    fields["size"], fields["value"] = np.dtype(kind.dtype).itemsize, values
    return fields.tobytes()


def _head(kind: Kind, length: int) -> bytes:
    """What comes before the elements of an array; one without any has no dimension."""
    has = 1 if length else 0
    head = struct.pack(">iiI", has, 0, kind.oid) + struct.pack(">ii", length, 1) * has
    return (len(head) + length * kind.field.itemsize).to_bytes(4) + head
