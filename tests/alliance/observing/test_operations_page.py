"""The system administrator sees that everything runs, and nobody's business; nobody else sees even that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AuditEntry, Company
from accounts.roles import Role
from accounts.visibility import acting_as
from alliance.observing import readings
from alliance.pages import operations
from footprint.calculation import ledger, tasks
from footprint.calculation.models import RecomputeFailure
from footprint.partners.models import Delivery
from tests import builders as new
from tests.chains import settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Company:
    return new.company("office", kind=Company.Kind.ASSOCIATION)


@pytest.fixture
def watcher(office: Company, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Signed in as the system administrator; parts are not waited for."""
    monkeypatch.setattr(
        operations, "examine", lambda: {"database": "ok", "broker": "ok", "worker": "NoWorker"}
    )
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(new.person(office, Role.PLATFORM_ADMIN))
    client.cookies["django_language"] = "en"
    return client


def broken() -> RecomputeFailure:
    return RecomputeFailure.objects.create(
        kind="process",
        key=17,
        gen=1,
        attempts=5,
        not_before=timezone.now(),
        last_error="ValueError: of Secret Ltd",
    )


def test_a_part_that_is_away_and_a_backup_that_is_missing_are_named(watcher: Client) -> None:
    page = watcher.get("/operations/")
    by_label = {one.label: one for one in [*page.context["parts"], *page.context["safety"]]}
    well = {str(label): one.is_well for label, one in by_label.items()}
    assert list(well.values()).count(True) >= 2
    worker = next(one for one in page.context["parts"] if one.value == "NoWorker")
    assert not worker.is_well
    assert "NoWorker" in page.content.decode()


def test_a_fault_is_shown_by_its_kind_without_what_it_says_of_somebody(watcher: Client) -> None:
    broken()
    page = watcher.get("/operations/").content.decode()
    assert "<code>ValueError</code>" in page and ">17<" in page
    assert "Secret Ltd" not in page


def test_quarantine_is_released_by_the_worker_and_recorded(
    watcher: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    broken()
    sent: list[str] = []
    monkeypatch.setattr(readings, "queue_length", lambda: 0)
    monkeypatch.setattr(operations.current_app, "send_task", lambda name, **_: sent.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        assert watcher.post("/operations/retry/").status_code == 302
    assert sent == [ledger.RETRY_TASK]
    settle()
    assert AuditEntry.objects.filter(action="retried", subject="calculation_recomputefailure").exists()
    assert tasks.retry.name == ledger.RETRY_TASK
    tasks.retry()
    assert not RecomputeFailure.objects.exists()


def test_without_a_broker_it_says_what_to_do(watcher: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    broken()
    monkeypatch.setattr(readings, "queue_length", lambda: None)
    page = watcher.post("/operations/retry/", follow=True).content.decode()
    assert "manage.py recompute --retry" in page
    assert RecomputeFailure.objects.exists()


def test_nobody_else_gets_in(office: Company) -> None:
    for company, role in ((office, Role.STEWARD), (office, Role.AUDITOR), (new.company(), Role.OWNER)):
        client = Client()
        client.force_login(new.person(company, role))
        assert client.get("/operations/").status_code == 403
        assert client.post("/operations/retry/").status_code == 403
        assert "/operations/" not in client.get("/").content.decode()


def test_events_on_their_way_are_counted_and_are_nobodys(watcher: Client) -> None:
    company = new.company("petro")
    one = new.partner(company, new.product(company), "Secret-Partner")
    late = timezone.now() - operations.LATE_DELIVERY - timedelta(seconds=1)
    event = {"company": company, "type": "published", "body": "{}", "gives_up_at": timezone.now()}
    Delivery.objects.create(**event, connection=one["connection"], event_id="late", due_at=late)
    page = watcher.get("/operations/")
    told = {str(each.label): (each.value, each.is_well) for each in page.context["exchange"]}
    assert told["To partners: waiting"] == (1, False)
    assert told["To partners: given up"] == (1, True)
    assert told["To webhooks: given up"] == (1, True)
    assert told["To webhooks: waiting"] == (0, True)
    assert "Secret-Partner" not in page.content.decode()


def test_the_web_counts_what_it_may_not_read(transactional_db: None) -> None:
    company = new.company("petro")
    new.partner(company, new.product(company))
    with acting_as(Actor.nobody()):
        assert Delivery.objects.count() == 0
        by_receiver = {each.receiver: (each.queued, each.dead) for each in readings.deliveries()}
        assert set(readings.freshness()) == {"current", "pending", "failed"}
    assert by_receiver == {"partner": (0, 1), "webhook": (0, 1)}


def test_footprints_are_counted_by_freshness() -> None:
    process = new.process(new.inventory(new.site(new.company("petro"))))
    new.output(process, new.product(process.company), is_reference=True)
    ledger.drain()
    assert readings.freshness() == {"current": 1, "pending": 0, "failed": 0}
    new.emits(process, "1")
    assert readings.freshness() == {"current": 0, "pending": 1, "failed": 0}
    metrics = {each.name: each for each in readings.Readings().collect()}
    states = {one.labels["freshness"]: one.value for one in metrics["pcf_footprints"].samples}
    assert states == {"current": 0, "pending": 1, "failed": 0}
    assert {one.labels["to"] for one in metrics["pcf_deliveries_queued"].samples} == {"partner", "webhook"}
