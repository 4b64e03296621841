"""Every address of PACT, caller and state of a footprint: answered as docs/permissions.yaml says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction

from footprint.partners import entrance, listing
from footprint.partners.actions import connecting
from footprint.partners.pact.levels import Level
from tests.permissions.policy import ROW, Answer, rows, stated
from tests.permissions.systems import Systems, built

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TABLE: dict[str, dict[str, str]] = stated()["systems"]["addresses"]
HERE = "tests/permissions/test_systems.py"


def members(name: str) -> frozenset[str]:
    found = frozenset[str]()
    for each in stated()["systems"]["who"][name]:
        found |= frozenset([each]) if "." in each else members(each)
    return found


def expected(written: str, caller: str) -> Answer:
    parts = ROW.fullmatch(written)
    assert parts
    knows, may = members(parts["knows"]), members(parts["may"] or parts["knows"])
    if caller not in members("callers") and caller not in knows:
        return Answer.LOGIN
    if caller not in knows:
        return Answer.HIDDEN
    return Answer.DONE if caller in may else Answer.DENIED


def answered(reply: Any) -> Answer | None:
    if reply.status_code in (400, 401) and "WWW-Authenticate" in reply.headers:
        return Answer.LOGIN
    return {200: Answer.DONE, 403: Answer.DENIED, 404: Answer.HIDDEN}.get(reply.status_code)


@pytest.fixture(scope="module")
def systems(kept_rows: None) -> Systems:
    return built()


def cells(systems: Systems) -> Iterator[tuple[str, str, str, str, Answer]]:
    for route, row in TABLE.items():
        for what, written in row.items():
            method, _space, state = what.partition(" ")
            for caller in systems.callers:
                yield route, method, caller, state, expected(written, caller)


def test_every_row_is_one_of_the_addresses_and_the_other_way_about() -> None:
    assert set(TABLE) == {route for route, row in rows().items() if row.get("elsewhere") == HERE}


def test_every_member_of_a_set_is_a_caller(systems: Systems) -> None:
    named = frozenset[str]().union(*(members(each) for each in stated()["systems"]["who"]))
    assert named - set(systems.callers) == set()


def faults(systems: Systems) -> Iterator[str]:
    for route, method, caller, state, owed in cells(systems):
        with transaction.atomic():
            reply = systems.answer(route, method, caller, state)
            transaction.set_rollback(True)
        if answered(reply) is not owed:
            yield f"{method} /{route} by {caller} ({state}): {owed}, but {reply.status_code}"
        elif owed is not Answer.DONE and any(each in reply.content.decode() for each in secrets(systems)):
            yield f"{method} /{route} by {caller} ({state}): told something"


def test_every_cell(systems: Systems) -> None:
    assert list(faults(systems)) == []
    kinds = {owed for *_cell, owed in cells(systems)}
    assert kinds == {Answer.LOGIN, Answer.HIDDEN, Answer.DENIED, Answer.DONE}


def secrets(systems: Systems) -> tuple[str, ...]:
    """What a refusal may not contain."""
    return *systems.footprints.values(), "Testing Chemicals"


def test_a_list_holds_what_is_open_and_nothing_else(systems: Systems) -> None:
    for version in (2, 3):
        row = TABLE[f"{version}/footprints/{{pf_id}}"]
        for caller in sorted(members("neighbours")):
            opened = {
                systems.footprints[state]
                for state in systems.footprints
                if expected(row[f"GET {state}"], caller) is Answer.DONE
            }
            listed = systems.answer(f"{version}/footprints", "GET", caller, "").json()["data"]
            assert {each["id"] for each in listed} == opened, (version, caller)
        foreign = systems.answer(f"{version}/footprints", "GET", "system.foreign", "").json()["data"]
        assert not {each["id"] for each in foreign} & set(systems.footprints.values())


def test_other_methods_are_not_offered_to_anybody(systems: Systems) -> None:
    for route, row in TABLE.items():
        offered = {what.split()[0] for what in row} | ({"HEAD"} if route != "auth/token" else set())
        for method in METHODS:
            if method not in offered:
                path = "/" + route.format(pf_id=systems.footprints["open"])
                bearer = {"authorization": f"Bearer {systems.callers['system.whole'].bearer}"}
                client = systems.callers["system.whole"].client
                reply = client.generic(method, path, "", secure=True, headers=bearer)
                assert (reply.status_code, reply.json()["code"]) == (
                    400 if route.startswith("2/") else 501,
                    "NotImplemented",
                ), (method, route)


def test_a_hidden_footprint_and_a_random_one_are_answered_alike(systems: Systems) -> None:
    for caller in ("system.foreign", "system.granted"):
        withdrawn = systems.answer("3/footprints/{pf_id}", "GET", caller, "withdrawn")
        nowhere = systems.answer("3/footprints/{pf_id}", "GET", caller, "random")
        assert (withdrawn.status_code, withdrawn.content) == (nowhere.status_code, nowhere.content)


ANY_STATE = """SELECT c.id, c.uuid, c.company_id, c.partner_id, c.name, c.networks, t.expires
FROM oauth2_provider_accesstoken t JOIN partners_connection c ON c.application_id = t.application_id
WHERE t.token_checksum = %s"""
FOR_EVER = entrance.CALLER.replace("expires", "'infinity'::timestamptz")
MUTANTS = {
    "a token never ends": patch.object(entrance, "CALLER", FOR_EVER),
    "a token outlives its connection": patch.object(
        entrance, "CALLER", ANY_STATE.replace("t.expires", "'infinity'::timestamptz")
    ),
    "networks are not asked for at a use": patch.object(entrance, "may_come_from", lambda *_: True),
    "networks are not asked for at the token": patch.object(connecting, "may_come_from", lambda *_: True),
    "any secret opens": patch.object(connecting, "check_password", lambda *_: True),
    "what is closed is not told apart": patch.object(listing, "exists", lambda _wanted: False),
    "every level is open": patch.object(listing, "single", lambda *_: (0, Level.FULL, "{}")),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_guard_is_missed(systems: Systems, mutant: str) -> None:
    with MUTANTS[mutant]:
        assert next(faults(systems), None) is not None
