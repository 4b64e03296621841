"""What moves and what they come to are called."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy

from accounts.errors import Text
from footprint.sharing.stated import CRADLE_TO_GATE

MOVES: dict[str, Text] = {
    "acknowledge": gettext_lazy("Acknowledge"),
    "prepare": gettext_lazy("Take into preparation"),
    "share": gettext_lazy("Share the footprint"),
    "decline": gettext_lazy("Decline"),
    "cancel": gettext_lazy("Cancel the request"),
    "review": gettext_lazy("Begin the review"),
    "accept": gettext_lazy("Accept"),
    "reserve": gettext_lazy("Accept with reservation"),
    "dispute": gettext_lazy("Dispute"),
    "take_up": gettext_lazy("Take it up again"),
    "stand_by": gettext_lazy("Stand by the figure"),
    "resolve": gettext_lazy("Settle the dispute"),
    "revoke": gettext_lazy("Revoke what was shared"),
}
DONE: dict[str, Text] = {
    "request": gettext_lazy("A footprint is asked for"),
    "acknowledge": gettext_lazy("Request acknowledged"),
    "prepare": gettext_lazy("Taken into preparation"),
    "share": gettext_lazy("Footprint shared"),
    "decline": gettext_lazy("Request declined"),
    "cancel": gettext_lazy("Request cancelled"),
    "expire": gettext_lazy("Request expired without an answer"),
    "review": gettext_lazy("Review begun"),
    "accept": gettext_lazy("Footprint accepted"),
    "reserve": gettext_lazy("Accepted with a reservation"),
    "dispute": gettext_lazy("Footprint disputed"),
    "take_up": gettext_lazy("Dispute taken up, in preparation again"),
    "stand_by": gettext_lazy("The supplier stands by the figure"),
    "resolve": gettext_lazy("Dispute settled"),
    "remark": gettext_lazy("Something was said about it"),
    "revoke": gettext_lazy("What was shared was revoked"),
    "end": gettext_lazy("The last day of the agreed use is past"),
}
STATE_TONES = {
    "accepted": "good", "resolved": "good", "reserved": "wait", "disputed": "bad", "declined": "bad",
    "revoked": "bad", "expired": "bad", "cancelled": "", "over": "",
}  # fmt: skip
PROBLEMS: dict[str, Text] = {
    "not_valid": gettext_lazy("The schema of PACT refuses the document; what could be read of it is used."),
    "unknown_unit": gettext_lazy("Its declared unit is none that the platform can convert."),
    "no_figure": gettext_lazy("It states no figure per declared unit that can be read as a number."),
    "negative": gettext_lazy("Its figure is negative (%(kg)s): a removal is not carried by a factor."),
    "absurd": gettext_lazy("Its figure (%(kg)s) is more than anything emits. Ask for the right unit."),
    "deprecated": gettext_lazy("Its maker deprecated it. Ask for the one that follows it."),
    "no_period": gettext_lazy("It has no reference period."),
    "year": gettext_lazy(
        "Its reference period ends in %(year)s; factors are kept from %(first)s to %(last)s."
    ),
    "no_validity": gettext_lazy("It does not say until when it is valid."),
    "expired": gettext_lazy("Its validity ended on %(day)s. Ask for a newer one."),
    "boundary": gettext_lazy("Its system boundary (%(boundary)s) is not cradle to gate."),
    "gwp_unknown": gettext_lazy("Its characterization factors (%(gwp)s) are none that the platform keeps."),
    "gwp_mixed": gettext_lazy("It was weighed with several sets (%(gwp)s) and cannot be weighed anew."),
    "gwp_older": gettext_lazy("It was weighed with %(gwp)s; as a total it is used as it is beside AR6."),
    "low_level": gettext_lazy("Its usability level is %(level)s: indicative at most."),
    "placeholders": gettext_lazy("Placeholders stand in place of values: %(names)s."),
}
DIFFERENCES: dict[str, Text] = {
    "no_figure": gettext_lazy("One of them states no figure."),
    "unit": gettext_lazy("Their units do not measure the same:"),
    "boundary": gettext_lazy("Their system boundaries differ:"),
    "period": gettext_lazy("Their periods have no day in common:"),
    "gwp": gettext_lazy("Their GWP sets differ or are not said:"),
    "method": gettext_lazy("Their methods differ or are not said:"),
    "allocation": gettext_lazy("Their allocation differs or is not said:"),
    "not_by_profile": gettext_lazy("Not calculated by this method profile:"),
}


def boundary(stated: str) -> str:
    """A system boundary in words; one that is not ours as it came."""
    return gettext("Cradle to gate") if stated.startswith(CRADLE_TO_GATE) else stated


LINES: dict[str, Text] = {
    "whole": gettext_lazy("The whole"),
    "pcf": gettext_lazy("Footprint"),
    "declaredUnit": gettext_lazy("Declared unit"),
    "referencePeriodStart": gettext_lazy("Reference period"),
    "geography": gettext_lazy("Geography"),
    "boundary": gettext_lazy("System boundary"),
    "rule": gettext_lazy("Product category rule"),
    "primaryDataShare": gettext_lazy("Primary data share"),
    "exemptedShare": gettext_lazy("What is left out"),
    "dataQuality": gettext_lazy("Data quality"),
    "allocation": gettext_lazy("Allocation"),
}


NEWS: dict[str, Text] = {
    "newer": gettext_lazy("A newer version was received."),
    "deprecated": gettext_lazy("Its maker deprecated it."),
    "revoked": gettext_lazy("The supplier revoked it."),
    "gone": gettext_lazy("The supplier no longer shares it."),
    "over": gettext_lazy("The last day of the agreed use is past."),
    "changed": gettext_lazy("It says something else now."),
    "expired": gettext_lazy("Its validity has ended."),
}
UNMET: dict[str, Text] = {
    "level": gettext_lazy("Less detail than was asked for."),
    "unit": gettext_lazy("Another declared unit: %(given)s instead of %(asked)s."),
    "period": gettext_lazy("Another period: %(given)s instead of %(asked)s."),
    "profile": gettext_lazy("Not calculated by the method profile that was asked for (%(asked)s)."),
    "withdrawn": gettext_lazy("The publication behind it was withdrawn or replaced."),
    "closed": gettext_lazy("The live link is closed."),
}
