"""A proposal before people: what it states, where it lies among its peers, and what screening said."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.charts import StripChart
from accounts.figures import is_chinese, name
from factors import proposal_words as words
from factors import queries, units
from factors.actions.publish_version import in_the_way
from factors.actions.screen import screened
from factors.finding_words import sentence
from factors.geographies import place_name
from factors.licence import withheld
from factors.models import Factor, FactorProposal
from factors.models.factor import FactorVersion
from factors.models.source import Transcription
from factors.origins import ORIGIN_LABELS, Origin
from factors.pages.factor import chosen
from factors.peers import ENOUGH, Peer


@dataclass(frozen=True)
class Stated:
    """One gas."""

    gas: str
    origin: str
    kg: Decimal


def shown(actor: Actor, found: FactorProposal) -> dict[str, Any]:
    """What the page says about the content."""
    content, factor = found.stated, found.factor or Factor(**found.described)
    language = get_language() or "zh-hans"
    index = 0 if is_chinese(language) else 1
    source = queries.sources(actor).filter(code=content.source).first()
    result = screened(actor, factor, content)
    return {
        "stated": content,
        "unit": units.display(found.unit),
        "lines": [
            Stated(one.gas, ORIGIN_LABELS[Origin(one.origin)][index], one.kg_per_unit)
            for one in content.emissions
        ],
        "facts": [
            (_("Place"), place_name(content.geography, language)),
            (_("Reference year"), content.reference_year),
            (_("Gases counted"), FactorVersion.Scope(content.scope).label),
            (_("Boundary"), FactorVersion.Boundary(content.boundary).label),
            (_("Source"), name(source, language) if source else content.source),
            (_("Where in the source"), content.source_locator),
            (
                _("Licence"),
                withheld(source) if source and withheld(source) else _("Numbers may be passed on."),
            ),
            (_("Checked"), Transcription(content.transcription).label),
        ],
        "findings": [(sentence(one["code"], one["figures"]), one["severity"]) for one in found.findings],
        "peers": _strip(found, result.figure, result.peers, result.group),
    }


def in_whose_place(actor: Actor, found: FactorProposal) -> FactorVersion | None:
    """The version whose lines it would take: the one it would supersede, else what a reader gets.

    None of a new factor, nor once it is published: then the two versions are compared.
    """
    if found.factor is None or found.published_id is not None:
        return None
    versions = list(queries.versions(actor, found.factor))
    superseded = in_the_way(versions, found.stated, found.replaces)
    return next(iter(superseded), None) or chosen(versions, "")


def _strip(
    found: FactorProposal, figure: Decimal | None, peers: tuple[Peer, ...], group: str
) -> StripChart | None:
    """Where the figure lies among its peers, when there are enough of them."""
    return strip(figure, found.unit, found.stated.scope, peers, group, _("Proposed figure"))


def strip(
    figure: Decimal | None, unit: str, scope: str, peers: tuple[Peer, ...], group: str, label: str
) -> StripChart | None:
    """A figure on a line against the median of its peers and the range they span."""
    if figure is None or len(peers) < ENOUGH:
        return None
    values = sorted(float(peer.value) for peer in peers)
    middle = len(values) // 2
    median = values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
    gas = "CO2" if scope == FactorVersion.Scope.CO2 else "CO2e"
    return StripChart(
        id="peers",
        title=_("Among its peers"),
        unit=f"kg {gas} / {units.display(unit)}",
        own=float(figure),
        own_label=label,
        median=median,
        low=values[0],
        high=values[-1],
        notes=[_("%(group)s: %(count)d.") % {"group": words.GROUPS[group], "count": len(values)}],
    )
