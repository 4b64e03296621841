"""Columns of fields that COPY reads in binary: what goes in is what the server has."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as some

from accounts import binary_copy as binary

pytestmark = pytest.mark.django_db

TABLE = """
DROP TABLE IF EXISTS arrived;
CREATE TEMPORARY TABLE arrived (small smallint, big bigint, number float8, words text, told jsonb,
  ids bigint[], numbers float8[]) ON COMMIT DROP
"""
BIG = some.integers(-(2**63), 2**63 - 1)
NUMBERS = some.floats(allow_nan=False)
WORDS = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"))
ROWS = some.tuples(
    some.integers(-(2**15), 2**15 - 1),
    BIG,
    some.none() | NUMBERS,
    WORDS,
    WORDS,
    some.lists(BIG, max_size=5),
    some.lists(NUMBERS, max_size=5),
)


def laid_out(lists: list[list[Any]], kind: Any) -> tuple[Any, Any]:
    """Their members one after the other, and how many each has."""
    return np.array([each for members in lists for each in members], dtype=kind), np.array([*map(len, lists)])


def arrived(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """What the server has after these were copied."""
    small, big, number, words, told, ids, numbers = (list(column) for column in zip(*rows, strict=True))
    quoted = (f'["{each.encode().hex()}"]' for each in told)
    columns = [
        binary.numbers(binary.SMALLINT, small),
        binary.numbers(binary.BIGINT, big),
        binary.numbers(binary.FLOAT, number),
        binary.texts(words),
        binary.documents(quoted),
        binary.arrays(binary.BIGINT, *laid_out(ids, np.int64)),
        binary.arrays(binary.FLOAT, *laid_out(numbers, np.float64)),
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TABLE)
        binary.copy_columns(cursor, "arrived", columns)
        cursor.execute("SELECT small, big, number, words, told ->> 0, ids, numbers FROM arrived")
        return [(*row[:4], bytes.fromhex(row[4]).decode(), *row[5:]) for row in cursor.fetchall()]


@settings(max_examples=50, deadline=None)
@given(some.lists(ROWS, min_size=1, max_size=8))
def test_what_arrives_is_what_was_given(rows: list[tuple[Any, ...]]) -> None:
    assert arrived(rows) == rows


def test_signed_zero_and_the_ends_of_the_numbers_keep_their_bits() -> None:
    ends = [-0.0, 5e-324, 1.7976931348623157e308, math.inf, -math.inf]
    (row,) = arrived([(0, 0, 0.1, "", "", [], ends)])
    assert [value.hex() for value in row[-1]] == [value.hex() for value in ends]


def test_no_number_is_null_and_no_member_an_empty_array() -> None:
    (row,) = arrived([(1, 2, math.nan, "氢", "", [], [])])
    assert row == (1, 2, None, "氢", "", [], [])


def test_more_rows_than_are_sent_at_once() -> None:
    rows = [(n % 7, n, n / 3, str(n), "", [n] * (n % 4), [n / 7]) for n in range(3 * binary.ROWS_AT_ONCE + 1)]
    assert arrived(rows) == rows


def test_a_column_that_is_short_of_a_row_is_refused() -> None:
    columns = [binary.numbers(binary.BIGINT, [1, 2]), binary.texts(["one"])]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE short (big bigint, words text) ON COMMIT DROP")
        with pytest.raises(ValueError, match="shorter"):
            binary.copy_columns(cursor, "short", columns)
        transaction.set_rollback(True)
