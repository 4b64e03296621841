"""The lineage of a factor version: from the document to one's own figures, every step a link."""

from __future__ import annotations

from dataclasses import replace
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
from factors.models import FactorRelease, FactorVersion
from factors.pages.showing import chosen, shown
from factors.pages.words import CONVERSION_WORDS, RELATION_WORDS
from factors.relations import Conversion, Link, links
from footprint.analysis.impact import change_between
from footprint.analysis.lineage import Carried, Kin, ancestry, carried, children, own_lines, parents
from footprint.analysis.lineage_drawing import Drawing, Thing, draw

DRAWN = 8


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
    carries = carried(actor, version, float(weight))
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
        "lines": own_lines(actor, version),
        "carried": carries,
        "drawing": _drawn(ancestry(actor, version), version, carries[:DRAWN]),
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


def _drawn(kin: list[Kin], asked: FactorVersion, carries: list[Carried]) -> Drawing:
    """The document, the versions between it and the last derived from them, and own products."""
    things = [Thing(str(each.version.uuid), each.step, named(each.version.factor), _note(each.version),
                    _address(each.version), tuple(map(str, each.of))) for each in kin]  # fmt: skip
    things = _with_cohort(things, asked)
    last = max(each.step for each in kin) + 1
    things += [
        Thing(
            f"{each.node.uuid}-{place}",
            last,
            each.node.label(languages()),
            f"{100 * (each.share or 0):.3g} %",
            reverse("inventory:product", args=[each.node.uuid]),
            (str(asked.uuid),),
            is_own=True,
        )
        for place, each in enumerate(carries)
    ]
    return draw(things, str(asked.uuid))


def _note(version: FactorVersion) -> str:
    return f"{place_name(version.geography, languages())} · {version.reference_year}"


def _address(version: FactorVersion) -> str:
    return f"{reverse('analysis:factor_lineage', args=[version.factor.uuid])}?version={version.number}"


def _with_cohort(things: list[Thing], asked: FactorVersion) -> list[Thing]:
    """An average of members comes from a cohort, and behind that nothing is told."""
    release = asked.derivation.get("release")
    if not release:
        return things
    words = _("%(groups)s company groups") % {"groups": asked.derivation.get("groups", "")}
    address = reverse("benchmark:release", args=[release])
    cohort = Thing("cohort", -1, words, str(asked.derivation.get("epoch", "")), address)
    own = str(asked.uuid)
    return [cohort, *(replace(each, of=("cohort",)) if each.key == own else each for each in things)]
