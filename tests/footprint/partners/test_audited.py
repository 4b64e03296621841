"""What a partner's system read and was refused is in its counterpart's audit log, however often it asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from accounts.actor import Actor
from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.partners import actions
from footprint.partners.actions import noting
from footprint.partners.models import PartnerSecret, Receipt
from tests import builders as new
from tests.chains import entries
from tests.footprint.exchange.test_import_jobs import signed_in
from tests.footprint.partners.conftest import System, World

NOWHERE = "/3/footprints/00000000-0000-0000-0000-000000000000"


def reads(world: World) -> list[AuditEntry]:
    return entries(world.company, action="read")


def version(world: World, place: int = 0) -> UUID:
    return UUID(str(world.footprints[place].uuid))


def denials(world: World) -> list[tuple[int, str]]:
    return [(each.facts["status"], each.facts["path"]) for each in entries(world.company, action="denied")]


def reasons(world: World) -> list[str]:
    return [each.facts["reason"] for each in entries(world.company, action="token_refused")]


def test_a_reading_names_the_reader_the_version_and_the_detail(world: World, system: System) -> None:
    answer = system.get("/3/footprints")
    (told,) = reads(world)
    assert (told.actor, told.subject) == (f"partner:{world.connection.uuid}", "partners_offeredfootprint")
    assert set(told.about) == {world.connection.uuid, version(world)}
    assert told.facts == {"detail": "full", "footprints": 1, "address": "127.0.0.1"}
    assert told.request is not None
    assert answer.status_code == 200


def test_the_same_again_is_written_down_after_a_day(world: World, system: System) -> None:
    one = f"/3/footprints/{world.footprints[0].uuid}"
    for path in ("/3/footprints", one, "/2/footprints", one):
        assert system.get(path).status_code == 200
    assert len(reads(world)) == 1
    Receipt.objects.update(noted_at=timezone.now() - noting.NOTED_AGAIN - timedelta(seconds=1))
    for path in ("/3/footprints", one):
        system.get(path)
    assert len(reads(world)) == 2


def test_another_level_and_another_version_are_written_down(world: World, another: Any) -> None:
    system = another("Widening")
    made = world.connection.__class__.objects.get(name="Widening")
    first = actions.grant_footprints(
        made, by=world.owner, product=world.products[0], level="total", at=timezone.now()
    )
    system.get("/3/footprints")
    actions.end_grant(first, by=world.owner, at=timezone.now())
    system.get("/3/footprints")
    actions.grant_footprints(made, by=world.owner, product=world.products[0], level="full", at=timezone.now())
    system.get("/3/footprints")
    latest = world.offer(world.products[0])
    system.get("/3/footprints")
    told = [(each.facts["detail"], set(each.about) - {made.uuid}) for each in reads(world)]
    known = version(world)
    assert told == [("total", {known}), ("full", {known}), ("full", {UUID(str(latest.uuid))})]


def test_what_was_sent_in_an_answer_counts_as_read_when_it_is_read(world: World, system: System) -> None:
    Receipt.objects.create(company=world.company, connection=world.connection, footprint=world.footprints[0])
    system.get("/3/footprints")
    assert len(reads(world)) == 1
    assert Receipt.objects.get().noted_level == "full"


def test_an_empty_answer_is_no_reading(world: World, another: Any) -> None:
    assert another("Stranger").get("/3/footprints").json() == {"data": []}
    assert reads(world) == []


def test_refusals_are_written_down_once_a_minute_each(world: World, system: System) -> None:
    closed = f"/3/footprints/{world.footprints[1].uuid}"
    for _time in range(3):
        assert system.get(closed).status_code == 403
        assert system.get("/3/footprints?limit=x").status_code == 400
        assert system.get(NOWHERE).status_code == 404
        assert system.post("/3/events", "no event").status_code == 400
    assert denials(world) == [(403, closed), (400, "/3/footprints")]
    shut, _bad = entries(world.company, action="denied")
    assert shut.actor == f"partner:{world.connection.uuid}"
    assert set(shut.about) == {world.connection.uuid, version(world, 1)}
    assert (shut.facts["method"], shut.facts["address"]) == ("GET", "127.0.0.1")
    assert reads(world) == []


def test_a_query_is_not_in_the_log(world: World, system: System) -> None:
    assert system.get("/3/footprints?limit=what-somebody-typed").status_code == 400
    (told,) = entries(world.company, action="denied")
    assert "typed" not in str(told.facts)


def test_a_token_that_is_over_or_was_ended_is_known_still(world: World, system: System) -> None:
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    answer = system.get("/3/footprints")
    assert (answer.status_code, answer.json()["code"]) == (401, "TokenExpired")
    fresh = System(world.credentials)
    actions.revoke_partner_secret(PartnerSecret.objects.get(), by=world.owner, at=timezone.now())
    for _time in range(2):
        answer = fresh.get("/3/footprints")
        assert (answer.status_code, answer.json()["code"]) == (401, "BadRequest")
    assert reasons(world) == ["expired", "revoked"]


def test_who_was_shut_out_is_known_by_its_token(world: World, system: System) -> None:
    actions.revoke_connection(world.connection, by=world.owner, at=timezone.now())
    assert system.get("/2/footprints").status_code == 400
    (told,) = entries(world.company, action="token_refused")
    assert (told.actor, told.about, told.facts["reason"]) == ("nobody", [world.connection.uuid], "revoked")


def test_nobody_s_token_is_told_to_nobody(world: World, system: System) -> None:
    system.bearer = "never-issued"
    assert system.get("/3/footprints").status_code == 401
    assert Client().get("/3/footprints", secure=True).status_code == 401
    assert reasons(world) == []


def test_another_partner_s_readings_are_not_mixed_in(world: World, system: System, another: Any) -> None:
    other = another("Other")
    made = world.connection.__class__.objects.get(name="Other")
    actions.grant_footprints(made, by=world.owner, at=timezone.now())
    system.get("/3/footprints")
    other.get("/3/footprints")
    assert [(each.actor, each.facts["footprints"]) for each in reads(world)] == [
        (f"partner:{world.connection.uuid}", 1),
        (f"partner:{made.uuid}", 2),
    ]


def test_a_partner_notes_its_own_receipts_alone(world: World, system: System, another: Any) -> None:
    another("Other")
    other = world.connection.__class__.objects.get(name="Other")
    system.get("/3/footprints")
    order = "UPDATE partners_receipt SET noted_at = now(), connection_id = %s"
    for who, target, changed in ((other, other, 0), (world.connection, world.connection, 1)):
        with acting_as(Actor(partner_id=who.pk)), connection.cursor() as cursor:
            cursor.execute(order, [target.pk])
            assert cursor.rowcount == changed
    own = Actor(partner_id=world.connection.pk)
    with pytest.raises(DatabaseError), acting_as(own), connection.cursor() as cursor:
        cursor.execute(order, [other.pk])


def test_the_owner_reads_it_in_words_and_the_outsider_not(world: World, system: System) -> None:
    system.get("/3/footprints")
    system.get(f"/3/footprints/{world.footprints[1].uuid}")
    owner = signed_in(new.person(world.company, Role.OWNER))
    entries(world.company)
    page = owner.get(f"/partners/{world.connection.uuid}/").content.decode()
    history = f"/audit/history/{world.connection.uuid}/"
    assert history in page
    told = owner.get(history).content.decode()
    assert all(word in told for word in ("Partner", "Read", "Everything published", "Turned away"))
    assert "Partner" in owner.get("/audit/?action=read").content.decode()
    outsider = signed_in(new.person(new.company(), Role.OWNER))
    assert outsider.get(history).status_code == 404
