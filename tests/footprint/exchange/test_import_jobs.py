"""From the upload page to the stored inventory, whatever happens to broker and worker on the way."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import Company, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.exchange.actions import Period, discard_leftovers, import_job, queue_import, run_import
from footprint.exchange.models import ImportJob
from footprint.exchange.tasks import run_imports
from footprint.inventory.models import Inventory, UnitProcess
from tests import builders as new
from tests.footprint.exchange.packages import Package, gives, small, takes

pytestmark = pytest.mark.django_db(transaction=True)
PERIOD = {"period_start": "2024-01-01", "period_end": "2024-12-31"}


@pytest.fixture
def alice(acme: Company) -> User:
    user = new.person(acme, Role.OWNER)
    user.locale = "en"
    user.save()
    return user


@pytest.fixture
def alices(alice: User, quarantine: Path) -> Client:
    return signed_in(alice)


def signed_in(user: User) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def upload(client: Client, company: Company, content: bytes, name: str = "works.zip", **more: Any) -> Any:
    return client.post(reverse("exchange:import_list"), {**filled(company, content, name), **more})


def filled(company: Company, content: bytes = b"PK", name: str = "works.zip") -> dict[str, Any]:
    """The upload form, filled in."""
    package = SimpleUploadedFile(name, content, "application/zip")
    return {"package": package, "company": str(company.uuid), **PERIOD}


def the_job() -> ImportJob:
    return ImportJob.objects.get()


def with_a_cut_off() -> bytes:
    package = small()
    package.flow("=1+1")
    package.process("Kiln", gives("Coal", 1.0, "kg", reference=True), takes("=1+1", 1.0, "kg"))
    return package.zip()


def test_a_package_goes_from_the_page_to_the_inventory(
    alices: Client, acme: Company, quarantine: Path
) -> None:
    answer = upload(alices, acme, with_a_cut_off(), name="..\\..\\works.zip")
    job = the_job()
    assert (answer.status_code, answer.url) == (302, reverse("exchange:import", args=[job.uuid]))
    assert (job.state, job.file_name) == ("queued", "works.zip")
    assert [place.name for place in quarantine.iterdir()] == [f"{job.uuid}.zip"]
    assert "Waiting for a free worker" in alices.get(answer.url).content.decode()
    ImportJob.objects.update(steps_done=1, steps_all=2)

    run_imports()

    job.refresh_from_db()
    assert (job.state, job.inventory) == ("done", Inventory.objects.get())
    assert job.steps_done == job.steps_all
    assert job.summary["cut_offs"] == 1
    assert list(quarantine.iterdir()) == []
    assert "The package is stored" in alices.get(answer.url).content.decode()
    assert "hx-get" not in alices.get(reverse("exchange:import_state", args=[job.uuid])).content.decode()
    assert "works.zip" in alices.get(reverse("exchange:import_list")).content.decode()


def test_the_report_is_a_harmless_table(alices: Client, acme: Company) -> None:
    upload(alices, acme, with_a_cut_off())
    run_imports()
    answer = alices.get(reverse("exchange:import_report", args=[the_job().uuid]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert "cut_off,Kiln,'=1+1,1.0,kg," in answer.content.decode()


def test_a_refused_package_lists_file_and_field(alices: Client, acme: Company, quarantine: Path) -> None:
    package = small()
    package.document("processes", "Boiler")["exchanges"][2]["amount"] = "lots"
    upload(alices, acme, package.zip())
    run_imports()
    job = the_job()
    assert job.state == "refused"
    shown = alices.get(reverse("exchange:import", args=[job.uuid])).content.decode()
    assert "exchanges[2].amount" in shown
    assert package.path("processes", "Boiler") in shown
    assert "This should be of type number" in shown
    assert list(quarantine.iterdir()) == []
    assert not Inventory.objects.exists()


def test_the_form_refuses_what_cannot_be_meant(alices: Client, acme: Company) -> None:
    other = new.company("other")
    elsewhere = new.site(other)
    backwards = {"period_start": "2024-12-31", "period_end": "2024-01-01"}
    for more in (backwards, {"site": str(elsewhere.uuid)}, {"company": str(other.uuid)}, {"package": ""}):
        answer = alices.post(reverse("exchange:import_list"), {**filled(acme), **more})
        assert answer.status_code == 422
        assert "Nothing was saved" in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_a_file_too_large_is_refused(alices: Client, acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footprint.exchange.pages.import_job.MOST_BYTES", 100)
    assert upload(alices, acme, small().zip()).status_code == 422
    assert not ImportJob.objects.exists()


def test_a_taken_period_is_refused_and_replaced_when_asked(alices: Client, acme: Company) -> None:
    for more in ({}, {}, {"replace": "on"}):
        upload(alices, acme, small().zip(), **more)
        run_imports()
    states = ImportJob.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["done", "refused", "done"]
    refused = ImportJob.objects.get(state="refused")
    shown = alices.get(reverse("exchange:import", args=[refused.uuid])).content.decode()
    assert "choose to replace it" in shown
    assert UnitProcess.objects.count() == 1


def test_outsiders_and_plant_people(alices: Client, acme: Company) -> None:
    upload(alices, acme, small().zip())
    run_imports()
    job = the_job()
    outsider = signed_in(new.person(new.company("other"), Role.OWNER))
    plant = signed_in(new.person(acme, Role.PLANT_PROVIDER))
    for name in ("import", "import_state", "import_report"):
        address = reverse(f"exchange:{name}", args=[job.uuid])
        assert alices.get(address).status_code == 200
        assert outsider.get(address).status_code == 404
        assert Client().get(address).status_code == 302
    assert plant.get(reverse("exchange:import_list")).status_code == 403
    assert upload(plant, acme, small().zip()).status_code == 403
    assert upload(outsider, acme, small().zip()).status_code == 422
    assert ImportJob.objects.count() == 1


def test_the_database_hides_the_imports_of_others(alice: User, acme: Company, quarantine: Path) -> None:
    hand_in(alice, acme)
    outsider = new.actor(new.company("other"), Role.OWNER)
    with acting_as(outsider):
        assert not ImportJob.objects.exists()
    with acting_as(actor_of_user(alice)):
        assert ImportJob.objects.count() == 1


def hand_in(user: User, company: Company, content: bytes = b"") -> ImportJob:
    return queue_import(
        by=actor_of_user(user),
        company=company,
        file_name="works.zip",
        content=content or small().zip(),
        period=Period(date(2024, 1, 1), date(2024, 12, 31)),
    )


def test_a_job_of_a_killed_worker_is_taken_up_again(alice: User, acme: Company, quarantine: Path) -> None:
    job = hand_in(alice, acme)
    ImportJob.objects.filter(pk=job.pk).update(state="running", attempts=1)
    run_imports()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    run_imports()
    assert Inventory.objects.count() == 1


def test_a_job_in_hand_is_left_alone(alice: User, acme: Company, quarantine: Path) -> None:
    job = hand_in(alice, acme)
    elsewhere = connection.copy()
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [import_job.LOCK, job.pk])
        run_imports()
        assert the_job().state == "queued"
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [import_job.LOCK, job.pk])
    finally:
        elsewhere.close()
    run_imports()
    assert the_job().state == "done"


def test_what_a_killed_process_left_behind_is_removed(alice: User, acme: Company, quarantine: Path) -> None:
    job = hand_in(alice, acme)
    (quarantine / "leftover.zip").write_bytes(b"x")
    discard_leftovers(older_than=60)
    assert len(list(quarantine.iterdir())) == 2
    discard_leftovers(older_than=-60)
    assert [place.name for place in quarantine.iterdir()] == [f"{job.uuid}.zip"]


def test_a_job_that_breaks_is_given_up_after_a_few_attempts(
    alice: User, acme: Company, quarantine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = hand_in(alice, acme)
    fine = hand_in(alice, acme)

    def breaks(**_: Any) -> None:
        monkeypatch.undo()
        raise RuntimeError("broken")

    for _ in range(ImportJob.MOST_ATTEMPTS):
        monkeypatch.setattr(import_job, "import_openlca", breaks)
        run_import_quietly(job)
    run_imports()
    job.refresh_from_db()
    fine.refresh_from_db()
    assert (job.state, fine.state) == ("failed", "done")


def run_import_quietly(job: ImportJob) -> None:
    with pytest.raises(RuntimeError):
        run_import(job.pk)


def test_a_role_lost_meanwhile_refuses_the_import(alice: User, acme: Company, quarantine: Path) -> None:
    job = hand_in(alice, acme)
    alice.memberships.all().delete()
    run_imports()
    job.refresh_from_db()
    assert job.state == "refused"
    assert not Inventory.objects.exists()


def test_progress_is_seen_while_the_transaction_is_open(
    alice: User, acme: Company, quarantine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []
    elsewhere = connection.copy()
    monkeypatch.setattr(import_job, "PROGRESS_EVERY", 0.0)
    announcing = import_job._announcing

    def watching(job: ImportJob) -> Any:
        class Watched:
            def __enter__(self) -> Any:
                self.inner = announcing(job)
                progress = self.inner.__enter__()

                def both(stage: str, done: int, every: int) -> None:
                    progress(stage, done, every)
                    with elsewhere.cursor() as cursor:
                        cursor.execute("SELECT stage, steps_done FROM exchange_importjob")
                        seen.append(cursor.fetchone())

                return both

            def __exit__(self, *error: Any) -> Any:
                return self.inner.__exit__(*error)

        return Watched()

    monkeypatch.setattr(import_job, "_announcing", watching)
    hand_in(alice, acme)
    run_imports()
    elsewhere.close()
    assert the_job().state == "done"
    assert ("reading", 1) in seen
    assert ("storing", 3) in seen


def test_nobody_hands_in_for_a_stranger(acme: Company, quarantine: Path) -> None:
    with pytest.raises(Exception, match="sign in"):
        queue_import(
            by=Actor.nobody(),
            company=acme,
            file_name="x.zip",
            content=Package().zip(),
            period=Period(date(2024, 1, 1), date(2024, 12, 31)),
        )
    assert not quarantine.exists()
