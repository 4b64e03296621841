"""The validator as a page and over REST: what it says, within which bounds; nothing is stored."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.errors import Refusal
from accounts.roles import Role
from footprint.partners.actions.pulling import keep
from footprint.partners.api.validator import EXAMPLE
from footprint.partners.judging import as_received
from footprint.partners.models import PartnerFootprint
from footprint.partners.pact.dialect import to_v2
from footprint.partners.pact.texts import exact_json, exact_text
from footprint.partners.validating import MOST, all_judged, read
from tests import builders as new
from tests.browsing import ask, browser, send, text
from tests.footprint.partners.conftest import World
from tests.footprint.partners.documents import whole

BAD = "not-a-uuid"


def _faulty() -> dict[str, Any]:
    return whole() | {"id": BAD}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("", "required"),
        ("{", "not_json"),
        ("[]", "required"),
        ("[" * 60 + "]" * 60, "too_deep"),
        ('{"id":"\\ud800"}', "lone_surrogate"),
        (json.dumps([{}] * (MOST + 1)), "too_many"),
    ],
)
def test_what_cannot_be_read_is_refused(given: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(given)
    assert refused.value.code == code


def test_one_a_list_and_an_answer_are_read_alike() -> None:
    one = whole()
    for given in (one, [one], {"data": [one]}, {"data": one}):
        assert read(json.dumps(given)) == [one]


@pytest.mark.django_db
def test_the_page() -> None:
    client = browser(new.person(new.company(), Role.OWNER))
    assert "Check a footprint" in ask(client, "/partners/footprints/")
    assert "Paste or upload" in ask(client, "/partners/check/")
    said = text(send(client, "/partners/check/", 200, document=json.dumps([whole(), _faulty()]), version="3"))
    assert "The schema accepts it." in said
    assert "The schema refuses it." in said
    told = text(send(client, "/partners/check/", 200, document=json.dumps(_second()), version=""))
    assert "The schema accepts it." in told and "PACT 2 · usability level 3" in told
    assert "/id" in said
    file = SimpleUploadedFile("x.json", json.dumps(whole()).encode())
    assert "usability level" in text(send(client, "/partners/check/", 200, file=file, version="3"))
    for unread in ("{", '{"id":"\\ud800"}'):
        send(client, "/partners/check/", 422, document=unread, version="3")


def test_the_command_reads_either_version_as_the_page_does(tmp_path: Path) -> None:
    first, second = tmp_path / "v3.json", tmp_path / "v2.json"
    first.write_text(exact_text(whole()), "utf-8")
    second.write_text(exact_text(to_v2(whole()).document), "utf-8")
    for file, version in ((first, 3), (second, 2)):
        said = StringIO()
        call_command("pact_check", file, stdout=said)
        (one,) = all_judged(read(file.read_text("utf-8")), at=timezone.now())
        assert (one.is_valid, one.version) == (True, version)
        assert said.getvalue().startswith(f"{one.id}: PACT {version}, usability level {one.level}")
        assert said.getvalue().count("\n") == len(one.findings) + 1
    with pytest.raises(CommandError, match="the schema refuses"):
        call_command("pact_check", second, pact=3, stdout=StringIO())


def test_version_2_is_checked_by_its_own_schema() -> None:
    """Read as version 3 says it, none of these could be seen."""
    document: dict[str, Any] = to_v2(whole()).document or {}
    wrong = {
        **document,
        "version": "1",
        "pcf": {**document["pcf"], "primaryDataShare": "5", "declaredUnit": "piece"},
    }
    del wrong["productCategoryCpc"]
    (one,) = all_judged([wrong], at=timezone.now(), version=2)
    assert not one.is_valid
    assert {(each.pointer, each.code) for each in one.findings if each.severity == "schema"} == {
        ("/version", "not_count"), ("/productCategoryCpc", "missing"),
        ("/pcf/primaryDataShare", "not_number"), ("/pcf/declaredUnit", "not_a_choice"),
    }  # fmt: skip


def _second(**pcf: Any) -> dict[str, Any]:
    """A footprint in version 2, per unit of 12; what is None is left out."""
    document: dict[str, Any] = (
        to_v2(whole(pcf__declaredUnitAmount="12", pcf__productMassPerDeclaredUnit="12")).document or {}
    )
    figures = {name: value for name, value in {**document["pcf"], **pcf}.items() if value is not None}
    return {**document, "pcf": figures}


@pytest.mark.parametrize(
    ("changes", "level", "missing"),
    [
        ({}, 3, []),
        ({"pCfIncludingBiogenic": None}, 1, ["/pcf/pCfIncludingBiogenic"]),
        ({"primaryDataShare": None}, 1, ["/pcf/primaryDataShare"]),
        ({"assurance": None, "dqi": None}, 3, []),
        (
            {"declaredUnit": "liter", "productMassPerDeclaredUnit": None},
            0,
            ["/pcf/productMassPerDeclaredUnit"],
        ),
        ({"declaredUnit": "megajoule", "productMassPerDeclaredUnit": None}, 3, []),
        ({"allocationRulesDescription": ""}, 2, ["/pcf/allocationRulesDescription"]),
    ],
)
def test_version_2_is_graded_by_what_it_can_say(
    changes: dict[str, Any], level: int, missing: list[str]
) -> None:
    """It has no place for the flag of capture, and states no total that the conversion makes up."""
    (one,) = all_judged([_second(**changes)], at=timezone.now())
    assert (one.version, one.level) == (2, level)
    assert one.usability.missing.get(level + 1, []) == missing


def test_findings_of_version_2_name_its_own_properties_and_figures() -> None:
    later = datetime.fromisoformat("2028-01-01T00:00:00+00:00")
    given = _second(
        fossilCarbonContent="3", productMassPerDeclaredUnit="2", packagingEmissionsIncluded=False,
        primaryDataShare=None, secondaryEmissionFactorSources=None, dqi={"coveragePercent": 90},
    )  # fmt: skip
    (one,) = all_judged([given], at=later)
    assert {(each.pointer, each.code) for each in one.findings if each.severity != "schema"} == {
        ("/pcf/productMassPerDeclaredUnit", "mass_is_not_amount"),
        ("/pcf/fossilCarbonContent", "more_carbon_than_mass"),
        ("/pcf/packagingGhgEmissions", "without_packaging"),
        ("/pcf/primaryDataShare", "absent_shall"),
        ("/pcf/secondaryEmissionFactorSources", "absent_should"),
    }
    (unstated,) = all_judged([_second(dqi=None)], at=later)
    assert [(each.pointer, each.code) for each in unstated.findings] == [("/pcf/dqi", "absent_shall_2027")]


@pytest.mark.django_db
def test_what_a_partner_sent_in_version_2_is_kept_with_what_its_own_schema_says(world: World) -> None:
    sound, faulty = _second(), _second(primaryDataShare="5") | {"id": str(uuid4())}
    for document in (sound, faulty):
        assert keep(world.connection, exact_json(exact_text(document)), at=timezone.now(), speaks=2)
    stored = {str(each.pf_id): each for each in PartnerFootprint.objects.all()}
    assert (stored[sound["id"]].level, stored[sound["id"]].findings) == (3, [])
    judged = as_received(stored[faulty["id"]])
    assert (judged.version, judged.is_valid) == (2, False)
    assert [each.pointer for each in judged.findings] == ["/pcf/primaryDataShare"]


def test_each_of_a_list_is_judged_by_its_own_version() -> None:
    nameless = {name: value for name, value in _second().items() if name != "specVersion"}
    found = all_judged([whole(), _second(), nameless, "text"], at=timezone.now())
    assert [(each.version, each.is_valid) for each in found] == [
        (3, True), (2, True), (2, False), (3, False),
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "sentence"), [("en", "is required. Add it."), ("zh-hans", "必填")])
def test_the_command_speaks_either_language(tmp_path: Path, language: str, sentence: str) -> None:
    file, said = tmp_path / "v3.json", StringIO()
    file.write_text("{}", "utf-8")
    with pytest.raises(CommandError, match="the schema refuses"):
        call_command("pact_check", file, language=language, stdout=said)
    assert sentence in said.getvalue()


@pytest.mark.django_db
def test_rest() -> None:
    client = browser(new.person(new.company(), Role.OWNER))

    def checked(document: Any, **more: Any) -> Any:
        body = json.dumps({"document": document, **more})
        return client.post("/api/v1/footprint-checks/", body, content_type="application/json")

    (shown,) = checked(EXAMPLE).json()
    assert (shown["accepted"], shown["version"], shown["usability"]) == (True, 3, 0)
    (told,) = checked(_faulty()).json()
    assert (told["accepted"], told["id"]) == (False, BAD)
    (found,) = [each for each in told["findings"] if each["severity"] == "schema"]
    assert (found["pointer"], found["code"]) == ("/id", "not_uuid")
    assert found["sentence_en"] != found["sentence_zh"]
    assert set(told["missing"]) == {"1", "2", "3"}
    assert [checked(_second(), **more).json()[0]["version"] for more in ({}, {"version": 3})] == [2, 3]
    assert checked([]).status_code == 422
    assert checked("text").json()[0]["accepted"] is False
    assert (
        browser(None).post("/api/v1/footprint-checks/", "{}", content_type="application/json").status_code
        == 401
    )
