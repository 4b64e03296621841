"""What the gate found, in words: what happened, why it matters, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from accounts.errors import Text
from footprint.inventory.providers import named
from footprint.rules.document.text import clause

CHECKS: dict[str, Text] = {
    "completeness": gettext_lazy("Completeness"),
    "period": gettext_lazy("Period"),
    "figures": gettext_lazy("Figures"),
    "closure": gettext_lazy("Balances"),
    "plausibility": gettext_lazy("Plausibility"),
    "rules": gettext_lazy("Product category rules"),
    "cut_off": gettext_lazy("Cut-off"),
}

SENTENCES: dict[str, Text] = {
    "no_process": gettext_lazy("The inventory has no unit process. Add one, or import the inventory."),
    "makes_nothing": gettext_lazy(
        "The process makes nothing: no product with an amount above zero. Add what it puts out."
    ),
    "takes_nothing": gettext_lazy(
        "The process takes nothing in and emits nothing. Is something missing? If not, say so in a remark."
    ),
    "no_provider": gettext_lazy(
        "The input has no provider, so it counts nothing. Choose one, or estimate in the line what is left "
        "out."
    ),
    "duplicate_period": gettext_lazy(
        "An inventory of this site from %(start)s to %(end)s was accepted. Withdraw that submission first, "
        "or correct the period."
    ),
    "no_figure": gettext_lazy("%(product)s has no footprint yet. Wait until it is calculated."),
    "not_current": gettext_lazy(
        "The footprint of %(product)s is being recomputed. Wait until it is current."
    ),
    "failed_figure": gettext_lazy("The footprint of %(product)s could not be computed: %(why)s"),
    "open_balance": gettext_lazy(
        "%(basis)s does not close: %(gap)s, at most %(limit)s. Look at the line named here first."
    ),
    "loose_balance": gettext_lazy("%(basis)s closes loosely: %(gap)s, wanted within %(limit)s."),
    "implausible": gettext_lazy(
        "%(product)s: %(value)s is outside of the plausible range %(low)s to %(high)s (%(source)s)."
    ),
    "rule_broken": gettext_lazy(
        "%(product)s breaks the rule for %(rule)s, version %(version)s, %(address)s: %(said)s"
    ),
    "rule_asks": gettext_lazy(
        "The rule for %(rule)s, version %(version)s, %(address)s asks about %(product)s: %(said)s"
    ),
    "rule_on_trial": gettext_lazy(
        "On trial, refuses nothing: the rule for %(rule)s, version %(version)s, %(address)s, "
        "on %(product)s: %(said)s"
    ),
    "cut_off_flow": gettext_lazy(
        "%(product)s: one line that is left out makes %(share)s of the footprint; %(profile)s lets %(limit)s "
        "pass. Give it a provider."
    ),
    "cut_off_total": gettext_lazy(
        "%(product)s: %(share)s of the footprint is left out along the chain; %(profile)s lets %(limit)s "
        "pass. Give lines that are left out a provider."
    ),
}

BASES: dict[str, Text] = {
    "mass": gettext_lazy("The mass balance"),
    "energy": gettext_lazy("The energy balance"),
    "carbon": gettext_lazy("The carbon balance"),
}


_reasons: dict[str, Text] = {}


def register_reasons(reasons: Mapping[str, Text]) -> None:
    """Why a figure could not be computed is worded where figures are."""
    _reasons.update(reasons)


def check_name(check: str) -> str:
    """What a check is called."""
    return str(CHECKS.get(check, check))


def sentence(record: Mapping[str, Any]) -> str:
    """One finding in the language of the moment."""
    words = {name: _worded(name, value) for name, value in record.get("words", {}).items()}
    text = str(SENTENCES[record["code"]])
    return text % words if words else text


def _worded(name: str, value: Any) -> str:
    if name == "basis":
        return str(BASES[value])
    if name == "address":
        zh, en = clause(value)
        return named({"name_zh": zh, "name_en": en})
    if name == "why":
        return str(_reasons.get(value, value))
    return named(value) if isinstance(value, dict) else str(value)
