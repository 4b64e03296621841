"""The validator as a page and over REST: what it says, within which bounds; nothing is stored."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.errors import Refusal
from accounts.roles import Role
from footprint.partners.pact.dialect import to_v2
from footprint.partners.pact.texts import exact_text
from footprint.partners.validating import MOST, all_judged, read
from tests import builders as new
from tests.browsing import ask, browser, send, text
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
        call_command("pact_check", file, pact=version, stdout=said)
        (one,) = all_judged(read(file.read_text("utf-8")), at=timezone.now(), version=version)
        assert one.is_valid and said.getvalue().startswith(f"{one.id}: usability level {one.level}")
        assert said.getvalue().count("\n") == len(one.findings) + 1
    with pytest.raises(CommandError, match="the schema refuses"):
        call_command("pact_check", second, stdout=StringIO())


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

    (told,) = checked(_faulty()).json()
    assert (told["accepted"], told["id"]) == (False, BAD)
    (found,) = [each for each in told["findings"] if each["severity"] == "schema"]
    assert (found["pointer"], found["code"]) == ("/id", "not_uuid")
    assert found["sentence_en"] != found["sentence_zh"]
    assert set(told["missing"]) == {"1", "2", "3"}
    assert checked([]).status_code == 422
    assert checked("text").json()[0]["accepted"] is False
    assert (
        browser(None).post("/api/v1/footprint-checks/", "{}", content_type="application/json").status_code
        == 401
    )
