"""Factor proposals from openLCA packages: gas by gas per unit, what cannot be taken by file and field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.exports import ARCHIVE_TYPE
from accounts.roles import Role
from factors import openlca
from factors.content import Emission
from factors.models import FactorProposal, FactorVersion
from footprint.exchange.actions import Stated, propose_package
from footprint.exchange.openlca.datasets import Dataset, Where, datasets
from footprint.exchange.openlca.reader import read
from footprint.exchange.openlca.sentences import sentence
from tests import builders
from tests.factors.conftest import seed, small  # noqa: F401  (fixtures)
from tests.footprint.exchange.packages import Package, gives, key, takes
from tests.footprint.exchange.test_factor_proposals import entered

GASES = {"carbon dioxide": "CO2", "methane": "CH4", "co2": "CO2", "ch4": "CH4"}
IN_CHINA = Where("CN", 2022)
STATED = Stated("heat", "cradle_to_gate", "mee-grid-co2-2023", otherwise=IN_CHINA)


def boiler() -> Package:
    """4 MJ of steam: 2 kg of CO2, 3 g of methane in two compartments, and some water vapour."""
    package = Package()
    package.flow("Steam", "Energy")
    package.flow("Coal")
    package.emission("Carbon dioxide")
    package.emission("Methane")
    package.flow("methane", kind="ELEMENTARY", path=("Elementary flows", "emission", "air", "high"))
    package.emission("Water vapour")
    package.flow("Crude oil", kind="ELEMENTARY", path=("Elementary flows", "resource", "in ground"))
    package.process(
        "Boiler",
        gives("Steam", 4.0, "MJ", reference=True),
        gives("Carbon dioxide", 2.0, "kg"),
        gives("Methane", 1000.0, "mg"),
        gives("methane", 2000.0, "mg"),
        gives("Water vapour", 5.0, "kg"),
        takes("Crude oil", 1.0, "kg"),
    )
    return package


def found(package: Package, otherwise: Where = IN_CHINA) -> tuple[list[Dataset], set[tuple[str, str]]]:
    """What can be taken, and what speaks against the rest: code and field."""
    taken, against = datasets(read(package.zip()), GASES, otherwise)
    assert all(each.file.startswith("processes/") for each in against)
    return taken, {(each.code, each.field) for each in against}


def test_gas_by_gas_per_unit_of_the_reference_flow() -> None:
    (taken,), against = found(boiler())
    assert against == set() and (taken.unit, taken.geography, taken.reference_year) == ("MJ", "CN", 2022)
    assert {each.gas: each.kg_per_unit for each in taken.emissions} == {
        "CO2": Decimal("0.5"),
        "CH4": Decimal("0.00075"),
    }
    assert [(each.code, each.field, each.values["value"]) for each in taken.not_counted] == [
        ("not_counted", "exchanges[4]", "Water vapour")
    ]


def test_place_and_year_of_the_process_come_first() -> None:
    package = boiler()
    process = package.document("processes", "Boiler")
    package.files["locations/x.json"] = {"@type": "Location", "@id": key("GB"), "code": "GB"}
    process["location"] = {"@id": key("GB")}
    process["processDocumentation"] = {"validFrom": "2019-01-01+08:00"}
    (taken,), _against = found(package)
    assert (taken.geography, taken.reference_year) == ("GB", 2019)
    package.files["locations/x.json"]["code"] = "ATLANTIS"
    assert found(package) == ([], {("unknown_place", "location")})
    del process["location"], process["processDocumentation"]
    assert found(package, Where()) == (
        [],
        {("no_place", "location"), ("no_year", "processDocumentation.validFrom")},
    )


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ({"code": "DE"}, "DE"),
        ({"code": "RoW"}, "RoW"),
        ({"code": "RER", "name": "Europe"}, "RER"),
        ({"code": "US-TX", "name": "Texas"}, "US-TX"),
        ({"code": "CN-SD"}, "CN-SD"),
        ({"code": "CN-CSG", "name": "China Southern Power Grid"}, "CN-GRID-SG"),
        ({"name": "Brazil"}, "BR"),
        ({"code": "X1", "name": "Japan"}, "JP"),
    ],
)
def test_places_as_openlca_writes_them(location: dict[str, str], place: str) -> None:
    package = boiler()
    package.document("processes", "Boiler")["location"] = {"@id": key("x")}
    package.files["locations/x.json"] = {"@type": "Location", "@id": key("x"), **location}
    (taken,), against = found(package)
    assert (taken.geography, against) == (place, set())


def test_an_unknown_place_is_refused_with_the_nearest_ones() -> None:
    package = boiler()
    package.document("processes", "Boiler")["location"] = {"@id": key("x")}
    package.files["locations/x.json"] = {"@type": "Location", "@id": key("x"), "code": "Germny"}
    _taken, (problem,) = datasets(read(package.zip()), GASES, IN_CHINA)
    assert (problem.file, problem.field) == (f"processes/{key('Boiler')}.json", "location")
    with override("en"):
        assert str(sentence(problem)).startswith(
            "“Germny” is not a place of the list. The nearest: DE (德国 / Germany)"
        )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (takes("Coal", 0.1, "kg"), "not_elementary"),
        (gives("Coal", 0.1, "kg"), "not_elementary"),
        (takes("Carbon dioxide", 0.1, "kg"), "removal_in_factor"),
        (gives("Carbon dioxide", -0.1, "kg"), "negative_emission"),
    ],
)
def test_a_process_is_taken_whole_or_not_at_all(line: dict[str, Any], code: str) -> None:
    package = boiler()
    lines = package.document("processes", "Boiler")["exchanges"]
    lines.append({**line, "internalId": 7})
    package.process("Sound", gives("Steam", 1.0, "MJ", reference=True), gives("Methane", 1.0, "kg"))
    taken, against = found(package)
    assert [each.name for each in taken] == ["Sound"] and against == {(code, "exchanges[6]")}


def test_nothing_of_a_product_is_no_product() -> None:
    package = boiler()
    lines = package.document("processes", "Boiler")["exchanges"]
    lines.append({**takes("Coal", 0, "kg"), "internalId": 7})
    assert len(found(package)[0]) == 1


WATER = "Elementary flows/emission/water/unspecified"


@pytest.mark.parametrize("category", [WATER, "Elementary flows/emission/soil/agricultural"])
def test_a_flow_of_ours_counts_by_its_compartment(category: str) -> None:
    package = boiler()
    ours = openlca.flow("CH4, fossil", "ELEMENTARY_FLOW", "kg", category)
    flow = package.document("flows", package.flow("CH4, fossil", kind="ELEMENTARY"))
    flow["category"] = category
    flow["@id"] = ours["@id"]
    line = {**gives("CH4, fossil", 7.0, "kg"), "flow": {"@id": ours["@id"]}, "internalId": 7}
    package.document("processes", "Boiler")["exchanges"].append(line)
    (taken,), against = found(package)
    assert against == set() and {each.gas for each in taken.emissions} == {"CO2", "CH4"}
    assert {each.gas: each.kg_per_unit for each in taken.emissions}["CH4"] == Decimal("0.00075")
    told = taken.not_counted[-1]
    assert (told.code, told.field) == ("gas_elsewhere", "exchanges[6]")
    assert "CH4, fossil" in str(sentence(told)) and category in str(sentence(told))


def test_a_gas_by_name_that_is_filed_elsewhere_is_told_of() -> None:
    package = boiler()
    package.flow("CO2", kind="ELEMENTARY", path=("Elementary flows", "emission", "water"))
    line = {**gives("CO2", 7.0, "kg"), "internalId": 7}
    package.document("processes", "Boiler")["exchanges"].append(line)
    (taken,), _against = found(package)
    assert [each.code for each in taken.not_counted] == ["not_counted", "gas_elsewhere"]


def test_a_location_whose_file_is_missing_is_said_to_be() -> None:
    package = boiler()
    package.document("processes", "Boiler")["location"] = {"@id": key("gone"), "name": "Gone"}
    taken, (problem,) = datasets(read(package.zip()), GASES, IN_CHINA)
    assert taken == [] and (problem.code, problem.field) == ("missing_location", "location")
    assert key("gone") in str(sentence(problem))


def test_nothing_goes_into_the_air() -> None:
    package = boiler()
    package.process("Idle", gives("Steam", 1.0, "MJ", reference=True), gives("Water vapour", 1.0, "kg"))
    assert found(package)[1] == {("no_gases", "exchanges")}


AMOUNTS = st.decimals(min_value=Decimal("1e-6"), max_value=1000, places=6)


@settings(deadline=None, max_examples=25)
@given(
    st.dictionaries(
        st.sampled_from([("CO2", "fossil"), ("CO2", "biogenic"), ("CH4", "fossil")]), AMOUNTS, min_size=1
    )
)
def test_what_a_release_writes_comes_back(told: dict[tuple[str, str], Decimal]) -> None:
    emissions = tuple(Emission(gas, origin, Decimal(float(kg))) for (gas, origin), kg in told.items())
    written = openlca.package(
        [
            openlca.Dataset(
                key("of ours"), "Steam", "GJ", "CN-SH", 2021, "Cradle to gate", "", emissions, "CHP"
            )
        ]
    )
    (taken,), against = datasets(read(written), GASES, Where())
    assert against == [] and (taken.id, taken.unit) == (key("of ours"), "GJ")
    assert (taken.geography, taken.reference_year, taken.technology) == ("CN-SH", 2021, "CHP")
    assert {(e.gas, e.origin): float(e.kg_per_unit) for e in taken.emissions} == pytest.approx(
        {each: float(kg) for each, kg in told.items()}, rel=1e-15
    )


def test_a_total_that_was_weighed_is_no_gas() -> None:
    total = (Emission("CO2e", "unspecified", Decimal(1)),)
    written = openlca.package([openlca.Dataset(key("t"), "Steam", "GJ", "CN", 2021, "", "", total)])
    taken, against = datasets(read(written), GASES, Where())
    assert taken == [] and [each.code for each in against] == ["total_is_no_gas"]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The confined process is tested elsewhere; here it would cost a second each time."""
    monkeypatch.setattr("footprint.exchange.actions.factor_package.read_confined", read)


