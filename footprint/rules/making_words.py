"""What the steps of a product category rule are called, and how a state looks."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Text
from footprint.rules.document.lifecycle import State
from footprint.rules.models import ProductRule

STEPS: dict[str, Text] = {
    "propose": gettext_lazy("Proposed"),
    "edit": gettext_lazy("Draft written"),
    "approve": gettext_lazy("Approve the project"),
    "begin": gettext_lazy("Begin drafting"),
    "open_comments": gettext_lazy("Open a round of comments"),
    "revise": gettext_lazy("Back to drafting"),
    "close_comments": gettext_lazy("Close comments, hand to review"),
    "find_fit": gettext_lazy("Find it fit, put it to the vote"),
    "send_back": gettext_lazy("Send it back"),
    "adopt": gettext_lazy("Adopt"),
    "decline": gettext_lazy("Not carried, back to drafting"),
    "publish": gettext_lazy("Publish"),
    "withdraw": gettext_lazy("Withdraw"),
}
TURNS: dict[str, Text] = STEPS | {
    "write": gettext_lazy("Write the draft"),
    "comment": gettext_lazy("Comment on the draft"),
}
"""What somebody is asked for."""
TONES = {
    State.PUBLISHED: "good",
    State.ADOPTED: "good",
    State.WITHDRAWN: "bad",
    State.COMMENTING: "accent",
    State.VOTING: "accent",
}


def tone_of(rule: ProductRule) -> str:
    """How the mark of its state looks."""
    return TONES.get(State(rule.state), "wait")


def standing(rule: ProductRule, versions: list[ProductRule], today: date) -> str:
    """What follows from days and later versions: in force or not yet, under revision, superseded."""
    if rule.state != State.PUBLISHED or rule.effective_on is None:
        return ""
    later = [each for each in versions if each.number > rule.number]
    if rule.effective_on > today:
        return _("not yet in force")
    if any(each.is_in_force(today) for each in later):
        return _("superseded")
    if any(each.state not in (State.PUBLISHED, State.WITHDRAWN) for each in later):
        return _("in force, under revision")
    return _("in force")
