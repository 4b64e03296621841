"""A POST with an Idempotency-Key is done once, and its reply is its caller's alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone

from accounts import idempotency
from accounts.actions.forget_replies import KEPT, forget_replies
from accounts.models import KeptReply
from accounts.visibility import acting_as
from footprint.inventory.models import Exchange, Product, UnitProcess
from tests import builders as new
from tests.api.conftest import Machine, World, machine_of

Body = Callable[[str], dict[str, str]]


def emission(process: UnitProcess, amount: str) -> dict[str, str]:
    """A line; nothing of it is unique, so that a second one would be stored."""
    kind = {"direction": "output", "kind": "elementary", "gas": "CO2", "origin": "fossil"}
    return {"process": str(process.uuid), **kind, "amount": amount, "unit": "t"}


@pytest.fixture
def process(db: None) -> UnitProcess:
    new.gwp()
    return new.process(new.inventory(new.site(new.company("member"))))


@pytest.fixture
def erp(process: UnitProcess) -> Machine:
    return machine_of(process.company)


def send(erp: Machine, process: UnitProcess, amount: str, key: str) -> HttpResponse:
    return erp.post("exchanges/", emission(process, amount), Idempotency_Key=key)


def code_of(reply: HttpResponse) -> tuple[int, str]:
    problem = json.loads(reply.content)
    return reply.status_code, problem["errors"][0]["code"]


def test_the_same_again_is_the_same_reply(erp: Machine, process: UnitProcess) -> None:
    first, second = (send(erp, process, "7.5", "one") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert second.content == first.content
    for header in idempotency.KEPT_HEADERS:
        assert second[header] == first[header]
    assert Exchange.objects.filter(process=process).count() == 1


def test_another_body_is_refused_and_another_key_is_done(erp: Machine, process: UnitProcess) -> None:
    send(erp, process, "7.5", "one")
    assert code_of(send(erp, process, "8", "one")) == (422, "idempotency_key_used")
    assert send(erp, process, "7.5", "two").status_code == 201
    assert send(erp, process, "7.5", "one")["Idempotent-Replayed"] == "true"
    assert Exchange.objects.filter(process=process).count() == 2


def test_another_address_is_another_request(erp: Machine, process: UnitProcess) -> None:
    send(erp, process, "7.5", "one")
    product = {"code": "a", "name_zh": "甲", "unit": "kg"}
    reply = erp.post("products/", product, Idempotency_Key="one")
    assert code_of(reply) == (422, "idempotency_key_used")
    assert not Product.objects.filter(company=process.company).exists()


def test_what_was_refused_may_be_mended_under_the_same_key(erp: Machine, process: UnitProcess) -> None:
    assert send(erp, process, "-1", "one").status_code == 422
    assert not KeptReply.objects.exists()
    assert send(erp, process, "1", "one").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "schlüssel", "x" * 256, "tab\there"])
def test_what_is_no_key_is_refused(erp: Machine, process: UnitProcess, key: str) -> None:
    assert code_of(send(erp, process, "1", key)) == (400, "bad_idempotency_key")
    assert not Exchange.objects.filter(process=process).exists()


def test_keys_of_others_are_other_keys(erp: Machine, process: UnitProcess) -> None:
    """A rival who guesses a key neither reads the reply nor learns that there is one."""
    send(erp, process, "7.5", "one")
    rival = machine_of(new.company("rival"))
    body = {"code": "a", "name_zh": "甲", "unit": "kg"}
    reply = rival.post("products/", body, Idempotency_Key="one")
    assert reply.status_code == 201
    assert "Idempotent-Replayed" not in reply
    assert code_of(send(rival, process, "7.5", "two"))[0] == 400


def test_either_lock_hides_replies(erp: Machine, process: UnitProcess) -> None:
    send(erp, process, "7.5", "one")
    stranger = new.actor(new.company("stranger"))
    assert not KeptReply.objects.visible_to(stranger).exists()
    with acting_as(stranger):
        assert not KeptReply.objects.exists()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            KeptReply.objects.create(caller="client:somebody", key="x", digest="")
    assert KeptReply.objects.get().caller.startswith("client:")


def test_a_bulk_is_done_once(world: World) -> None:
    line = emission(world.cracker, "3") | {"process": world.cracker.code}
    key = str(uuid4())
    path = f"inventories/{world.inventory.uuid}/exchanges/"
    before = Exchange.objects.count()
    replies = [world.erp.post(path, {"lines": [line, line]}, Idempotency_Key=key) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 200]
    assert len({reply.content for reply in replies}) == 1
    assert Exchange.objects.count() == before + 2


def test_replies_are_kept_two_days(erp: Machine, process: UnitProcess) -> None:
    send(erp, process, "7.5", "one")
    now = timezone.now()
    assert forget_replies(at=now + KEPT - timedelta(minutes=1)) == 0
    assert send(erp, process, "7.5", "one")["Idempotent-Replayed"] == "true"
    assert forget_replies(at=now + KEPT + timedelta(minutes=1)) == 1


def in_parallel(work: Callable[[], None], count: int) -> None:
    start = threading.Barrier(count)

    def one() -> None:
        try:
            start.wait()
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_one(erp: Machine, process: UnitProcess) -> None:
    replies: list[HttpResponse] = []
    in_parallel(lambda: replies.append(send(erp, process, "7.5", "one")), 6)
    assert {reply.status_code for reply in replies} <= {201, 409}
    assert len({reply.content for reply in replies if reply.status_code == 201}) == 1
    assert sum(reply.get("Idempotent-Replayed") is None for reply in replies if reply.status_code == 201) == 1
    assert Exchange.objects.filter(process=process).count() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_too_long_is_told_so(
    erp: Machine, process: UnitProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "PATIENCE", "50ms")
    send(erp, process, "1", "known")
    who = KeptReply.objects.get(key="known").caller
    replies: list[HttpResponse] = []
    with transaction.atomic():
        KeptReply.objects.create(caller=who, key="one", digest="")
        in_parallel(lambda: replies.append(send(erp, process, "7.5", "one")), 1)
        transaction.set_rollback(True)
    assert code_of(replies[0]) == (409, "in_flight")
    assert replies[0]["Retry-After"] == "2"
    assert send(erp, process, "7.5", "one").status_code == 201
