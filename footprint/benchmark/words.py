"""What gates, figures, moves and standings are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import Text
from accounts.forms import named
from footprint.benchmark.models import Definition, Region
from footprint.benchmark.queries import Average, Hidden
from footprint.engine.disclosure.gap import Cause
from footprint.engine.disclosure.gates import Gate
from footprint.engine.disclosure.parts import ENERGY_MJ, PARTS, Part
from footprint.engine.disclosure.statistics import Standing
from footprint.engine.disclosure.trend import TREND

GOAL, GOAL_YEAR = 20, 2027
"""Product category rules the alliance wants in force, and until when."""
MEDIANS: dict[str, Text] = {
    "review_days": _("Days to acceptance (median)"),
    "data_quality": _("Data quality rating (median, 1 is best)"),
    "factor_coverage": _("Inputs with a provider or factor (median share)"),
    "primary_data_share": _("Primary data share (median)"),
}
"""Of the alliance as a whole, as each count has them."""


def comparison(of: Definition | Average) -> str:
    """What a comparison is called: all that tells it from its neighbours, but for the year."""
    method = of.profile_version
    where = str(Region(of.region).label) if of.region else ""
    return " · ".join(
        filter(None, [named(of.category), of.technology, where, f"{named(method.profile)} ({method.number})"])
    )


HIDDEN: dict[Hidden, Text] = {
    Hidden.NOT_RELEASED: _("Not released: nothing is told that could give a member away."),
    Hidden.NOT_GIVEN: _("Hidden: figures are shown to members that gave one themselves."),
}
STANDINGS: dict[Standing, Text] = {
    Standing.BELOW: _("below the median"),
    Standing.NEAR: _("near the median (within 10 %)"),
    Standing.ABOVE: _("above the median"),
    Standing.LOWEST: _("in the lowest quarter"),
    Standing.LOWER: _("in the second lowest quarter"),
    Standing.UPPER: _("in the second highest quarter"),
    Standing.HIGHEST: _("in the highest quarter"),
}
TONES = dict.fromkeys((Standing.BELOW, Standing.LOWEST, Standing.LOWER), "good") | dict.fromkeys(
    (Standing.ABOVE, Standing.HIGHEST), "warn"
)
FIGURES: dict[str, Text] = {
    "median": _("Median"),
    "mean": _("Mean"),
    "weighted_mean": _("Mean by volume"),
    "lower_quartile": _("Lower quartile"),
    "upper_quartile": _("Upper quartile"),
}
PARTS_OF_MEDIAN: dict[str, Text] = {
    Part.FEED: _("Feed"),
    Part.ENERGY: _("Energy"),
    Part.CHEMISTRY: _("Process chemistry"),
    Part.ALLOCATION: _("Allocation"),
    Part.REST: _("Transport, packaging, waste"),
}
BESIDE: dict[str, Text] = {
    PARTS: _("Parts of the median"),
    ENERGY_MJ: _("Energy in MJ"),
    TREND: _("Trend of the same groups"),
}
CAUSES: dict[Cause, Text] = {
    Cause.FEED: _("Feed"),
    Cause.ENERGY: _("Energy"),
    Cause.ENERGY_INTENSITY: _("Energy intensity"),
    Cause.ENERGY_CARBON: _("Carbon intensity of the energy"),
    Cause.CHEMISTRY: _("Process chemistry"),
    Cause.ALLOCATION: _("Allocation"),
    Cause.REST: _("Transport, packaging, waste"),
    Cause.REMAINDER: _("Remainder"),
}
LEVERS: dict[Cause, Text] = {
    Cause.FEED: _("Try a better yield, or feed of another supplier."),
    Cause.ENERGY: _("Try less energy, or energy with less carbon."),
    Cause.ENERGY_INTENSITY: _("Try less steam, fuel or power for the same product."),
    Cause.ENERGY_CARBON: _("Try green power, or a fuel with less carbon."),
    Cause.CHEMISTRY: _("Try lower process emissions, as by capture or another catalyst."),
    Cause.ALLOCATION: _("Look at what other methods of allocation give: nothing is saved by another one."),
    Cause.REST: _("Try shorter or cleaner transport, less packaging and waste."),
}
"""What a scenario could begin with, by what costs most against the others."""
GATES: dict[str, Text] = {
    Gate.COMPLETE: _("Every figure is taken apart"),
    Gate.AGE: _("The year is closed and its data are old enough"),
    Gate.GROUPS: _("Enough company groups"),
    Gate.NEWS: _("Something changed since the last release"),
    Gate.DIFFERENCING: _("No earlier release can be subtracted"),
    Gate.FREEDOM: _("Enough unknowns for the figures told"),
    Gate.SELF_ATTACK: _("Withstands one participant and two together"),
    Gate.SHARE: _("Nobody has too large a share of the volume"),
    Gate.P_PERCENT: _("The second largest cannot estimate the largest"),
    Gate.DOMINANCE: _("The two largest do not dominate"),
}
WHY_BLOCKED: dict[str, Text] = {
    "retired": _("The comparison was retired before this was prepared. Discard it."),
    Gate.GROUPS: _(
        "Too few company groups give a figure. Merge technology routes or regions, or wait for more to join."
    ),
    Gate.NEWS: _("Nobody's figure changed since the last release, so that one stays."),
    Gate.DIFFERENCING: _(
        "Too few contributors differ from an earlier release of this product: the difference of the two "
        "would tell who. Merge it with the neighbouring comparison, or wait for the next epoch."
    ),
    Gate.FREEDOM: _("Too few contributors for as many figures. Merge technology routes or regions."),
    Gate.SELF_ATTACK: _(
        "A participant, or two who tell each other theirs, could work out another one's figure too closely. "
        "Merge technology routes, regions or neighbouring products."
    ),
}
MERGING_HELPS = (Gate.GROUPS, Gate.DIFFERENCING, Gate.FREEDOM, Gate.SELF_ATTACK)


def what_to_merge(of: Definition) -> list[Text]:
    """Which of its own limits a blocked comparison could give up; for those who steer."""
    open_up: list[Text] = []
    if of.technology:
        open_up.append(_("Leave the technology route open: now it is “%s”.") % of.technology)
    if of.region:
        open_up.append(_("Leave the region open: now it is %s.") % Region(of.region).label)
    return open_up or [
        _("Every route and every region is in it already: compare a wider category, or wait until more join.")
    ]


MOVES: dict[str, Text] = {
    "approve": _("Approve"),
    "reject": _("Reject"),
    "retire": _("Retire"),
    "sign": _("Sign as steward"),
    "release": _("Sign and release"),
    "send_back": _("Send back"),
    "discard": _("Discard"),
}
DONE: dict[str, Text] = {
    "approve": _("Approved"),
    "reject": _("Rejected"),
    "retire": _("Retired"),
    "sign": _("Signed. The compliance reviewer can release it now."),
    "release": _("Released and entered into the ledger"),
    "send_back": _("Sent back"),
    "discard": _("Discarded"),
}
FOLLOWING_DEFINITION = {"proposed": "approve"}
FOLLOWING_RELEASE = {"cleared": "sign", "signed": "release"}
STATE_TONES = {
    "approved": "good",
    "released": "good",
    "blocked": "warn",
    "rejected": "bad",
    "signed": "wait",
    "cleared": "wait",
    "asked": "wait",
    "proposed": "wait",
}
