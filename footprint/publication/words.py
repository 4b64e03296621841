"""What moves, parts and what is lacking are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from accounts.errors import Text

MOVES: dict[str, Text] = {
    "self_check": gettext_lazy("Confirm the self-check"),
    "approve": gettext_lazy("Approve"),
    "send_back": gettext_lazy("Send back"),
    "publish": gettext_lazy("Sign and publish"),
    "discard": gettext_lazy("Discard"),
    "withdraw": gettext_lazy("Withdraw"),
}
DONE: dict[str, Text] = {
    "self_check": gettext_lazy("Self-checked"),
    "approve": gettext_lazy("Approved"),
    "send_back": gettext_lazy("Sent back"),
    "publish": gettext_lazy("Signed and published"),
    "discard": gettext_lazy("Discarded"),
    "withdraw": gettext_lazy("Withdrawn"),
    "replace": gettext_lazy("Replaced by a later version"),
}
LACKING: dict[str, Text] = {
    "primaryDataShare": gettext_lazy("primary data share"),
    "pcf": gettext_lazy("figure"),
    "byProfile": gettext_lazy("figure by the PACT profile"),
}
UNAPPLIED = gettext_lazy("This profile could not be applied.")
NOT_APPLIED: dict[str, Text] = {
    "co2e_only": gettext_lazy("It rests on a factor that is known as CO2e only, by other weights."),
    "not_characterised": gettext_lazy("The profile has no weight for one of its gases."),
    "unanswered": gettext_lazy("The allocation that the profile orders cannot be decided."),
    "no_basis": gettext_lazy("The allocation that the profile orders lacks its basis."),
    "no_credit": gettext_lazy("The credit that the profile asks for is not recorded."),
    "not_divided": gettext_lazy("The process was not divided as the profile asks."),
    "out_of_scope": gettext_lazy("The profile is not for this kind of product."),
    "negative": gettext_lazy("Credits exceed the burden, which the profile does not permit."),
    "supplier_failed": gettext_lazy("A supplier's product has no figure under this profile."),
    "loop": gettext_lazy("Under this profile a loop of processes uses up at least what it makes."),
}
"""Why there is no figure by a method profile, as anybody may read it: no factor and no gas is named."""
