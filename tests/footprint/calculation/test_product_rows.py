"""A row of a product that is filled in is the row that the template draws."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.template.loader import get_template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.row_frames import RowFrames
from footprint.calculation.overview import ProductRow
from footprint.calculation.pages.product_rows import SHAPED_BY, TEMPLATE, TEXTS, Row, drawn
from footprint.calculation.queries import Freshness, ProductFigure
from footprint.inventory.models import Product

WORDS = st.text(min_size=1, max_size=20)
ROWS = st.fixed_dictionaries(
    {name: st.just("") | WORDS if name in SHAPED_BY else st.text(max_size=20) for name in TEXTS}
)


@given(rows=st.lists(ROWS, min_size=1, max_size=5))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_filled_in_is_drawn(rows: list[Row]) -> None:
    frames = RowFrames(TEMPLATE, {}, texts=TEXTS, shaped_by=SHAPED_BY)
    for row in rows:
        assert frames.html(row) == get_template(TEMPLATE).render({"row": row})


def product_row(value: float | None, before: float | None) -> ProductRow:
    product = Product(
        uuid=uuid4(), code="P<1>", name_zh="乙烯 & 丙烯", name_en="Ethylene & propylene", unit="t"
    )
    this, last = (
        ProductFigure(1, year, "t", value, value, Freshness.CURRENT, ())
        for year, value in ((2025, value), (2024, before))
    )
    return ProductRow(product, this, last)


@pytest.mark.parametrize(
    ("value", "before", "said"),
    [
        (1234.5678, 1000.0, ("1,235", "+23.5%", "kg CO<sub>2</sub>e / t", "chip-good", "2025")),
        (0.0, 0.0, (">0<", ">—</td>")),
        (None, 1000.0, (">—</td>",)),
    ],
)
def test_what_a_row_says(value: float | None, before: float | None, said: tuple[str, ...]) -> None:
    row = product_row(value, before)
    (html,) = drawn([row])
    for part in (*said, "&amp;", "P&lt;1&gt;", f"/products/{row.product.uuid}/"):
        assert part in html
    assert "<small>" not in html


def test_a_product_without_a_figure() -> None:
    (html,) = drawn([ProductRow(product_row(1.0, 1.0).product, None, None)])
    assert html.count("—") == 4 and '<span class="chip">' in html and "figure-value" not in html
