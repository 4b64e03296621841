"""Boxes never lie upon each other, and every link that can be drawn is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from footprint.analysis.lineage_drawing import HEIGHT, WIDTH, Thing, draw


@given(st.lists(st.tuples(st.integers(-3, 3), st.lists(st.integers(0, 20), max_size=3)), max_size=20))
def test_every_box_has_a_place_of_its_own(described: list[tuple[int, list[int]]]) -> None:
    things = [
        Thing(str(key), column, "name", "note", "/", tuple(str(parent) for parent in parents))
        for key, (column, parents) in enumerate(described)
    ]
    drawn = draw(things, "0")
    assert {box.thing for box in drawn.boxes} == set(things)
    assert sum(box.is_asked for box in drawn.boxes) == (1 if things else 0)
    for one in drawn.boxes:
        assert 0 <= one.x <= drawn.width - WIDTH and 0 <= one.y <= drawn.height - HEIGHT
        for other in drawn.boxes:
            if one is not other:
                assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
            if one.thing.column < other.thing.column:
                assert one.x < other.x
    keys = {thing.key for thing in things}
    assert len(drawn.paths) == sum(key in keys for thing in things for key in thing.of)


def test_a_long_name_is_cut() -> None:
    (box,) = draw([Thing("a", 0, "x" * 40, "", "/")], "a").boxes
    assert len(box.title) == 24 and box.title.endswith("…")
