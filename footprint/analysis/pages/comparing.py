"""Whether one own figure is truly below another: counted over common samples, else to first order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import figures
from accounts.asked import AskedRequest
from accounts.forms import named
from footprint.analysis.below import How, below
from footprint.analysis.below import behind as behind_figure
from footprint.analysis.drivers import Drivers, Variable
from footprint.analysis.pages import naming
from footprint.analysis.pages.assessed import Assessed
from footprint.calculation.models import Footprint
from footprint.calculation.queries import footprints

OFFERED = 500
"""Figures in the list to compare with."""
NAMED = 6
"""Of what two figures have in common, how much is named."""


@dataclass(frozen=True)
class Verdict:
    """How likely the figure is below the other, how that is known, and what moves both."""

    sentence: str
    how: str
    common: list[tuple[str, str]]


def context(request: AskedRequest, found: Assessed, behind: Drivers | None) -> dict[str, Any]:
    """The list of figures to compare with, and the verdict on the one asked for by ``?with=``."""
    assert found.footprint is not None
    offered = list(_offered(request, found.footprint))
    asked = request.GET.get("with", "")
    other = next((each for each in offered if str(each.uuid) == asked), None)
    return {
        "offered": [
            {"uuid": each.uuid, "label": label(each), "is_chosen": each is other} for each in offered
        ],
        "verdict": _verdict(request, found, behind, other) if other is not None else None,
    }


def label(footprint: Footprint) -> str:
    """Product, process and year."""
    return f"{named(footprint.product)} · {named(footprint.process)} · {footprint.year}"


def _offered(request: AskedRequest, footprint: Footprint) -> QuerySet[Footprint]:
    rows = footprints(request.actor).filter(
        company_id=footprint.company_id, unit=footprint.unit, kg_co2e_ar6__isnull=False
    )
    ordered = rows.exclude(pk=footprint.pk).select_related("product", "process")
    return ordered.order_by("product__code", "-year", "process__code")[:OFFERED]


def _verdict(
    request: AskedRequest, found: Assessed, behind: Drivers | None, other: Footprint
) -> Verdict | None:
    assert found.footprint is not None and found.assessment is not None
    theirs = behind_figure(request.actor, other)
    known = below(request.actor, found.footprint, other, behind, theirs)
    if known is None:
        return None
    words = {
        How.SAMPLES: _("Counted over the samples of one study, pair by pair."),
        How.FIRST_ORDER: _("To first order, with what both have in common; a study would count it."),
    }
    common = _common(behind, theirs) if behind and theirs else []
    return Verdict(
        _sentence(label(found.footprint), label(other), known.probability), words[known.how], common
    )


def _sentence(first: str, second: str, share: float) -> str:
    words = {"first": first, "second": second, "share": figures.percent(share)}
    if share >= 0.95:
        return _("%(first)s is below %(second)s: %(share)s sure.") % words
    if share <= 0.05:
        return _("%(first)s is not below %(second)s: only %(share)s speak for it.") % words
    return _("%(first)s is below %(second)s with a probability of %(share)s: the data do not decide.") % words


def _common(mine: Drivers, theirs: Drivers) -> list[tuple[str, str]]:
    """What moves both, most telling first, as (name, address)."""
    there = {each.key for each in theirs.variables}
    shared = [each for each in mine.variables if each.key in there]
    return [_named(mine, each) for each in shared[:NAMED]]


def _named(mine: Drivers, each: Variable) -> tuple[str, str]:
    if each.is_factor:
        return naming.process_label(mine.upstream, each.node), naming.link(mine.upstream, each.node)
    label = naming.row_label(mine.upstream, each.line, each.node, each.consumer)
    return label, naming.row_link(mine.upstream, each.line, each.consumer)
