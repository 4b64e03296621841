"""Every address, method, role, relation and state of a thing: answered as docs/permissions.yaml says."""

from __future__ import annotations

import pytest

from alliance.runtime.environment import ROOT
from tests.house.test_gates import addresses
from tests.interface import document
from tests.permissions.asking import fault, knowing_askers
from tests.permissions.policy import API_METHODS, cells, members, rows, rule, stated
from tests.permissions.world import World

ROOMS = sorted({route.split("/")[2 if route.startswith("api/v1/") else 0] for route in rows()})


def room_of(route: str) -> str:
    return route.split("/")[2 if route.startswith("api/v1/") else 0]


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    known = {address.route for address in addresses()}
    assert known - set(rows()) == set(), "say in docs/permissions.yaml who may ask for it"
    assert set(rows()) - known == set()


def test_every_operation_of_the_interface_has_a_cell_and_no_other_is_served() -> None:
    described = {
        (path.lstrip("/"), name.upper())
        for path, operations in document()["paths"].items()
        for name in operations
        if name.upper() in API_METHODS
    }
    table = {route: row for route, row in rows().items() if route.startswith("api/v1/")}
    elsewhere = {route for route, row in table.items() if "elsewhere" in row}
    assert elsewhere <= {route for route, _what in described}
    written = {(route, what) for route, row in table.items() if route not in elsewhere for what in row}
    described = {(route, what) for route, what in described if route not in elsewhere}
    assert written == described


def test_rows_name_sets_that_exist_and_tests_that_are_there() -> None:
    for row in rows().values():
        if "elsewhere" in row:
            assert (ROOT / row["elsewhere"]).exists()
        else:
            assert all(rule(written, "opened") for written in row.values())


@pytest.mark.django_db
def test_every_asker_is_somebody_and_every_member_an_asker(world: World) -> None:
    named = frozenset[str]().union(*(members(each, "opened") for each in stated()["who"]))
    assert named - set(world.askers) == set()
    assert set(world.askers) - named == {"nobody.anonymous", "nobody.switched_off"}


@pytest.mark.django_db
@pytest.mark.parametrize("room", ROOMS)
def test_every_cell(world: World, room: str) -> None:
    routes = [route for route in rows() if room_of(route) == room]
    with knowing_askers(world):
        assert [found for cell in cells(world.askers, routes) if (found := fault(world, cell))] == []
