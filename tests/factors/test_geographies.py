"""Places: every country, other spellings, parts of countries, and what is nearest to a slip."""

from __future__ import annotations

import pytest

from accounts.provinces import PROVINCES
from factors.countries import COUNTRIES
from factors.geographies import (
    GEOGRAPHIES,
    OTHERWISE,
    is_place,
    nearest,
    place_choices,
    place_name,
    place_of,
)
from factors.search_words import terms


def test_every_country_is_a_place_with_a_name_of_its_own() -> None:
    assert len(COUNTRIES) == 249
    assert set(COUNTRIES) <= set(GEOGRAPHIES)
    for at in (0, 1):
        names = [names[at] for names in GEOGRAPHIES.values()]
        assert len(set(names)) == len(names) and all(names)
    assert set(OTHERWISE.values()) <= set(GEOGRAPHIES)
    assert max(map(len, GEOGRAPHIES)) <= 20


def test_every_province_is_a_place() -> None:
    assert {place_of(code) for code in PROVINCES} <= set(GEOGRAPHIES)
    assert [place_of(f"CN-{code}") for code in ("HK", "MO", "TW")] == ["HK", "MO", "TW"]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("DE", "DE"), ("de", "DE"), (" DE ", "DE"), ("Germany", "DE"), ("德国", "DE"), ("UK", "GB"),
        ("RoW", "RoW"), ("ROW", "RoW"), ("rest of world", "RoW"), ("GLO", "GLO"), ("World", "GLO"),
        ("RER", "RER"), ("EU-27", "EU"), ("US-TX", "US-TX"), ("us_tx", "US-TX"), ("CN-SD", "CN-SD"),
        ("CN-NCGC", "CN-GRID-NC"),
        ("", ""), ("None", ""), ("ATLANTIS", ""), ("CN-QQ", ""), ("ZZ", ""), ("ZZ-TX", ""), ("US-TEXAS", ""),
    ],
)  # fmt: skip
def test_what_is_written_is_read_as_a_place_or_as_none(written: str, place: str) -> None:
    assert place_of(written) == place
    assert is_place(place) or not place


@pytest.mark.parametrize(
    ("written", "first"),
    [("Germny", "DE"), ("US-TEXAS", "US"), ("CN-QQ", "CN"), ("俄罗斯国", "RU"), ("?", "GLO")],
)
def test_the_nearest_come_with_a_slip(written: str, first: str) -> None:
    assert nearest(written)[0] == first
    assert all(is_place(code) for code in nearest(written))


def test_a_part_of_a_country_is_named_by_its_country() -> None:
    assert place_name("US-TX", "en") == "United States · US-TX"
    assert place_name("US-TX", "zh-hans") == "美国 · US-TX"
    assert place_name("ATLANTIS", "en") == "ATLANTIS"
    assert place_choices("en", "US-TX", "", "DE")[-1] == ("US-TX", "United States · US-TX")
    assert len(place_choices("en", "DE")) == len(GEOGRAPHIES)


def test_codes_of_two_letters_are_mostly_other_words() -> None:
    (polyethylene,), (peru,), (us,) = terms("pe"), terms("peru"), terms("us")
    assert (polyethylene.places, peru.places, us.places) == ((), ("PE",), ("US",))
