"""The lineage of a factor version: from the document to one's own figures, every step a link."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.errors import Text
from accounts.forms import languages, named
from factors import queries as factor_queries
from factors import units
from factors.geographies import place_name
from factors.models import FactorRelease
from factors.pages.showing import chosen, shown
from factors.pages.words import CONVERSION_WORDS, RELATION_WORDS
from factors.relations import Conversion, Link, links
from footprint.analysis.impact import change_between
from footprint.analysis.lineage import ancestry, carried, children, own_lines, parents
from footprint.analysis.lineage_drawing import draw
from footprint.analysis.pages.lineage_boxes import boxes


@login_required
def lineage(request: AskedRequest, factor_uuid: UUID) -> HttpResponse:
    """``?version=2`` of a factor, else the one in force."""
    actor = request.actor
    factor = factor_queries.factors(actor).filter(uuid=factor_uuid).first()
    if factor is None:
        raise Http404
    version = chosen(list(factor_queries.versions(actor, factor)), request.GET.get("version", ""))
    if version is None:
        raise Http404
    weight = change_between(actor, version, (), factor.unit).before[-1]
    lines, carries = own_lines(actor, version), carried(actor, version, float(weight))
    came_from = list(parents(actor, [version]))
    went_to = list(children(actor, [version]))
    context = {
        "trail": [
            (_("Home"), "/"),
            (_("Factors"), reverse("factors:factor_list")),
            (named(factor), reverse("factors:factor", args=[factor.uuid])),
            (_("Lineage"), ""),
        ],
        "factor": factor,
        "title": named(factor),
        "version": version,
        "row": shown(actor, [version])[0],
        "unit": units.display(factor.unit),
        "weight": weight,
        "parents": list(zip(shown(actor, came_from), map(told, links(version, came_from)), strict=True)),
        "children": [(each, told(links(each.version, [version])[0])) for each in shown(actor, went_to)],
        "releases": FactorRelease.objects.filter(members__version=version).order_by("-released_at"),
        "lines": lines,
        "carried": carries,
        "drawing": draw(boxes(actor, version, ancestry(actor, version), lines, carries), str(version.uuid)),
    }
    return render(request, "analysis/impact/lineage.html", context)


def told(link: Link) -> tuple[Text, list[str]]:
    """How it came from a parent, and each conversion in words."""
    return RELATION_WORDS[link.relation], [_converted(each) for each in link.conversions]


def _converted(each: Conversion) -> str:
    before, after = (_side(each.what, value) for value in (each.before, each.after))
    words = f"{CONVERSION_WORDS[each.what]}: {before} → {after}"
    if each.factor is None:
        return words
    return f"{words} (1 {before} = {each.factor.normalize():f} {after})"


def _side(what: str, value: str) -> str:
    if what == "unit":
        return units.display(value)
    if what == "geography":
        return place_name(value, languages())
    return value or _("gas by gas or not stated")
