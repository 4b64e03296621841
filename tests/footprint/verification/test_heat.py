"""The sample against all lines, by contribution and quality."""

from __future__ import annotations

import pytest

from footprint.verification.heat import QUALITIES, SHARES, heat_map
from footprint.verification.sampling import Candidate


def test_every_line_lies_in_one_field() -> None:
    lines = [
        Candidate("heavy and bad", share=-0.6, quality=5.0),
        Candidate("heavy and good", share=0.3, quality=1.0),
        Candidate("at the edge", share=0.1, quality=1.5),
        Candidate("unsaid", share=0.02),
        Candidate("light", share=0.0, quality=2.0),
    ]
    found = heat_map(lines, {"heavy and bad", "unsaid"})
    assert len(found) == len(SHARES)
    assert all(len(row) == len(QUALITIES) for row in found)
    counts = [[(field.lines, field.drawn) for field in row] for row in found]
    assert counts == [
        [(2, 0), (0, 0), (0, 0), (1, 1), (0, 0)],
        [(0, 0), (0, 0), (0, 0), (0, 0), (1, 1)],
        [(0, 0)] * 5,
        [(0, 0), (1, 0), (0, 0), (0, 0), (0, 0)],
    ]
    assert sum(field.risk for row in found for field in row) == pytest.approx(1)
    assert found[0][3].heat == 3, "the hottest: big and bad"
    assert found[3][1].heat == 0


def test_without_lines_nothing_is_hot() -> None:
    assert {(field.lines, field.risk, field.heat) for row in heat_map([], ()) for field in row} == {
        (0, 0.0, 0)
    }
