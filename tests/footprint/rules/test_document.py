"""A rule document: written and read, whole, said in words, compared, free of contradictions."""

from __future__ import annotations

import copy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factors.models import Factor
from footprint.inventory.models import Exchange, UnitProcess
from footprint.inventory.stages import BY_FACTOR
from footprint.rules.actions.drafts import built_in
from footprint.rules.document import content
from footprint.rules.document.conflicts import STAGE_OF_FACTOR, conflicts
from footprint.rules.document.content import (
    CutOff,
    Direction,
    ExchangeRule,
    Flow,
    FlowBy,
    GasRule,
    Method,
    Presence,
    Stage,
    StageRule,
    Within,
    rules,
)
from footprint.rules.document.integrity import problems
from footprint.rules.document.reading import BadDocument, digest, read, written
from footprint.rules.document.text import chapters, differences, plain, statements, title
from footprint.rules.document.wording import CHINESE, ENGLISH, FACTORS, METHODS, STAGES, Names
from tests.footprint.rules.documents import BASIS, FEW, KNOWN, documents, small, taking

IN_CHINESE, IN_ENGLISH = Names(CHINESE, {"ethylene": "乙烯"}), Names(ENGLISH, {"ethylene": "Ethylene"})
WORDS = [IN_CHINESE, IN_ENGLISH]


@FEW
@given(documents())
def test_what_is_written_is_read_back(document: content.RuleDocument) -> None:
    assert read(written(document)) == document
    assert problems(document, KNOWN) == []
    assert digest(read(written(document))) == digest(document)


@FEW
@given(documents(), st.data())
def test_a_field_that_is_lost_is_named(document: content.RuleDocument, data: st.DataObject) -> None:
    given_json = written(document)
    name = data.draw(st.sampled_from(sorted(given_json)))
    del given_json[name]
    with pytest.raises(BadDocument) as bad:
        read(given_json)
    assert [(each.path, each.code) for each in bad.value.problems] == [(name, "missing")]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("unit", 7, "wrong_value"),
        ("boundary", {}, "not_a_list"),
        ("cut_off", [], "not_an_object"),
        ("cut_off.per_flow", "much", "not_a_number"),
        ("cut_off.per_flow", "NaN", "not_a_number"),
        ("cut_off.per_flow", "1e-99999", "not_a_number"),
        ("cut_off.per_flow", True, "not_a_number"),
        ("quality.allows_proxy", "no", "wrong_value"),
        ("quality.time", True, "wrong_value"),
        ("boundary.0.stage", "dreaming", "wrong_value"),
        ("exchanges.0.any_of.0.by", "smell", "wrong_value"),
        ("cut_off.colour", "red", "unknown_name"),
    ],
)
def test_what_is_wrong_is_named_by_place(path: str, value: Any, code: str) -> None:
    with pytest.raises(BadDocument) as bad:
        read(changed(written(small()), path, value))
    assert [(each.path, each.code) for each in bad.value.problems] == [(path, code)]


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("category", "tea", "category unknown_code"),
        ("unit", "cup", "unit unknown_code"),
        ("profile", "mine", "profile unknown_code"),
        ("gases.0.gas", "Xe", "gases.0.gas unknown_code"),
        ("gases.1.gas", "CO2", "gas twice"),
        ("boundary.0.stage", "energy", "boundary stage_missing"),
        ("exchanges.0.source", "rumour", "exchange.feed unknown_source"),
        ("exchanges.0.any_of", [], "exchanges.0.any_of missing"),
        ("exchanges.0.code", "", "exchanges.0.code missing"),
        ("allocation.0.methods", [], "allocation.0.methods missing"),
        ("allocation.0.coproduct", "tea", "allocation.0.coproduct unknown_code"),
        ("cut_off.total", "1.5", "cut_off.total not_a_fraction"),
        ("closure.0.red", "0.001", "closure.0.red out_of_order"),
        ("bands.0.high", "0.5", "bands.0.high out_of_order"),
        ("bands.1.category", "", "bands.1.category unknown_code"),
        ("quality.time", 9, "quality.time not_a_rating"),
    ],
)
def test_a_document_that_is_not_whole_says_where(path: str, value: Any, found: str) -> None:
    told = problems(read(changed(written(small()), path, value)), KNOWN)
    assert found in {f"{each.path} {each.code}" for each in told}


@pytest.mark.parametrize("names", WORDS)
@FEW
@given(document=documents())
def test_every_rule_is_in_the_text(names: Names, document: content.RuleDocument) -> None:
    text = chapters(document, names)
    told = {each.address for chapter in text for each in chapter.paragraphs if each.address}
    assert told == {rule.address for rule in rules(document)}
    file = plain(title(names, document.category), text)
    for statement in statements(document, names).values():
        assert statement.words and statement.words in file
        assert statement.source and statement.mark_words
    assert [chapter.number for chapter in text if not chapter.is_sub][:10] == [str(n) for n in range(1, 11)]


@pytest.mark.parametrize("category", sorted(built_in()))
def test_standards_are_references_and_the_rest_is_literature(category: str) -> None:
    document = read(built_in()[category])
    text = {chapter.title: chapter for chapter in chapters(document, IN_CHINESE)}
    named = {
        title: [each.words for each in text[title].paragraphs] for title in ("规范性引用文件", "参考文献")
    }
    told = [each for words in named.values() for each in words]
    assert sorted(told) == sorted(each.zh for each in document.sources)
    assert all(each.startswith(("GB/T ", "ISO ")) for each in named["规范性引用文件"])
    assert "本产品的建议，待联盟讨论" in named["参考文献"]
    assert text["参考文献"].heading == "参考文献" == list(text)[-1]


