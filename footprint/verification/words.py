"""What moves, reasons and clocks are called."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Text
from accounts.figures import percent
from footprint.verification.heat import QUALITIES, SHARES
from footprint.verification.sampling import Reason

MOVES: dict[str, Text] = {
    "accept": gettext_lazy("Accept and declare independence"),
    "decline": gettext_lazy("Decline"),
    "sample": gettext_lazy("Draw the sample"),
    "report": gettext_lazy("Report the findings"),
    "resume": gettext_lazy("Take up the work again"),
    "state": gettext_lazy("Record the statement"),
    "revoke": gettext_lazy("Revoke the statement"),
    "cancel": gettext_lazy("Cancel the engagement"),
}
DONE: dict[str, Text] = {
    "request": gettext_lazy("A verification is asked for"),
    "accept": gettext_lazy("Verification accepted, independence declared"),
    "decline": gettext_lazy("Verification declined"),
    "sample": gettext_lazy("Sample drawn"),
    "report": gettext_lazy("Findings reported"),
    "resume": gettext_lazy("Work taken up again"),
    "state": gettext_lazy("Statement recorded"),
    "revoke": gettext_lazy("Statement revoked"),
    "cancel": gettext_lazy("Verification cancelled"),
    "answer": gettext_lazy("A finding was answered"),
    "remark": gettext_lazy("Something was said about it"),
}
REASONS: dict[str, Text] = {
    Reason.CERTAIN: gettext_lazy("Carries a tenth of the figure or more"),
    Reason.WEIGHT: gettext_lazy("Weighs much"),
    Reason.QUALITY: gettext_lazy("Poor or unknown data quality"),
    Reason.CHANGE: gettext_lazy("Changed much since the last acceptance"),
    Reason.NEW: gettext_lazy("New since the last acceptance"),
    Reason.CHANCE: gettext_lazy("Drawn by chance"),
    Reason.ADDED: gettext_lazy("Added by the verifier"),
}
CLOCKS: dict[str, Text] = {
    "holds": gettext_lazy("The statement holds."),
    "revoked": gettext_lazy("The verification body revoked the statement."),
    "ended": gettext_lazy("The two years of the statement are over."),
    "expired": gettext_lazy("The footprint's own validity has ended."),
    "drifted": gettext_lazy("The calculated figure has moved by a tenth or more since: due anew."),
}
TONES = {"holds": "good", "revoked": "bad"}
"""Every other clock waits for somebody."""
STATE_TONES = {"stated": "good", "revoked": "bad", "declined": "bad", "cancelled": ""}


def shares() -> list[str]:
    """The rows of the heat map, by what a line contributes."""
    least = [percent(share) for share in SHARES[:-1]]
    more = [_("%(share)s or more") % {"share": share} for share in least]
    return [*more, _("less than %(share)s") % {"share": least[-1]}]


def qualities() -> list[str]:
    """Its columns, by the mean score of a line's data."""
    return [
        _("not said") if most is None else _("Quality up to %(score)s") % {"score": f"{most:g}"}
        for most in QUALITIES
    ]
