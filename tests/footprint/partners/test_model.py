"""The pure model: fields, findings, versions, levels, filters, texts. No database."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.partners.judging import told
from footprint.partners.pact import asking, dialect, values
from footprint.partners.pact.checking import Severity, findings, is_valid, schema_findings
from footprint.partners.pact.fields import FIGURES, FOOTPRINT, PCF
from footprint.partners.pact.levels import Level, narrowed
from footprint.partners.pact.texts import exact_json, exact_text
from footprint.partners.pact.usability import usability
from footprint.partners.sentences import SENTENCES
from tests.footprint.partners.documents import WHOLE, whole

DIGITS = st.decimals(min_value=0, max_value=10**6, places=7, allow_nan=False).map(values.plain)


def found(document: Any) -> dict[str, str]:
    return {each.pointer: each.code for each in findings(document)}


def schema(document: Any) -> dict[str, str]:
    return {each.pointer: each.code for each in findings(document) if each.severity is Severity.SCHEMA}


def test_a_whole_footprint_has_every_property_and_no_fault() -> None:
    assert set(WHOLE) == {each.name for each in FOOTPRINT}
    geography = {"geographyCountry", "geographyRegionOrSubregion"}
    assert set(WHOLE["pcf"]) == {each.name for each in PCF} - geography
    assert findings(WHOLE) == []
    assert usability(WHOLE).level == 3


@pytest.mark.parametrize("name", [each.name for each in FOOTPRINT if each.required])
def test_what_is_required(name: str) -> None:
    assert f"/{name}" in schema(whole(**{name: ...}))


@pytest.mark.parametrize("name", [each.name for each in PCF if each.required])
def test_what_is_required_of_the_carbon_footprint(name: str) -> None:
    assert f"/pcf/{name}" in schema(whole(**{f"pcf__{name}": ...}))


@pytest.mark.parametrize("name", [each.name for each in PCF])
def test_null_and_another_type_are_never_valid(name: str) -> None:
    for wrong in (None, 7, ["x", "x"], *([{}] if name != "verification" else [])):
        assert not is_valid(whole(**{f"pcf__{name}": wrong}))


BAD_DECIMALS = [
    "1E+3",
    "abc",
    ".5",
    "5.",
    "",
    "1,5",
    " 1",
    "1 ",
    "+-1",
    "NaN",
    "Infinity",
    "١",
    "1" * 200,
    1,
    1.5,
]


@pytest.mark.parametrize("wrong", BAD_DECIMALS)
@pytest.mark.parametrize("name", [each.name for each in FIGURES[:3]])
def test_decimals_are_plain_digits_in_a_text(name: str, wrong: Any) -> None:
    assert schema(whole(**{f"pcf__{name}": wrong})) == {f"/pcf/{name}": "not_decimal"}


BAD = [
    ("id", "not-a-uuid", "/id"),
    ("specVersion", "3.0", "/specVersion"),
    ("created", "2026-01-01", "/created"),
    ("created", "2026-01-01T00:00:00", "/created"),
    ("created", "2026-02-30T00:00:00Z", "/created"),
    ("status", "active", "/status"),
    ("companyIds", [], "/companyIds"),
    ("companyIds", ["gtin:1"], "/companyIds/0"),
    ("productIds", ["urn:gtin:1", "urn:gtin:1"], "/productIds"),
    ("productIds", ["urn:gtin:1 2"], "/productIds/0"),
    ("productClassifications", [], "/productClassifications"),
    ("companyName", "", "/companyName"),
    ("pcf__declaredUnitOfMeasurement", "kg", "/pcf/declaredUnitOfMeasurement"),
    ("pcf__declaredUnitAmount", "0", "/pcf/declaredUnitAmount"),
    ("pcf__fossilGhgEmissions", "-0.1", "/pcf/fossilGhgEmissions"),
    ("pcf__biogenicCO2Uptake", "0.1", "/pcf/biogenicCO2Uptake"),
    ("pcf__technologicalCO2Removals", "1", "/pcf/technologicalCO2Removals"),
    ("pcf__exemptedEmissionsPercent", "101", "/pcf/exemptedEmissionsPercent"),
    ("pcf__primaryDataShare", "-1", "/pcf/primaryDataShare"),
    ("pcf__ipccCharacterizationFactors", ["N/A"], "/pcf/ipccCharacterizationFactors/0"),
    ("pcf__productOrSectorSpecificRules", [], "/pcf/productOrSectorSpecificRules"),
    ("pcf__geographyCountry", "CN", "/pcf/geographyCountrySubdivision"),
    ("pcf__geographyCountrySubdivision", "CN-zj", "/pcf/geographyCountrySubdivision"),
    ("pcf__packagingEmissionsIncluded", "true", "/pcf/packagingEmissionsIncluded"),
    ("pcf__dqi", {"technologicalDQR": "9.9", "geographicalDQR": "2", "temporalDQR": "1"},
     "/pcf/dqi/technologicalDQR"),
    ("pcf__dqi", {"technologicalDQR": "1"}, "/pcf/dqi/geographicalDQR"),
    ("extensions", [{"specVersion": "2.0.0", "dataSchema": "http://x.example", "data": {}}],
     "/extensions/0/dataSchema"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "wrong", "pointer"), BAD)
def test_what_the_schema_refuses(name: str, wrong: Any, pointer: str) -> None:
    assert pointer in schema(whole(**{name: wrong}))


RULES = [
    ({"validityPeriodEnd": "2029-01-02T00:00:00Z"}, "valid_too_long"),
    ({"validityPeriodStart": "2025-12-31T00:00:00Z"}, "valid_too_early"),
    ({"validityPeriodEnd": "2026-01-01T00:00:00Z"}, "validity_backwards"),
    ({"pcf__referencePeriodStart": "2026-01-01T00:00:00Z"}, "period_backwards"),
    ({"pcf__packagingEmissionsIncluded": False}, "without_packaging"),
    ({"pcf__ccsTechnologicalCO2CaptureIncluded": False}, "without_capture"),
    ({"pcf__ccuCalculationApproach": "Cut-off"}, "without_credit"),
    ({"pcf__crossSectoralStandards": ["A new one"]}, "unknown_standard"),
    ({"pcf__productOrSectorSpecificRules": [{"operator": "Other", "ruleNames": ["x"]}]}, "operator_unnamed"),
    ({"pcf__pcfIncludingBiogenicUptake": "1.6"}, "uptake_does_not_fit"),
    ({"pcf__fossilGhgEmissions": "0.5"}, "parts_do_not_sum"),
    ({"pcf__packagingEmissionsIncluded": ...}, "absent_shall"),
    ({"pcf__geographyCountrySubdivision": ...}, "global"),
    ({"pcf__declaredUnitAmount": "1000"}, "mass_is_not_amount"),
    ({"pcf__fossilCarbonContent": "1.1"}, "more_carbon_than_mass"),
]


@pytest.mark.parametrize(("changes", "code"), RULES)
def test_rules_are_told_and_keep_nothing_from_being_sent(changes: dict[str, Any], code: str) -> None:
    document = whole(**changes)
    assert is_valid(document)
    assert code in found(document).values()


def test_a_leap_day_lasts_until_the_first_of_march() -> None:
    late = {"pcf__referencePeriodEnd": "2028-02-29T00:00:00Z", "validityPeriodStart": "2028-02-29T00:00:00Z"}
    assert "valid_too_long" not in found(whole(**late, validityPeriodEnd="2031-03-01T00:00:00Z")).values()
    assert "valid_too_long" in found(whole(**late, validityPeriodEnd="2031-03-01T00:00:01Z")).values()


def test_levels_of_usability_name_what_is_missing() -> None:
    graded = usability(whole(pcf__primaryDataShare=..., pcf__allocationRulesDescription=...))
    assert graded.level == 1
    assert graded.missing[2] == ["/pcf/primaryDataShare"]
    assert graded.missing[3] == ["/pcf/allocationRulesDescription"]
    zeros = usability(whole(pcf__fossilGhgEmissions="0"))
    assert zeros.placeholders == ["/pcf/fossilGhgEmissions"]
    assert zeros.level == 2
    assert usability(whole(pcf__ipccCharacterizationFactors=["N/A"])).level == 1
    assert usability(whole(validityPeriodEnd=...)).level == 0


@pytest.mark.parametrize("level", list(Level))
def test_what_is_left_out_leaves_a_valid_footprint(level: Level) -> None:
    assert is_valid(narrowed(WHOLE, level))
    assert (narrowed(WHOLE, level) == WHOLE) is (level is Level.FULL)


# -- versions ------------------------------------------------------------------------------------------------
def test_version_2_counts_by_one_unit() -> None:
    """The bottle of ADR-36: 12 litres, 18 kg here, 1.5 there."""
    bottle = {
        "declaredUnitOfMeasurement": "liter",
        "declaredUnitAmount": "12",
        "pcfExcludingBiogenicUptake": "18",
    }
    told = dialect.to_v2(whole(**{f"pcf__{name}": value for name, value in bottle.items()})).document
    assert told is not None
    assert (told["pcf"]["unitaryProductAmount"], told["pcf"]["pCfExcludingBiogenic"]) == ("12", "1.5")
    assert told["pcf"]["exemptedEmissionsPercent"] == 1.5
    assert told["pcf"]["crossSectoralStandardsUsed"] == ["ISO Standard 14067"]
    assert dialect.from_v2(told)["pcf"]["pcfExcludingBiogenicUptake"] == "18"


NOT_EXPRESSIBLE = [
    ({"pcf__declaredUnitOfMeasurement": "hour"}, "unit"),
    ({"pcf__declaredUnitOfMeasurement": "piece", "pcf__productMassPerDeclaredUnit": "0"}, "unit"),
    ({"pcf__pcfExcludingBiogenicUptake": "-1"}, "negative"),
    ({"pcf__crossSectoralStandards": ["PAS2050"]}, "standards"),
    ({"pcf__ipccCharacterizationFactors": ["AR4"]}, "reports"),
    ({"productClassifications": ["urn:unspsc:1"]}, "cpc"),
]


@pytest.mark.parametrize(("changes", "reason"), NOT_EXPRESSIBLE)
def test_what_version_2_cannot_say(changes: dict[str, Any], reason: str) -> None:
    assert dialect.to_v2(whole(**changes)) == dialect.Expressed(None, [reason])


@given(figure=DIGITS, amount=st.sampled_from(["1", "2", "5", "8", "12.5", "1000", "0.25"]))
def test_there_and_back_is_the_same_number(figure: str, amount: str) -> None:
    """Amounts whose quotients end: nothing is rounded on the way."""
    changes = {"pcf__pcfExcludingBiogenicUptake": figure, "pcf__declaredUnitAmount": amount}
    document = whole(**changes, pcf__declaredUnitOfMeasurement="liter")
    there = dialect.to_v2(document).document
    back = dialect.from_v2(there or {})
    assert Decimal(back["pcf"]["pcfExcludingBiogenicUptake"]) == Decimal(figure)
    assert not schema(back)


@given(figure=DIGITS)
def test_an_amount_of_one_changes_no_byte(figure: str) -> None:
    padded = figure + ("0" if "." in figure else ".0")
    there = dialect.to_v2(whole(pcf__fossilGhgEmissions=padded)).document
    assert there is not None
    assert there["pcf"]["fossilGhgEmissions"] == padded


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_numbers_are_written_plainly(number: Decimal) -> None:
    text = values.plain(number)
    assert values.decimal(text) == number
    assert "e" not in text.lower()


# -- texts ---------------------------------------------------------------------------------------------------
TREES = st.recursive(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.booleans(), st.none(), st.integers()
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=8,
)


@given(TREES)
def test_any_json_comes_back(tree: Any) -> None:
    assert json.loads(exact_text(tree)) == tree


@pytest.mark.parametrize("number", ["1.50", "1E+3", "0.0000001", "-0.0", "12345678901234567890.123456789"])
def test_numbers_keep_their_digits(number: str) -> None:
    text = f'{{"a":[{number}],"b":"\\u00011\\u0001"}}'
    assert f"[{number}]" in exact_text(exact_json(text))


# -- questions -----------------------------------------------------------------------------------------------
def test_a_plus_that_became_a_space_is_repaired() -> None:
    asked = asking.from_query([("ValidOn", "2026-01-01T08:00:00 08:00")])
    assert asked.valid_on == values.moment("2026-01-01T00:00:00Z")


def test_empty_values_ask_for_nothing() -> None:
    assert asking.from_query([("geography", ""), ("productId", " "), ("other", "x")]).is_open


def test_a_fragment_asks_as_a_query_does() -> None:
    fragment = {"productId": ["urn:A"], "status": "Active", "comment": "x", "validOn": None}
    query = [("productId", "urn:a"), ("status", "ACTIVE")]
    assert asking.from_fragment(fragment) == asking.from_query(query)
    assert asking.from_fragment({"status": ["Active"]}).statuses == ("active",)


@given(st.text(max_size=60))
def test_any_filter_is_read_or_refused(text: str) -> None:
    try:
        asking.from_filter(text)
    except asking.Unreadable:
        return


@given(st.dictionaries(st.sampled_from([*WHOLE, *WHOLE["pcf"]]), TREES, max_size=5))
def test_any_document_is_judged(changes: dict[str, Any]) -> None:
    """Whatever stands where: findings, no exception."""
    document = copy.deepcopy(WHOLE)
    for name, value in changes.items():
        (document if name in WHOLE else document["pcf"] if isinstance(document["pcf"], dict) else {})[
            name
        ] = value
    assert isinstance(findings(document), list)
    if isinstance(document["pcf"], dict):
        assert 0 <= usability(document).level <= 3


def test_every_finding_has_a_sentence() -> None:
    """Every code that the checks can give, and each sentence names only what the finding tells."""
    said = {each.code for each in findings({}) + findings([])}
    for wrong in (None, 7, "x", "", [], {}, ["x", "x"], [7], "9999", "-9999", True):
        for fields in (WHOLE, WHOLE["pcf"]):
            for name in fields:
                document = copy.deepcopy(WHOLE)
                (document if name in WHOLE else document["pcf"])[name] = wrong
                for each in findings(document):
                    told(each.pointer, each.code, each.severity.value, each.told)
                    said.add(each.code)
            second = copy.deepcopy(dialect.to_v2(WHOLE).document) or {}
            for name in (*second, *second["pcf"]):
                document = copy.deepcopy(second)
                (document if name in second else document["pcf"])[name] = wrong
                for each in schema_findings(document, version=2):
                    told(each.pointer, each.code, each.severity.value, each.told)
                    said.add(each.code)
    said |= {code for _changes, code in RULES}
    assert said <= set(SENTENCES)
    rare = {
        "operator_named_twice",
        "absent_shall_2027",
        "not_https",
        "out_of_range_rating",
        "out_of_range_rating_of_3",
        "two_geographies",
    }
    assert set(SENTENCES) - said <= rare