@FEW
@given(documents(), documents())
def test_differences_are_the_rules_that_say_something_else(
    old: content.RuleDocument, new: content.RuleDocument
) -> None:
    assert differences(old, old, IN_ENGLISH) == []
    was, now = statements(old, IN_ENGLISH), statements(new, IN_ENGLISH)
    found = {each.address: (each.before, each.after) for each in differences(old, new, IN_ENGLISH)}
    for address in was.keys() | now.keys():
        pair = (was.get(address), now.get(address))
        assert found.get(address, pair) == pair
        assert (address in found) is (pair[0] != pair[1])


def forbids(flow: Flow, within: Within = Within.PROCESS) -> ExchangeRule:
    return ExchangeRule("none", Presence.FORBIDDEN, within, (flow,), **BASIS)


def conflict_codes(**changes: Any) -> list[str]:
    return [each.code for each in conflicts(small(**changes))]


def test_rules_that_no_inventory_can_keep_are_found() -> None:
    document = small()
    assert conflicts(document) == []
    feed = document.exchanges[0]
    assert conflict_codes(exchanges=(feed, forbids(taking("naphtha")))) == ["required_and_forbidden"]
    elsewhere = replace(feed, within=Within.SITE)
    assert conflict_codes(exchanges=(elsewhere, forbids(taking("naphtha")))) == []
    everywhere = forbids(taking("naphtha"), Within.SITE)
    assert conflict_codes(exchanges=(elsewhere, everywhere)) == ["required_and_forbidden"]
    either = replace(feed, any_of=(taking("naphtha"), taking("hydrogen")))
    assert conflict_codes(exchanges=(either, everywhere)) == []
    power = replace(feed, any_of=(Flow(Direction.INPUT, FlowBy.FACTOR, "electricity"),))
    boundary = tuple(StageRule(stage, stage is not Stage.ENERGY, **BASIS) for stage in Stage)
    assert conflict_codes(exchanges=(power,), boundary=boundary) == ["required_and_outside"]
    no_gas = forbids(Flow(Direction.OUTPUT, FlowBy.GAS, "CO2"))
    assert conflict_codes(exchanges=(no_gas,)) == ["gas_and_forbidden"]
    assert conflict_codes(exchanges=(no_gas,), gases=(GasRule("CO2", False, **BASIS),)) == []
    order = document.allocation[1]
    assert conflict_codes(allocation=(order, replace(order, code="x", methods=(Method.MOLES,)))) == [
        "two_orders"
    ]
    band = document.bands[0]
    apart = replace(band, code="x", low=Decimal(3), high=Decimal(4))
    assert conflict_codes(bands=(band, apart)) == ["bands_apart"]
    assert conflict_codes(cut_off=CutOff(Decimal("0.1"), Decimal("0.05"), **BASIS)) == ["more_than_all"]


def test_words_are_those_of_inventories() -> None:
    assert {str(stage) for stage in Exchange.Stage} <= {str(stage) for stage in Stage}
    assert {str(method) for method in Method} == set(UnitProcess.Allocation.values) - {"none", "full"}
    assert set(STAGE_OF_FACTOR) == set(Factor.Kind.values) == set(FACTORS)
    assert {str(kind): str(stage) for kind, stage in BY_FACTOR.items()} == STAGE_OF_FACTOR
    assert set(STAGES) == {str(stage) for stage in Stage}
    assert set(METHODS) == {str(method) for method in Method}


def test_built_in_drafts_hold_together() -> None:
    for category, given_json in built_in().items():
        document = read(given_json)
        assert document.category == category
        assert conflicts(document) == [], category
        for band in document.bands:
            is_cited = band.mark not in (content.Mark.UNVERIFIED, content.Mark.DECISION)
            assert is_cited is (band.source != "orientation"), "bands are cited, or say that they are not"


def test_built_in_stoichiometry_is_right() -> None:
    """Standard atomic weights, abridged (CIAAW)."""
    c, h, n, o, cl = 12.011, 1.008, 14.007, 15.999, 35.45
    wanted = {
        "urea": 2 * (n + 3 * h) / (c + o + 2 * (n + 2 * h)),
        "pvc": (2 * c + 4 * h) / (2 * c + 3 * h + cl),
        "pta": (8 * c + 10 * h) / (8 * c + 6 * h + 4 * o),
    }
    for category, ratio in wanted.items():
        bands = [band for band in read(built_in()[category]).bands if band.mark is content.Mark.COMPUTED]
        assert [float(band.low or 0) for band in bands] == [pytest.approx(ratio, abs=1e-3)]
        assert all(float(band.low or 0) <= ratio for band in bands)


def changed(document: Any, path: str, value: Any) -> Any:
    """The document with something else at a path."""
    found = copy.deepcopy(document)
    *parts, last = path.split(".")
    at = found
    for part in parts:
        at = at[int(part)] if isinstance(at, list) else at[part]
    at[int(last) if isinstance(at, list) else last] = value
    return found
