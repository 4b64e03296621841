"""Only processes that feed each other are asked whether their loop can be solved."""

from __future__ import annotations

import pytest

from footprint.calculation import queries
from footprint.calculation.loops import looped
from footprint.inventory.models import Exchange, UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db


def plant(*links: tuple[int, int], by_product: bool = False, count: int = 6) -> list[UnitProcess]:
    """Processes that each make a product; a link is who takes and who makes."""
    company = new.company()
    inventory = new.inventory(new.site(company))
    processes = [new.process(inventory, f"p{number}") for number in range(count)]
    products = [new.product(company, f"p{number}") for number in range(count)]
    for process, product in zip(processes, products, strict=True):
        new.output(process, product)
    for taker, maker in links:
        provider = (
            {"provider_product": products[maker]} if by_product else {"provider_process": processes[maker]}
        )
        new.takes(processes[taker], products[maker], "0.1", **provider)
    return processes


@pytest.mark.parametrize("by_product", [False, True])
@pytest.mark.parametrize(
    ("links", "members"),
    [
        ([], []),
        ([(1, 0), (2, 1), (3, 2), (3, 0)], []),
        ([(0, 0), (1, 0)], [0]),
        ([(0, 1), (1, 0), (2, 1), (0, 3)], [0, 1]),
        ([(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3), (5, 4)], [0, 1, 2, 3, 4]),
    ],
)
def test_members_of_loops(links: list[tuple[int, int]], members: list[int], by_product: bool) -> None:
    processes = plant(*links, by_product=by_product)
    assert looped([process.pk for process in processes]) == [processes[member].pk for member in members]


def test_a_loop_through_both_sorts_of_links() -> None:
    first, second, *_others = plant((0, 1))
    product = Exchange.objects.get(process=first, direction="output").product
    assert product is not None
    new.takes(second, product, "0.1", provider_product=product)
    assert looped([first.pk, second.pk]) == [first.pk, second.pk]
    assert looped([first.pk]) == []


def test_lines_of_a_chain_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = plant((1, 0), (2, 1))
    monkeypatch.setattr(queries.inputs, "read", None)
    queries.refuse_unsolvable(new.actor(chain[0].company), [chain[0].pk])
