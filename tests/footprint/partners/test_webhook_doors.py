"""Webhooks on their pages and over REST: added, shown once, rotated, tried out, replayed, removed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import outgoing
from accounts.models import Company, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from footprint.partners import actions
from footprint.partners.models import Delivery, Webhook
from tests import builders as new

pytestmark = pytest.mark.django_db
GIVEN = {"name": "SAP", "url": "https://erp.example/hooks", "kinds": ["job.done", "footprint.changed"]}
SECRET = re.compile(r"whsec_[\w+/=]{40,}")


def browser_of(person: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def owner() -> User:
    person = new.person(new.company("member"), Role.OWNER)
    User.objects.filter(pk=person.pk).update(locale="en")
    return person


def url(name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=args)


def test_from_added_to_removed_on_its_pages(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = browser_of(owner)
    refused = browser.post(url("add_webhook"), {**GIVEN, "url": "http://erp.example/"})
    assert (refused.status_code, Webhook.objects.count()) == (422, 0)
    first = SECRET.findall(browser.post(url("add_webhook"), GIVEN).content.decode())
    hook = Webhook.objects.get()
    second = SECRET.findall(browser.post(url("new_webhook_secret", hook.uuid)).content.decode())
    assert len({*first, *second}) == 2
    again = browser.post(url("new_webhook_secret", hook.uuid), follow=True).content.decode()
    assert "Two secrets are in use" in again
    assert not SECRET.findall(again)
    browser.post(url("retire_webhook_secret", hook.uuid))
    assert hook.secrets.filter(revoked_at=None).count() == 1
    browser.post(url("ping_webhook", hook.uuid))
    monkeypatch.setattr(outgoing, "call", lambda *a, **k: outgoing.Answer(500, {}, b""))
    actions.deliver_due()
    Delivery.objects.update(state="dead")
    page = browser.get(url("webhook", hook.uuid)).content.decode()
    assert "HTTP 500" in page and "Given up" in page and "Trial" in page
    browser.post(url("webhook_again", Delivery.objects.get().uuid))
    assert Delivery.objects.get().state == "queued"
    browser.post(url("change_webhook", hook.uuid), {**GIVEN, "name": "Oracle"})
    hook.refresh_from_db()
    assert (hook.name, hook.is_active) == ("Oracle", False)
    assert "switched off" in browser.post(url("ping_webhook", hook.uuid), follow=True).content.decode()
    assert "Oracle" in browser.get(url("webhook_list")).content.decode()
    browser.post(url("remove_webhook", hook.uuid))
    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()


def sent(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    return client.generic(
        method,
        f"/api/v1/{path}",
        "" if body is None else json.dumps(body),
        content_type="application/json",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def test_one_may_be_added_switched_off(owner: User) -> None:
    client = browser_of(owner)
    made = sent(client, "POST", "webhooks/", {**GIVEN, "is_active": False}).json()
    assert made["is_active"] is False
    assert sent(client, "POST", f"webhooks/{made['uuid']}/ping/").status_code == 422


def test_from_added_to_removed_over_rest(owner: User) -> None:
    client = browser_of(owner)
    made = sent(client, "POST", "webhooks/", GIVEN)
    assert made.status_code == 201, made.content
    path = f"webhooks/{made.json()['uuid']}/"
    assert SECRET.fullmatch(made.json()["secret"])
    assert made["Cache-Control"] == "no-store"
    assert "secret" not in sent(client, "GET", path).json()
    rotated = sent(client, "POST", f"{path}secrets/").json()
    assert len(rotated["secrets"]) == 2
    assert sent(client, "POST", f"{path}secrets/").status_code == 422
    assert sent(client, "POST", f"{path}retire-secret/").json()["secrets"] == [
        rotated["secret"].rstrip("=")[-4:]
    ]
    changed = sent(client, "PATCH", path, {"kinds": ["job.done"]}, If_Match='"1"').json()
    assert (changed["kinds"], changed["version"]) == (["job.done"], 2)
    assert sent(client, "PATCH", path, {"kinds": ["everything"]}, If_Match='"2"').status_code == 400
    ping = sent(client, "POST", f"{path}ping/").json()
    assert (ping["type"], ping["state"]) == ("ping", "queued")
    assert sent(client, "POST", f"webhook-deliveries/{ping['uuid']}/again/").status_code == 422
    listed = sent(client, "GET", f"webhook-deliveries/?webhook={made.json()['uuid']}").json()["results"]
    assert [row["uuid"] for row in listed] == [ping["uuid"]]
    assert sent(client, "DELETE", path, If_Match='"1"').status_code == 412
    assert sent(client, "DELETE", path, If_Match='"2"').status_code == 204


def test_everything_it_was_sent_is_listed_a_page_at_a_time(owner: User) -> None:
    browser = browser_of(owner)
    browser.post(url("add_webhook"), GIVEN)
    hook, now = Webhook.objects.get(), timezone.now()
    Delivery.objects.bulk_create(
        Delivery(
            company=hook.company, webhook=hook, type="job.done", event_id=f"e-{number}", body="{}",
            due_at=now, gives_up_at=now,
        )
        for number in range(120)
    )  # fmt: skip
    rows = re.compile(r'href="/partners/deliveries/([\w-]+)/"')
    shown: set[str] = set()
    for number in (1, 2, 3):
        found = rows.findall(browser.get(url("webhook", hook.uuid), {"page": number}).content.decode())
        shown |= set(found)
    assert len(shown) == 120


def test_others_of_the_company_look_and_an_outsider_finds_nothing(owner: User) -> None:
    found = new.partner(owner.memberships.get().company, new.product(owner.memberships.get().company))
    hook, delivery = found["webhook"], found["hook_delivery"]
    colleague = browser_of(new.person(hook.company, Role.APPROVER))
    assert colleague.get(url("webhook", hook.uuid)).status_code == 200
    assert colleague.post(url("ping_webhook", hook.uuid)).status_code == 403
    outsider = browser_of(new.person(new.company("outsider"), Role.OWNER))
    assert outsider.get(url("webhook", hook.uuid)).status_code == 404
    assert outsider.post(url("webhook_again", delivery.uuid)).status_code == 404
    for path in (f"webhooks/{hook.uuid}/", f"webhook-deliveries/{delivery.uuid}/"):
        assert sent(outsider, "GET", path).status_code == 404
    assert sent(outsider, "GET", "webhooks/").json()["results"] == []


def test_why_nothing_arrived_is_said_in_the_readers_language(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker that tried knows nobody's language: it keeps the code."""

    def away(*given: Any, **named: Any) -> outgoing.Answer:
        raise outgoing.Unreachable("no_answer")

    monkeypatch.setattr(outgoing, "call", away)
    by = actor_of_user(owner)
    made = actions.add_webhook(Company.objects.get(), by=by, at=timezone.now(), **GIVEN).webhook
    sent = actions.ping_webhook(made, by=by, at=timezone.now())
    actions.deliver_due()
    for place in (url("delivery", sent.uuid), url("webhook", made.uuid)):
        page = browser_of(owner).get(place).content.decode()
        assert "The host gave no answer that can be used." in page
        assert "no_answer" not in page
