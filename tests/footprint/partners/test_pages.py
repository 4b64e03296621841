"""Partners in the browser: let in, open, answer, shut out; the outsider finds nothing."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from footprint.inventory.models import Product
from footprint.partners import actions, candidates, queries
from footprint.partners.actions.pulling import keep
from footprint.partners.models import Connection, Delivery, FootprintGrant, PartnerEvent, PartnerFootprint
from footprint.partners.sealing import unseal
from tests import builders as new
from tests.footprint.partners.conftest import BASE, System, World
from tests.footprint.partners.documents import whole
from tests.footprint.partners.test_events import event


@pytest.fixture
def browser(world: World) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=world.owner.user_id))
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=args)


def test_a_partner_is_added_let_in_and_given_a_second_secret(world: World, browser: Client) -> None:
    form = {"name": "New partner", "speaks": "3", "answers": "people", "base_url": "http://no.example"}
    refused = browser.post(url("add_connection"), form)
    assert (refused.status_code, Connection.objects.count()) == (422, 1)
    browser.post(url("add_connection"), {**form, "base_url": "https://new.example/pact/"})
    made = Connection.objects.get(name="New partner")
    assert (made.state, made.base_url) == ("requested", "https://new.example/pact")
    secrets = set()
    for _ in range(2):
        page = browser.post(url("new_secret", made.uuid), {"days": "90"})
        secrets |= set(re.findall(r"pact_[\w-]{20,}", page.content.decode()))
    assert len(secrets) == 2
    assert browser.post(url("new_secret", made.uuid), {"days": "90"}).status_code == 422
    shown = browser.get(url("connection", made.uuid)).content.decode()
    assert not any(secret in shown for secret in secrets)
    first = made.secrets.order_by("pk").first()
    browser.post(url("end_secret", made.uuid, first.uuid))
    assert made.secrets.filter(revoked_at__isnull=True).count() == 1
    assert browser.get(url("connection_list")).status_code == 200


def test_footprints_are_opened_and_closed(world: World, browser: Client, system: System) -> None:
    form = {"product": str(world.products[1].uuid), "level": "total", "purpose": "their own footprint"}
    assert browser.get(url("grant", world.connection.uuid)).status_code == 200
    browser.post(url("grant", world.connection.uuid), form)
    assert len(system.get("/3/footprints").json()["data"]) == 2
    assert browser.post(url("grant", world.connection.uuid), form).status_code == 422
    browser.cookies["django_language"] = "en"
    over = browser.post(url("grant", world.connection.uuid), {"level": "total", "ends_on": "2020-01-01"})
    assert over.status_code == 422 and "The last day lies in the past." in over.content.decode()
    for grant in world.connection.grants.all():
        browser.post(url("end_grant", world.connection.uuid, grant.uuid))
    assert system.get("/3/footprints").json()["data"] == []


def test_what_was_closed_is_listed_with_what_was_received(
    world: World, browser: Client, system: System
) -> None:
    User.objects.filter(pk=world.owner.user_id).update(locale="en")
    shown = url("connection", world.connection.uuid)
    assert "until it was closed" not in browser.get(shown).content.decode()
    assert len(system.get("/3/footprints").json()["data"]) == 1
    (first,) = world.connection.grants.all()
    actions.end_grant(first, by=world.owner, at=timezone.now())
    second = actions.grant_footprints(
        world.connection, by=world.owner, at=timezone.now(), purpose="all of it"
    )
    assert len(system.get("/3/footprints").json()["data"]) == 2
    third = actions.grant_footprints(
        world.connection, by=world.owner, at=timezone.now(), product=world.products[1]
    )
    FootprintGrant.objects.filter(pk=third.pk).update(ends_on="2026-01-31")
    page = browser.get(shown).content.decode()
    assert "What the partner saw until it was closed" in page and "· over" in page
    actions.revoke_connection(world.connection, by=world.owner, at=timezone.now())
    ended = queries.ended_grants(world.owner, world.connection)
    assert {each.pk: each.received for each in ended} == {first.pk: 1, second.pk: 2, third.pk: 1}
    assert "all of it" in browser.get(shown).content.decode()
    stranger = new.actor(new.company(), Role.OWNER)
    assert not queries.ended_grants(stranger, world.connection).exists()


@pytest.mark.parametrize("field", ["base_url", "auth_url"])
def test_a_stored_secret_is_not_sent_to_another_host(world: World, browser: Client, field: str) -> None:
    browser.cookies["django_language"] = "en"
    form = {"name": "Partner", "speaks": "3", "answers": "people", "callback_id": "us", "base_url": BASE}
    place, before = url("change_connection", world.connection.uuid), world.connection.callback_secret
    moved = form | {field: "https://attacker.example"}
    refused = browser.post(place, moved)
    assert refused.status_code == 422 and "Enter our client secret again" in refused.content.decode()
    assert (world.connection.base_url, world.connection.callback_secret) == (BASE, before)
    assert browser.post(place, form | {field: f"{BASE}/elsewhere"}).status_code == 302
    assert browser.post(place, moved | {"callback_secret": "another"}).status_code == 302
    assert unseal(world.connection.callback_secret) == "another"


def test_a_request_is_answered_by_a_person(world: World, browser: Client, system: System) -> None:
    browser.post(
        url("change_connection", world.connection.uuid),
        {"name": "Renamed", "speaks": "3", "answers": "people", "base_url": "https://partner.example",
         "callback_id": "us"},
    )  # fmt: skip
    assert world.connection.can_be_called, "an empty secret keeps the one there is"
    for number in range(2):
        wanted = {"productId": ["urn:gtin:4712345060507"], "geography": ["CN-ZJ"],
                  "validOn": "2026-02-01T00:00:00Z", "comment": "please"}  # fmt: skip
        assert system.post("/3/events", event(id=str(number), data=wanted)).status_code == 200
    first, second = PartnerEvent.objects.order_by("pk")
    page = browser.get(url("event", first.uuid)).content.decode()
    assert str(world.footprints[0].uuid) in page
    asked = page.partition("<pre")[0]
    assert all(each in asked for each in ("urn:gtin:4712345060507", "cn-zj", "2026", "please"))
    assert browser.post(url("event", first.uuid), {"level": "total", "fulfil": ""}).status_code == 422
    chosen = {"level": "total", "footprints": [str(world.footprints[0].uuid)], "fulfil": ""}
    assert browser.post(url("event", first.uuid), chosen).status_code == 302
    assert browser.post(url("event", second.uuid), {"level": "total", "reject": ""}).status_code == 422
    browser.post(url("event", second.uuid), {"level": "total", "reject": "", "reason": "not made here"})
    told = [json.loads(each.body)["data"] for each in Delivery.objects.order_by("pk")]
    assert "pfs" in told[0]
    assert told[1]["error"]["message"] == "not made here"
    assert browser.get(url("event_list")).status_code == 200
    assert browser.get(url("footprint_list")).status_code == 200


def test_whoever_answers_searches_all_products_and_keeps_what_was_chosen(
    world: World, browser: Client, system: System
) -> None:
    actions.change_connection(world.connection, by=world.owner, answers=Connection.Answers.PEOPLE)
    chosen, later = new.product(world.company, code="CHOSEN"), world.products[1]
    Product.objects.filter(pk=later.pk).update(name_en="Sought after", code="LATER")
    first, wanted = world.offer(chosen), world.footprints[1]
    for _ in range(candidates.MOST):
        world.offer(world.products[0], created="2026-11-27T00:00:00Z")
    assert system.post("/3/events", event()).status_code == 200
    asked = PartnerEvent.objects.get()
    shown = browser.get(url("event", asked.uuid)).content.decode()
    assert str(wanted.uuid) not in shown and 'name="q"' in shown
    form = {"level": "full", "reason": "", "search": "", "footprints": [str(first.uuid)]}
    for said in ("sought", "LATER", "Sought after"):
        found = browser.post(url("event", asked.uuid), {**form, "q": said})
        page = found.content.decode()
        assert found.status_code == 200
        assert str(wanted.uuid) in page and str(world.footprints[0].uuid) not in page
        assert f'value="{first.uuid}" checked' in page and '<option value="full" selected' in page
    for said in ("no such thing", "\0", "%"):
        assert browser.post(url("event", asked.uuid), {**form, "q": said}).status_code == 200
    both = [str(first.uuid), str(wanted.uuid)]
    sent = {"level": "total", "footprints": both, "fulfil": "", "q": ""}
    assert browser.post(url("event", asked.uuid), sent).status_code == 302
    told = json.loads(Delivery.objects.get().body)["data"]["pfs"]
    assert {each["id"] for each in told} == set(both)
    foreign = {**form, "q": "", "footprints": ["no uuid", str(uuid4())]}
    assert browser.post(url("event", asked.uuid), foreign).status_code == 200


def test_what_was_given_up_is_sent_again(world: World, browser: Client, system: System) -> None:
    system.post("/3/events", event())
    actions.process_events(at=timezone.now())
    Delivery.objects.update(state="dead")
    one = Delivery.objects.get()
    browser.post(url("again", one.uuid))
    assert Delivery.objects.get().state == "queued"


def test_the_outbox_is_paged_and_each_delivery_has_a_page(
    world: World, browser: Client, system: System
) -> None:
    now = timezone.now()
    for number in range(60):
        new_one = Delivery(company=world.company, connection=world.connection, type="published", body="{}")
        new_one.event_id, new_one.due_at, new_one.gives_up_at = f"event-{number}", now, now
        new_one.save()
    assert "?page=2" in browser.get(url("outbox")).content.decode()
    assert browser.get(url("outbox"), {"page": "2"}).content.decode().count("/partners/deliveries/") >= 10
    found = Delivery.objects.order_by("pk")[0]
    tried = {"at": now.isoformat(), "url": f"{BASE}/3/events", "status": 500, "told": "HTTP 500"}
    Delivery.objects.filter(pk=found.pk).update(
        state="dead", log=[{**tried, "answer": "<b>out of order</b>", "seconds": 0.4}]
    )
    assert (
        "/partners/deliveries/" + str(found.uuid)
        not in browser.get(url("outbox"), {"state": "delivered"}).content.decode()
    )
    page = browser.get(url("delivery", found.uuid)).content.decode()
    assert "&lt;b&gt;out of order" in page and "HTTP 500" in page and "event-0" in page
    browser.post(url("again", found.uuid))
    assert Delivery.objects.get(pk=found.pk).state == "queued"
    stranger = Client()
    stranger.force_login(new.person(new.company("outside"), Role.OWNER))
    assert stranger.get(url("delivery", found.uuid)).status_code == 404


def test_who_received_which_version_is_shown(world: World, browser: Client, system: System) -> None:
    assert world.connection.name not in browser.get(url("receipt_list")).content.decode()
    system.get("/3/footprints")
    page = browser.get(url("receipt_list")).content.decode()
    assert str(world.footprints[0].uuid) in page and world.connection.name in page


def test_a_partner_is_asked_and_shut_out(world: World, browser: Client) -> None:
    connection = world.connection
    assert browser.post(url("ask", connection.uuid), {"product_ids": "nothing"}).status_code == 422
    browser.post(url("ask", connection.uuid), {"product_ids": "urn:gtin:1\nurn:gtin:2"})
    assert json.loads(Delivery.objects.get().body)["data"] == {"productId": ["urn:gtin:1", "urn:gtin:2"]}
    browser.post(url("fetch", connection.uuid))
    assert world.connection.pull_due_at is not None
    browser.post(url("revoke_connection", connection.uuid))
    assert world.connection.state == "revoked"
    assert browser.post(url("revoke_connection", connection.uuid)).status_code == 422
    assert browser.post(url("fetch", connection.uuid)).status_code == 422


def test_a_received_footprint_is_shown_with_what_is_wrong(world: World, browser: Client) -> None:
    keep(world.connection, whole(pcf__fossilGhgEmissions="1E+3"), at=timezone.now())
    one = PartnerFootprint.objects.get()
    page = browser.get(url("received", one.uuid)).content.decode()
    assert "fossilGhgEmissions 应为加引号的普通小数" in page
    assert "/pcf/fossilGhgEmissions" in page


def test_who_may_only_read_changes_nothing(world: World) -> None:
    reader = Client()
    reader.force_login(new.person(world.company, Role.APPROVER))
    connection = world.connection
    assert reader.get(url("connection", connection.uuid)).status_code == 200
    for name in ("new_secret", "revoke_connection", "fetch", "grant", "ask", "change_connection"):
        assert reader.post(url(name, connection.uuid), {"days": "90"}).status_code == 403
    assert world.connection.is_active


def test_the_outsider(world: World, system: System) -> None:
    system.post("/3/events", event())
    outsider = Client()
    outsider.force_login(new.person(new.company(), Role.OWNER))
    one = PartnerEvent.objects.get()
    for name in ("connection", "change_connection", "grant", "ask"):
        assert outsider.get(url(name, world.connection.uuid)).status_code == 404
    assert outsider.get(url("event", one.uuid)).status_code == 404
    for name in ("connection_list", "event_list", "footprint_list"):
        page = outsider.get(url(name)).content.decode()
        assert "Partner</a>" not in page
        assert str(one.uuid) not in page
