"""The rows of the table of a process, worded once: a page has hundreds of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts import figures
from accounts.forms import named
from accounts.row_frames import RowFrames, place_of
from footprint.inventory.earlier import Earlier
from footprint.inventory.models import Exchange

TEXTS = (
    "uuid", "href", "name", "version", "digits", "amount", "unit", "provider", "data_type", "ghost_amount",
    "ghost_digits", "ghost_change",
)  # fmt: skip
FLAGS = ("is_reference", "is_avoided", "is_far")
SHAPED_BY = (*FLAGS, "ghost_amount", "ghost_digits", "ghost_change")
"""What decides which cells a row has; the rest is only what stands in them."""
TEMPLATE = "inventory/inventory/_line.html"
Row = dict[str, Any]
"""A line as its row shows it: ``TEXTS`` and ``FLAGS``; ``ghost_`` is what it was in the period before."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an amount that was sent: stored with a way back, or refused with what was typed."""

    form: Any
    is_saved: bool
    is_stale: bool
    undo: str


class Wording:
    """Rows of lines for one page: what many lines share is put into words once."""

    def __init__(self) -> None:
        self.data_types = {value: str(label) for value, label in Exchange.DataType.choices}
        self.drawn: dict[object, SafeString] = {}
        self.names: dict[int, SafeString] = {}
        self.units: dict[str, str] = {}

    def row(self, line: Exchange, earlier: Earlier | None = None) -> Row:
        """The line, and what it was in the period before."""
        uuid = str(line.uuid)
        return {
            "uuid": uuid,
            "href": place_of("inventory:exchange", uuid),
            "name": self._name(line),
            "is_reference": line.is_reference,
            "is_avoided": line.is_avoided,
            "version": str(line.version),
            "digits": format(line.amount, "f"),
            "amount": figures.quantity(line.amount),
            "unit": self._unit(line.unit),
            "provider": self._provider(line),
            "data_type": self.data_types[line.data_type],
            **self._ghost(earlier, line),
        }

    def _name(self, line: Exchange) -> SafeString:
        if line.product_id in self.names:
            return self.names[line.product_id]
        if line.product:
            return self.names.setdefault(line.product.pk, conditional_escape(named(line.product)))
        key = (line.flow_name, line.gas, line.factor_version_id)
        return self._draw(key, "inventory/_line_name.html", line)

    def _provider(self, line: Exchange) -> SafeString:
        links = (line.provider_process_id, line.provider_product_id, line.factor_version_id)
        return self._draw((*links, line.direction, line.kind), "inventory/_provider.html", line)

    def _draw(self, key: object, template: str, line: Exchange) -> SafeString:
        if key not in self.drawn:
            self.drawn[key] = SafeString(get_template(template).render({"line": line}).strip())
        return self.drawn[key]

    def _unit(self, code: str) -> str:
        if code not in self.units:
            self.units[code] = figures.unit_text(code)
        return self.units[code]

    def _ghost(self, earlier: Earlier | None, line: Exchange) -> Row:
        if earlier is None:
            return {"ghost_amount": "", "ghost_digits": "", "ghost_change": "", "is_far": False}
        is_same = earlier.unit == line.unit
        amount = figures.quantity(earlier.amount)
        return {
            "ghost_amount": amount if is_same else f"{amount} {self._unit(earlier.unit)}",
            "ghost_digits": format(earlier.amount, "f") if is_same else "",
            "ghost_change": figures.signed_percent(earlier.change) if earlier.change else "",
            "is_far": earlier.is_far,
        }


def drawing(context: Mapping[str, Any]) -> RowFrames:
    """Draws the rows; of the context it uses ``labels``, ``token``, ``before`` and ``may_edit``."""
    return RowFrames(TEMPLATE, context, texts=TEXTS, shaped_by=SHAPED_BY)


def labels() -> Mapping[str, str]:
    """What is said at every row, put into words once."""
    return {
        "amount_label": _("Amount"),
        "take_label": _("Take this value over"),
        "far_label": _("Far from the period before: look again."),
    }
