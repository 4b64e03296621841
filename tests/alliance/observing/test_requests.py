"""Every request has an identifier, whatever becomes of it; it goes along with the tasks it sends."""

from __future__ import annotations

import json
import logging
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from celery import current_app
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from accounts import tracing
from accounts.models import AuditEntry
from accounts.roles import Role
from alliance.observing import ready, tasks
from alliance.observing.lines import JsonLines
from tests import builders as new
from tests.chains import settle

HEADER = tracing.HEADER


def test_an_answer_names_its_request_and_a_proxys_name_is_kept(client: Client) -> None:
    made = client.get("/healthz")[HEADER]
    assert UUID(made) != UUID(client.get("/healthz")[HEADER])
    given = str(uuid4())
    assert client.get("/healthz", headers={HEADER: given})[HEADER] == given


@pytest.mark.parametrize(
    "odd", ["", "x", "1" * 32, "{0f8fad5b-d9cb-469f-a165-70867728950e}", "a\tb", "1" * 500]
)
def test_what_is_no_identifier_is_not_taken_for_one(client: Client, odd: str) -> None:
    answered = client.get("/healthz", headers={HEADER: odd})[HEADER]
    assert answered != odd
    assert str(UUID(answered)) == answered


@pytest.mark.django_db
def test_the_audit_log_knows_the_same_request(client: Client) -> None:
    company = new.company()
    client.force_login(new.person(company, Role.OWNER))
    page = client.get(f"/audit/csv/?log={company.uuid}")
    settle()
    entry = AuditEntry.objects.get(action="downloaded")
    assert str(entry.request) == page[HEADER]


@pytest.mark.django_db
def test_a_line_for_each_request_says_the_route_and_not_what_was_asked(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    company = new.company("somebody")
    client.force_login(new.person(company, Role.OWNER))
    with caplog.at_level(logging.INFO, logger="alliance.observing.requests"):
        client.get("/products/?q=hidden-question")
    (record,) = [one for one in caplog.records if one.name == "alliance.observing.requests"]
    assert record.facts["route"] == "inventory:product_list"
    assert record.facts["status"] == 200
    assert "hidden-question" not in JsonLines().format(record)


def test_nothing_of_a_request_is_left_behind(client: Client) -> None:
    client.get("/healthz")
    assert tracing.current() == tracing.Trace()


def test_the_page_of_a_fault_shows_the_identifier() -> None:
    tracing.begin(request="c0ffee")
    try:
        page = server_error(HttpRequest()).content.decode()
    finally:
        tracing.end()
    assert "<code>c0ffee</code>" in page
    assert "<code>" not in server_error(HttpRequest()).content.decode()


def test_a_task_is_told_on_which_request_it_was_sent() -> None:
    sent: dict[str, object] = {}
    tracing.begin(request="the request")
    tasks.carry_the_request(headers=sent)
    tracing.end()
    task = SimpleNamespace(name="a.task", request=SimpleNamespace(**sent))
    tasks.begin("the task", task)
    assert (tracing.current().request, tracing.current().task) == ("the request", "the task")
    tasks.finish(task, "SUCCESS")
    assert tracing.current() == tracing.Trace()


def test_the_identifier_travels_with_the_message() -> None:
    """Through the real publisher, into a broker in memory."""
    tracing.begin(request="the request")
    try:
        current_app.send_task("a.task.nobody.has", queue="only-for-this-test")
    finally:
        tracing.end()
    with current_app.connection_for_read() as line:
        message = line.default_channel.basic_get("only-for-this-test", no_ack=True)
    assert message.headers[tasks.CARRIED] == "the request"


@pytest.mark.django_db
def test_it_is_ready_when_the_database_has_every_migration(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "_last", (float("-inf"), ""))
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(ready, "_last", (float("-inf"), ""))
    monkeypatch.setattr(ready, "_wanted", lambda: frozenset({("accounts", "9999_of_the_next_release")}))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content) == {"ready": False, "lacking": "migrations: 1 not applied"}


@pytest.mark.django_db
def test_it_is_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> frozenset[tuple[str, str]]:
        raise OperationalError

    monkeypatch.setattr(ready, "_wanted", away)
    monkeypatch.setattr(ready, "_last", (float("-inf"), ""))
    assert client.get("/readyz").json() == {"ready": False, "lacking": "database: OperationalError"}


@pytest.mark.django_db
def test_metrics_name_routes_and_states_and_no_tenant(client: Client) -> None:
    company = new.company("canary-company")
    client.force_login(new.person(company, Role.OWNER))
    client.get(f"/companies/{company.uuid}/")
    client.get("/nowhere/at/all/")
    text = client.get("/metrics").content.decode()
    assert 'pcf_http_requests_total{method="GET",route="accounts:company",status="200"}' in text
    assert 'route="none",status="404"' in text
    for name in ("database_up 1.0", "ledger_quarantined 0.0", "ledger_oldest_seconds", "disk_free_ratio"):
        assert f"pcf_{name}" in text
    for told in ("canary", str(company.uuid), "nowhere", "@example"):
        assert told not in text


@pytest.mark.django_db
def test_metrics_are_for_this_machine_or_for_who_has_the_token(
    rf: RequestFactory, client: Client, settings: Any
) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.9").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    settings.METRICS_TOKEN = "operators-only"
    assert client.get("/metrics").status_code == 404
    for given, status in (("Bearer operators-only", 200), ("Bearer other", 404), ("operators-only", 404)):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == status
