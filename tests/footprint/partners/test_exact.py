"""What comes in goes out with the same digits, whichever way it takes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from footprint.partners.pact import dialect
from footprint.partners.pact.checking import is_valid
from footprint.partners.pact.columns import cells_of, document_of
from footprint.partners.pact.dialect import RENAMED, SAME_NAME
from footprint.partners.pact.texts import exact_json, exact_text
from tests.footprint.partners.generated import footprints


def text_of(document: dict[str, Any]) -> str:
    """As a partner's system sends it."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


@settings(deadline=None, max_examples=30)
@given(footprints())
def test_version_3_comes_in_and_goes_out_byte_for_byte(document: dict[str, Any]) -> None:
    assert is_valid(document)
    sent = text_of(document)
    assert exact_text(exact_json(sent)) == sent


AS_WRITTEN = "[1E+2,0.10,-0,-0.0,-0e0,1e-400,9E999,0,12345678901234567890123,0.1234567890123456789012345]"


def test_numbers_stay_as_they_are_written() -> None:
    assert exact_text(exact_json(AS_WRITTEN)) == AS_WRITTEN


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}'])
def test_what_is_no_number_of_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        exact_json(text)


@settings(deadline=None, max_examples=30)
@given(footprints())
def test_a_column_of_cells_is_the_same_footprint(document: dict[str, Any]) -> None:
    kept = exact_json(text_of(document))
    for name in ("dqi", "verification"):
        if kept["pcf"].get(name) == {}:
            del kept["pcf"][name]  # nothing of it has a row
    assert digits(document_of(cells_of(kept))) == digits(kept)


def digits(value: Any) -> Any:
    """The same, numbers as they are written, whatever the order of names."""
    if isinstance(value, dict):
        return {name: digits(inner) for name, inner in value.items()}
    return [digits(each) for each in value] if isinstance(value, list) else exact_text(value)


@settings(deadline=None, max_examples=30)
@given(footprints(declaredUnitAmount="1", declaredUnitOfMeasurement="kilogram"))
def test_version_2_says_the_same_digits_where_it_can(document: dict[str, Any]) -> None:
    document["productClassifications"] = ["urn:cpc:33421"]
    document["pcf"] |= {"crossSectoralStandards": ["ISO14067"], "ipccCharacterizationFactors": ["AR6"]}
    document["pcf"]["pcfExcludingBiogenicUptake"] = document["pcf"]["fossilGhgEmissions"]
    expressed = dialect.to_v2(document).document
    assert expressed is not None
    sent = text_of(expressed)
    received = exact_json(sent)
    assert exact_text(received) == sent
    again = dialect.from_v2(received)["pcf"]
    for name in (*SAME_NAME, *RENAMED):
        if name in document["pcf"]:
            assert again[name] == document["pcf"][name], name
