"""Footprints in the aspect model of Catena-X: the same numbers there and back, and nothing invented."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Company, User
from accounts.roles import Role
from footprint.partners.catenax import reading, writing
from footprint.partners.catenax.checking import at, faults
from footprint.partners.catenax.model import PLACES, SPEC_VERSION, Kind, Place
from footprint.partners.catenax.writing import Answers, write
from footprint.partners.models import OfferedFootprint, PartnerFootprint
from footprint.partners.pact.checking import schema_findings
from footprint.partners.pact.texts import exact_json, exact_text
from tests import builders as new
from tests.footprint.partners.conftest import World
from tests.footprint.partners.documents import whole

NUMBERS = [place for place in PLACES if place.kind is Kind.NUMBER and place.pact]
ANSWERED = Answers(mass_balancing=False, waste_incineration="reverse cut-off")


def value_of(document: Any, name: str) -> Any:
    for part in name.split("."):
        document = document.get(part) if isinstance(document, dict) else None
    return document


def put(document: dict[str, Any], name: str, value: str) -> None:
    *way, last = name.split(".")
    for part in way:
        document = document.setdefault(part, {})
    document[last] = value


def decimals(place: Place) -> st.SearchStrategy[str]:
    """Every number of up to nine decimals that the place takes."""
    least = -(10**9) if place.least is None else int(place.least)
    most = 10**9 if place.most is None else int(place.most)
    return st.integers(0, 9).flatmap(
        lambda digits: st.integers(least * 10**digits + place.is_above, most * 10**digits).map(
            lambda whole_number: format(Decimal(whole_number).scaleb(-digits), "f")
        )
    )


@given(st.tuples(*map(decimals, NUMBERS)))
def test_numbers_are_the_same_there_and_back(texts: tuple[str, ...]) -> None:
    numbers = dict(zip((place.pact for place in NUMBERS), texts, strict=True))
    footprint = whole()
    for name, text in numbers.items():
        put(footprint, name, text)
    there = exact_text(write(footprint, ANSWERED).document)
    back = reading.read(exact_json(there))
    for name, text in numbers.items():
        told = value_of(back, name)
        assert Decimal(told) == Decimal(text) and "E" not in told
    assert not [each for each in write(footprint).left_out if each in numbers]


def test_a_whole_footprint_has_all_the_model_demands_once_it_is_answered() -> None:
    footprint = whole(pcf__ccsTechnologicalCO2CaptureIncluded=False)
    written = write(footprint, ANSWERED)
    assert written.lacks == []
    assert faults(json.loads(exact_text(written.document))) == []
    assert written.document["scopeOfPcfForm"] == [
        {"specVersion": [SPEC_VERSION], "partialFullPcf": "Cradle-to-gate"}
    ]
    back = reading.read(written.document)
    assert schema_findings(back) == []
    same = {"id", "companyName", "companyIds", "productIds", "status", "created", "validityPeriodEnd"}
    assert {name: back[name] for name in same} == {name: footprint[name] for name in same}


def test_nothing_is_invented_for_what_nobody_stated() -> None:
    written = write(whole())
    assert {name.rpartition(".")[2] for name in written.lacks} >= {
        "massBalancingUsed", "freeAttributionInMassBalancing", "massBalancingCertificateScheme",
        "allocationWasteIncineration",
    }  # fmt: skip
    assert write({}).lacks


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"pcf__declaredUnitOfMeasurement": "megabit second"}, "pcf.declaredUnitOfMeasurement"),
        ({"pcf__pcfExcludingBiogenicUptake": "-0.5"}, "pcf.pcfExcludingBiogenicUptake"),
        ({"pcf__exemptedEmissionsPercent": "10.5"}, "pcf.exemptedEmissionsPercent"),
        ({"pcf__ipccCharacterizationFactors": ["AR5", "AR6"]}, "pcf.ipccCharacterizationFactors"),
        ({"pcf__landAreaOccupation": "2"}, "pcf.landAreaOccupation"),
        ({"precedingPfIds": ["6f5f0a3e-9d0c-4b7e-8a54-0d7c9a1f2b33"]}, "precedingPfIds"),
    ],
)
def test_what_the_model_does_not_take_is_left_out_and_named(changes: dict[str, Any], name: str) -> None:
    written = write(whole(**changes), ANSWERED)
    assert name in written.left_out
    assert not [
        place.name
        for place in PLACES
        if place.pact == name and at(written.document, place) not in (None, "unspecified")
    ]


def test_a_footprint_that_was_made_before_its_period_ended_is_not_called_retrospective() -> None:
    early = whole(created="2020-01-01T00:00:00Z")
    assert "pcfAssessmentAndMethodology.pcfAssessmentInformation.idAndVersion.retroOrProspectivePcfType" in (
        write(early).lacks
    )


@pytest.mark.parametrize(
    ("geography", "expected"),
    [
        ({"geographyCountrySubdivision": "CN-SD"}, ("Eastern Asia", "CN", "CN-SD")),
        ({"geographyCountry": "CN"}, ("Eastern Asia", "CN", None)),
        ({"geographyRegionOrSubregion": "Europe"}, ("Europe", None, None)),
        ({"geographyCountry": "NZ"}, (None, "NZ", None)),
        ({}, ("Global", None, None)),
    ],
)
def test_geography(geography: dict[str, str], expected: tuple[str | None, ...]) -> None:
    names = ("geographyRegionOrSubregion", "geographyCountry", "geographyCountrySubdivision")
    document = write(whole(**{f"pcf__{name}": geography.get(name, ...) for name in names})).document
    found = document["pcfAssessmentAndMethodology"][0]["pcfAssessmentInformation"][0]["geography"][0]
    assert tuple(found.get(name) for name in names) == expected
    back = reading.read(document)["pcf"]
    assert {name: back[name] for name in names if name in back} == geography


@pytest.mark.parametrize("value", [True, "1", None, 1e400, float("nan"), [1]])
def test_what_is_no_number_is_refused_as_such(value: Any) -> None:
    document = write(whole(), ANSWERED).document
    document["companyAndProductInformation"][0]["productInformation"][0]["declaredUnitAmount"] = value
    assert any("declaredUnitAmount" in name for name in faults(document))
    assert [
        each for each in schema_findings(reading.read(document)) if "declaredUnitAmount" in each.pointer
    ] or (value == "1")


def test_a_number_of_a_million_digits_costs_nothing() -> None:
    document = write(whole(), ANSWERED).document
    amounts = document["companyAndProductInformation"][0]["productInformation"][0]
    amounts["declaredUnitAmount"] = exact_json("1e999999")
    assert schema_findings(reading.read(document))


@given(
    st.recursive(
        st.none() | st.booleans() | st.text() | st.integers(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from([*reading.GROUPS, "productInformation", "companyInformation", "general"]),
                inner,
            )
        ),
    )
)
def test_reading_takes_anything(inner: Any) -> None:
    document = dict.fromkeys(reading.GROUPS, inner)
    assert reading.is_pcf(document)
    reading.read(document)
    reading.left_out(document)
    faults(document)


def test_every_place_is_read_or_named() -> None:
    document = write(whole(), Answers(True, "ISCC", False, "cut-off")).document
    assert "pcfAssessmentAndMethodology.pcfMethodology.massBalancingInformation.massBalancingUsed" in (
        reading.left_out(document)
    )
    assert writing.BY_NAME.keys() >= reading.RESTATED


# -- doors ---------------------------------------------------------------------------------------------------
@pytest.fixture
def browser(world: World) -> Client:
    User.objects.filter(pk=world.owner.user_id).update(locale="en")
    client = Client()
    client.force_login(User.objects.get(pk=world.owner.user_id))
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=args)


def test_from_the_page_to_the_file(world: World, browser: Client) -> None:
    row = world.footprints[0]
    assert url("catenax", row.uuid) in browser.get(url("footprint_list")).content.decode()
    bare = browser.get(url("catenax", row.uuid)).content.decode()
    assert "massBalancingUsed" in bare and "<code>extensions</code>" in bare
    answers = {"mass_balancing": "false", "waste_incineration": "cut-off"}
    assert "massBalancingUsed" not in browser.get(url("catenax", row.uuid), answers).content.decode()
    answer = browser.get(url("catenax_file", row.uuid), answers)
    assert answer["Content-Disposition"].endswith('.json"')
    found = exact_json(answer.content.decode())
    stated = json.loads(row.document)["pcf"]["pcfExcludingBiogenicUptake"]
    told = found["productLifeCycleStagesAndEmissions"][0]["productionStage"][0]["pcfExcludingBiogenicUptake"]
    assert Decimal(getattr(told, "text", str(told))) == Decimal(stated)
    over_rest = browser.get(f"/api/v1/published-footprints/{row.uuid}/catenax/", answers)
    assert exact_json(over_rest.content.decode())["document"] == found
    assert over_rest.json()["lacks"] == []
    wrong = browser.get(f"/api/v1/published-footprints/{row.uuid}/catenax/", {"waste_incineration": "magic"})
    assert wrong.status_code == 400


def test_the_company_s_number_is_in_what_was_published_before_it_was_stated(
    world: World, browser: Client
) -> None:
    row = world.footprints[0]
    assert "This company has stated none" in browser.get(url("catenax", row.uuid)).content.decode()
    Company.objects.filter(pk=row.company_id).update(bpnl="BPNL00000003AYRE")
    assert "This company has stated none" not in browser.get(url("catenax", row.uuid)).content.decode()
    files = (
        browser.get(url("catenax_file", row.uuid)).json(),
        browser.get(f"/api/v1/published-footprints/{row.uuid}/catenax/").json()["document"],
    )
    for document in files:
        names = document["companyAndProductInformation"][0]["companyInformation"][0]["companyIds"]
        assert names == [*json.loads(row.document)["companyIds"], "urn:bpn:id:BPNL00000003AYRE"]


def test_the_validator_reads_it(world: World, browser: Client) -> None:
    document = exact_text(write(whole(), ANSWERED).document)
    page = browser.post(url("check"), {"document": document, "version": "3"}).content.decode()
    assert "Read as a Pcf of Catena-X" in page and "The schema accepts it" in page
    told = browser.post(
        "/api/v1/footprint-checks/", f'{{"document": {document}}}', content_type="application/json"
    ).json()
    assert told[0]["accepted"] and any("massBalancing" in name for name in told[0]["left_out"])


def test_a_partner_s_are_taken_in_all_or_none(world: World, browser: Client) -> None:
    first = whole()
    good = exact_text(write(first, ANSWERED).document)
    bad = json.loads(good)
    bad["companyAndProductInformation"][0]["productInformation"][0]["declaredUnitAmount"] = -1
    page = url("connection_catenax", world.connection.uuid)
    assert browser.get(page).status_code == 200
    for refused in (f"[{good},{json.dumps(bad)}]", f"[{good},{{}}]", "no json", ""):
        assert browser.post(page, {"document": refused}).status_code == 422
        assert not PartnerFootprint.objects.exists()
    assert browser.post(page, {"document": good}).status_code == 302
    kept = PartnerFootprint.objects.get()
    assert (str(kept.pf_id), Decimal(kept.kg_co2e)) == (
        first["id"], Decimal(first["pcf"]["pcfExcludingBiogenicUptake"])
    )  # fmt: skip
    original = exact_json(kept.original)["extensions"][0]["data"]
    assert exact_text(original) == good
    assert browser.get(url("received", kept.uuid)).status_code == 200
    again = browser.post(
        f"/api/v1/partner-connections/{world.connection.uuid}/catenax/",
        f'{{"document": {good}}}',
        content_type="application/json",
    )
    assert (again.status_code, again.json()) == (201, {"footprints": 1})
    assert exact_text(exact_json(PartnerFootprint.objects.get().original)["extensions"][0]["data"]) == good


def test_the_outsider_finds_nothing_and_what_is_not_served_has_no_file(world: World, browser: Client) -> None:
    outsider = Client()
    outsider.force_login(User.objects.get(pk=new.actor(new.company(), Role.OWNER).user_id))
    row = world.footprints[0]
    OfferedFootprint.objects.filter(pk=world.footprints[1].pk).update(is_served=False)
    for client, uuid in ((outsider, row.uuid), (browser, world.footprints[1].uuid)):
        for name in ("catenax", "catenax_file"):
            assert client.get(url(name, uuid)).status_code == 404
        assert client.get(f"/api/v1/published-footprints/{uuid}/catenax/").status_code == 404
