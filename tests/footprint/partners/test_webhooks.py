"""Webhooks: news of one's own things, signed, delivered like events of partners, replayed when given up."""

from __future__ import annotations

import json
from typing import Any

import pytest
import standardwebhooks
from django.utils import timezone

from accounts import outgoing
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.roles import Role
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.exchange.tasks import run_upserts
from footprint.partners import actions
from footprint.partners.actions.delivering import REST
from footprint.partners.actions.hooks import Made
from footprint.partners.models import Delivery, WaitingNews, Webhook, WebhookSecret
from tests import builders as new
from tests.api.conftest import World as World
from tests.api.conftest import world as world

ADDRESS = "https://erp.example/hooks"


class Receiver:
    """The company's own system: what arrived, and what it answers."""

    def __init__(self) -> None:
        self.calls: list[tuple[bytes, dict[str, str]]] = []
        self.status = 204

    def call(self, method: str, url: str, *, body: bytes = b"", headers: Any = None) -> outgoing.Answer:
        assert (method, url) == ("POST", ADDRESS)
        self.calls.append((body, dict(headers)))
        if self.status == 0:
            raise outgoing.Unreachable("no_answer")
        return outgoing.Answer(self.status, {}, b"")

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body, _headers in self.calls]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Receiver:
    made = Receiver()
    monkeypatch.setattr(outgoing, "call", made.call)
    return made


def owner(world: World) -> Actor:
    return new.actor(world.company, Role.OWNER)


def hook(world: World, *kinds: str, **more: Any) -> Made:
    chosen = list(kinds or Webhook.Kind.values)
    given = {"name": "SAP", "url": ADDRESS, "kinds": chosen, **more}
    return actions.add_webhook(world.company, by=owner(world), at=timezone.now(), **given)


def tell() -> int:
    actions.tell_news(at=timezone.now())
    return actions.deliver_due()


def test_an_event_is_signed_by_the_specification(world: World, receiver: Receiver) -> None:
    made = hook(world)
    actions.ping_webhook(made.webhook, by=owner(world), at=timezone.now())
    assert actions.deliver_due() == 1
    body, headers = receiver.calls[0]
    told = standardwebhooks.Webhook(made.secret).verify(body, headers)
    assert (told["type"], told["data"]) == ("ping", {"things": []})
    delivery = Delivery.objects.get(webhook=made.webhook)
    assert (delivery.state, delivery.told, delivery.event_id) == (
        "delivered",
        "HTTP 204",
        headers["webhook-id"],
    )
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(made.secret).verify(body + b" ", headers)


def test_two_secrets_sign_until_the_older_is_retired(world: World, receiver: Receiver) -> None:
    made = hook(world)
    by, at = owner(world), timezone.now()
    second = actions.issue_webhook_secret(made.webhook, by=by, at=at)
    with pytest.raises(Refusal) as refused:
        actions.issue_webhook_secret(made.webhook, by=by, at=at)
    assert refused.value.code == "two_secrets"
    actions.ping_webhook(made.webhook, by=by, at=at)
    actions.deliver_due()
    body, headers = receiver.calls[0]
    for secret in (made.secret, second.secret):
        standardwebhooks.Webhook(secret).verify(body, headers)
    actions.retire_webhook_secret(made.webhook, by=by, at=timezone.now())
    actions.ping_webhook(made.webhook, by=by, at=timezone.now())
    actions.deliver_due()
    body, headers = receiver.calls[1]
    standardwebhooks.Webhook(second.secret).verify(body, headers)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(made.secret).verify(body, headers)
    actions.retire_webhook_secret(made.webhook, by=by, at=timezone.now())
    assert WebhookSecret.objects.get(revoked_at=None).hint == second.secret.rstrip("=")[-4:]


def test_a_secret_is_nowhere_as_it_is(world: World) -> None:
    made = hook(world)
    kept = WebhookSecret.objects.get()
    assert made.secret not in kept.sealed
    assert made.secret not in repr(made)


def test_changed_footprints_travel_together(world: World, receiver: Receiver) -> None:
    hook(world, "footprint.changed")
    world.feed.amount = 1000
    world.feed.save()
    drain()
    assert tell() == 1
    (event,) = receiver.events()
    own = Footprint.objects.get(process=world.cracker, product=world.ethylene)
    assert event["type"] == "footprint.changed"
    assert [thing["uuid"] for thing in event["data"]["things"]] == [str(own.uuid)]
    address = event["data"]["things"][0]["url"].partition("/api/")[2]
    assert world.erp.get(f"/api/{address}").status_code == 200
    drain()
    assert tell() == 0


def test_nobody_is_told_of_another_companys_things(world: World, receiver: Receiver) -> None:
    hook(world)
    line = world.offered.exchanges.get()
    line.amount = 2000
    line.save()
    drain()
    tell()
    theirs = set(map(str, Footprint.objects.filter(company=world.supplier).values_list("uuid", flat=True)))
    assert theirs and receiver.events()  # the buyer's own figure moved with it
    assert not theirs & {thing["uuid"] for event in receiver.events() for thing in event["data"]["things"]}
    assert str(world.supplier.uuid) not in str(receiver.calls)


