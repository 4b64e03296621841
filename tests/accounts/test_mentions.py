"""Who is called by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.mentions import Named, mentioned

ANN, ANNA, ANN_LEE = Named(1, "Ann", "ann@a.example"), Named(2, "Anna", ""), Named(3, "Ann Lee", "")
WANG, WANG_LI = Named(4, "王伟", "wang@b.example"), Named(5, "王伟力", "")
EVERYBODY = (ANN, ANNA, ANN_LEE, WANG, WANG_LI)


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("please look, @Ann.", {1}),
        ("@anna and @ANN", {1, 2}),
        ("@Annabel is somebody else", set()),
        ("@Ann Lee, not the other one", {3}),
        ("@annlee", {3}),
        ("@Ann Leeds", {1}),
        ("@ann@a.example", {1}),
        ("write to somebody@ann", set()),
        ("请@王伟看一下", {4}),
        ("请@王伟力看一下", {5}),
        ("＠王伟", {4}),
        ("@", set()),
        ("Ann", set()),
    ],
)
def test_who_is_called(text: str, called: set[int]) -> None:
    assert mentioned(text, EVERYBODY) == called


@pytest.mark.parametrize(
    ("text", "is_called"),
    [
        ("@闻人毅 Wenren Yi", True),
        ("请@闻人毅看一下", True),
        ("@Wenren Yi", True),
        ("@wenrenyi", True),
        ("@闻人", False),
        ("@Wenren Yin", False),
    ],
)
def test_a_name_in_two_scripts_calls_by_either(text: str, is_called: bool) -> None:
    assert bool(mentioned(text, [Named(1, "闻人毅 Wenren Yi", "wy@a.example")])) is is_called


def test_two_people_of_one_name_are_both_called() -> None:
    assert mentioned("@Ann", (ANN, Named(9, "ann", ""))) == {1, 9}


@given(st.text(), st.sets(st.sampled_from(EVERYBODY)))
def test_nobody_else_is_ever_called(text: str, people: set[Named]) -> None:
    assert mentioned(text, people) <= {person.key for person in people}


@given(
    st.text(alphabet=" .,;!？。\n"), st.sampled_from(EVERYBODY), st.text(alphabet=" .,;!？。\n", min_size=1)
)
def test_a_name_among_stops_and_spaces_calls(before: str, person: Named, after: str) -> None:
    assert mentioned(f"{before}@{person.name}{after}", [person]) == {person.key}
