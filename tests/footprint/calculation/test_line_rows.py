"""A row that is filled in is the row that the template draws."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import get_template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footprint.calculation.pages.line_rows import TEMPLATE, Row, Wording, drawing, labels
from footprint.inventory.earlier import Earlier
from footprint.inventory.models import Exchange
from tests import builders as new

WORDS = st.text(min_size=1, max_size=20)
ROWS = st.fixed_dictionaries(
    {
        "uuid": WORDS, "href": WORDS, "name": WORDS, "version": WORDS, "digits": WORDS, "amount": WORDS,
        "unit": WORDS, "provider": WORDS, "data_type": WORDS,
        "ghost_amount": st.just("") | WORDS, "ghost_digits": st.just("") | WORDS,
        "ghost_change": st.just("") | WORDS,
        "is_reference": st.booleans(), "is_avoided": st.booleans(), "is_far": st.booleans(),
    }
)  # fmt: skip


def drawn(context: dict[str, Any], row: Row) -> str:
    return get_template(TEMPLATE).render({**context, "row": {**row, "answer": None}})


@given(rows=st.lists(ROWS, min_size=1, max_size=4), may_edit=st.booleans(), before=st.booleans())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_filled_in_is_drawn(rows: list[Row], may_edit: bool, before: bool) -> None:
    context = {**labels(), "token": "<b>token</b>", "may_edit": may_edit, "before": before}
    frames = drawing(context)
    for row in rows:
        assert frames.html(row) == drawn(context, row)


@pytest.mark.django_db
def test_what_a_line_says() -> None:
    new.gwp()
    company = new.company()
    process = new.process(new.inventory(new.site(company)))
    version = new.factor_version("0.5")
    line = new.takes(process, None, "1250.50", "kWh", factor_version=version, flow_name="<power> 100 %")
    before = Earlier(Exchange(), Decimal("1000"), "kWh", 0.2506)
    row = Wording().row(line, before)
    assert (row["amount"], row["digits"]) == ("1,250.50", "1250.50")
    assert (row["ghost_amount"], row["ghost_digits"], row["ghost_change"]) == ("1,000", "1000", "+25.1%")
    assert row["is_far"]
    page = drawing({**labels(), "token": "", "may_edit": True, "before": True}).html(row)
    assert "&lt;power&gt; 100 %" in page and "<power>" not in page
    other = Wording().row(line, Earlier(Exchange(), Decimal("3"), "GJ", None))
    assert (other["ghost_amount"], other["ghost_digits"]) == ("3 GJ", "")
