"""What the states and moves of a proposal are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import Text

MOVES: dict[str, Text] = {
    "pass_on": _("Pass on to technical review"),
    "open_comments": _("Open for comments"),
    "approve": _("Approve"),
    "publish": _("Publish"),
    "send_back": _("Send back"),
    "reject": _("Reject"),
    "hand_in_again": _("Hand in again"),
    "retract": _("Retract"),
}
DONE: dict[str, Text] = {
    "propose": _("Proposed"),
    "comment": _("Comment"),
    "pass_on": _("Passed on to technical review"),
    "open_comments": _("Opened for comments"),
    "approve": _("Approved"),
    "publish": _("Published"),
    "send_back": _("Sent back"),
    "reject": _("Rejected"),
    "hand_in_again": _("Handed in again"),
    "retract": _("Retracted"),
}
FOLLOWING = {
    "screening": "pass_on",
    "technical_review": "approve",
    "public_comment": "approve",
    "approved": "publish",
    "returned": "hand_in_again",
}
"""The move that leads on from each state."""
TONES = {
    "screening": "wait",
    "technical_review": "wait",
    "public_comment": "wait",
    "approved": "good",
    "returned": "bad",
    "published": "good",
    "rejected": "bad",
}
GROUPS: dict[str, Text] = {
    "factor": _("Versions of the same factor"),
    "code": _("Factors of the same substance or product code"),
    "table": _("Factors of the same table and unit"),
}
"""How the peers of a figure were drawn."""
