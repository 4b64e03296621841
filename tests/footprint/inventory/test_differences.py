"""What changed between two copies: nothing of itself, everything that did, and rows that only look alike."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.canonical import canonical, content_hash
from footprint.inventory.differences import differences
from footprint.inventory.freezing import plain


def line(number: int, amount: str = "1", **more: Any) -> dict[str, Any]:
    product = {"uuid": f"p{number}", "code": f"feed-{number}", "unit": "kg"}
    return {
        "uuid": f"line-{number}", "direction": "input", "kind": "product", "gas": "", "origin": "",
        "flow_name": "", "amount": amount, "unit": "kg", "product": product, "provider": None, **more,
    }  # fmt: skip


def inventory(*processes: tuple[str, list[dict[str, Any]]], **more: Any) -> dict[str, Any]:
    rows = [
        {"uuid": code, "code": code, "name_en": code, "shares": [], "answers": [], "lines": lines}
        for code, lines in processes
    ]
    return {"title": "", "period_start": "2025-01-01", "period_end": "2025-12-31", "processes": rows, **more}


amounts = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20)
inventories = st.lists(st.lists(amounts, max_size=5), max_size=4).map(
    lambda rows: inventory(
        *((f"p{at}", [line(n % 3, plain(a)) for n, a in enumerate(row)]) for at, row in enumerate(rows))
    )
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(inventories)
def test_nothing_differs_from_itself(told: dict[str, Any]) -> None:
    assert differences(told, deepcopy(told)) == []


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(inventories, inventories)
def test_what_came_one_way_goes_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    there = sorted((turned[d.kind], d.field, str(d.after), str(d.before)) for d in differences(before, after))
    back = sorted((d.kind, d.field, str(d.before), str(d.after)) for d in differences(after, before))
    assert there == back


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(inventories, st.data())
def test_one_changed_amount_is_one_difference(told: dict[str, Any], data: st.DataObject) -> None:
    places = [(p, n) for p, process in enumerate(told["processes"]) for n in range(len(process["lines"]))]
    if not places:
        return
    process, number = data.draw(st.sampled_from(places))
    after = deepcopy(told)
    after["processes"][process]["lines"][number]["amount"] = "777.5"
    (found,) = differences(told, after)
    assert (found.kind, found.field, found.after) == ("changed", "amount", "777.5")


def test_another_year_has_other_identifiers() -> None:
    before = inventory(("cracker", [line(1, "4")]))
    after = inventory(("cracker", [line(1, "5", uuid="another")]))
    (found,) = differences(before, after)
    assert found.ratio == 0.25


def test_another_version_of_a_factor_is_another_provider() -> None:
    factor = {"kind": "factor", "code": "grid", "number": "1"}
    before = inventory(("cracker", [line(1, provider=factor)]))
    after = inventory(("cracker", [line(1, provider={**factor, "number": "2"})]))
    assert [(d.kind, d.field) for d in differences(before, after)] == [("changed", "provider")]


@given(amounts)
def test_a_number_has_one_text(amount: Decimal) -> None:
    assert Decimal(plain(amount)) == amount
    assert plain(amount) == plain(Decimal(f"{amount:f}0" if "." in f"{amount:f}" else f"{amount:f}.00"))


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_order_is_nothing_to_a_hash(told: dict[str, str]) -> None:
    turned = dict(reversed(told.items()))
    assert canonical(told) == canonical(turned)
    assert content_hash(told) == content_hash(turned)