def test_a_job_that_ended_is_told(world: World, receiver: Receiver) -> None:
    hook(world, "job.done")
    body = {"rows": [{"code": "P-1", "unit": "kg", "name_en": "x"}]}
    job = world.erp.post("upserts/products/", body, Prefer="respond-async").json()
    assert tell() == 0
    run_upserts()
    tell()
    (thing,) = receiver.events()[0]["data"]["things"]
    assert (thing["uuid"], thing["state"]) == (job["uuid"], "done")
    assert thing["url"].endswith(f"/api/v1/upserts/{job['uuid']}/")


def test_a_partners_request_is_told(world: World, receiver: Receiver) -> None:
    hook(world, "request.arrived")
    found = new.partner(world.company, world.ethylene)["event"]
    tell()
    (thing,) = receiver.events()[0]["data"]["things"]
    assert thing["url"].endswith(f"/api/v1/partner-events/{found.uuid}/")


def test_only_what_was_chosen_is_left_behind(world: World) -> None:
    hook(world, "job.done")
    world.feed.amount = 1000
    world.feed.save()
    drain()
    assert not WaitingNews.objects.exists()


def test_what_fails_is_tried_again_and_then_laid_aside_and_replayed(world: World, receiver: Receiver) -> None:
    made = hook(world)
    receiver.status = 500
    sent = actions.ping_webhook(made.webhook, by=owner(world), at=timezone.now())
    actions.deliver_due()
    sent.refresh_from_db()
    assert (sent.state, sent.told, sent.attempts) == ("queued", "HTTP 500", 1)
    assert sent.due_at > timezone.now()
    Delivery.objects.update(due_at=timezone.now(), gives_up_at=timezone.now())
    actions.deliver_due()
    sent.refresh_from_db()
    assert sent.state == "dead"
    receiver.status = 200
    with pytest.raises(NotAllowed):
        actions.replay(sent, by=new.actor(world.company, Role.APPROVER), at=timezone.now())
    actions.replay(sent, by=owner(world), at=timezone.now())
    actions.deliver_due()
    sent.refresh_from_db()
    assert sent.state == "delivered"
    assert receiver.calls[0][1]["webhook-id"] == receiver.calls[-1][1]["webhook-id"]


def test_who_is_gone_is_told_no_more(world: World, receiver: Receiver) -> None:
    made = hook(world)
    receiver.status = 410
    sent = actions.ping_webhook(made.webhook, by=owner(world), at=timezone.now())
    actions.deliver_due()
    made.webhook.refresh_from_db()
    sent.refresh_from_db()
    assert (made.webhook.is_active, sent.state) == (False, "dead")
    with pytest.raises(Refusal):
        actions.ping_webhook(made.webhook, by=owner(world), at=timezone.now())


def test_what_was_switched_off_meanwhile_is_not_called(world: World, receiver: Receiver) -> None:
    made = hook(world)
    sent = actions.ping_webhook(made.webhook, by=owner(world), at=timezone.now())
    actions.change_webhook(made.webhook, by=owner(world), version=1, is_active=False)
    actions.deliver_due()
    sent.refresh_from_db()
    assert (receiver.calls, sent.state) == ([], "dead")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"url": "http://erp.example/"}, "not_https"),
        ({"url": "https://127.0.0.1/"}, "bad_host"),
        ({"url": "https://user:word@erp.example/"}, "not_https"),
        ({"url": ""}, "required"),
        ({"kinds": []}, "required"),
        ({"kinds": ["everything"]}, "unknown_choice"),
        ({"name": ""}, "required"),
    ],
)
def test_what_makes_no_webhook(world: World, given: dict[str, Any], code: str) -> None:
    fields = {"name": "x", "url": ADDRESS, "kinds": ["job.done"], **given}
    with pytest.raises((Refusal, Refusals)) as refused:
        actions.add_webhook(world.company, by=owner(world), at=timezone.now(), **fields)
    found = refused.value
    assert (found.code if isinstance(found, Refusal) else found.refusals[0].code) == code


def test_who_does_not_answer_is_called_for_nothing_else_for_a_while(world: World, receiver: Receiver) -> None:
    """Or a receiver that hangs, five seconds a call, would hold every worker and whatever else waits."""
    by, now = owner(world), timezone.now()
    silent = hook(world).webhook
    for _ in range(3):
        actions.ping_webhook(silent, by=by, at=now)
    receiver.status = 0
    assert actions.deliver_due(now=now) == 1
    assert actions.deliver_due(now=now + REST / 2) == 0
    tried = Delivery.objects.exclude(attempts=0).get()
    assert (tried.due_at, tried.log[-1]["told"], len(tried.log)) == (now + REST, "no_answer", 1)
    another = hook(world, name="ERP").webhook
    actions.ping_webhook(another, by=by, at=now)
    receiver.status = 200
    assert actions.deliver_due(now=now + REST / 2) == 1
    assert Delivery.objects.get(webhook=another).state == "delivered"
    assert actions.deliver_due(now=now + REST) == 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_one_call_at_a_time_goes_to_a_receiver(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second worker leaves it alone while the first waits; what it refuses holds up nothing."""
    by, now = owner(world), timezone.now()
    made, meanwhile = hook(world).webhook, []
    for _ in range(2):
        actions.ping_webhook(made, by=by, at=now)

    def slow(*given: Any, **named: Any) -> outgoing.Answer:
        if not meanwhile:
            meanwhile.append(0)
            meanwhile.append(actions.deliver_due(now=now))
        return receiver.call(*given, **named)

    receiver.status = 500
    monkeypatch.setattr(outgoing, "call", slow)
    assert actions.deliver_due(now=now) == 2
    assert meanwhile == [0, 0]
