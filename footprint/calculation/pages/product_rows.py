"""The rows of a table of products, as HTML: what stands in the cells is put into words here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString

from accounts import figures
from accounts.forms import languages
from accounts.row_frames import RowFrames, place_of
from accounts.templatetags.components import state_chip
from accounts.templatetags.figures import co2e_unit
from footprint.calculation.overview import ProductRow

TEXTS = ("href", "name", "company", "code", "category", "year", "value", "unit", "change", "state")
SHAPED_BY = ("company", "value", "state")
TEMPLATE = "inventory/product/_row.html"
Row = dict[str, Any]
"""A product as its row shows it: ``TEXTS``; ``company`` is empty unless the table says whose each is."""


def drawn(rows: Iterable[ProductRow], *, with_company: bool = False) -> list[SafeString]:
    """The rows, in their order."""
    frames = RowFrames(TEMPLATE, {}, texts=TEXTS, shaped_by=SHAPED_BY)
    words = Wording(with_company)
    return [frames.html(words.row(row)) for row in rows]


class Wording:
    """Rows for one page: what many products share is put into words once."""

    def __init__(self, with_company: bool = False) -> None:
        self.with_company = with_company
        self.language = languages()
        self.chips: dict[str, SafeString] = {}

    def row(self, row: ProductRow) -> Row:
        """The product with its figure, if there is one."""
        product, figure, value = row.product, row.figure, row.value
        return {
            "href": place_of("inventory:product", product.uuid),
            "name": self._name(product),
            "company": self._name(product.company) if self.with_company else "",
            "code": product.code,
            "category": self._name(product.category) if product.category else figures.NOTHING,
            "year": str(figure.year) if figure else figures.NOTHING,
            "value": "" if value is None else figures.significant(value),
            "unit": co2e_unit(product.unit),
            "change": figures.signed_percent(row.change),
            "state": self._chip(figure.freshness.value) if figure else "",
        }

    def _name(self, thing: object) -> str:
        return figures.name(thing, self.language)

    def _chip(self, state: str) -> SafeString:
        if state not in self.chips:
            self.chips[state] = state_chip(state)
        return self.chips[state]
