from __future__ import annotations

import numpy as np
import pytest

from footprint.engine.equations import Equations
from footprint.engine.errors import NonFinite, OutOfRange, WrongShape

ONES = np.ones((3, 2))


def test_links_are_kept_sorted_and_added_up() -> None:
    network = Equations(3, [2, 0, 2, 2], [1, 1, 0, 1], [0.5, 1.0, 0.25, 0.125], ONES)
    assert network.consumer.tolist() == [0, 2, 2]
    assert network.supplier.tolist() == [1, 0, 1]
    assert network.amount.tolist() == [1.0, 0.25, 0.625]
    assert network.indptr.tolist() == [0, 1, 1, 3]


def test_the_sum_of_duplicates_does_not_depend_on_their_order() -> None:
    amounts = [0.1, 0.2, 0.3, 1e-17, -0.4, 7e15, 0.6]
    sums = {
        float(Equations(2, [1] * 7, [0] * 7, np.roll(amounts, turn), np.ones((2, 1))).amount[0])
        for turn in range(7)
    }
    assert len(sums) == 1


def test_a_link_of_zero_is_no_link() -> None:
    assert len(Equations(3, [1, 2, 2], [0, 1, 1], [0.0, 0.5, -0.5], ONES).amount) == 0


def test_consumers_are_the_reverse_of_suppliers() -> None:
    network = Equations(4, [1, 2, 3, 3], [0, 0, 0, 2], [1.0] * 4, np.ones((4, 1)))
    assert network.consumers.indptr.tolist() == [0, 3, 3, 4, 4]
    assert network.consumers.node.tolist() == [1, 2, 3, 3]


def test_arrays_cannot_be_written_to_and_are_copies() -> None:
    direct = np.ones((3, 2))
    network = Equations(3, [1], [0], [0.5], direct)
    direct[0, 0] = 9.0
    assert network.direct[0, 0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        network.amount[0] = 1.0


def test_other_values_on_the_same_links() -> None:
    network = Equations(3, [2, 1], [1, 0], [0.5, 0.25], ONES)
    twin = network.with_amount([1.0, 2.0]).with_direct(np.zeros((3, 5)))
    assert twin.supplier is network.supplier
    assert twin.amount.tolist() == [1.0, 2.0]
    assert twin.columns == 5
    assert network.amount.tolist() == [0.25, 0.5]


def test_a_missing_amount_names_its_consumer() -> None:
    with pytest.raises(NonFinite) as refused:
        Equations(3, [1, 2], [0, 0], [0.5, np.nan], ONES)
    assert refused.value.nodes == (2,)


def test_an_infinite_burden_names_its_product() -> None:
    with pytest.raises(NonFinite) as refused:
        Equations(3, [], [], [], [[1, 1], [1, np.inf], [1, 1]])
    assert refused.value.nodes == (1,)


def test_amounts_that_overflow_when_added_up_are_refused() -> None:
    with pytest.raises(NonFinite):
        Equations(3, [1, 1], [0, 0], [1.7e308, 1.7e308], ONES)


@pytest.mark.parametrize(("consumer", "supplier", "named"), [([3], [0], 3), ([0], [-1], -1)])
def test_a_link_to_nowhere_is_refused(consumer: list[int], supplier: list[int], named: int) -> None:
    with pytest.raises(OutOfRange) as refused:
        Equations(3, consumer, supplier, [1.0], ONES)
    assert refused.value.nodes == (named,)


@pytest.mark.parametrize(
    ("consumer", "amount", "direct"),
    [([1, 2], [1.0], ONES), ([1], [1.0], np.ones((2, 2))), ([1], [1.0], np.ones(3)), ([1.5], [1.0], ONES)],
)
def test_arrays_that_do_not_fit_are_refused(
    consumer: list[int], amount: list[float], direct: np.ndarray
) -> None:
    with pytest.raises(WrongShape):
        Equations(3, consumer, [0] * len(consumer), amount, direct)


def test_amounts_for_other_links_are_refused() -> None:
    with pytest.raises(WrongShape):
        Equations(3, [1], [0], [0.5], ONES).with_amount([0.5, 0.5])
