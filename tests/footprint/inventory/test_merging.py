"""Two people change one line: what only one of them changed stands, of a clash both values are shown."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.roles import Role
from footprint.inventory.merging import merge
from footprint.inventory.models import Exchange
from tests import builders as new

FIELDS = ("amount", "unit", "comment")
values = st.fixed_dictionaries({field: st.sampled_from(["1", "2", "3"]) for field in FIELDS})


@given(values, values, values)
def test_nothing_that_one_of_them_changed_is_lost(
    before: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    found = merge(before, theirs, mine)
    clashing = {clash.field for clash in found.clashes}
    for field in FIELDS:
        changed = {said for said in (theirs[field], mine[field]) if said != before[field]}
        assert (field in clashing) is (len(changed) == 2)
        if len(changed) == 1:
            assert found.values[field] in changed
        elif not changed:
            assert found.values[field] == before[field]
    assert found.is_joined is any(theirs[field] != before[field] for field in FIELDS)


def test_what_nobody_remembers_clashes_where_the_two_differ() -> None:
    found = merge({}, {"amount": "1", "unit": "t"}, {"amount": "2", "unit": "t"})
    assert [clash.field for clash in found.clashes] == ["amount"]


@pytest.fixture
def line(db: None) -> Exchange:
    new.gwp()
    company = new.company()
    process = new.process(new.inventory(new.site(company)))
    new.output(process, new.product(company, unit="t"), "10", is_reference=True)
    return new.takes(process, new.product(company, unit="GJ"), "40", comment="old")


@pytest.fixture
def owner(line: Exchange) -> User:
    return new.person(line.company, Role.OWNER)


def at_work(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    client.cookies["django_language"] = "en"
    return client


def form_of(line: Exchange, **typed: str) -> dict[str, str]:
    """The form as it was opened, with what was typed since."""
    opened = {"amount": "40", "unit": "GJ", "data_type": "measured", "comment": "old", "provider": ""}
    return {**opened, "base": json.dumps(opened), "version": "1", **typed}


def now(line: Exchange) -> tuple[str, str]:
    line.refresh_from_db()
    return format(line.amount, "f"), line.comment


def test_different_fields_are_joined(line: Exchange, owner: User) -> None:
    client, address = at_work(owner), f"/exchanges/{line.uuid}/"
    assert client.post(address, form_of(line, comment="theirs")).status_code == 302
    assert client.post(address, form_of(line, amount="41")).status_code == 302
    assert now(line) == ("41", "theirs")


def test_of_the_same_field_both_values_are_shown_and_one_is_picked(line: Exchange, owner: User) -> None:
    client, address = at_work(owner), f"/exchanges/{line.uuid}/"
    client.post(address, form_of(line, amount="41"))
    reply = client.post(address, form_of(line, amount="42", comment="mine"))
    page = reply.content.decode()
    assert reply.status_code == 409
    assert "Somebody else changed the same fields" in page
    assert 'name="pick-amount" value="theirs"> 41' in page
    assert str(owner) in page  # the owner reads the log: by whom
    assert now(line) == ("41", "old")
    base = json.dumps(
        {"amount": "41", "unit": "GJ", "data_type": "measured", "comment": "old", "provider": ""}
    )
    again = form_of(line, amount="42", comment="mine", version="2", base=base)
    assert client.post(address, {**again, "pick-amount": "theirs"}).status_code == 302
    assert now(line) == ("41", "mine")


def test_an_amount_in_its_place_joins_what_others_said_of_the_line(line: Exchange, owner: User) -> None:
    client, address = at_work(owner), f"/exchanges/{line.uuid}/amount/"
    htmx = {"HTTP_HX_REQUEST": "true"}
    client.post(f"/exchanges/{line.uuid}/", form_of(line, comment="theirs"))
    reply = client.post(address, {"amount": "41", "base": "40", "version": "1"}, **htmx)
    assert reply.status_code == 200
    assert now(line) == ("41", "theirs")
    reply = client.post(address, {"amount": "42", "base": "40", "version": "1"}, **htmx)
    page = reply.content.decode()
    assert reply.status_code == 409
    assert 'value="42"' in page
    assert "changed it to 41" in page
    assert now(line) == ("41", "theirs")


def test_a_unit_may_follow_the_amount(line: Exchange, owner: User) -> None:
    client, address = at_work(owner), f"/exchanges/{line.uuid}/amount/"
    client.post(address, {"amount": "1,200 kWh", "base": "40", "version": "1"})
    line.refresh_from_db()
    assert (format(line.amount, "f"), line.unit) == ("1200", "kWh")
    reply = client.post(address, {"amount": "3 t", "base": "1200", "version": "2"}, HTTP_HX_REQUEST="true")
    assert reply.status_code == 422
    assert "cannot be converted" in reply.content.decode()


def test_the_last_change_is_taken_back_unless_somebody_was_faster(line: Exchange, owner: User) -> None:
    client = at_work(owner)
    client.post(f"/exchanges/{line.uuid}/", form_of(line, amount="41", comment="new"))
    inventory = f"/inventories/{line.process.inventory.uuid}/"
    page = client.get(inventory)
    undo = page.context["undo"]
    assert undo["version"] == 2
    sent = {"before": undo["before"], "version": undo["version"]}
    client.post(f"/exchanges/{line.uuid}/undo/", sent)
    assert now(line) == ("40", "old")
    client.post(f"/exchanges/{line.uuid}/undo/", sent)  # that version is gone
    line.refresh_from_db()
    assert line.version == 3
    assert "undo" not in client.get(inventory).context or client.get(inventory).context["undo"] is None


@pytest.mark.parametrize("before", ["", "[]", "{}", '{"direction": "output"}', '{"amount": 3}', "nonsense"])
def test_what_is_no_former_state_is_not_taken_back(line: Exchange, owner: User, before: str) -> None:
    at_work(owner).post(f"/exchanges/{line.uuid}/undo/", {"before": before, "version": "1"})
    line.refresh_from_db()
    assert line.version == 1


def test_the_outsider_finds_nothing_to_take_back(line: Exchange) -> None:
    client = at_work(new.person(new.company(), Role.OWNER))
    assert client.post(f"/exchanges/{line.uuid}/undo/", {"before": "{}"}).status_code == 404