def test_a_process_becomes_a_proposal(small: object, here: None) -> None:  # noqa: F811
    company = builders.company()
    done = propose_package(boiler().zip(), by=builders.actor(company), company=company, stated=STATED)
    (made,) = done.proposals
    assert made.code == f"boiler-{key('Boiler')[:8]}" and (made.kind, made.unit) == ("heat", "MJ")
    said = made.stated
    assert (said.scope, said.source_locator) == ("co2e", f"processes/{key('Boiler')}.json")
    assert "Water vapour" in said.note_en and "Water vapour" in said.note_zh
    assert [(each.row, each.field) for each in done.notes] == [(said.source_locator, "exchanges[4]")]


def test_a_version_of_ours_becomes_a_further_one_of_its_factor(small: object, here: None) -> None:  # noqa: F811
    version = FactorVersion.objects.filter(factor__code="fuel-natural-gas-nm3").first()
    assert version is not None
    company, unit = builders.company(), version.factor.unit
    emissions = (Emission("CO2", "fossil", Decimal("2.2")), Emission("CH4", "fossil", Decimal("0.0001")))
    written = openlca.package(
        [openlca.Dataset(str(version.uuid), "Other name", unit, "CN", 2022, "", "", emissions)]
    )
    stated = Stated("fuel", "combustion", version.source.code)
    done = propose_package(
        written, by=builders.actor(company), company=company, stated=stated, reason="measured"
    )
    assert [each.factor for each in done.proposals] == [version.factor]


