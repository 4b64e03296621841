"""Why a profile cannot be applied, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.errors import Text
from accounts.figures import is_chinese
from factors.models import Factor

WORDS: dict[str, Text] = {
    "co2e_only": gettext_lazy(
        "The factor %(factor)s is known as CO2e by %(recorded)s only and cannot be weighed by %(wanted)s. "
        "Use a factor that names its gases."
    ),
    "not_characterised": gettext_lazy("%(wanted)s has no value for %(gas)s."),
    "unanswered": gettext_lazy(
        "The allocation cannot be decided: prices are recorded, but of no year for every co-product. "
        "Add the missing prices."
    ),
    "no_basis": gettext_lazy(
        "The allocation the profile orders lacks its basis: a mass, a heating value or a price of a "
        "co-product. Add it to the products."
    ),
    "no_credit": gettext_lazy(
        "It was answered that a product is displaced, but no line is marked “avoided”. Enter that line, or "
        "change the answer."
    ),
    "not_divided": gettext_lazy(
        "It was answered that the process can be divided, but its lines have no shares of their own. Enter "
        "them, or change the answer."
    ),
    "out_of_scope": gettext_lazy("The profile is not for this kind of product."),
    "negative": gettext_lazy("Credits exceed the burden, which the profile does not permit."),
    "supplier_failed": gettext_lazy("A supplier's product has no figure under this profile."),
    "loop": gettext_lazy("Under this profile a loop of processes uses up at least what it makes."),
}


PRACTICE_MOVES: dict[str, Text] = {
    "hand_in": gettext_lazy("Hand in to the office"),
    "take_back": gettext_lazy("Take back"),
    "send_back": gettext_lazy("Send back"),
    "publish": gettext_lazy("Publish to all members"),
    "discard": gettext_lazy("Discard"),
    "withdraw": gettext_lazy("Withdraw"),
}
PRACTICE_DONE: dict[str, Text] = {
    "hand_in": gettext_lazy("Handed in. The office reads the evidence."),
    "take_back": gettext_lazy("Taken back."),
    "send_back": gettext_lazy("Sent back."),
    "publish": gettext_lazy("Published to all members."),
    "discard": gettext_lazy("Discarded."),
    "withdraw": gettext_lazy("Withdrawn."),
}


def failure_text(failure: Mapping[str, Any]) -> str:
    """The sentence; a factor is named, for it is one's own line that takes it."""
    words = {
        "wanted": failure.get("wanted", ""),
        "gas": failure.get("gas", ""),
        "recorded": failure.get("gwp_set") or _("an unnamed set"),
        "factor": _factor(failure.get("factor_version")),
    }
    return str(WORDS[failure["code"]]) % words


def _factor(version: int | None) -> str:
    found = Factor.objects.filter(versions__pk=version).first() if version else None
    if found is None:
        return "?"
    return found.name_zh if is_chinese(get_language() or "") else found.name_en
