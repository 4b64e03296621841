"""What the moves of a submission are called, and what a frozen line, a field and a value read like."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from accounts.audit_words import FIELDS
from accounts.errors import Text
from footprint.inventory.differences import Difference
from footprint.inventory.providers import named

MOVES: dict[str, Text] = {
    "hand_in": gettext_lazy("Hand in for the internal check"),
    "take_back": gettext_lazy("Take back"),
    "send_back": gettext_lazy("Send back"),
    "submit": gettext_lazy("Confirm and submit to the alliance"),
    "take": gettext_lazy("Take into review"),
    "return": gettext_lazy("Return with questions"),
    "accept": gettext_lazy("Accept"),
    "reject": gettext_lazy("Reject"),
    "withdraw": gettext_lazy("Withdraw"),
}
DONE: dict[str, Text] = {
    "open": gettext_lazy("Begun"),
    "hand_in": gettext_lazy("Handed in for the internal check"),
    "take_back": gettext_lazy("Taken back"),
    "send_back": gettext_lazy("Sent back"),
    "submit": gettext_lazy("Checked and submitted to the alliance"),
    "take": gettext_lazy("Taken into review"),
    "return": gettext_lazy("Returned with questions"),
    "accept": gettext_lazy("Accepted"),
    "reject": gettext_lazy("Rejected"),
    "withdraw": gettext_lazy("Withdrawn"),
    "supersede": gettext_lazy("Superseded by a later submission"),
}
UNITS = {"mass_loss_kg": "kg", "stock_change_kg": "kg", "energy_loss_mj": "MJ"}
"""Of fields that are always in the same one."""
TONES = {
    "accepted": "good",
    "rejected": "bad",
    "withdrawn": "bad",
    "superseded": "",
    "draft": "",
}
"""Everything else waits for somebody."""
KINDS: dict[str, Text] = {
    "added": gettext_lazy("New"),
    "removed": gettext_lazy("Gone"),
    "changed": gettext_lazy("Changed"),
}
MORE_FIELDS: dict[str, Text] = {
    "provider": gettext_lazy("Provider"),
    "shares": gettext_lazy("Allocation shares"),
    "answers": gettext_lazy("Answers on allocation"),
    "output": gettext_lazy("Output"),
    "input": gettext_lazy("Input"),
    "product": gettext_lazy("Product"),
    "evidence": gettext_lazy("Evidence files"),
}


def tone(state: str) -> str:
    """The colour of a state."""
    return TONES.get(state, "wait")


def field_name(name: str) -> str:
    """What a field of a frozen copy is called."""
    return str(MORE_FIELDS.get(name) or FIELDS.get(name) or FIELDS.get(f"{name}_id") or name)


def line_name(line: Mapping[str, Any]) -> str:
    """What flows."""
    if line["product"]:
        return named(line["product"])
    return line["gas"] or line["flow_name"] or _("Flow")


def provider_name(line: Mapping[str, Any]) -> str:
    """Where an input comes from."""
    provider = line["provider"]
    if provider is None:
        return ""
    seller = {"name_zh": provider.get("company_zh", ""), "name_en": provider.get("company_en", "")}
    name = named(provider)
    if any(seller.values()):
        return f"{name} · {named(seller)}"
    return f"{name} · v{provider['number']}" if provider["kind"] == "factor" else name


def value_text(field: str, value: Any) -> str:
    """A value before or after, as people read it."""
    if value in (None, "", [], {}):
        return figures.NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field == "provider":
        return named(value)
    if isinstance(value, list):
        return str(len(value))
    if field in ("amount", "mass_loss_kg", "energy_loss_mj", "stock_change_kg"):
        return figures.quantity(_decimal(value))
    return str(value)


def unit_of(difference: Difference) -> str:
    """The unit of what is told before and after; both where they differ."""
    before, after = difference.units
    if before != after:
        return f"{figures.unit_text(before)} → {figures.unit_text(after)}"
    return figures.unit_text(after or UNITS.get(difference.field, ""))


def _decimal(value: Any) -> Any:
    return Decimal(str(value))


def where(difference: Difference) -> str:
    """Line and process of a difference."""
    parts = []
    if difference.line is not None:
        parts.append(line_name(difference.line))
    if difference.process is not None:
        parts.append(named(difference.process))
    return " · ".join(parts) or _("Inventory")
