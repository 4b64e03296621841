"""What the states and moves of a proposal are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import Text

MOVES: dict[str, Text] = {
    "pass_on": _("Pass on to technical review"),
    "open_comments": _("Ask for comments"),
    "approve": _("Approve"),
    "publish": _("Publish"),
    "confirm": _("Confirm and publish"),
    "send_back": _("Send back"),
    "reject": _("Reject"),
    "hand_in_again": _("Hand in again"),
    "retract": _("Retract"),
}
DONE: dict[str, Text] = {
    "propose": _("Proposal made"),
    "comment": _("Remark"),
    "pass_on": _("Passed on to technical review"),
    "open_comments": _("Opened for comments"),
    "approve": _("Approved"),
    "publish": _("Published"),
    "confirm": _("Confirmed and published"),
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
FOLLOWING_OF_CORRECTIONS = {**FOLLOWING, "screening": "confirm"}
"""The same for what the office corrects."""
TURNS: dict[str, tuple[str, Text]] = {
    "screening": ("curator", _("A curator who did not hand it in.")),
    "technical_review": ("reviewers", _("Two technical reviewers; then a curator who did not hand it in.")),
    "public_comment": ("curator", _("A curator who did not hand it in.")),
    "approved": ("curator", _("A curator who did not hand it in.")),
    "returned": ("proposer", _("The proposer.")),
}
"""Who has to act in each state: a word for machines, and one for people."""
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


def turn(state: str, *, is_reviewed: bool) -> Text:
    """Who has to act, for people: once both reviews are there, it is no longer the reviewers."""
    return TURNS.get("approved" if state == "technical_review" and is_reviewed else state, ("", ""))[1]


def following(*, is_correction: bool) -> dict[str, str]:
    """By state the move that leads on."""
    return FOLLOWING_OF_CORRECTIONS if is_correction else FOLLOWING
