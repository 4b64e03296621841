"""Either lock holds alone: for every table of tenants, and over the addresses of the product."""

from __future__ import annotations

import pytest

from tests.permissions import locks
from tests.permissions.asking import ask, fault, leak
from tests.permissions.policy import Answer, Cell, cells
from tests.permissions.world import World

pytestmark = pytest.mark.django_db
OUTSIDERS = ("foreign.owner", "foreign.erp", "sister.owner", "former_partner.owner")


@pytest.fixture(scope="module")
def outside(world: World) -> list[Cell]:
    """What those ask to whom nothing was opened, and what is not the same for everybody."""
    hidden = [cell for cell in cells(world.askers) if cell.asker in OUTSIDERS[:2]]
    return [cell for cell in hidden if cell.expected is Answer.HIDDEN or cell.route.endswith("s/")]


def test_the_database_alone_shows_no_foreign_row(world: World) -> None:
    assert list(locks.faults_of_the_database(world)) == []


def test_the_application_alone_shows_no_foreign_row(world: World) -> None:
    assert list(locks.faults_of_the_application(world)) == []


def test_no_key_takes_a_row_of_another_company(world: World) -> None:
    assert {(t, c) for t, _target, c in locks.expected_keys()} == {
        (table, column) for _name, table, _target, column in locks.composite_keys()
    }
    assert list(locks.faults_of_keys(world)) == []


def test_without_the_application_no_answer_tells_a_foreign_word(world: World, outside: list[Cell]) -> None:
    with locks.without_the_application():
        told = [found for cell in outside if (found := leak(ask(world, cell), cell))]
    assert told == []


def test_without_the_database_every_answer_is_as_before(world: World, outside: list[Cell]) -> None:
    with locks.without_the_database():
        assert [found for cell in outside if (found := fault(world, cell))] == []
