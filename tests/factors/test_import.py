"""A file of versions: all of it or nothing, every fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusals
from accounts.roles import Role
from factors.actions.import_table import import_table
from factors.bulk import COLUMNS
from factors.models import Factor, FactorVersion
from tests import builders

GOOD = {
    "code": "steam-hp", "name_en": "High pressure steam", "kind": "heat", "unit": "GJ", "geography": "CN",
    "reference_year": "2024", "scope": "co2e", "boundary": "cradle_to_gate", "source": "mee-grid-co2-2023",
    "source_locator": "table 1", "transcription": "confirmed", "gas": "CO2", "origin": "fossil",
    "kg_per_unit": "60.5",
}  # fmt: skip


def table(*rows: dict[str, str]) -> list[str]:
    lines = [",".join(COLUMNS)]
    lines += [",".join(row.get(name, "") for name in COLUMNS) for row in rows]
    return [f"{line}\n" for line in lines]


def test_lines_of_one_version_become_one(small: object, curator: Actor) -> None:
    methane = {**GOOD, "gas": "CH4", "kg_per_unit": "0.01"}
    done = import_table(table(GOOD, methane, {**GOOD, "reference_year": "2023"}), by=curator)
    assert (done.factors, done.versions, done.superseded, done.known) == (1, 2, 0, 0)
    first = FactorVersion.objects.get(factor__code="steam-hp", reference_year=2024)
    assert {e.gas: str(e.kg_per_unit) for e in first.emissions.all()} == {"CO2": "60.5", "CH4": "0.01"}
    assert first.published_by == "Cao Lin" and first.change_number is not None
    again = import_table(table(GOOD, methane, {**GOOD, "reference_year": "2023"}), by=curator)
    assert (again.factors, again.versions, again.known) == (0, 0, 2)


def test_a_correction_supersedes_what_is_there(small: object, curator: Actor) -> None:
    import_table(table(GOOD), by=curator)
    done = import_table(table({**GOOD, "kg_per_unit": "61"}), by=curator)
    assert (done.versions, done.superseded) == (1, 1)
    states = FactorVersion.objects.filter(factor__code="steam-hp").order_by("number")
    assert list(states.values_list("number", "status")) == [(1, "superseded"), (2, "published")]
    assert states[1].supersedes == states[0]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"unit": "furlong"}, "unknown_unit", "unit"),
        ({"source": "hearsay"}, "unknown_source", "source"),
        ({"kg_per_unit": "much"}, "not_a_number", "kg_per_unit"),
        ({"kg_per_unit": "-1"}, "negative", "emissions"),
        ({"kg_per_unit": "NaN"}, "not_finite", "emissions"),
        ({"reference_year": "soon"}, "not_a_number", "reference_year"),
        ({"reference_year": "2999"}, "year", "reference_year"),
        ({"geography": "ATLANTIS"}, "unknown_geography", "geography"),
        ({"kind": "magic"}, "unknown_choice", "kind"),
        ({"gas": "Phlogiston"}, "unknown_gas", "emissions"),
        ({"name_en": ""}, "empty", "name_zh"),
        ({"name_en": "Other name"}, "other_factor", "code"),
        ({"source_locator": "table 2", "reference_year": "2024"}, "same_place", "code"),
    ],
)
def test_one_fault_keeps_the_whole_file_out(
    small: object, curator: Actor, changes: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(Refusals) as refused:
        import_table(table(GOOD, {**GOOD, "reference_year": "2023", **changes}), by=curator)
    assert (code, field, 3) in {(each.code, each.field, each.row) for each in refused.value.refusals}
    assert not Factor.objects.filter(code="steam-hp").exists()


def test_a_unit_never_changes(small: object, curator: Actor) -> None:
    import_table(table(GOOD), by=curator)
    with pytest.raises(Refusals) as refused:
        import_table(
            table({**GOOD, "unit": "MJ", "reference_year": "2023", "kg_per_unit": "0.06"}), by=curator
        )
    assert {each.code for each in refused.value.refusals} == {"other_unit"}


def test_missing_columns_are_named(small: object, curator: Actor) -> None:
    with pytest.raises(Refusals) as refused:
        import_table(["code,unit\n"], by=curator)
    assert {each.code for each in refused.value.refusals} == {"no_column"}


def test_only_curators(small: object, owner: Actor) -> None:
    with pytest.raises(NotAllowed):
        import_table(table(GOOD), by=owner)


def test_the_command(small: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    person = builders.person(builders.company(), Role.CURATOR, email="chief@example.com")
    file = tmp_path / "factors.csv"
    file.write_text("".join(table(GOOD)), encoding="utf-8")
    call_command("import_factors", str(file), "--by", person.email)
    assert "1 new factors, 1 new versions" in capsys.readouterr().out
    file.write_text("".join(table({**GOOD, "unit": "furlong"})), encoding="utf-8")
    with pytest.raises(CommandError, match="line 2, unit"):
        call_command("import_factors", str(file), "--by", person.email)
    with pytest.raises(CommandError, match="nobody has"):
        call_command("import_factors", str(file), "--by", "nobody@example.com")


def test_the_page(small: object) -> None:
    curator, owner = Client(headers={"accept-language": "en"}), Client()
    curator.force_login(builders.person(builders.company(), Role.CURATOR))
    curator.cookies["django_language"] = "en"
    owner.force_login(builders.person(builders.company(), Role.OWNER))
    assert owner.get("/factors/import/").status_code == 403
    assert Client().get("/factors/import/").status_code == 302
    assert curator.get("/factors/import/").status_code == 200

    def sent(text: bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile("factors.csv", text, "text/csv")

    wrong = "".join(table({**GOOD, "unit": "furlong"})).encode()
    refused = curator.post("/factors/import/", {"file": sent(wrong)})
    assert refused.status_code == 422 and [each.row for each in refused.context["faults"]] == [2]
    assert curator.post("/factors/import/", {"file": sent(b"\xff\xfe")}).status_code == 422
    assert owner.post("/factors/import/", {"file": sent(wrong)}).status_code == 403
    assert curator.post("/factors/import/", {"file": sent("".join(table(GOOD)).encode())}).status_code == 302
    assert Factor.objects.filter(code="steam-hp").exists()
