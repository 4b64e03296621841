"""Boxes never lie upon each other, and every link that can be drawn is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from footprint.analysis.lineage_drawing import EDGE, HEIGHT, LONGEST, WIDTH, Thing, draw, fitting


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
        assert EDGE <= one.x <= drawn.width - WIDTH - EDGE
        assert EDGE <= one.y <= drawn.height - HEIGHT - EDGE
        for other in drawn.boxes:
            if one is not other:
                assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
            if one.thing.column < other.thing.column:
                assert one.x < other.x
    keys = {thing.key for thing in things}
    assert len(drawn.paths) == sum(key in keys for thing in things for key in thing.of)


@given(st.text("a氢 ·", max_size=60))
def test_words_are_cut_where_the_room_of_their_letters_ends(words: str) -> None:
    room = sum(2 if letter == "氢" else 1 for letter in words)
    told = fitting(words)
    assert told == words if room <= LONGEST else told.endswith("…")
    assert sum(2 if letter == "氢" else 1 for letter in told) <= LONGEST
    assert words.startswith(told.removesuffix("…"))
