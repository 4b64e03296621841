"""Somebody outside asks to be connected: one company, by a page that tells nothing; its people decide."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.audit_queries import history
from accounts.errors import NotAllowed, Refusal, Stale
from accounts.models import Company, Notification, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.partners import actions, queries
from footprint.partners.models import Connection, ConnectionRequest, Reception
from footprint.partners.tasks import watch
from tests import builders as new
from tests.chains import settle
from tests.footprint.partners.test_rest import Door

pytestmark = pytest.mark.django_db
LEI, USCC = "529900T8BM49AURSDO55", "91310000607205001X"
STATED = {
    "name": "Purchasing Ltd",
    "contact_name": "Ann Buyer",
    "contact_mail": "Ann@Buyer.example",
    "purpose": "Ethylene of 2025 for our own footprint",
}


def asked(company: Company, **changes: Any) -> ConnectionRequest:
    with acting_as(Actor.nobody()):
        made = actions.ask_to_be_connected(company, at=timezone.now(), **{**STATED, **changes})
    return ConnectionRequest.objects.get(uuid=made.uuid)


def opened(company: Company) -> Actor:
    """Its data owner, who lets it be asked."""
    owner = new.actor(company, Role.OWNER)
    with acting_as(owner):
        actions.open_reception(company, by=owner, is_open=True, at=timezone.now())
    return owner


def browser(person: User | None = None, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    if person is not None:
        User.objects.filter(pk=person.pk).update(locale="en")
        client.force_login(person)
    return client


def page(client: Client, **changes: str) -> Any:
    return client.post("/connect/", {**STATED, **changes})


def test_nobody_is_named_before_the_company_wants_it() -> None:
    quiet, loud = new.company("quiet-works"), new.company("loud-works")
    for language, words in (("en", "No company takes requests"), ("zh-hans", "目前没有企业")):
        assert words in browser(language=language).get("/connect/").content.decode()
    opened(loud)
    shown = browser().get(f"/connect/?company={loud.uuid}").content.decode()
    assert f'value="{loud.uuid}" selected' in shown and str(quiet.uuid) not in shown
    owner = new.actor(loud, Role.OWNER)
    with acting_as(owner):
        actions.open_reception(loud, by=owner, is_open=False, at=timezone.now())
    assert str(loud.uuid) not in browser().get("/connect/").content.decode()


def test_the_receipt_shows_what_was_left_and_people_are_told() -> None:
    company = new.company()
    opened(company)
    sharing, plant = new.person(company, Role.SHARING_MANAGER), new.person(company, Role.PLANT_PROVIDER)
    answer = page(
        browser(), company=str(company.uuid), lei=LEI.lower(), base_url="https://buyer.example/pact/"
    )
    made = ConnectionRequest.objects.get()
    assert answer.status_code == 200 and str(made.uuid) in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert (made.lei, made.contact_mail, made.base_url, made.state) == (
        LEI, "ann@buyer.example", "https://buyer.example/pact", "new",
    )  # fmt: skip
    told = Notification.objects.filter(subject_uuid=made.uuid).values_list("recipient", flat=True)
    assert sharing.pk in told and plant.pk not in told
    assert "Purchasing Ltd" in browser(sharing).get("/").content.decode()
    assert "Purchasing Ltd" in browser(sharing).get(reverse("accounts:notifications")).content.decode()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", ""),
        ("purpose", " "),
        ("purpose", "x" * 2001),
        ("contact_name", "a\x07b"),
        ("contact_mail", "no address"),
        ("contact_mail", "a@b.example\nBcc: c@d.example"),
        ("lei", "529900T8BM49AURSDO56"),
        ("uscc", "91310000607205001Y"),
        ("duns", "12"),
        ("base_url", "http://buyer.example"),
        ("base_url", "https://user:secret@buyer.example"),
        ("base_url", "https://127.0.0.1/"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field: str, given: str) -> None:
    company = new.company()
    opened(company)
    answer = page(browser(), company=str(company.uuid), **{field: given})
    assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.content.decode()
    assert not ConnectionRequest.objects.exists()


def test_everything_that_is_missing_is_said_at_once() -> None:
    opened(new.company())
    answer = page(browser(), **dict.fromkeys(STATED, ""), company="").content.decode()
    assert all(f'id="id_{field}_error"' in answer for field in (*STATED, "company"))


def test_a_company_that_takes_none_is_refused_like_one_that_is_nowhere() -> None:
    opened(new.company("open"))
    closed = new.company("closed")
    asked_of = (str(closed.uuid), "00000000-0000-0000-0000-000000000000", "x")
    bodies = {
        re.sub(rb'name="csrf[a-z-]*" (?:value|content)="[^"]*"|nonce="[^"]*"', b"", answer.content)
        for answer in (page(browser(), company=each) for each in asked_of)
        if answer.status_code == 422
    }
    assert len(bodies) == 1
    with pytest.raises(Refusal, match="take requests") as told:
        asked(closed)
    assert told.value.field == "company"


def test_asking_twice_tells_nothing_of_the_first_time() -> None:
    company = new.company()
    opened(company)
    first, second = (page(browser(), company=str(company.uuid)) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert ConnectionRequest.objects.count() == 2


def test_one_address_and_one_company_bear_so_many(settings: Any) -> None:
    company = new.company()
    opened(company)
    settings.RATE_LIMITS = {"connect-company": (1, 60)}
    assert page(browser(), company=str(company.uuid)).status_code == 200
    full = page(browser(), company=str(company.uuid))
    assert full.status_code == 422 and "tomorrow" in full.content.decode()
    assert ConnectionRequest.objects.count() == 1
    settings.RATE_LIMITS = {"connect": (1, 60)}
    assert [page(browser()).status_code for _ in range(2)] == [422, 429]
    assert browser().get("/connect/").status_code == 200


def test_it_is_taken_up_and_let_in_like_every_partner() -> None:
    company = new.company()
    opened(company)
    request = asked(company, base_url="https://buyer.example", language="en")
    owner = new.person(company, Role.OWNER)
    client = browser(owner)
    assert "Purchasing Ltd" in client.get(reverse("partners:request_list")).content.decode()
    assert client.get(reverse("partners:request", args=[request.uuid])).status_code == 200
    Connection.objects.create(company=company, name="Taken")
    accept = reverse("partners:accept_request", args=[request.uuid])
    assert client.post(accept, {"name": "Taken"}).status_code == 422
    assert client.post(accept, {"name": "Buyer"}).status_code == 302
    request.refresh_from_db()
    made = Connection.objects.get(name="Buyer")
    assert (request.state, request.connection, request.decided_by) == ("accepted", made, owner)
    assert (made.state, made.base_url, made.partner) == ("requested", "https://buyer.example", None)
    shown = client.post(reverse("partners:new_secret", args=[made.uuid]), {"days": "90"}).content.decode()
    assert re.search(r"pact_[\w-]{20,}", shown)
    assert client.post(accept, {"name": "Again"}).status_code == 422


def test_the_asker_reads_why_not_in_its_own_language(django_capture_on_commit_callbacks: Any) -> None:
    company = new.company()
    owner = opened(company)
    for language, word in (("en", "does not take up"), ("zh-hans", "未受理")):
        request = asked(company, language=language)
        with pytest.raises(Refusal, match="why"), acting_as(owner):
            actions.refuse_request(request, by=owner, at=timezone.now(), reason=" ")
        with django_capture_on_commit_callbacks(execute=True), acting_as(owner):
            actions.refuse_request(request, by=owner, at=timezone.now(), reason="No such product of ours")
        (sent,) = [one for one in mail.outbox if word in one.body]
        assert sent.to == ["ann@buyer.example"] and "No such product" in sent.body
    with pytest.raises(Refusal, match="no longer possible"), acting_as(owner):
        actions.accept_request(request, by=owner, at=timezone.now())


def test_the_database_holds_it_to_its_end() -> None:
    company = new.company()
    owner = opened(company)
    request = asked(company)
    with acting_as(owner):
        stale = ConnectionRequest.objects.get(pk=request.pk)
        actions.refuse_request(request, by=owner, at=timezone.now(), reason="no", version=1)
        with pytest.raises(Stale):
            actions.accept_request(stale, by=owner, at=timezone.now(), version=1)
    own = ConnectionRequest.objects.filter(pk=request.pk)
    for change in ({"state": "new"}, {"reason": "other"}):
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            own.update(**change)
    own.update(decided_by=None)


@pytest.mark.parametrize("role", [Role.PLANT_PROVIDER, Role.APPROVER])
def test_who_may_not_share_reads_and_decides_nothing(role: Role) -> None:
    company = new.company()
    opened(company)
    request = asked(company)
    person = new.person(company, role)
    client = browser(person)
    shown = client.get(reverse("partners:request", args=[request.uuid])).content.decode()
    assert "Purchasing Ltd" in shown and "/accept/" not in shown
    for name, body in (("accept_request", {"name": "x"}), ("refuse_request", {"reason": "x"})):
        assert client.post(reverse(f"partners:{name}", args=[request.uuid]), body).status_code == 403
    closing = reverse("partners:reception", args=[company.uuid])
    assert client.post(closing, {"is_open": "no"}).status_code == 403
    with pytest.raises(NotAllowed), acting_as(actor_of_user(person)):
        actions.accept_request(request, by=actor_of_user(person), at=timezone.now())


def test_it_is_the_asked_companys_alone() -> None:
    company, other = new.company("asked"), new.company("other")
    opened(company)
    request, outsider = asked(company), new.person(other, Role.OWNER)
    client = browser(outsider)
    assert "Purchasing Ltd" not in client.get(reverse("partners:request_list")).content.decode()
    assert client.get(reverse("partners:request", args=[request.uuid])).status_code == 404
    for name in ("accept_request", "refuse_request"):
        answer = client.post(reverse(f"partners:{name}", args=[request.uuid]), {"name": "x", "reason": "x"})
        assert answer.status_code == 404
    assert client.post(reverse("partners:reception", args=[company.uuid])).status_code == 404
    for who in (actor_of_user(outsider), Actor.nobody()):
        with acting_as(who):
            assert not ConnectionRequest.objects.exists() and not Reception.objects.exists()
    assert not queries.requests(actor_of_user(outsider)).exists()


def test_a_sandbox_meets_nobody() -> None:
    sandbox = new.company("sand", kind=Company.Kind.SANDBOX)
    owner = new.actor(sandbox, Role.OWNER)
    with pytest.raises(Refusal, match="sandbox"), acting_as(owner):
        actions.open_reception(sandbox, by=owner, is_open=True, at=timezone.now())


def test_the_log_keeps_what_was_decided_and_no_address_of_a_person() -> None:
    company = new.company()
    owner = opened(company)
    request = asked(company)
    with acting_as(owner):
        actions.refuse_request(request, by=owner, at=timezone.now(), reason="no")
    settle()
    with acting_as(owner):
        told = [repr(vars(entry)) for entry in history(owner, request.uuid)]
    assert len(told) == 2 and not any("buyer.example" in each or "Ann" in each for each in told)


def test_over_rest_it_moves_from_the_version_that_was_read() -> None:
    company = new.company()
    opened(company)
    first, second = asked(company), asked(company, name="Other Ltd")
    owner, outsider = Door(new.person(company, Role.OWNER)), Door(new.person(new.company(), Role.OWNER))
    (listed,) = [
        one
        for one in owner.get("connection-requests/?state=new").json()["results"]
        if one["name"] == "Other Ltd"
    ]
    assert listed["contact_mail"] == "ann@buyer.example" and listed["connection"] is None
    at = f"connection-requests/{first.uuid}/"
    tag = owner.get(at)["ETag"]
    assert owner.post(f"{at}moves/", {"move": "accept"}).status_code == 428
    answer = owner.post(f"{at}moves/", {"move": "accept", "name": "Buyer"}, **{"if-match": tag})
    made = Connection.objects.get(name="Buyer")
    assert answer.status_code == 200 and answer.json()["connection"] == str(made.uuid)
    assert (
        owner.post(f"{at}moves/", {"move": "refuse", "reason": "x"}, **{"if-match": tag}).status_code == 422
    )
    at = f"connection-requests/{second.uuid}/moves/"
    refused = owner.post(at, {"move": "refuse"}, **{"if-match": tag})
    assert refused.status_code == 422 and refused.json()["errors"][0]["code"] == "no_reason"
    assert (
        owner.post(at, {"move": "refuse", "reason": "No"}, **{"if-match": tag}).json()["state"] == "refused"
    )
    assert outsider.get(f"connection-requests/{second.uuid}/").status_code == 404
    assert outsider.post(at, {"move": "refuse", "reason": "No"}, **{"if-match": tag}).status_code == 404
    assert outsider.get("connection-requests/").json()["results"] == []


def test_over_rest_a_company_lets_itself_be_asked_or_no_longer() -> None:
    company = new.company()
    sharer = Door(new.person(company, Role.SHARING_MANAGER))
    plant = Door(new.person(company, Role.PLANT_PROVIDER))
    (shown,) = sharer.get("connection-receptions/").json()["results"]
    assert (shown["uuid"], shown["is_open"]) == (str(company.uuid), False)
    path = f"connection-receptions/{company.uuid}/"
    tag = sharer.get(path)["ETag"]
    assert sharer.patch(path, {"is_open": True}).status_code == 428
    assert plant.patch(path, {"is_open": True}, tag).status_code == 403
    changed = sharer.patch(path, {"is_open": True}, tag)
    assert changed.json()["is_open"] and changed["ETag"] != tag
    assert f'value="{company.uuid}"' in browser().get(changed.json()["link"]).content.decode()
    assert sharer.patch(path, {"is_open": False}, tag).status_code == 412
    assert sharer.patch(path, {"is_open": "maybe"}, changed["ETag"]).status_code == 400
    assert sharer.patch(path, {}, changed["ETag"]).json()["is_open"]
    assert Reception.objects.get().is_open


def test_a_sandbox_lets_nobody_ask_over_rest() -> None:
    company = new.company(kind=Company.Kind.SANDBOX)
    owner, path = Door(new.person(company, Role.OWNER)), f"connection-receptions/{company.uuid}/"
    refused = owner.patch(path, {"is_open": True}, owner.get(path)["ETag"])
    assert refused.status_code in (403, 422) and not Reception.objects.exists()


def test_an_outsider_reads_and_changes_no_reception() -> None:
    company = new.company()
    outsider = Door(new.person(new.company(), Role.OWNER))
    path = f"connection-receptions/{company.uuid}/"
    assert outsider.get(path).status_code == 404
    assert outsider.patch(path, {"is_open": True}, '"1"').status_code == 404
    assert not Reception.objects.exists()


def decided_and_old() -> tuple[ConnectionRequest, ConnectionRequest, ConnectionRequest, Any]:
    """One refused, one taken up, one that waits, and the time at which the first two are old."""
    company = new.company()
    owner = opened(company)
    refused, taken, waits = (asked(company, base_url="https://buyer.example", name=name) for name in "RTW")
    now = timezone.now()
    with acting_as(owner):
        actions.refuse_request(refused, by=owner, at=now, reason="No")
        actions.accept_request(taken, by=owner, at=now)
    return refused, taken, waits, now + timedelta(days=ConnectionRequest.CONTACT_DAYS, minutes=1)


def named(*requests: ConnectionRequest) -> list[bool]:
    """Of which it can be said who asked."""
    for each in requests:
        each.refresh_from_db()
    return [not each.is_erased for each in requests]


def test_who_asked_is_erased_some_time_after_the_decision() -> None:
    refused, taken, waits, later = decided_and_old()
    assert actions.erase_contacts(at=later - timedelta(minutes=2)) == 0
    assert actions.erase_contacts(at=later) == 2
    assert named(refused, taken, waits) == [False, False, True]
    assert (refused.name, refused.state, refused.reason) == ("R", "refused", "No")
    assert (refused.contact_name, refused.contact_mail, refused.base_url, refused.purpose) == ("",) * 4
    assert (taken.contact_name, taken.contact_mail, taken.purpose) == ("", "", STATED["purpose"])
    assert taken.base_url and taken.connection is not None
    assert actions.erase_contacts(at=later) == 0


def test_the_clock_erases_and_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    refused, _taken, _waits, later = decided_and_old()
    monkeypatch.setattr("footprint.partners.tasks.timezone.now", lambda: later)
    watch()
    assert named(refused) == [False]
    shown = browser(new.person(refused.company, Role.OWNER)).get(f"/partners/requests/{refused.uuid}/")
    assert "Erased" in shown.content.decode() and "Ann" not in shown.content.decode()


def test_what_was_decided_is_erased_and_never_rewritten() -> None:
    refused, *_others = decided_and_old()
    for changes in ({"contact_mail": "other@example.com"}, {"purpose": "else"}, {"reason": ""}, {"name": ""}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ConnectionRequest.objects.filter(pk=refused.pk).update(**changes)
    settle()
    owner = new.actor(refused.company, Role.OWNER)
    with acting_as(owner):
        assert STATED["purpose"] not in repr([vars(entry) for entry in history(owner, refused.uuid)])


def test_the_form_says_when_it_is_erased() -> None:
    opened(new.company())
    assert "90 days after the decision" in browser().get("/connect/").content.decode()
    assert "作出决定后 90 天" in browser(language="zh-hans").get("/connect/").content.decode()