def test_all_or_nothing_unless_told(small: object, here: None) -> None:  # noqa: F811
    company, package = builders.company(), boiler()
    package.process("Kiln", gives("Steam", 1.0, "MJ", reference=True), takes("Coal", 1.0, "kg"))
    asked: dict[str, Any] = {"by": builders.actor(company), "company": company, "stated": STATED}
    with pytest.raises(Refusals) as refused:
        propose_package(package.zip(), **asked)
    file = f"processes/{key('Kiln')}.json"
    assert [(each.row, each.field, each.code) for each in refused.value.refusals] == [
        (file, "exchanges[1]", "not_elementary")
    ]
    with pytest.raises(Refusal) as unknown:
        propose_package(boiler().zip(), **{**asked, "stated": Stated("heat", "x", "hearsay")})
    assert unknown.value.field == "boundary"
    assert not FactorProposal.objects.exists()
    done = propose_package(package.zip(), **asked, leaves_out=True)
    assert len(done.proposals) == len(done.left_out) == 1
    with pytest.raises(NotAllowed):
        propose_package(b"", by=asked["by"], company=builders.company(), stated=STATED)


SAID = {"kind": "heat", "boundary": "cradle_to_gate", "source": "mee-grid-co2-2023", "geography": "CN",
        "reference_year": "2022"}  # fmt: skip


