"""What the search finds: both languages, other names, slips of the keys, places and years."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.core.cache import cache
from django.db.models import QuerySet
from hypothesis import given
from hypothesis import strategies as st

from factors.models import Factor, FactorVersion
from factors.search import FACETS, MOST_COUNTED, facets, search
from factors.search_words import parts, terms
from factors.seed.reading import Seed


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


def found(words: str) -> list[str]:
    published = FactorVersion.objects.filter(status="published").select_related("factor")
    return [version.factor.code for version in search(published, words)]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("全国电网平均", "grid-cn-national-average"),
        ("china national grid, average", "grid-cn-national-average"),
        ("grid-cn-national-average", "grid-cn-national-average"),
        ("电网 全国", "grid-cn-national-average"),
        ("天燃气燃烧", "fuel-natural-gas"),
        ("natural gas combustion", "fuel-natural-gas"),
        ("naturel gas", "fuel-natural-gas"),
        ("combusion", "fuel-"),
        ("petrol", "fuel-"),
        ("山东电网 2023", "grid-cn-"),
        ("2023 shandong grid", "grid-cn-"),
        ("无烟媒", "fuel-anthracite"),
    ],
)
def test_finds(loaded: Seed, words: str, first: str) -> None:
    hits = found(words)
    assert hits and hits[0].startswith(first), hits[:5]


@pytest.mark.parametrize(
    ("words", "plain"),
    [("全國電網平均", "全国电网平均"), ("蒸氣", "蒸气"), ("ＧＲＩＤ　２０２３", "grid 2023")],
)
def test_traditional_and_full_width_characters_are_read(loaded: Seed, words: str, plain: str) -> None:
    assert found(words) == found(plain) != []


@pytest.mark.parametrize("hs", ["281410", "2814.10", "28141000"])
def test_a_code_is_found_with_the_name_of_its_classification(small: Seed, hs: str) -> None:
    told = FactorVersion.objects.select_related("factor").filter(status="published").first()
    assert told is not None
    names = {"name_en": "Ammonia", "name_zh": "氨", "cpc": "34231", "cas": "7664-41-7"}
    Factor.objects.filter(pk=told.factor_id).update(hs=hs, **names)
    for words in (
        *("HS 281410", "HS281410", "hs code: 2814.10", "HS编码 281410", "海关编码281410", "HS 2814"),
        *(
            "CPC 34231",
            "CPC34231",
            "CPC 代码 34231",
            "ammonia HS 281410",
            "CAS 7664-41-7",
            "ＨＳ　２８１４１０",
        ),
    ):
        assert set(found(words)) == {told.factor.code}, words


def test_a_code_of_a_classification_is_no_year() -> None:
    (code,) = terms("HS 2009")
    assert code.year is None and code.typed == "2009"
    assert [term.typed for term in terms("hsinchu 2009")] == ["hsinchu", "2009"]


def test_steam_is_found_in_either_spelling(loaded: Seed) -> None:
    assert "heat-cn-default" in found("蒸气") and found("蒸气") == found("蒸汽")


def test_checked_figures_come_before_those_nobody_checked(loaded: Seed) -> None:
    published = FactorVersion.objects.filter(status="published", factor__code="fuel-diesel")
    first = search(published, "柴油燃烧").first()
    if published.exclude(transcription="single").exists():
        assert first is not None and first.transcription != "single"


def test_every_word_has_to_be_found(loaded: Seed) -> None:
    assert found("柴油 unobtainium") == []
    assert found("  ,;  ") == [
        v.factor.code for v in FactorVersion.objects.filter(status="published").select_related("factor")
    ]


def test_a_name_is_found_anew_when_it_changes(small: Seed) -> None:
    Factor.objects.filter(code="grid-cn-national-average").update(cas="74-82-8")
    assert set(found("74-82-8")) == {"grid-cn-national-average"}


@given(st.text(max_size=300))
def test_whatever_is_typed_has_bounded_terms(words: str) -> None:
    asked = terms(words)
    assert len(asked) <= 8
    for term in asked:
        assert all(part.strip() for name in term.names for part in parts(name))


@given(st.text(alphabet="电网天然气油煤炭", min_size=1, max_size=8))
def test_a_chinese_run_is_cut_without_loss(run: str) -> None:
    assert "".join(term.typed for term in terms(run)) == run


def test_facets_count_what_is_found_and_keep_other_values_on_offer(loaded: Seed) -> None:
    published = FactorVersion.objects.filter(status="published")

    def found(chosen: Mapping[str, object]) -> QuerySet[FactorVersion]:
        return published.filter(**{FACETS[name]: value for name, value in chosen.items()})

    free = facets(found, {})
    assert {c.value: c.versions for c in free["kind"]} == {
        kind: published.filter(factor__kind=kind).count()
        for kind in set(published.values_list("factor__kind", flat=True))
    }
    chosen = facets(found, {"kind": "heat"})
    assert chosen["kind"] == free["kind"]
    assert sum(c.versions or 0 for c in chosen["scope"]) == published.filter(factor__kind="heat").count()


def test_too_many_to_count_are_offered_without_numbers(loaded: Seed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factors.search.MOST_COUNTED", 10)
    many = facets(lambda chosen: FactorVersion.objects.all(), {})
    assert {c.versions for c in many["year"]} == {None}
    assert {int(c.value) for c in many["year"]} == set(
        FactorVersion.objects.values_list("reference_year", flat=True)
    )
    assert MOST_COUNTED > 10


@pytest.mark.parametrize("looked_at", [1_000, 3])
def test_of_very_many_the_best_are_found_that_have_what_is_asked_for(
    loaded: Seed, monkeypatch: pytest.MonkeyPatch, looked_at: int
) -> None:
    monkeypatch.setattr("factors.search.MOST_LOOKED_AT", looked_at)
    monkeypatch.setattr("factors.search.MOST_FACTORS", 3)
    british = FactorVersion.objects.filter(status="published", geography="GB").select_related("factor")
    hits = search(british, "柴油")
    assert hits and {version.geography for version in hits} == {"GB"}
    assert len({version.factor_id for version in hits}) <= 3
