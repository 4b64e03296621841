"""A figure among its peers, for its factor's page: a strip, how often which figure occurs, and the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actor import Actor
from accounts.errors import Text
from factors import proposal_words as words
from factors import units
from factors.comparability import Obstacle
from factors.content import Emission
from factors.distribution import Distribution, Refused, distribution
from factors.models import FactorVersion
from factors.pages.compare import CAUTIONS
from factors.pages.proposal_showing import strip
from factors.pages.showing import shown
from factors.peers import ENOUGH

LISTED = 50
LEFT_OUT: dict[Obstacle, Text] = {
    Obstacle.SCOPE: gettext_lazy("Counts other gases"),
    Obstacle.BOUNDARY: gettext_lazy("Ends at another boundary"),
    Obstacle.UNIT: gettext_lazy("Is per a unit that cannot be converted"),
    Obstacle.GWP_SETS: gettext_lazy("Is a total of another GWP set"),
    Obstacle.GWP_NOT_STATED: gettext_lazy("Is a total, or stands against one, whose GWP set is not stated"),
}


def among_peers(actor: Actor, version: FactorVersion, emissions: Sequence[Emission]) -> dict[str, Any]:
    """What the page says; nothing is drawn where too few can be compared, and it says why."""
    found = distribution(actor, version, emissions)
    unit = units.display(version.factor.unit)
    gas = "CO2" if version.scope == FactorVersion.Scope.CO2 else "CO2e"
    is_kept = not all(each.source.may_be_passed_on for each in (version, *(p.version for p in found.peers)))
    rows = shown(actor, [peer.version for peer in found.peers[:LISTED]])
    drawn = found.refused is None
    return {
        "chart": strip(
            found.figure,
            version.factor.unit,
            version.scope,
            found.peers,
            found.group,
            _("This version"),
            is_kept=is_kept,
        ),
        "is_kept": is_kept,
        "refusal": _refusal(found),
        "unit": f"kg {gas} / {unit}",
        "bins": found.bins if drawn else [],
        "most": max((each.count for each in found.bins), default=0) if drawn else 0,
        "peers": [(row, peer.value) for row, peer in zip(rows, found.peers, strict=False)] if drawn else [],
        "more": max(len(found.peers) - LISTED, 0) if drawn else 0,
        "left_out": [(LEFT_OUT[each], count) for each, count in sorted(found.left_out.items())],
        "cautions": [CAUTIONS[each] for each in found.cautions] if drawn else [],
        "group": words.GROUPS[found.group],
    }


def _refusal(found: Distribution) -> str:
    if found.refused is Refused.NO_FIGURE:
        return _("This version cannot be weighed into one figure, so that it has no place among others.")
    if found.refused is Refused.FEW:
        message = ngettext(
            "Too few others can be compared: %(count)d published figure for the same flow counts the same "
            "gases up to the same boundary, and %(enough)d are needed.",
            "Too few others can be compared: %(count)d published figures for the same flow count the same "
            "gases up to the same boundary, and %(enough)d are needed.",
            len(found.peers),
        )
        return message % {"count": len(found.peers), "enough": ENOUGH}
    return ""
