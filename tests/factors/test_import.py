"""A file of versions: all of it or nothing, every fault with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import Client

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.models import Kind, Membership, Notification, User
from accounts.notices import told
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from factors import queries
from factors.actions import import_job
from factors.actions.import_job import decide_import, queue_import
from factors.actions.import_table import import_table
from factors.actions.publish_version import publish_version
from factors.actions.withdraw_version import withdraw_version
from factors.bulk import COLUMNS
from factors.models import Factor, FactorImport, FactorVersion
from factors.pages import importing
from factors.tasks import run_imports
from tests import builders
from tests.factors.conftest import ANOTHER, Contents

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
    done = import_table(
        table(GOOD, methane, {**GOOD, "reference_year": "2023"}), by=curator, prepared_by=ANOTHER
    )
    assert (done.factors, done.versions, done.superseded, done.known) == (1, 2, 0, 0)
    first = FactorVersion.objects.get(factor__code="steam-hp", reference_year=2024)
    assert {e.gas: str(e.kg_per_unit) for e in first.emissions.all()} == {"CO2": "60.5", "CH4": "0.01"}
    assert first.published_by == "Cao Lin" and first.change_number is not None
    again = import_table(
        table(GOOD, methane, {**GOOD, "reference_year": "2023"}), by=curator, prepared_by=ANOTHER
    )
    assert (again.factors, again.versions, again.known) == (0, 0, 2)


def test_a_correction_supersedes_what_is_there(small: object, curator: Actor) -> None:
    import_table(table(GOOD), by=curator, prepared_by=ANOTHER)
    done = import_table(table({**GOOD, "kg_per_unit": "61"}), by=curator, prepared_by=ANOTHER)
    assert (done.versions, done.superseded) == (1, 1)
    states = FactorVersion.objects.filter(factor__code="steam-hp").order_by("number")
    assert list(states.values_list("number", "status")) == [(1, "superseded"), (2, "published")]
    assert states[1].supersedes == states[0]


def test_a_correction_comes_after_what_was_withdrawn(small: object, curator: Actor) -> None:
    import_table(table(GOOD), by=curator, prepared_by=ANOTHER)
    gone = FactorVersion.objects.get(factor__code="steam-hp")
    withdraw_version(gone, by=curator, reason="Wrong table")
    done = import_table(table({**GOOD, "kg_per_unit": "61"}), by=curator, prepared_by=ANOTHER)
    assert (done.versions, done.superseded) == (1, 0)
    assert FactorVersion.objects.get(factor__code="steam-hp", number=2).supersedes == gone


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
        ({"gwp_set": "AR99"}, "unknown_choice", "gwp_set"),
        ({"name_zh": "x\x00"}, "control", "name_zh"),
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
        import_table(
            table(GOOD, {**GOOD, "reference_year": "2023", **changes}), by=curator, prepared_by=ANOTHER
        )
    assert (code, field, 3) in {(each.code, each.field, each.row) for each in refused.value.refusals}
    assert not Factor.objects.filter(code="steam-hp").exists()


def test_a_unit_never_changes(small: object, curator: Actor) -> None:
    import_table(table(GOOD), by=curator, prepared_by=ANOTHER)
    with pytest.raises(Refusals) as refused:
        import_table(
            table({**GOOD, "unit": "MJ", "reference_year": "2023", "kg_per_unit": "0.06"}),
            by=curator,
            prepared_by=ANOTHER,
        )
    assert {each.code for each in refused.value.refusals} == {"other_unit"}


def test_missing_columns_are_named(small: object, curator: Actor) -> None:
    with pytest.raises(Refusals) as refused:
        import_table(["code,unit\n"], by=curator, prepared_by=ANOTHER)
    assert {each.code for each in refused.value.refusals} == {"no_column"}


def test_only_curators(small: object, owner: Actor) -> None:
    with pytest.raises(NotAllowed):
        import_table(table(GOOD), by=owner, prepared_by=ANOTHER)


def test_the_command(small: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    person = builders.person(builders.company(), Role.CURATOR, email="chief@example.com")
    builders.person(builders.company(), Role.CURATOR, email="second@example.com")
    others = ("--prepared-by", "second@example.com")
    file = tmp_path / "factors.csv"
    file.write_text("".join(table(GOOD)), encoding="utf-8")
    call_command("import_factors", str(file), "--by", person.email, *others)
    assert "1 new factors, 1 new versions" in capsys.readouterr().out
    file.write_text("".join(table({**GOOD, "unit": "furlong"})), encoding="utf-8")
    with pytest.raises(CommandError, match="line 2, unit"):
        call_command("import_factors", str(file), "--by", person.email, *others)
    with pytest.raises(CommandError, match="Four eyes"):
        call_command("import_factors", str(file), "--by", person.email, "--prepared-by", person.email)
    with pytest.raises(CommandError, match="nobody has"):
        call_command("import_factors", str(file), "--by", "nobody@example.com", *others)


def sent(*rows: dict[str, str]) -> SimpleUploadedFile:
    return SimpleUploadedFile("factors.csv", "".join(table(*rows)).encode(), "text/csv")


def signed_in(role: Role) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(builders.person(builders.company(), role))
    client.cookies["django_language"] = "en"
    return client


def test_the_pages_of_a_file(small: object) -> None:
    curator, owner = signed_in(Role.CURATOR), signed_in(Role.OWNER)
    assert owner.get("/factors/import/").status_code == 403
    assert Client().get("/factors/import/").status_code == 302
    assert (
        curator.post("/factors/import/", {"file": SimpleUploadedFile("x.csv", b"\xff\xfe")}).status_code
        == 422
    )
    assert owner.post("/factors/import/", {"file": sent(GOOD)}).status_code == 403
    page = curator.post("/factors/import/", {"file": sent(GOOD, {**GOOD, "unit": "furlong"})})["Location"]
    assert "Waiting" in curator.get(page).content.decode()
    run_imports()
    state = curator.get(f"{page}state/").content.decode()
    assert "Nothing was published." in state and "furlong" in state and "hx-get" not in state
    report = curator.get(f"{page}faults.csv").content.decode("utf-8-sig").splitlines()
    assert report[0] == "line,field,code,fault" and report[1].startswith("3,unit,unknown_unit,")
    assert not Factor.objects.filter(code="steam-hp").exists()
    page = curator.post("/factors/import/", {"file": sent(GOOD)})["Location"]
    run_imports()
    second = signed_in(Role.CURATOR)
    own, others = (each.get(page).content.decode() for each in (curator, second))
    assert "1 versions without a fault; 1 factors would be new" in own and "Take back" in own
    assert "Confirm and publish" in others and "Confirm and publish" not in own and "steam-hp" in others
    assert b"".join(second.get(f"{page}file.csv")).decode() == "".join(table(GOOD))
    assert curator.post(f"{page}decide/", {"decision": "confirm"}).status_code == 403
    assert owner.post(f"{page}decide/", {"decision": "confirm"}).status_code == 403
    assert "factors.csv" not in curator.get("/").content.decode()
    assert "factors.csv" in second.get("/").content.decode()
    assert second.post(f"{page}decide/", {"decision": "confirm"}).status_code == 302
    run_imports()
    assert "1 versions published" in curator.get(page).content.decode()
    assert second.get(f"{page}file.csv").status_code == 404
    for path in (page, f"{page}state/", f"{page}faults.csv", f"{page}file.csv"):
        assert owner.get(path).status_code == 403 and Client().get(path).status_code == 302
    assert curator.get("/factors/import/").content.decode().count("factors.csv") >= 2


def test_no_more_of_a_file_is_read_than_is_taken(small: object, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []

    def counting(*, content: bytes, **more: Any) -> FactorImport:
        lengths.append(len(content))
        return queue_import(content=content, **more)

    monkeypatch.setattr(importing, "queue_import", counting)
    for module in (importing, import_job):
        monkeypatch.setattr(module, "MOST_BYTES", 10)
    refused = signed_in(Role.CURATOR).post("/factors/import/", {"file": sent(GOOD)})
    assert refused.status_code == 422 and lengths == [11]


def queued(*rows: dict[str, str]) -> FactorImport:
    person = builders.person(builders.company(), Role.CURATOR)
    return queue_import(by=actor_of_user(person), file_name="f.csv", content="".join(table(*rows)).encode())


def confirmed(job: FactorImport) -> Actor:
    """Read, and confirmed by another curator."""
    import_job.run_import(job.pk)
    job.refresh_from_db()
    by = builders.actor(builders.company(), Role.CURATOR)
    decide_import(job, by=by, is_confirmed=True)
    return by


def test_who_takes_over_from_a_killed_worker_reads_on(small: object, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def years() -> list[dict[str, str]]:
        return [{**GOOD, "reference_year": str(year)} for year in range(2010, 2020)]

    def killed(*_args: object, **_named: object) -> None:
        raise Killed

    monkeypatch.setattr(import_job, "CHUNK", 4)
    job = queued(*years())
    with monkeypatch.context() as during, pytest.raises(Killed):
        during.setattr(import_job, "assemble", killed)
        import_job.run_import(job.pk)
    job.refresh_from_db()
    assert (job.state, job.lines_read, job.lines.count()) == ("running", 10, 10)
    job.lines.filter(number__gt=5).delete()  # as if it had been killed after the first piece
    FactorImport.objects.filter(pk=job.pk).update(lines_read=4)
    by = confirmed(job)
    assert (job.state, job.summary["versions"], job.attempts) == ("confirmed", 10, 0)
    import_job.run_import(job.pk)
    job.refresh_from_db()
    assert (job.state, job.summary["versions"], job.decided_by_id) == ("done", 10, by.user_id)
    assert bytes(job.content) == b"" and not job.lines.exists()
    assert job.pk not in import_job.due_imports()


def test_what_breaks_again_and_again_is_given_up(small: object) -> None:
    job = queued(GOOD)
    FactorImport.objects.filter(pk=job.pk).update(attempts=FactorImport.MOST_ATTEMPTS)
    run_imports()
    job.refresh_from_db()
    assert job.state == "failed" and not Factor.objects.filter(code="steam-hp").exists()


def test_who_lost_the_role_publishes_nothing(small: object) -> None:
    job = queued(GOOD)
    by = confirmed(job)
    Membership.objects.filter(user_id=by.user_id).delete()
    run_imports()
    job.refresh_from_db()
    assert (job.state, [each["code"] for each in job.faults]) == ("refused", ["not_allowed"])


def test_nothing_is_published_in_the_name_of_a_closed_account(small: object) -> None:
    job = queued(GOOD)
    by = confirmed(job)
    User.objects.filter(pk=by.user_id).update(is_active=False)
    run_imports()
    job.refresh_from_db()
    assert (job.state, [each["code"] for each in job.faults]) == ("refused", ["not_allowed"])


def test_the_database_lets_nobody_confirm_their_own(small: object) -> None:
    job = queued(GOOD)
    import_job.run_import(job.pk)
    one = FactorImport.objects.filter(pk=job.pk)
    assert job.created_by is not None
    by = actor_of_user(job.created_by)
    with pytest.raises(NotAllowed), acting_as(by):
        decide_import(one.get(), by=by, is_confirmed=True)
    with pytest.raises(IntegrityError), acting_as(by):
        one.update(state="confirmed", decided_by_id=by.user_id)
    for state in ("queued", "done"):
        with pytest.raises(IntegrityError, match="does not go"), acting_as(by):
            one.update(state=state)
    with pytest.raises(IntegrityError, match="confirmed by somebody"), acting_as(by):
        one.update(state="confirmed")


def test_the_web_publishes_nothing_that_one_person_prepared(
    grid: Factor, curator: Actor, content: Contents
) -> None:
    with pytest.raises(NotAllowed):
        publish_version(grid, by=curator, prepared_by=curator.signature, content=content("0.53"))
    names = ("factor", "source", "scope", "boundary", "source_locator", "transcription")
    stated = {name: getattr(grid.versions.get(number=3), name) for name in names}
    for prepared_by in ("", curator.signature):
        with pytest.raises(IntegrityError, match="somebody else"), acting_as(curator):
            FactorVersion.objects.create(
                **stated,
                number=9,
                geography="CN-SD",
                reference_year=2024,
                digest="x",
                prepared_by=prepared_by,
            )


def test_what_is_declined_is_forgotten_and_says_why(small: object) -> None:
    job = queued(GOOD)
    second = builders.actor(builders.company(), Role.CURATOR)
    import_job.run_import(job.pk)
    job.refresh_from_db()
    assert job.created_by is not None
    first = actor_of_user(job.created_by)
    assert [each.pk for each in queries.imports_waiting(second)] == [job.pk]
    assert not queries.imports_waiting(first)
    row = Notification.objects.get(recipient_id=second.user_id)
    assert (row.kind, row.event, row.subject) == (Kind.MOVE_WAITS, "waiting", "factor_import")
    with pytest.raises(Refusal):
        decide_import(job, by=second, is_confirmed=False)
    decide_import(job, by=second, is_confirmed=False, reason="The table is of another year.")
    row = Notification.objects.get(recipient_id=first.user_id)
    ((_row, words),) = told(first, [row])
    assert words is not None and "another year" in words.words
    run_imports()
    job.refresh_from_db()
    assert (job.state, bytes(job.content)) == ("declined", b"")
    with pytest.raises(Refusal):
        decide_import(job, by=second, is_confirmed=True)
    assert not Factor.objects.filter(code="steam-hp").exists()


def test_units_that_differ_are_found_before_anybody_is_asked(small: object, curator: Actor) -> None:
    import_table(table(GOOD), by=curator, prepared_by=ANOTHER)
    job = queued({**GOOD, "unit": "MJ", "reference_year": "2023", "kg_per_unit": "0.06"})
    run_imports()
    job.refresh_from_db()
    assert [(each["line"], each["code"]) for each in job.faults] == [(2, "other_unit")]


def test_rest(small: object) -> None:
    curator, owner = signed_in(Role.CURATOR), signed_in(Role.OWNER)

    def post(client: Client, body: str) -> Any:
        return client.post("/api/v1/factor-imports/", body, content_type="text/csv")

    made = post(curator, "".join(table(GOOD, {**GOOD, "geography": "ATLANTIS"})))
    assert made.status_code == 201 and made.json()["state"] == "queued"
    run_imports()
    told = curator.get(made["Location"]).json()
    assert told["state"] == "refused"
    assert [(each["line"], each["field"]) for each in told["faults"]] == [(3, "geography")]
    assert owner.get(made["Location"]).status_code == 404
    assert owner.get("/api/v1/factor-imports/").json()["results"] == []
    assert post(owner, "".join(table(GOOD))).status_code == 403
    assert Client().get(made["Location"]).status_code == 401
    assert post(curator, "").status_code == 422
    address = post(curator, "".join(table(GOOD)))["Location"]
    run_imports()
    second, confirm = signed_in(Role.CURATOR), {"decision": "confirm"}
    assert [each.get(address).json()["may_decide"] for each in (curator, second)] == [False, True]

    def decide(client: Client, body: Any) -> int:
        return client.post(f"{address}decision/", body, content_type="application/json").status_code

    assert decide(owner, confirm) == 404 and decide(Client(), confirm) == 401
    assert decide(curator, confirm) == 403
    assert decide(second, {"decision": "decline"}) == 422 and decide(second, confirm) == 200
    run_imports()
    assert curator.get(address).json()["summary"]["versions"] == 1
    assert decide(second, confirm) == 422
