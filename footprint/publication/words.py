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