def test_the_page(small: object) -> None:  # noqa: F811
    (owner, company), (plant, _other) = entered(), entered(Role.PLANT_PROVIDER)
    path = "/factors/proposals/openlca/"
    assert plant.get(path).status_code == 403 and Client().get(path).status_code == 302
    assert owner.get(path).status_code == 200

    def sent(content: bytes, **more: str) -> dict[str, Any]:
        said = {**SAID, "transcription": "single", "company": str(company.uuid), **more}
        return {**said, "file": SimpleUploadedFile("f.zip", content)}

    assert owner.post(path, sent(b"no zip")).status_code == 422
    stranger = sent(boiler().zip(), company=str(builders.company().uuid))
    assert owner.post(path, stranger).status_code == 422 and not FactorProposal.objects.exists()
    # once through the confined process
    done = owner.post(path, sent(boiler().zip()))
    assert done.status_code == 200 and "Water vapour" in done.content.decode()
    assert FactorProposal.objects.get().company == company


def test_over_rest(small: object, here: None) -> None:  # noqa: F811
    (owner, company), (plant, _other) = entered(), entered(Role.PLANT_PROVIDER)
    path = "/api/v1/factor-proposals/openlca/"

    def post(client: Client, content: bytes, **asked: str) -> Any:
        return client.post(path, content, content_type=ARCHIVE_TYPE, query_params={**SAID, **asked})

    assert Client().post(path, b"", content_type=ARCHIVE_TYPE).status_code == 401
    assert post(plant, boiler().zip()).status_code == 403
    assert b"not_visible" in post(owner, boiler().zip(), company=str(builders.company().uuid)).content
    assert post(owner, boiler().zip(), kind="magic").status_code in (400, 422)
    package = boiler()
    package.document("processes", "Boiler")["exchanges"].append({**takes("Coal", 1, "kg"), "internalId": 7})
    refused = post(owner, package.zip())
    assert refused.status_code == 422
    assert [(each["row"], each["field"]) for each in refused.json()["errors"]] == [
        (f"processes/{key('Boiler')}.json", "exchanges[6]")
    ]
    done = post(owner, boiler().zip(), company=str(company.uuid))
    assert done.status_code == 201
    answer = done.json()
    assert len(answer["proposals"]) == 1 and answer["left_out"] == [] and len(answer["notes"]) == 1
